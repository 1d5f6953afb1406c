"""Moments as whole microseconds: what is compared a thousand times a row is no datetime."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sightline.kernel.predict.facts import NEVER
from sightline.language.errors import Invalid
from sightline.language.time import DAWN, TICK, end_of, start_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR


def micros(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - EPOCH) // TICK


def span(of: timedelta) -> int:
    """Microseconds of a span."""
    return of // TICK


def moment(at: int) -> datetime:
    """The datetime of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=at)


END = micros(NEVER)
"""The end of what has none."""

BEGINNING = micros(DAWN)


@lru_cache(maxsize=65_536)
def begins(text: str) -> int | None:
    """The first moment of a stored day, or the stored instant; None where a text is neither."""
    try:
        return micros(start_of(text))
    except (Invalid, OverflowError):
        return None


@lru_cache(maxsize=65_536)
def ends(text: str) -> int | None:
    """The last moment that counts as a stored day, or the stored instant; None where a text is neither."""
    try:
        return micros(end_of(text))
    except (Invalid, OverflowError):
        return None


def hours(at: int) -> int:
    """Whole hours since 1970."""
    return at // HOUR


def hours_between(later: int, earlier: int) -> float:
    """Whole hours from one moment to another, as `_queries.hours_between` counts them: seconds cut, hours floored."""
    apart = later - earlier
    seconds = apart // SECOND if apart >= 0 else -(-apart // SECOND)
    return float(seconds // 3_600)
