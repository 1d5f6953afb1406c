"""One request as a noun, and its answer read: no input, no output."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ConfigDict, SecretStr, TypeAdapter, ValidationError

from sightline_client.errors import Misused, UnexpectedAnswer
from sightline_client.upload import Content

__all__ = ["Call", "answer", "given", "segment"]

T = TypeVar("T")
JSON = "application/json"

PLAIN: TypeAdapter[Any] = TypeAdapter(Any, config=ConfigDict(ser_json_inf_nan="constants"))
"""Makes JSON's values of anything; what is not finite stays, so that it is refused instead of becoming null."""


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """What is asked, and the type of the answer (`None`: nothing is read, `str`: the text as it is)."""

    method: str
    path: str
    answer: type[T] | None
    query: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    json: Any = field(default=None, kw_only=True, repr=False)
    content: Content | None = field(default=None, kw_only=True, repr=False)
    media: str | None = field(default=None, kw_only=True)
    key: str | None = field(default=None, kw_only=True)
    """Idempotency key of an unsafe call."""

    @property
    def safe(self) -> bool:
        """Whether it changes nothing."""
        return self.method in {"GET", "HEAD"}

    def parameters(self) -> dict[str, Any]:
        """The query as it is sent; what is None is left out."""
        return {name: _text(value) for name, value in self.query.items() if value is not None}

    def encoded(self) -> bytes | None:
        """The JSON body; None when there is none. Raises Misused for what JSON cannot say."""
        if self.json is None:
            return None
        try:
            plain = PLAIN.dump_python(_plain(self.json), mode="json")
            return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        except (TypeError, ValueError) as error:
            hint = "Give text, finite numbers, true, false, null, times, lists and mappings of them."
            raise Misused(f"{self.method} {self.path} cannot be sent as JSON: {error}.", hint=hint) from None


def given(members: Mapping[str, Any]) -> dict[str, Any]:
    """Those that are not None: what a caller leaves out is not sent."""
    return {name: value for name, value in members.items() if value is not None}


def segment(value: str | int) -> str:
    """One part of a path. Dots alone would be taken for steps upwards."""
    quoted = quote(str(value), safe="")
    return quoted.replace(".", "%2E") if quoted in {".", ".."} else quoted


def answer(call: Call[T], response: httpx2.Response) -> T:
    """The body as the type that was asked for. Raises UnexpectedAnswer when it is not that."""
    if call.answer is None:
        return None  # type: ignore[return-value]
    if call.answer is str:
        return response.text  # type: ignore[return-value]
    kind: Any = call.answer
    try:
        read: T = _adapter(kind).validate_json(response.content)
    except ValidationError as error:
        found = error.errors(include_input=False)
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found)
        raise UnexpectedAnswer(
            f"{call.method} {call.path} was answered with something else than {kind.__name__}: {wrong}.",
            hint="Check that the URL is Sightline's, and that the client is not older than the server.",
        ) from None
    return read


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _plain(value: Any) -> Any:
    """Models as mappings without what was left out, and secrets as they are: this is what they are for."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        wire = {name: (fields[name].alias if name in fields else None) or name for name, _ in value}
        return {wire[name]: _plain(one) for name, one in value if one is not None}
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple | set | frozenset) else value
