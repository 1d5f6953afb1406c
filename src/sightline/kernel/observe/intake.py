"""Intake of live events. Single events that arrive together share one transaction (group commit)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asyncpg import PostgresError
from sqlalchemy.exc import DBAPIError

from sightline.foundation import ledger
from sightline.foundation.db.session import Database
from sightline.foundation.vault import Vault
from sightline.kernel.observe.personal import shield
from sightline.language.errors import Busy, SightlineError, Transient, Unavailable
from sightline.language.event import Event
from sightline.language.kind import Kind

GROUP = 2_000
"""Events one transaction takes at most."""

BOUNDARY = (SightlineError, DBAPIError, PostgresError)
"""What recording may fail with; handed to whoever waits for the acknowledgement."""

WAITING = 50_000
"""Events that may wait; beyond it senders are told to come back (back-pressure instead of memory)."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of the events one sender offered."""

    recorded: int
    repeated: int
    position: int | None
    """The last position given; None when all were repeats."""


@dataclass(slots=True)
class _Offer:
    tenant: int
    events: Sequence[Event]
    kinds: Mapping[str, Kind]
    at: datetime
    done: asyncio.Future[Accepted] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Intake:
    """Takes events from many senders, and acknowledges each once its transaction has committed."""

    def __init__(self, db: Database, vault: Vault) -> None:
        self._db, self._vault = db, vault
        self._offers: list[_Offer] = []
        self._arrived = asyncio.Event()
        self._waiting = 0

    async def accept(
        self, tenant: int, events: Sequence[Event], kinds: Mapping[str, Kind], *, at: datetime
    ) -> Accepted:
        """Record events. Returns after the commit. Raises Busy when too many are waiting already."""
        if self._waiting + len(events) > WAITING:
            raise Busy("Too many events are waiting to be recorded.", hint="Send them again in a second.")
        offer = _Offer(tenant, events, kinds, at)
        self._offers.append(offer)
        self._waiting += len(events)
        self._arrived.set()
        return await offer.done

    async def run(self) -> None:
        """Commit group after group until cancelled."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._offers:
                await self._commit(self._take())

    def _take(self) -> list[_Offer]:
        """The next offers of one tenant, about GROUP events."""
        tenant = self._offers[0].tenant
        group: list[_Offer] = []
        size = 0
        rest: list[_Offer] = []
        for offer in self._offers:
            if offer.tenant == tenant and (not group or size + len(offer.events) <= GROUP):
                group.append(offer)
                size += len(offer.events)
            else:
                rest.append(offer)
        self._offers = rest
        self._waiting -= size
        return group

    async def _commit(self, group: list[_Offer]) -> None:
        try:
            positions = await self._record(group)
        except asyncio.CancelledError:
            _refuse(group, Unavailable("Sightline is stopping.", hint="Send the events again."))
            raise
        except BOUNDARY as error:
            # One offer that the database refuses must not take its neighbours with it.
            if len(group) > 1 and not isinstance(error, Transient):
                for offer in group:
                    await self._commit([offer])
            else:
                _refuse(group, error)
            return
        for offer in group:
            mine = [positions[name] for e in offer.events if (name := (e.source, e.id)) in positions]
            if not offer.done.done():
                offer.done.set_result(Accepted(len(mine), len(offer.events) - len(mine), max(mine, default=None)))

    async def _record(self, group: list[_Offer]) -> dict[tuple[str, str], int]:
        async with self._db.transaction(group[0].tenant) as tx:
            events: list[Event] = []
            for offer in group:
                events += await shield(tx, self._vault, offer.events, offer.kinds)
            appended = ledger.record(tx, events, at=group[-1].at)
        return appended.positions


def _refuse(group: list[_Offer], error: Exception) -> None:
    for offer in group:
        if not offer.done.done():
            offer.done.set_exception(error)
