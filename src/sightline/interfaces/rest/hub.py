"""One hub for all live streams of a process: hears of news once, reads them once, hands the same bytes to everybody.

A room is a workspace with listeners. Whoever enters gets all that is broadcast behind the room's position of that
moment, and reads for itself what lies between its own last position and that one: nothing is missed or told twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec

from sightline.foundation import bus, jobs
from sightline.foundation.clock import monotonic
from sightline.foundation.telemetry import Telemetry
from sightline.foundation.tenants import Tenant
from sightline.interfaces.rest import models
from sightline.kernel.desk import Desk, news
from sightline.kernel.desk.news import News
from sightline.language.errors import Transient, Unavailable

BEAT_SECONDS = 15.0
"""So often a line that says only that the stream lives; rooms are looked after then too, lest a call was lost."""

MOST_WAITING = 256
"""Messages that wait for one listener; then it is told to read everything anew and let go."""

PAUSE_SECONDS = 1.0

CATCHING_UP = 4
"""Listeners that read what they missed from the database at once: the others' reads need connections too."""

CHANNELS = (news.CHANNEL, jobs.CHANNEL)

_log = logging.getLogger(__name__)


def message(event: str, data: object, *, id_: int | None = None) -> bytes:
    """One event as the wire has it (text/event-stream)."""
    named = f"id: {id_}\n" if id_ is not None else ""
    return f"event: {event}\n{named}data: ".encode() + msgspec.json.encode(data) + b"\n\n"


BEAT = b": here\n\n"
RELOAD = message("reload", {})


@dataclass(frozen=True, slots=True)
class Told:
    """A message, and which stretch of the ledger it tells of; of none where it is not news."""

    wire: bytes
    after: int = 0
    position: int = 0


class Seat:
    """One listener, and what waits for it."""

    def __init__(self, position: int) -> None:
        self.position = position
        """Behind it everything is broadcast to this seat."""
        self.leave: Callable[[], object] = self.end
        """What makes a listener go who takes nothing any more."""
        self._waiting: deque[Told] = deque()
        self._woken = asyncio.Event()
        self._ended = False
        self._stuck: Told | None = None

    def offer(self, told: Told) -> bool:
        """Put a message in line. False when there are too many: the last one is then to read everything anew."""
        if self._ended:
            return True
        full = len(self._waiting) >= MOST_WAITING
        if full:
            self._waiting.clear()
            self._ended = True
        self._waiting.append(Told(RELOAD) if full else told)
        self._woken.set()
        return not full

    def beat(self) -> None:
        """Let the listener say that it lives, unless it has something to say; who has said nothing since the beat
        before, though there was something, goes."""
        first = self._waiting[0] if self._waiting else None
        if first is None:
            self.offer(Told(BEAT))
        elif first is self._stuck:
            self.leave()
        self._stuck = first

    def end(self) -> None:
        """No more is put in line."""
        self._ended = True
        self._woken.set()

    async def next(self) -> Told | None:
        """What is next in line; None at the end."""
        while not self._waiting:
            if self._ended:
                return None
            self._woken.clear()
            await self._woken.wait()
        return self._waiting.popleft()


@dataclass(slots=True)
class _Room:
    tenant: Tenant
    position: int = 0
    seats: set[Seat] = field(default_factory=set)
    entering: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the position moves: who enters meanwhile would not know from where on it is told."""
    due: set[str] = field(default_factory=lambda: set(CHANNELS))
    """On what it is to be looked for something new."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    attended: asyncio.Task[None] | None = None
    working: dict[str, bytes] = field(default_factory=dict)
    """What was told last of each job that moves, by its id."""
    missed: dict[tuple[int, int], asyncio.Task[News | None]] = field(default_factory=dict)
    """Being read just now: after a restart everybody asks for the same."""


class Hub:
    """The live streams of one process."""

    def __init__(self, desk: Desk, telemetry: Telemetry) -> None:
        self._desk, self._telemetry = desk, telemetry
        self._rooms: dict[int, _Room] = {}
        self._reading = asyncio.Semaphore(CATCHING_UP)
        self._beat_at = monotonic()
        self._closed = False

    async def run(self) -> None:
        """Listen until cancelled; then everybody is let go."""
        try:
            await bus.hear(self._desk.db.url, *CHANNELS, tell=self._tell, every=BEAT_SECONDS)
        finally:
            self.close()

    def close(self) -> None:
        """Let everybody go, and nobody in any more."""
        self._closed = True
        for room in self._rooms.values():
            _empty(room)
            if room.attended:
                room.attended.cancel()
                room.attended = None

    def _tell(self, calls: bus.Calls) -> None:
        # A second less: whoever waits so long for nothing must not come a moment too early.
        beat = monotonic() - self._beat_at >= BEAT_SECONDS - 1
        for number, room in self._rooms.items():
            # Where nobody called, a call may have been lost.
            if due := {channel for channel in CHANNELS if not calls or number in calls.get(channel, ())}:
                room.due |= due
                room.woken.set()
            if beat:
                for seat in room.seats:
                    seat.beat()
        if beat:
            self._beat_at = monotonic()

    @asynccontextmanager
    async def seat(self, tenant: Tenant) -> AsyncIterator[Seat]:
        """A seat in the room of a workspace as long as the block lasts. Raises Unavailable."""
        if self._closed:
            raise Unavailable("Sightline is stopping.", hint="Come back in a moment; give the last id you saw.")
        room = self._rooms.setdefault(tenant.number, _Room(tenant))
        async with room.entering:
            if not room.seats:
                room.position = await news.reached(self._desk, tenant)
                room.working.clear()
            seat = Seat(room.position)
            for told in room.working.values():
                seat.offer(Told(told))
            room.seats.add(seat)
        if room.attended is None or room.attended.done():
            room.due = set(CHANNELS)
            room.attended = asyncio.ensure_future(self._attend(room))
            room.attended.add_done_callback(_logged)
        self._telemetry.streams.inc()
        try:
            yield seat
        finally:
            self._telemetry.streams.dec()
            room.seats.discard(seat)
            if not room.seats and room.attended:
                room.attended.cancel()
                room.attended = None

    async def missed(self, tenant: Tenant, after: int, upto: int) -> Told | None:
        """What was told between two positions; read once for all who ask for it together."""
        reading = self._rooms[tenant.number].missed
        task = reading.get((after, upto))
        if task is None:
            task = reading[after, upto] = asyncio.ensure_future(self._read(tenant, after, upto))
            task.add_done_callback(lambda _: reading.pop((after, upto), None))
        found = await asyncio.shield(task)
        return _told(found) if found else None

    async def _read(self, tenant: Tenant, after: int, upto: int) -> News | None:
        async with self._reading:
            return await news.between(self._desk, tenant, after, upto)

    async def _attend(self, room: _Room) -> None:
        """Tell the room what is new whenever it is woken; whatever ends this ends the room's streams."""
        try:
            while True:
                room.woken.clear()
                due, room.due = room.due, set()
                try:
                    if news.CHANNEL in due:
                        await self._look(room)
                    if jobs.CHANNEL in due:
                        await self._look_at_work(room)
                except (Transient, OSError) as error:
                    _log.warning("No news for '%s' (%s); looking again.", room.tenant.name, error)
                    await asyncio.sleep(PAUSE_SECONDS)
                    room.due |= due
                    room.woken.set()
                await room.woken.wait()
        finally:
            if not asyncio.current_task().cancelling():  # type: ignore[union-attr]
                _empty(room)

    async def _look(self, room: _Room) -> None:
        async with room.entering:
            found = await news.between(self._desk, room.tenant, room.position)
            if found is None:
                return
            room.position = found.position
            self._broadcast(room, _told(found))

    async def _look_at_work(self, room: _Room) -> None:
        """Tell of each job that is otherwise than it was told last."""
        async with room.entering:
            async with self._desk.db.transaction(room.tenant.number) as tx:
                found = await jobs.moving(tx)
            now = {job.id: message("job", models.Job.told(job).model_dump(mode="json")) for job in found}
            for id_, wire in now.items():
                if room.working.get(id_) != wire:
                    self._broadcast(room, Told(wire))
            room.working = now

    def _broadcast(self, room: _Room, told: Told) -> None:
        self._telemetry.streamed.inc(len(room.seats))
        for seat in room.seats:
            if not seat.offer(told):
                self._telemetry.dropped.inc()


def _told(found: News) -> Told:
    data = {
        "position": found.position,
        "types": found.types,
        "questions": found.questions,
        "subjects": found.subjects,
        "now": found.now,
    }
    return Told(message("news", data, id_=found.position), found.after, found.position)


def _logged(attending: asyncio.Task[None]) -> None:
    """A room that nobody attends any more tells why: its listeners only see that they were let go."""
    if not attending.cancelled() and (error := attending.exception()):
        _log.error("A room of live streams was given up.", exc_info=error)


def _empty(room: _Room) -> None:
    for seat in room.seats:
        seat.end()
