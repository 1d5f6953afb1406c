"""When somebody is best spoken to: the hour of the day, on their own clock, at which speaking to them came with most
success so far (see `advice`).

Nine in the morning is the same hour for somebody in Tokyo and somebody in Berlin, in winter and in summer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sightline.kernel.act.advice import Counts
from sightline.kernel.act.spoken import Spoken

HOURS = range(24)

QUARTER = timedelta(minutes=15)
"""All clocks are set by whole ones."""


def by_hour(told: Iterable[Spoken]) -> Counts:
    """Messages and successes by the hour of the day, of everybody and of each party."""
    return Counts.of(HOURS, ((one.party, one.hour, one.day, one.hit) for one in told))


def best_hours(counts: Counts, parties: Sequence[str]) -> dict[str, int]:
    """The best hour of each of these parties for whom one can be told."""
    found = {party: counts.advised(party) for party in parties}
    return {party: one.place for party, one in found.items() if one is not None}


def wait_for(hour: int, now: datetime, zone: ZoneInfo) -> timedelta:
    """Until that hour begins on the clock of a zone; nothing while it lasts. An hour that clocks skip begins when they
    are set on.
    """
    local = now.astimezone(zone)
    if local.hour == hour:
        return timedelta(0)
    days = (local.date() + timedelta(days=ahead) for ahead in range(3))
    return next(at for day in days for at in _begins(day, hour, zone) if at > now) - now


def _begins(day: date, hour: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When an hour begins on a day: twice where clocks are set back over it, else once and the same again."""
    asked = datetime.combine(day, time(hour))
    first, second = (asked.replace(fold=n, tzinfo=zone).astimezone(UTC) for n in (0, 1))
    if second >= first:
        return first, second
    # Clocks are set on over it, somewhere between the two.
    while second.astimezone(zone).replace(tzinfo=None) < asked:
        second += QUARTER
    return second, second
