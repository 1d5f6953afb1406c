"""Keep time for a tenant: what has become known enters the ledger, and a new day is told of."""

from __future__ import annotations

from datetime import datetime

from sightline.foundation import ledger
from sightline.foundation.db.session import Database
from sightline.kernel.observe import staging
from sightline.language import derived
from sightline.language.event import Event
from sightline.language.ref import Ref


async def keep_time(db: Database, tenant: int, *, now: datetime) -> int:
    """Release what is known by `now` and, once a day, say that a day began. Returns how many events were released."""
    released = 0
    while True:
        async with db.transaction(tenant) as tx:
            appended = await staging.release(tx, now=now)
        if appended is None:
            break
        released += len(appended.positions)
    async with db.transaction(tenant) as tx:
        ledger.record(tx, [_day(now)], at=now)
    return released


def _day(now: datetime) -> Event:
    return Event(
        id=f"day:{now:%Y-%m-%d}",
        source=derived.SOURCE,
        type=derived.DAY_BEGAN,
        subject=Ref(derived.SELF, "today"),
        time=now,
        known_at=now,
    )
