"""Calls under an `Idempotency-Key`: carried out once, answered alike as often as they are sent within a day."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import msgspec
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sightline.foundation import answers
from sightline.foundation.answers import RENEW_SECONDS, Asked, Claim, Kept
from sightline.foundation.identity import Right
from sightline.interfaces.rest.bodies import whole
from sightline.interfaces.rest.context import NEEDED, Caller, Rest
from sightline.language.errors import Invalid, SightlineError

KEY = "idempotency-key"
LONGEST = 255

REPLAYED = "Idempotent-Replayed"

UPLOAD = "application/octet-stream"
"""Bodies of this type go to disk as they come; nobody keeps them to compare."""

PASSING = frozenset({401, 403, 408, 429})
"""Answers to who called or when rather than to what was asked: they are not kept, nor is any from 500 on."""

_log = logging.getLogger(__name__)


async def once(app: ASGIApp, rest: Rest, request: Request, send: Send) -> None:
    """Carry a call out, or answer it as before. Raises Invalid, IdempotencyKeyReused, UnderWay, TooLarge."""
    caller = await _caller(rest, request)
    if caller is None or request.headers.get("content-type", "").startswith(UPLOAD):
        # Whoever is not known is told so by the route itself.
        await app(request.scope, request.receive, send)
        return
    key = _key(request)
    body = await whole(request, rest.desk.settings.http.max_body)
    asked = Asked(tenant=caller.tenant.number, caller=rest.calls_itself(caller), key=key, digest=_digest(request, body))
    held = await answers.claim(rest.desk.db, rest.desk.vault, asked)
    if isinstance(held, Kept):
        answer = msgspec.json.decode(held.content, type=_Answer)
        # Whoever may not do it any more may not hear what came of it either.
        request.scope["route"], request.scope["path_params"] = answer.route, answer.route.given
        await rest.admit(request, Right(answer.route.right) if answer.route.right else None)
        await _sent(held.status, answer, send, {REPLAYED: "true"})
        return
    async with _kept_alive(rest, held):
        status, answer = await _carried_out(app, rest, request, body, held)
    await _sent(status, answer, send, {})


class _Route(msgspec.Struct, frozen=True, array_like=True):
    """What was called: enough to authorize and to tell of it again."""

    name: str = ""
    path: str = ""
    given: dict[str, str] = {}
    """The path's parameters."""
    right: str | None = None

    @classmethod
    def of(cls, scope: Scope) -> _Route:
        route: Any = scope.get("route")
        given = {name: str(value) for name, value in (scope.get("path_params") or {}).items()}
        right = scope.get(NEEDED)
        return cls(getattr(route, "name", ""), getattr(route, "path", ""), given, right.value if right else None)


class _Answer(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of an answer beside its status."""

    headers: dict[str, str]
    body: bytes
    route: _Route = _Route()


async def _carried_out(app: ASGIApp, rest: Rest, request: Request, body: bytes, held: Claim) -> tuple[int, _Answer]:
    """What the route answers, kept before anybody hears it."""
    collected = _Collected()
    settled = False
    try:
        await app(request.scope, _again(body, request.receive), collected.send)
        status, found = collected.found(_Route.of(request.scope))
        if settled := status < 500 and status not in PASSING:
            with _told("An answer is not kept: sent again, the call is carried out again"):
                await answers.keep(rest.desk.db, rest.desk.vault, held, Kept(status, msgspec.json.encode(found)))
        return status, found
    finally:
        if not settled:
            with _told("A claim stays for a minute"):
                await answers.release(rest.desk.db, held)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """The call was carried out: what fails behind it is logged, the caller gets the answer all the same."""
    try:
        yield
    except SightlineError as error:
        _log.warning("%s (%s).", what, error)


class _Collected:
    """An answer, whole."""

    def __init__(self) -> None:
        self._start: Message = {}
        self._parts: list[bytes] = []

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._parts.append(message.get("body", b""))

    def found(self, route: _Route) -> tuple[int, _Answer]:
        headers = {
            name: value for name, value in Headers(raw=self._start["headers"]).items() if name != "content-length"
        }
        return self._start["status"], _Answer(headers, b"".join(self._parts), route)


async def _sent(status: int, answer: _Answer, send: Send, more: dict[str, str]) -> None:
    response = Response(answer.body, status, headers={**answer.headers, **more})
    await response({"type": "http", "method": "POST"}, _silent, send)


async def _silent() -> Message:
    return {"type": "http.disconnect"}


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read already, to be read by the route."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


@asynccontextmanager
async def _kept_alive(rest: Rest, held: Claim) -> AsyncIterator[None]:
    """Renew a claim as long as the block lasts."""

    async def renewing() -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            with suppress(SightlineError):
                await answers.renew(rest.desk.db, held)

    task = asyncio.ensure_future(renewing())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _caller(rest: Rest, request: Request) -> Caller | None:
    try:
        return await rest.known(request)
    except SightlineError:
        return None


def _key(request: Request) -> str:
    key = request.headers[KEY]
    if not 0 < len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        raise Invalid(
            f"'{key[:80]}' is no Idempotency-Key.",
            hint=f"Send 1 to {LONGEST} printable ASCII characters, such as a UUID.",
        )
    return key


def _digest(request: Request, body: bytes) -> bytes:
    """Of all that makes a request: method, path, query, type and body. Who called is a part of the key."""
    said = (
        request.method, request.url.path, request.url.query, request.headers.get("content-type", "")
    )  # fmt: skip
    return hashlib.sha256(msgspec.json.encode(said) + b"\n" + body).digest()
