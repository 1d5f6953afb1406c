"""What holds for all answers: `fields`, ETags, and calls under an `Idempotency-Key`. No route knows of it."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, get_args
from urllib.parse import parse_qs, parse_qsl

import msgspec
from pydantic import BaseModel
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sightline.interfaces.rest import problems
from sightline.interfaces.rest.context import Rest
from sightline.interfaces.rest.once import KEY, once
from sightline.language.errors import Invalid, SightlineError

SAFE = ("GET", "HEAD", "OPTIONS")

FRESH = {"cache-control": "private, no-cache", "vary": "Authorization, Cookie, Sightline-Workspace"}
"""An answer may be kept by whoever asked, and is asked for again each time."""


class Answers:
    """Before the routes: refuses what no route could read, shapes what comes back, does nothing twice under one key."""

    def __init__(self, app: ASGIApp, rest: Rest | None) -> None:
        self._app, self._rest = app, rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer it."""
        if scope["type"] != "http" or self._rest is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            _check(scope)
            if scope["method"] == "GET":
                await _Read(self._app, request).answer(send)
            elif scope["method"] not in SAFE and KEY in request.headers:
                await once(self._app, self._rest, request, send)
            else:
                await self._app(scope, receive, send)
        except SightlineError as error:
            await (await problems.answer(request, error))(scope, receive, send)


def _check(scope: Scope) -> None:
    """Refuse what PostgreSQL holds no text with, and what could be read in two ways."""
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        raise Invalid("The address holds a NUL character.", hint="Leave %00 out.")
    if b"&" in scope["query_string"] and scope["path"].startswith("/v1/"):
        given = Counter(name for name, _ in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        name, times = max(given.items(), key=itemgetter(1), default=("", 0))
        if times > 1:
            raise Invalid(f"'{name[:80]}' is given {times} times; which one holds?", hint="Give it once.")


def fresh(request: Request, body: bytes, model: type[BaseModel]) -> Response:
    """A JSON answer under its ETag, or that nothing has changed: for who answers without the layer above."""
    tag = _tag(body, getattr(model, "passing", frozenset()))
    headers = {**FRESH, "etag": tag}
    if _matches(request.headers.get("if-none-match"), tag):
        return Response(None, 304, headers)
    return Response(body, 200, headers, "application/json")


class _Read:
    """One GET, whose answer is held back, where it is JSON, until its ETag is known."""

    def __init__(self, app: ASGIApp, request: Request) -> None:
        self._app, self._request = app, request
        self._start: Message | None = None
        self._parts: list[bytes] = []

    async def answer(self, send: Send) -> None:
        async def held(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_ours(message):
                self._start = message
            elif self._start is None:
                await send(message)
            elif message["type"] == "http.response.body":
                self._parts.append(message.get("body", b""))

        await self._app(self._request.scope, self._request.receive, held)
        if self._start is not None:
            await self._finish(self._start, b"".join(self._parts), send)

    async def _finish(self, start: Message, body: bytes, send: Send) -> None:
        model = _model(self._request.scope)
        chosen = _fields(self._request.scope)
        if chosen and model:
            body = msgspec.json.encode(_only(msgspec.json.decode(body), model, chosen))
        tag = _tag(body, getattr(model, "passing", frozenset()))
        headers = MutableHeaders(scope=start)
        for name, value in {**FRESH, "etag": tag}.items():
            headers.setdefault(name, value)
        if _matches(self._request.headers.get("if-none-match"), tag):
            for name in ("content-length", "content-type"):
                del headers[name]
            start["status"], body = 304, b""
        else:
            headers["content-length"] = str(len(body))
        await send(start)
        await send({"type": "http.response.body", "body": body})


def _is_ours(start: Message) -> bool:
    return start["status"] == 200 and Headers(raw=start["headers"]).get("content-type") == "application/json"


def _model(scope: Scope) -> type[BaseModel] | None:
    found = getattr(scope.get("route"), "response_model", None)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _fields(scope: Scope) -> list[str]:
    given = parse_qs(scope["query_string"].decode("latin-1")).get("fields", [])
    return [name.strip() for one in given for name in one.split(",") if name.strip()]


def items_of(model: type[BaseModel]) -> type[BaseModel]:
    """What `fields` chooses from: the items of a list, or the answer itself."""
    name = getattr(model, "items", None)
    found: type[BaseModel] = get_args(model.model_fields[name].annotation)[0] if name else model
    return found


def _only(answer: dict[str, Any], model: type[BaseModel], chosen: list[str]) -> dict[str, Any]:
    """The answer with nothing but the chosen members in each item. Raises Invalid for one that is unknown."""
    item = items_of(model)
    if item.model_config.get("extra") != "allow":
        _known(chosen, list(item.model_fields))
    name = getattr(model, "items", None)
    if name is None:
        return _picked(answer, chosen)
    return {**answer, name: [_picked(one, chosen) for one in answer[name]]}


def _picked(one: Mapping[str, Any], chosen: list[str]) -> dict[str, Any]:
    return {name: one[name] for name in chosen if name in one}


def _known(chosen: list[str], names: list[str]) -> None:
    for name in chosen:
        if name not in names:
            raise Invalid(f"'{name[:80]}' is no member to choose with `fields`.", hint=f"Known: {', '.join(names)}.")


def _tag(body: bytes, passing: frozenset[str]) -> str:
    """A weak ETag: the same for answers that differ in nothing but the moment of asking."""
    if passing:
        lasting = {name: value for name, value in msgspec.json.decode(body).items() if name not in passing}
        body = msgspec.json.encode(lasting)
    digest = hashlib.blake2b(body, digest_size=15).digest()
    return f'W/"{urlsafe_b64encode(digest).decode()}"'


def _matches(given: str | None, tag: str) -> bool:
    """Weak comparison (RFC 9110, 8.8.3.2 and 13.1.2)."""
    if given is None:
        return False
    return given.strip() == "*" or tag.removeprefix("W/") in [
        one.strip().removeprefix("W/") for one in given.split(",")
    ]
