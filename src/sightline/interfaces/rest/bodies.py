"""Bodies that are read into memory: never more of one than is allowed."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive, Scope

from sightline.language.errors import TooLarge, Unavailable

LINGER_SECONDS = 2.0
"""A sender is heard out (its bytes thrown away) for so long, or it would lose our refusal with the connection."""


async def whole(request: Request, most: int) -> bytes:
    """The body. Raises TooLarge beyond `most` bytes, and Unavailable when the sender left before its end."""
    try:
        return await Request(request.scope, bounded(request.scope, request.receive, most)).body()
    except ClientDisconnect:
        raise Unavailable("The sender went away before its body was complete.", hint="Send it again.") from None


def bounded(scope: Scope, receive: Receive, most: int) -> Receive:
    """The same messages. Raises TooLarge as soon as their body is known to have more than `most` bytes."""
    said, size = claimed(scope), 0

    async def within() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if max(said, size) > most:
            if message.get("more_body"):
                await hear_out(receive)
            raise TooLarge(f"The body has more than the {most:,} bytes allowed.", hint="Send it in parts.")
        return message

    return within


def claimed(scope: Scope) -> int:
    """Bytes the body is said to have; 0 where nothing is said that could be believed."""
    said = Headers(scope=scope).get("content-length", "0")
    return int(said) if said.isdecimal() and len(said) < 20 else 0


async def hear_out(receive: Receive) -> None:
    """Take what a refused sender still sends, for a moment, and throw it away."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while (await receive()).get("more_body"):
                pass
