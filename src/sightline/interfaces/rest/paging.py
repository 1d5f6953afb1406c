"""Pages of a list by keyset: each answer says where the next page begins, so rows added meanwhile shift nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec
from fastapi import Query

from sightline.language.errors import Invalid

T = TypeVar("T")

MOST = 1_000
"""Items on one page."""

USUAL = 50

_STRICT: dict[Any, Any] = {
    int: Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)],
    str: Annotated[str, msgspec.Meta(pattern=r"^[^\x00]*$")],
    float: str,
    datetime: Annotated[datetime, msgspec.Meta(tz=True)],
}
"""What the database can compare with; anything else did not come from us."""

Limit = Annotated[int, Query(ge=1, le=MOST, description="Items on the page.")]
After = Annotated[str | None, Query(max_length=4096, description="`next` of the page before, as it was given.")]


def encode(values: Sequence[Any]) -> str:
    """Where a page ends, from the values its last item is sorted by: opaque, and fit for a URL."""
    # JSON knows no infinity, and things without money are ranked by one.
    plain = [repr(value) if isinstance(value, float) else value for value in values]
    return base64.urlsafe_b64encode(msgspec.json.encode(plain)).rstrip(b"=").decode()


def decode(text: str, types: Sequence[Any]) -> tuple[Any, ...]:
    """The values `encode` was given, of these types. Raises Invalid for anything else."""
    strict = tuple(_STRICT.get(one, one) for one in types)
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        found: tuple[Any, ...] = msgspec.json.decode(raw, type=tuple.__class_getitem__(strict))
        return tuple(_MEANT.get(sort, _same)(one) for one, sort in zip(found, types, strict=True))
    except (ValueError, OverflowError, binascii.Error, msgspec.DecodeError):
        raise Invalid(
            f"after={text[:60]!r} is no page of this list.",
            hint="Pass `next` of the page before as it is; leave `after` out for the first page.",
        ) from None


def _same(value: Any) -> Any:
    return value


_MEANT: dict[Any, Callable[[Any], Any]] = {
    float: float,
    # At either end of the calendar a moment elsewhere is none in UTC.
    datetime: lambda at: at.astimezone(UTC),
}


def page(found: Sequence[T], limit: int, key: Callable[[T], Sequence[Any]]) -> tuple[Sequence[T], str | None]:
    """The items of a page, of which one more than `limit` was looked for, and where the next one begins.

    `key`: the values an item is sorted by.
    """
    shown = found[:limit]
    return shown, encode(key(shown[-1])) if len(found) > limit else None
