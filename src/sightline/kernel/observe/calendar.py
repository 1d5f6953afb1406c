"""Keep time for a tenant: what has become known enters the ledger, a new day is told of, and timers ring."""

from __future__ import annotations

from datetime import datetime

from sightline.foundation import ledger, timers
from sightline.foundation.db.session import Database
from sightline.kernel.observe import staging
from sightline.language import derived
from sightline.language.event import Event
from sightline.language.ref import Ref


async def keep_time(db: Database, tenant: int, *, now: datetime) -> int:
    """Release what is known by `now`, say once a day that a day began, and let timers ring. Returns how many
    events were released.
    """
    released = await release(db, tenant, now=now)
    await begin_day(db, tenant, now=now)
    await ring(db, tenant, now=now)
    return released


async def release(db: Database, tenant: int, *, now: datetime) -> int:
    """Let all that is known by `now` into the ledger. Returns how many events that were."""
    released = 0
    while True:
        async with db.transaction(tenant) as tx:
            appended = await staging.release(tx, now=now)
        if appended is None:
            return released
        released += appended.offered - appended.repeated


async def begin_day(db: Database, tenant: int, *, now: datetime) -> None:
    """Say that the day of `now` began; a day that was told of adds nothing."""
    async with db.transaction(tenant) as tx:
        ledger.record(tx, [_day(now)], at=now)


async def ring(db: Database, tenant: int, *, now: datetime) -> int:
    """Tell of the timers that are due, each once. Returns how many."""
    async with db.transaction(tenant) as tx:
        rang = await timers.ring(tx, now)
        ledger.record(tx, [_rang(name, due, now) for name, due in rang], at=now)
    return len(rang)


def _rang(name: str, due: datetime, now: datetime) -> Event:
    return Event(
        id=f"rang:{name}:{due.isoformat()}",
        source=derived.SOURCE,
        type=derived.RANG,
        subject=Ref(derived.SELF, "today"),
        time=due,
        known_at=now,
        data={"timer": name},
    )


def _day(now: datetime) -> Event:
    return Event(
        id=f"day:{now:%Y-%m-%d}",
        source=derived.SOURCE,
        type=derived.DAY_BEGAN,
        subject=Ref(derived.SELF, "today"),
        time=now,
        known_at=now,
    )
