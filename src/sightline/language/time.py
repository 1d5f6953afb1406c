"""Time as Sightline reads it: instants in UTC, spans as timedeltas, days as half-open intervals."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from sightline.language.errors import Invalid

DAWN = datetime(1900, 1, 1, tzinfo=UTC)
"""Since when something is assumed known when nothing says since when."""

DUSK = datetime(9000, 1, 1, tzinfo=UTC)
"""The deadline of what has none: a flat table without time is answered whenever its answer becomes known."""

TICK = timedelta(microseconds=1)
"""The resolution of every stored instant."""

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
_SPAN = re.compile(r"(\d{1,6})\s*(s|seconds?|min|minutes?|h|hours?|d|days?|w|weeks?)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def days(n: float) -> timedelta:
    """A span of `n` days of 24 hours."""
    return timedelta(days=n)


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 date or instant; a date is its first moment, a time without zone is UTC. Raises Invalid."""
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(
            f"'{text[:40]}' is no date or time.", hint="Write 2015-01-31 or 2015-01-31T09:30:00+01:00."
        ) from None


def parse_span(text: str) -> timedelta:
    """Read `30d`, `6h`, `2 weeks`, `30 minutes`. Raises Invalid."""
    found = _SPAN.fullmatch(text.strip())
    if not found:
        raise Invalid(f"'{text[:40]}' is no span of time.", hint="Write 30d, 6h, 2w or 30min.")
    count, unit = int(found[1]), found[2][0]
    return timedelta(**{_UNITS[unit]: count})


def parse_since(text: str, now: datetime) -> datetime:
    """Read how far back (`90d`) or a day or instant (`2015-01-31`) something begins. Raises Invalid."""
    return parse_instant(text) if text[4:5] == "-" else now - parse_span(text)


def words_of(span: timedelta) -> str:
    """A span of whole seconds as `parse_span` reads it: `2 days`, `36 hours`, `1 minute`."""
    seconds = span // timedelta(seconds=1)
    sizes = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
    size, unit = next((size, unit) for size, unit in sizes if seconds % size == 0)
    return f"{seconds // size} {unit}{'' if seconds == size else 's'}"


def is_day(value: str) -> bool:
    """Whether a stored value is a bare day (`2015-01-31`) rather than an instant."""
    return len(value) == 10


def is_moment(value: str) -> bool:
    """Whether a stored value is a day or an instant (`2015-01-31`, `2015-01-31T09:30:00Z`)."""
    if not _MOMENT.match(value):
        return False
    try:
        parse_instant(value)
    except Invalid:
        return False
    return True


def start_of(value: str) -> datetime:
    """The first moment of a stored day, or the stored instant itself."""
    return parse_instant(value)


def end_of(value: str) -> datetime:
    """The last moment that still counts as `value`: the end of a bare day, or the instant itself."""
    at = parse_instant(value)
    return at + (timedelta(days=1) - TICK) if is_day(value) else at
