"""Dates as people write them: one pattern per column, found from evidence, read fast.

A pattern is written with the words `YYYY YY MM DD Mon` (`DD/MM/YYYY`, `DD-Mon-YY`), or is `ISO`, `epoch s`,
`epoch ms` or `serial` (days as spreadsheets count them). A time of day and a zone may follow any other; what is made of
them is the column's sort to decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sightline.language.errors import Invalid

ISO = "ISO"
EPOCH_SECONDS = "epoch s"
EPOCH_MILLISECONDS = "epoch ms"
SERIAL = "serial"
COUNTED = {
    EPOCH_SECONDS: (datetime(1970, 1, 1, tzinfo=UTC), timedelta(seconds=1)),
    EPOCH_MILLISECONDS: (datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)),
    SERIAL: (datetime.fromisoformat("1899-12-30"), timedelta(days=1)),
}
"""Patterns that are a number: where they begin to count, and in what. A serial says nothing of a zone."""

COUNTED_FROM, COUNTED_TO = 1980, 2070
"""Years a bare number can mean: 30 under a header such as "days" is a length of time, not a moment in 1970."""

EARLIEST, LATEST = 1900, 2200
"""Years a business can mean; anything else is a slip of the pen (0206, 9999)."""

PIVOT = 70
"""Two-digit years from here on belong to the last century, as POSIX has it (69 is 2069 there, a year apart)."""

FEW = 100
"""Values by which patterns are sorted out."""

DAY_FIRST = ("DD/MM/YYYY", "DD.MM.YYYY", "DD-MM-YYYY", "DD/MM/YY", "DD.MM.YY", "DD-MM-YY")
MONTH_FIRST = ("MM/DD/YYYY", "MM.DD.YYYY", "MM-DD-YYYY", "MM/DD/YY", "MM.DD.YY", "MM-DD-YY")
OTHER_ORDER = dict(zip(DAY_FIRST, MONTH_FIRST, strict=True)) | dict(zip(MONTH_FIRST, DAY_FIRST, strict=True))
"""The pattern that reads the same text with day and month exchanged."""

PATTERNS = (
    ISO, "YYYYMMDD", "YYYY/MM/DD", "YYYY.MM.DD",
    "DD-Mon-YYYY", "DD-Mon-YY", "DD Mon YYYY", "DD Mon YY", "DD. Mon YYYY", "DD/Mon/YYYY",
    "Mon DD, YYYY", "Mon DD YYYY",
    *DAY_FIRST, *MONTH_FIRST,
)  # fmt: skip
"""What is tried, in this order."""

_MONTHS = (
    "jan janv janvier januar januari january enero ene gennaio janeiro styczen",
    "feb febr fev fevr fevrier februar februari february febrero febbraio fevereiro",
    "mar mars marz maerz mrz mrt maart march marzo marco",
    "apr avr avril april abril aprile abr",
    "may mai mei mayo maggio maio mag",
    "jun juin juni june junio giugno junho giu",
    "jul juil juillet juli july julio luglio julho lug",
    "aug aout august augustus agosto ago",
    "sep sept septembre september septiembre settembre setembro set",
    "oct okt octobre oktober october octubre ottobre outubro ott",
    "nov novembre november noviembre novembro",
    "dec dez decembre dezember december diciembre dicembre dezembro dic",
)
MONTHS = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()}
_PLAIN = str.maketrans("äàâéèêëûüôçń", "aaaeeeeuuocn")

_TOKENS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<year>\d{2})",
    "MM": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})(?:st|nd|rd|th)?",
    "Mon": r"(?P<name>[^\W\d_]{3,10})\.?",
}
_CLOCK = (
    r"(?:(?:T|,?\s+)(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_WORD = re.compile("YYYY|YY|MM|DD|Mon")

Stamp = tuple[date, datetime | None]
"""The day as written, and the instant when a time of day stands beside it (naive when it names no zone)."""


class NotADate(ValueError):
    """The text does not follow the pattern, or names a day that does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the evidence of a column says about its dates."""

    pattern: str
    timed: bool
    """Whether any value carries a time of day other than midnight."""
    share: float
    """Share of the values that follow the pattern."""
    rival: str | None = None
    """The pattern with day and month exchanged, when it reads as many values: then only a person can say."""
    mixed: int = 0
    """Values that only the rival reads: day and month stand in both orders in one column."""


def check_pattern(pattern: str) -> str:
    """The pattern itself. Raises Invalid when it is none."""
    if pattern in {ISO, "YYYYMMDD", *COUNTED}:
        return pattern
    words = _WORD.findall(pattern)
    if sorted(w.replace("YYYY", "YY").replace("Mon", "MM") for w in words) != ["DD", "MM", "YY"]:
        raise Invalid(
            f"'{pattern}' is no date format.",
            hint="Write it with YYYY or YY, MM or Mon, and DD, such as DD/MM/YYYY, or ISO, 'epoch s', 'epoch ms' or"
            " 'serial'.",
        )
    return pattern


@lru_cache(maxsize=256)
def parser(pattern: str) -> Callable[[str], Stamp]:
    """A function that reads one text, raising NotADate. Raises Invalid for an unknown pattern.

    ISO dates are read under every pattern: they cannot be mistaken.
    """
    check_pattern(pattern)
    if pattern == ISO:
        return _read_iso
    if pattern in COUNTED:
        return lambda text: _read_counted(text, *COUNTED[pattern])
    source = "".join(_pieces(pattern))
    shape = re.compile(source + _CLOCK)

    def read(text: str) -> Stamp:
        match = shape.fullmatch(text)
        return _stamp(match.groupdict()) if match else _read_iso(text)

    return read


def _pieces(pattern: str) -> list[str]:
    if pattern == "YYYYMMDD":
        return [r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"]
    at, found = 0, []
    for match in _WORD.finditer(pattern):
        found += [re.escape(pattern[at : match.start()]), _TOKENS[match[0]]]
        at = match.end()
    return [*found, re.escape(pattern[at:])]


def _stamp(part: dict[str, str | None]) -> Stamp:
    year = int(part["year"] or 0)
    if len(part["year"] or "") == 2:
        year += 1900 if year >= PIVOT else 2000
    try:
        day = date(year, _month(part), int(part["day"] or 0))
        return day, _clock(day, part) if part.get("h") else None
    except (ValueError, KeyError):
        raise NotADate from None


def _month(part: dict[str, str | None]) -> int:
    name = part.get("name")
    return MONTHS[name.lower().translate(_PLAIN)] if name else int(part["month"] or 0)


def _clock(day: date, part: dict[str, str | None]) -> datetime:
    hour, half = int(part["h"] or 0), (part["half"] or "")[:1].lower()
    if half:
        if not 1 <= hour <= 12:
            raise NotADate
        hour = hour % 12 + (12 if half == "p" else 0)
    micros = int((part["f"] or "0")[:6].ljust(6, "0"))
    return datetime(
        day.year,
        day.month,
        day.day,
        hour,
        int(part["m"] or 0),
        int(part["s"] or 0),
        micros,
        tzinfo=_offset(part["zone"]),
    )


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    span = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-span if text[0] == "-" else span)


_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")


def _read_iso(text: str) -> Stamp:
    try:
        if len(text) == 10:
            if text[4] != "-":
                raise NotADate
            return date.fromisoformat(text), None
        if not _ISO.fullmatch(text):
            raise NotADate
        clean = text[:-4] + "+00:00" if text.endswith((" UTC", " GMT")) else text
        at = datetime.fromisoformat(clean)
    except ValueError:
        raise NotADate from None
    return at.date(), at


def _read_counted(text: str, start: datetime, step: timedelta) -> Stamp:
    try:
        at = start + float(text) * step
    except (ValueError, OverflowError):
        raise NotADate from None
    if not COUNTED_FROM <= at.year < COUNTED_TO:
        raise NotADate
    return at.date(), at if at.tzinfo or at.time() != time.min else None


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name. Raises Invalid."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(
            f"'{name}' is no time zone.", hint="Write an IANA name such as Europe/Paris, America/New_York or UTC."
        ) from None


def plausible(day: date) -> bool:
    """Whether a business can mean that day."""
    return EARLIEST <= day.year <= LATEST


def to_instant(stamp: Stamp, naive_in: tzinfo) -> datetime:
    """The UTC instant of a stamp: a bare day is its first moment UTC, a naive time is read in `naive_in`."""
    day, at = stamp
    if at is None:
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return (at if at.tzinfo else at.replace(tzinfo=naive_in)).astimezone(UTC)


def detect(values: Sequence[str], *, epochs: bool = False) -> Found | None:
    """The pattern that most of the values follow; None when no pattern reads any of them.

    `values`: distinct non-empty texts of one column. `epochs`: whether the column's name makes it believable that
    numbers count seconds or days, for digits alone do not.
    """
    candidates = [*PATTERNS, *(COUNTED if epochs else ())]
    if not values or not any(text[:1].isalnum() and any(c.isdigit() for c in text) for text in values):
        return None
    # Most patterns fail on the first texts already; only those that read some are tried on all.
    few = values[:: max(1, len(values) // FEW)]
    hopeful = {pattern for pattern in candidates if _read_all(few, pattern)}
    hopeful |= {OTHER_ORDER[pattern] for pattern in hopeful if pattern in OTHER_ORDER}
    read = {pattern: _read_all(values, pattern) if pattern in hopeful else {} for pattern in candidates}
    best = max(candidates, key=lambda p: len(read[p]))
    if not read[best]:
        return None
    found, rival = read[best], OTHER_ORDER.get(best)
    tied = rival is not None and len(read[rival]) == len(found)
    mixed = len(read[rival].keys() - found.keys()) if rival else 0
    return Found(
        pattern=best,
        timed=any(at is not None and (at.hour, at.minute, at.second) != (0, 0, 0) for _, at in found.values()),
        share=len(found) / len(values),
        rival=rival if tied else None,
        mixed=mixed,
    )


def _read_all(values: Sequence[str], pattern: str) -> dict[str, Stamp]:
    read = parser(pattern)
    found: dict[str, Stamp] = {}
    for text in values:
        try:
            stamp = read(text)
        except NotADate:
            continue
        # Under any other pattern an ISO text would be counted twice and hide which pattern the rest follows.
        if plausible(stamp[0]) and (pattern == ISO or not _ISO.fullmatch(text)):
            found[text] = stamp
    return found
