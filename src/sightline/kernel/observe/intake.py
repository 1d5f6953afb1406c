"""Intake of live events. Single events that arrive together share one transaction (group commit)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asyncpg import InterfaceError, PostgresError
from sqlalchemy.exc import DBAPIError

from sightline.foundation import ledger
from sightline.foundation.db.session import Database, Transaction
from sightline.foundation.ledger import Appended
from sightline.foundation.vault import Vault
from sightline.kernel.observe.personal import shield
from sightline.kernel.observe.sorts import check, sorts_of
from sightline.language.errors import Busy, SightlineError, Transient, Unavailable
from sightline.language.event import Event
from sightline.language.kind import Kind

GROUP = 2_000
"""Events one transaction takes at most, unless a single sender offers more."""

COMMITTERS = 2
"""Transactions under way at once: one is made ready while the other waits for the disk."""

BOUNDARY = (SightlineError, DBAPIError, PostgresError, InterfaceError, OSError)
"""What recording may fail with; handed to whoever waits for the acknowledgement."""

WAITING = 50_000
"""Events that may wait; beyond it senders are told to come back (back-pressure instead of memory)."""

Kinds = Callable[[Transaction], Awaitable[Mapping[str, Kind]]]
"""The kinds declared for the tenant of a transaction, as of that transaction."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of the events one sender offered."""

    recorded: int
    repeated: int
    position: int | None
    """All of them stand at or before this position of the ledger; None when all were repeats."""


@dataclass(slots=True)
class _Offer:
    tenant: int
    events: Sequence[Event]
    at: datetime
    done: asyncio.Future[Accepted] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Intake:
    """Takes events from many senders, and acknowledges each once its transaction has committed."""

    def __init__(self, db: Database, vault: Vault, kinds: Kinds) -> None:
        self._db, self._vault, self._kinds = db, vault, kinds
        self._offers: list[_Offer] = []
        self._arrived = asyncio.Event()
        self._waiting = 0
        self._stopped = False

    async def accept(self, tenant: int, events: Sequence[Event], *, at: datetime) -> Accepted:
        """Record events. Returns after the commit.

        Raises Busy when too many are waiting already, Unavailable when the database or this process goes away
        (then nobody knows whether they were recorded: send them again, a repeat adds nothing).
        """
        if not events:
            return Accepted(0, 0, None)
        if self._stopped:
            raise _stopping()
        if self._waiting and self._waiting + len(events) > WAITING:
            raise Busy("Too many events are waiting to be recorded.", hint="Send them again in a second.")
        offer = _Offer(tenant, events, at)
        self._offers.append(offer)
        self._waiting += len(events)
        self._arrived.set()
        return await offer.done

    async def run(self) -> None:
        """Commit group after group until cancelled; then whoever still waits is refused."""
        try:
            async with asyncio.TaskGroup() as committers:
                for _ in range(COMMITTERS):
                    committers.create_task(self._commit_all())
        finally:
            self._stopped = True
            _refuse(self._offers, _stopping())

    async def _commit_all(self) -> None:
        while True:
            await self._arrived.wait()
            group = self._take()
            if not self._offers:
                self._arrived.clear()
            if group:
                await self._commit(group)

    def _take(self) -> list[_Offer]:
        """The next offers of one tenant, about GROUP events."""
        group: list[_Offer] = []
        rest: list[_Offer] = []
        size = 0
        for offer in self._offers:
            if not group or (offer.tenant == group[0].tenant and size + len(offer.events) <= GROUP):
                group.append(offer)
                size += len(offer.events)
            else:
                rest.append(offer)
        self._offers = rest
        self._waiting -= size
        return group

    async def _commit(self, group: list[_Offer]) -> None:
        try:
            appended = await self._record(group)
        except asyncio.CancelledError:
            _refuse(group, _stopping())
            raise
        except BOUNDARY as error:
            # One offer that the database refuses must not take its neighbours with it.
            if len(group) > 1 and not isinstance(error, Transient):
                for offer in group:
                    await self._commit([offer])
            else:
                _refuse(group, error)
            return
        _acknowledge(group, appended)

    async def _record(self, group: list[_Offer]) -> Appended:
        events = [event for offer in group for event in offer.events]
        async with self._db.transaction(group[0].tenant) as tx:
            kinds = await self._kinds(tx)
            sorts = sorts_of(kinds)
            for offer in group:
                check(offer.events, sorts)
            guarded = await shield(tx, self._vault, events, kinds)
            return ledger.record(tx, guarded, at=group[-1].at)


def _acknowledge(group: Sequence[_Offer], appended: Appended) -> None:
    """Tell each sender of its own; an event that came several times was recorded for the first, a repeat for others."""
    left = dict(appended.positions)
    for offer in group:
        mine = [left.pop(name) for e in offer.events if (name := (e.source, e.id)) in left]
        if not offer.done.done():
            offer.done.set_result(Accepted(len(mine), len(offer.events) - len(mine), max(mine, default=None)))


def _refuse(group: Sequence[_Offer], error: Exception) -> None:
    for offer in group:
        if not offer.done.done():
            offer.done.set_exception(error)


def _stopping() -> Unavailable:
    return Unavailable("Sightline is stopping.", hint="Send the events again.")
