"""`POST /v1/events`: the hot path. Plain Starlette and msgspec; the intake groups what arrives together."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from sightline.foundation.identity import Right
from sightline.interfaces.rest.context import rest_of
from sightline.kernel.observe.cloudevents import NDJSON, as_events, decode
from sightline.language.errors import Invalid, TooLarge, Unavailable

SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
MEDIA = (SINGLE, BATCH, "application/json", *NDJSON)

LINGER_SECONDS = 2.0
"""A sender is heard out (its bytes thrown away) for so long, or it would lose our refusal with the connection."""

_encode = msgspec.json.Encoder().encode


async def post_events(request: Request) -> Response:
    """Record one event or many; answers when they are on disk."""
    rest = rest_of(request)
    caller = await rest.admit(request, Right.RECORD)
    media = _media(request)
    body = await bounded(request, rest.desk.settings.http.max_body)
    now = rest.now(caller)
    events = as_events(decode(body, media), now=now)
    accepted = await rest.intake.accept(caller.tenant.number, events, at=now)
    rest.telemetry.recorded.inc(accepted.recorded)
    if accepted.repeated:
        rest.telemetry.repeated.inc(accepted.repeated)
    return Response(_encode(accepted), media_type="application/json")


async def bounded(request: Request, most: int) -> bytes:
    """The body. Raises TooLarge as soon as it is known to have more than `most` bytes; no more than that is kept."""
    said = request.headers.get("content-length", "0")
    if not said.isdecimal() or int(said) > most:
        await hear_out(request)
        raise _too_large(most)
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > most:
                parts.clear()
                await hear_out(request)
                raise _too_large(most)
            parts.append(part)
    except ClientDisconnect:
        raise Unavailable("The sender went away before its body was complete.", hint="Send it again.") from None
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def hear_out(request: Request) -> None:
    """Take what a refused sender still sends, for a moment, and throw it away."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while (await request.receive()).get("more_body"):
                pass


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"The body has more than the {most:,} bytes allowed.", hint="Send it in parts.")


def _media(request: Request) -> str:
    if request.headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(415, "Compressed bodies are not read. Send it as it is.")
    media = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media in MEDIA:
        return media
    if "ce-id" in request.headers:
        raise Invalid("CloudEvents in binary mode (ce- headers) are not read.", hint=f"Send '{SINGLE}'.")
    raise HTTPException(415, f"'{media[:80]}' is not read here. Send one of: {', '.join(MEDIA)}.")
