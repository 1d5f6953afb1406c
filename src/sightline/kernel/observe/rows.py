"""One row into events, fast: the mapping is compiled once, every distinct cell is read once.

A row becomes `{kind}.described`, which carries what is known from the start, and one event per dated happening, which
carries what that happening makes known and what it says again. The start is the earliest date among the happenings
that begin the thing; a thing that nothing dates is assumed known since DAWN.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sightline.kernel.observe import dates, numbers
from sightline.kernel.observe.mapping import LINE, Column, Happening, Only, Order
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.observe.table import Row
from sightline.language.derived import RETRACTED
from sightline.language.event import LINKS, Event
from sightline.language.kind import Sort
from sightline.language.ref import MAX_KEY, Ref
from sightline.language.time import DAWN, TICK

CACHED = 1 << 16
"""Distinct texts per column whose value is remembered; a column with more is mostly unlike itself anyway."""

YES = frozenset(("yes", "y", "true", "t", "1", "1.0", "x", "on", "oui", "ja", "si", "sí"))
NO = frozenset(("no", "n", "false", "f", "0", "0.0", "off", "non", "nein"))
"""How flags are written."""

JOIN = "/"
"""Between the parts of a key of several columns."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a row does not become events: its line, the column at fault, and the reason in words."""

    line: int
    column: str
    reason: str


class _Wrong(ValueError):
    """A cell that is not what its column promises: the reason, which may begin with what stands in it."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"'{text[:60]}'{reason}")
        self.unquoted = f"a value{reason}"


Convert = Callable[[str], Any]
"""A cell's text into its value; None when nothing is known. Raises _Wrong."""


class RowReader:
    """A mapping made ready to read rows. Keeps caches, so one instance belongs to one thread."""

    def __init__(self, mapping: FieldMap, pepper: bytes = b"") -> None:
        """`pepper`: mixed into the ids of rows that personal data tell apart, so that trying finds nobody."""
        missing = sentinels(mapping.missing)
        self._kind, self._source, self._key = mapping.kind, mapping.source, mapping.key
        self._repeating = mapping.rows == "events"
        self._private = mapping.private()
        self._told_apart_by = mapping.told_apart_by()
        self._pepper = pepper if self._private.intersection(self._told_apart_by) else b""
        self._missing = missing
        self._described = f"{mapping.kind}.described"
        self._happenings = [_Clock(one, mapping, missing) for one in mapping.events_]
        begins = {one.type for one in mapping.events_ if one.begins}
        self._begins = [at for at, one in enumerate(mapping.events_) if one.type in begins]
        order = {one.type: at for at, one in enumerate(mapping.events_)}
        self._cells = [_Cell(one, mapping, missing, order) for one in mapping.columns]
        self._said = {cell.column: _again(cell, mapping.events_) for cell in self._cells}

    def key_of(self, row: Row) -> str:
        """What tells the row from others: its key; for rows that are events, with a digest of what tells them apart."""
        key = self._subject(row)
        return f"{key}:{self._digest(row)}" if key and self._repeating else key

    def _digest(self, row: Row) -> str:
        """Of what tells rows apart: a column added to the file makes no new rows of old ones."""
        text = "\x1f".join(_part(row, name) for name in self._told_apart_by)
        return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8, key=self._pepper).hexdigest()

    def _subject(self, row: Row) -> str:
        parts = [_part(row, name) for name in self._key]
        given = (part for name, part in zip(self._key, parts, strict=True) if name != LINE)
        return JOIN.join(parts) if all(part and not self._missing(part) for part in given) else ""

    def events(self, row: Row) -> list[Event] | Misfit:
        """The events of one row, the first being what describes the thing; or why there are none."""
        cells = row.cells
        key = self._subject(row)
        if not 0 < len(key) <= MAX_KEY:
            return Misfit(row.line, ", ".join(self._key), self._keyless(key))
        column = ""
        try:
            stamps: list[tuple[datetime, datetime] | None] = []
            for clock in self._happenings:
                column = clock.column
                stamps.append(clock.read(row))
            groups: list[dict[str, Any]] = [{} for _ in range(len(stamps) + 1)]
            for cell in self._cells:
                column = cell.column
                value = cell.read(cells)
                if value is not None:
                    self._place(cell, value, stamps, groups)
                    for at in self._said[column]:
                        groups[at][cell.name] = value
        except _Wrong as wrong:
            told = wrong.unquoted if column in self._private else str(wrong)
            return Misfit(row.line, column, f"Column '{column}' holds {told}")
        return self._assembled(key, row, stamps, groups)

    def unsaid(self, events: Sequence[Event]) -> list[Event]:
        """What the row of these events (as `events` gave them) could say and does not: retractions without a time.

        Only of rows that are things: each says all there is to say of its thing.
        """
        if self._repeating:
            return []
        said = {event.type for event in events}
        subject = events[0].subject
        missing = dict.fromkeys(clock.type for clock in self._happenings if clock.type not in said)
        return [self._event(f"{subject.key}:{type_}", RETRACTED, subject, DAWN, DAWN, {}) for type_ in missing]

    def _keyless(self, key: str) -> str:
        names = ", ".join(f"'{name}'" for name in self._key)
        if key:
            return f"The key in {names} is longer than {MAX_KEY} characters."
        return f"The key column {names} is empty: without it nothing tells which {self._kind} the row speaks of."

    @staticmethod
    def _place(
        cell: _Cell, value: Any, stamps: Sequence[tuple[datetime, datetime] | None], groups: list[dict[str, Any]]
    ) -> None:
        at = cell.known
        if at >= 0 and stamps[at] is None:
            if not cell.assumed:
                return
            at = -1
        group = groups[at]
        if cell.link:
            group.setdefault(LINKS, {})[cell.name] = value
        else:
            group[cell.name] = value

    def _assembled(
        self,
        key: str,
        row: Row,
        stamps: Sequence[tuple[datetime, datetime] | None],
        groups: Sequence[dict[str, Any]],
    ) -> list[Event]:
        subject, tail = Ref(self._kind, key), ""
        found: list[Event] = []
        if self._repeating:
            tail = ":" + self._digest(row)
        if groups[-1] or not self._repeating:
            starts = [stamp for stamp in (stamps[at] for at in self._begins) if stamp]
            time = min((t for t, _ in starts), default=DAWN)
            known = min((k for _, k in starts), default=DAWN)
            found.append(
                self._event(f"{key}:{self._described}{tail}", self._described, subject, time, known, groups[-1])
            )
        for clock, stamp, data in zip(self._happenings, stamps, groups[:-1], strict=True):
            if stamp:
                found.append(self._event(f"{key}:{clock.type}{tail}", clock.type, subject, *stamp, data))
        return found

    def _event(
        self, name: str, kind: str, subject: Ref, time: datetime, known: datetime, data: dict[str, Any]
    ) -> Event:
        return Event(id=name, source=self._source, type=kind, subject=subject, time=time, known_at=known, data=data)


class _Clock:
    """When one happening happened, and when it was known."""

    def __init__(self, one: Happening, mapping: FieldMap, missing: Callable[[str], bool]) -> None:
        self.type, self.column, self._lag, self._delay = one.type, one.time, one.lag, one.delay
        self._known = tuple(name for name in one.known if name != one.time)
        self._order = mapping.order if one.time == LINE else None
        self._where = _selector(one.where) if one.where else None
        read = _instant(one.format or mapping.dates, mapping.zone)
        self._time = _remembering(read, missing)
        self._past = one.past
        if one.past is not None:
            own = next((column.format for column in mapping.columns if column.column == one.past), None)
            self._over = _remembering(_end(own or mapping.dates, mapping.zone), missing)

    def read(self, row: Row) -> tuple[datetime, datetime] | None:
        """Time and known_at; None when it has not happened. Raises _Wrong."""
        cells = row.cells
        if self._where and not self._where(cells):
            return None
        time: datetime | None = (
            _moment(self._order, row.line) if self._order else self._time(cells.get(self.column, ""))
        )
        if time is None:
            return None
        time += self._delay
        if self._past is not None and not self._is_past(time, cells):
            return None
        known = time + self._lag
        for name in self._known:
            other = self._time(cells.get(name, ""))
            if other is not None and other > known:
                known = other
        return time, known

    def _is_past(self, time: datetime, cells: Mapping[str, str]) -> bool:
        end: datetime | None = self._over(cells.get(self._past or "", ""))
        return end is not None and time > end


def _part(row: Row, name: str) -> str:
    """What a row says in a column, blanks evened out; for `LINE` where it stands."""
    return str(row.line) if name == LINE else " ".join(row.cells.get(name, "").split())


def _again(cell: _Cell, happenings: Sequence[Happening]) -> tuple[int, ...]:
    """The happenings that say a value again which another event makes known."""
    return tuple(at for at, one in enumerate(happenings) if cell.column in one.says and at != cell.known)


def _moment(order: Order, line: int) -> datetime:
    try:
        at = order.moment(line)
    except OverflowError:
        at = None
    if at is None or not dates.plausible(at.date()):
        raise _Wrong(f"line {line}", f" of the order, which lies beyond {dates.LATEST}: the step is too long.")
    return at


def _selector(only: Only) -> Callable[[Mapping[str, str]], bool]:
    """Whether a row is one of those."""
    wanted = {" ".join(text.split()).casefold() for text in only.is_}
    return lambda cells: " ".join(cells.get(only.column, "").split()).casefold() in wanted


class _Cell:
    """The value of one column."""

    __slots__ = ("_convert", "assumed", "column", "known", "link", "name")

    def __init__(
        self, one: Column, mapping: FieldMap, missing: Callable[[str], bool], order: Mapping[str, int]
    ) -> None:
        self.column, self.name, self.link = one.column, one.name, one.link is not None
        self.known = order[one.known] if one.known else -1
        self.assumed = one.otherwise == "assumed"
        words = missing if one.missing is None else sentinels(one.missing)
        self._convert = _remembering(_converter(one, mapping), words)

    def read(self, cells: Mapping[str, str]) -> Any:
        """The value; None when nothing is known. Raises _Wrong."""
        text = cells.get(self.column)
        return self._convert(text) if text else None


def sentinels(words: Sequence[str]) -> Callable[[str], bool]:
    """Whether a text is one of the words that stand for nothing; `*` in a word stands for anything."""
    literal = {word.casefold() for word in words if "*" not in word}
    wild = [".*".join(map(re.escape, word.casefold().split("*"))) for word in words if "*" in word]
    if not wild:
        return lambda text: text.casefold() in literal
    shape = re.compile("|".join(wild), re.DOTALL)
    return lambda text: text.casefold() in literal or shape.fullmatch(text.casefold()) is not None


def _remembering(convert: Convert, missing: Callable[[str], bool]) -> Convert:
    seen: dict[str, Any] = {"": None}

    def read(text: str) -> Any:
        if text in seen:
            return seen[text]
        clean = " ".join(text.split())
        value = None if not clean or missing(clean) else convert(clean)
        if len(seen) < CACHED:
            seen[text] = value
        return value

    return read


def _converter(one: Column, mapping: FieldMap) -> Convert:
    if one.link is not None:
        return _reference(one.link)
    if one.sort is Sort.NUMBER:
        return _number(one.format or mapping.numbers)
    if one.sort is Sort.DAY:
        return _day(one.format or mapping.dates)
    if one.sort is Sort.INSTANT:
        read = _instant(one.format or mapping.dates, mapping.zone)
        return lambda text: read(text).isoformat().replace("+00:00", "Z")
    return _flag if one.sort is Sort.FLAG else str


def _reference(kind: str) -> Convert:
    def read(text: str) -> str:
        if len(text) > MAX_KEY:
            raise _Wrong(text, f" of {len(text)} characters, {MAX_KEY} allowed for a link; map it as text instead.")
        return f"{kind}/{text}"

    return read


def _number(style: str) -> Convert:
    parse = numbers.parser(style)

    def read(text: str) -> int | float:
        try:
            return parse(text)
        except numbers.NotANumber:
            raise _Wrong(
                text,
                f", which is no number written like {style}."
                " Mend the cell, or add the word to `missing` in the mapping.",
            ) from None

    return read


def _stamp(pattern: str) -> Callable[[str], dates.Stamp]:
    parse = dates.parser(pattern)

    def read(text: str) -> dates.Stamp:
        try:
            stamp = parse(text)
        except dates.NotADate:
            raise _Wrong(
                text,
                f", which is no date written like {pattern}."
                " Mend the cell, or add the word to `missing` in the mapping.",
            ) from None
        if not dates.plausible(stamp[0]):
            raise _Wrong(text, f": the year must lie between {dates.EARLIEST} and {dates.LATEST}.")
        return stamp

    return read


def _day(pattern: str) -> Convert:
    read = _stamp(pattern)
    return lambda text: read(text)[0].isoformat()


def _instant(pattern: str, zone: str) -> Callable[[str], datetime]:
    read, place = _stamp(pattern), dates.zone(zone)
    return lambda text: dates.to_instant(read(text), place)


def _end(pattern: str, zone: str) -> Callable[[str], datetime]:
    """The last moment that still counts as a day, or the instant itself."""
    read, place = _stamp(pattern), dates.zone(zone)

    def end(text: str) -> datetime:
        stamp = read(text)
        return dates.to_instant(stamp, place) + (timedelta(0) if stamp[1] else timedelta(days=1) - TICK)

    return end


def _flag(text: str) -> bool:
    low = text.casefold()
    if low in YES:
        return True
    if low in NO:
        return False
    raise _Wrong(text, ", which is neither yes nor no. Mend the cell, or map the column as a category.")
