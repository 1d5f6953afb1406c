"""`GET /v1/stream`: what is new, as it can be read (Server-Sent Events, HTML Living Standard, section 9.2)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Header, Query, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sightline.foundation.clock import monotonic
from sightline.foundation.identity import Right
from sightline.interfaces.rest.context import Caller, Rest
from sightline.interfaces.rest.hub import RELOAD, Hub, Seat, message
from sightline.interfaces.rest.needs import Reader, RestDep, room
from sightline.kernel.desk import news
from sightline.language.errors import Invalid, SightlineError, Terminal, Unavailable

MEDIA = "text/event-stream"

CHECK_SECONDS = 30.0
"""How often it is asked whether the caller may still listen."""

MOST_POSITION = 2**62

router = room("operation")


_EVENT = {
    "description": "One of the events, as they follow each other.",
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "event": {"type": "string", "enum": ["hello", "news", "job", "reload"]},
        "id": {"type": "string", "description": "Position to go on behind."},
        "data": {"type": "string", "contentMediaType": "application/json", "contentSchema": {"type": "object"}},
    },
}


@router.get("/stream", response_class=Response, responses={200: {"content": {MEDIA: {"schema": _EVENT}}}})
async def get_stream(
    request: Request,
    rest: RestDep,
    caller: Reader,
    after: Annotated[str | None, Query(description="Position to go on behind; the last `id` you saw.")] = None,
    _workspace: Annotated[
        str | None, Query(alias="workspace", description="Workspace, for who cannot send the header.")
    ] = None,
    last_event_id: Annotated[str | None, Header(description="As `after`, and before it: browsers send it.")] = None,
) -> Response:
    """What is new, as soon as it can be read: `hello`, then `news`, and `job` for long work that moves.

    `reload` says that reading everything anew is the shorter way.
    """
    if rest.hub is None:
        raise Unavailable("This process has no live streams.", hint="Ask one that serves: `sightline serve`.")

    async def still() -> Caller:
        return await rest.known(request, Right.READ)

    return Live(rest, rest.hub, caller, still, _position(last_event_id or after))


def _position(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not int(text[:20]) < MOST_POSITION:
        raise Invalid(f"'{text[:40]}' is no position.", hint="Give the last `id` of the stream, a whole number.")
    return int(text[:20])


class Live(Response):
    """A response that lasts until one of the two leaves."""

    def __init__(
        self, rest: Rest, hub: Hub, caller: Caller, still: Callable[[], Awaitable[Caller]], after: int | None
    ) -> None:
        # A proxy that collects the answer before passing it on would collect for ever.
        super().__init__(media_type=MEDIA, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._rest, self._hub, self._caller, self._still, self._after = rest, hub, caller, still, after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell what is new until somebody leaves."""
        async with self._hub.seat(self._caller.tenant) as seat:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            leaving = asyncio.ensure_future(_left(receive))
            leaving.add_done_callback(lambda _: seat.end())
            telling = asyncio.ensure_future(self._tell(seat, send))
            seat.leave = telling.cancel
            try:
                await asyncio.wait([telling])
            finally:
                leaving.cancel()
                telling.cancel()
            if telling.cancelled():
                # Nothing can be said any more to who does not listen, not even farewell.
                return
            await telling
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, seat: Seat, send: Send) -> None:
        seen = seat.position if self._after is None else self._after
        if await self._must_reload(seen, seat.position):
            await self._say(send, RELOAD)
            return
        now = self._rest.now(self._caller)
        await self._say(send, message("hello", {"position": seen, "now": now}, id_=seen))
        if seen < seat.position:
            seen = await self._catch_up(send, seen, seat.position)
        checked = monotonic()
        while (told := await seat.next()) is not None:
            if not told.position:
                await self._say(send, told.wire)
            elif told.after == seen:
                await self._say(send, told.wire)
                seen = told.position
            elif told.position > seen:
                # Another process had told this listener more than this one had heard of.
                seen = await self._catch_up(send, seen, told.position)
            if monotonic() - checked >= CHECK_SECONDS:
                checked = monotonic()
                if not await self._may_stay():
                    return

    async def _must_reload(self, seen: int, position: int) -> bool:
        tenant = self._caller.tenant
        if seen > position:
            return await news.is_ahead(self._rest.desk, tenant, seen)
        return await news.is_far(self._rest.desk, tenant, seen, position)

    async def _catch_up(self, send: Send, seen: int, position: int) -> int:
        told = await self._hub.missed(self._caller.tenant, seen, position)
        if told:
            await self._say(send, told.wire)
        return position

    async def _may_stay(self) -> bool:
        try:
            await self._still()
        except Terminal:
            return False
        except SightlineError:
            # Nobody can tell just now; the next check does.
            return True
        return True

    async def _say(self, send: Send, wire: bytes) -> None:
        await send({"type": "http.response.body", "body": wire, "more_body": True})


async def _left(receive: Receive) -> None:
    """Until the listener has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
