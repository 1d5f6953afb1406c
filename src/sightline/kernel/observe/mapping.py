"""How the rows of one file become events: a declaration, checked when it is made.

The same value is written by a pack, proposed by looking at a file (sniff), and read from a TOML file (mapping_file).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sightline.kernel.observe import dates, numbers
from sightline.kernel.observe.table import Dialect
from sightline.language.errors import Invalid
from sightline.language.event import LINKS
from sightline.language.kind import Attribute, EventKind, Kind, Link, Sort
from sightline.language.ref import KIND_NAME
from sightline.language.time import words_of

LONGEST_NAME = 60
EVENT_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")


_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def as_name(header: str) -> str:
    """A column's header as a name: `customerID` is customer_id, `PO / SO #` is po_so; `column` when nothing is left."""
    plain = unicodedata.normalize("NFKD", _HUMP.sub(" ", header)).encode("ascii", "ignore").decode().lower()
    name = "_".join(re.findall(r"[a-z0-9]+", plain))[:LONGEST_NAME].strip("_")
    return f"n{name}" if name[:1].isdigit() else name or "column"


LINE = "#line"
"""In the place of a column: the line a row stands in. Right only for a file that grows at its end.

As a key it names the thing, in `row` it tells repeated rows apart, as the time of a happening it needs an `Order`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Rows without dates that stand in the order in which they happened, evenly spaced: an assumption."""

    start: datetime
    """The moment of the file's first line (UTC); a header is a line as well."""
    step: timedelta
    """From each line to the next."""

    def moment(self, line: int) -> datetime:
        """When the row that begins in a line happened. Raises OverflowError beyond all calendars."""
        return self.start + self.step * (line - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """The rows in which a column holds one of some values, whatever the case and the blanks."""

    column: str
    is_: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What one column says about the thing: an attribute, or a link when `link` names a kind."""

    column: str
    """Its name in the file."""
    name: str
    """Of the attribute, or of the link's role."""
    sort: Sort = Sort.CATEGORY
    """What an attribute's values are; of no meaning for a link."""
    link: str | None = None
    """The kind pointed at; each value is a key of it."""
    known: str | None = None
    """The event of the row that makes it known; None: known from the start, which is an assumption."""
    otherwise: Literal["assumed", "unknown"] = "unknown"
    """What becomes of the value where that event has no date: assumed known from the start, or left out."""
    format: str | None = None
    """Of its dates or numbers, when unlike the rest of the file."""
    unit: str | None = None
    label: str = ""
    personal: bool = False
    actionable: bool | tuple[str | float | bool, ...] = False
    """Whether the business chooses it, and between which values, where not all that were seen."""
    missing: tuple[str, ...] | None = None
    """Words that stand for nothing in this column, in the place of the file's own list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A column whose date says that something happened."""

    type: str
    """Such as `line.delivered`; `{anything}.{verb}`."""
    time: str
    """The column that dates it; a row without that date has not seen it happen. `LINE`: the row's place in order."""
    where: Only | None = None
    """Other rows have not seen it happen: for outcomes that a column of states tells (`stage` is `Won`)."""
    past: str | None = None
    """A column of days: it has happened only where `time` lies behind that day. For what came too late."""
    delay: timedelta = timedelta(0)
    """How long after the moment in `time` it happened, where no column says: an assumption."""
    says: tuple[str, ...] = ()
    """Columns of attributes that it says again, whenever they became known: an amount that is paid."""
    known: tuple[str, ...] = ()
    """Columns that date when it was recorded: known at the latest of them and of when it happened."""
    lag: timedelta = timedelta(0)
    """How long after it happened it gets known at the earliest, whatever the columns in `known` say."""
    begins: bool = True
    """Whether the thing exists from it on; off for endings, which say nothing about the start."""
    format: str | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How the rows of one file become events. Raises Invalid when its parts do not fit together."""

    source: str
    """Name of the source; events are unique by it and their id."""
    kind: str
    """What one row is about."""
    key: tuple[str, ...]
    """Columns whose values name it. `LINE` for the line a row stands in: right only for a file that merely grows."""
    columns: tuple[Column, ...] = ()
    events_: tuple[Happening, ...] = ()
    rows: Literal["things", "events"] = "things"
    """`things`: one row per thing. `events`: many rows per thing, each something that happened to it."""
    row: tuple[str, ...] = ()
    """Of rows that are events: the columns that tell one of a thing's rows from another, so that a change elsewhere is
    a correction. All the mapping reads when empty: then a changed row is another row, and one that stands twice has
    happened once; with `LINE` it happened twice."""
    order: Order | None = None
    """Where nothing dates the rows: that they stand in the order in which they happened."""
    missing: tuple[str, ...] = ()
    """Words that stand for nothing, in any case; `*` stands for anything (`See * (ID#:*)`)."""
    dates: str = dates.ISO
    """Format of every date that says nothing else."""
    numbers: str = numbers.POINT
    """Format of every number that says nothing else."""
    zone: str = "UTC"
    """IANA name of the zone in which times without one are meant."""
    currency: str | None = None
    label: str = ""
    person: bool = False
    """Whether each thing is a natural person: then its key is personal data."""
    ignored: tuple[str, ...] = ()
    """Columns left out on purpose."""
    dialect: Dialect = field(default_factory=Dialect)
    """What is known of how the file is written; the rest is found by looking."""

    def __post_init__(self) -> None:
        for complaint in _complaints(self):
            raise Invalid(f"Mapping '{self.source}': {complaint}")

    def used(self) -> dict[str, None]:
        """The columns of the file that the mapping reads, each once, in order."""
        happenings = (name for one in self.events_ for name in _columns_of(one))
        names = (*self.key, *self.row, *happenings, *(one.column for one in self.columns))
        return dict.fromkeys(name for name in names if name != LINE)

    def told_apart_by(self) -> tuple[str, ...]:
        """The columns that tell rows that are events apart, sorted."""
        return tuple(sorted(self.row or self.used()))

    @property
    def by_place(self) -> bool:
        """Whether the line a row stands in is part of what it says."""
        return LINE in (*self.key, *self.row, *(one.time for one in self.events_))

    def private(self) -> frozenset[str]:
        """The columns that hold personal data."""
        return frozenset({one.column for one in self.columns if one.personal}) | set(self.key if self.person else ())

    def check(self, columns: Sequence[str]) -> None:
        """Raises Invalid when the file lacks a column the mapping reads, naming the nearest one it has."""
        for name in self.used():
            if name not in columns:
                near = difflib.get_close_matches(name, columns, n=1, cutoff=0.5)
                guess = f" Did you mean '{near[0]}'?" if near else ""
                raise Invalid(
                    f"Mapping '{self.source}' reads a column '{name}', which the file does not have.{guess}",
                    hint=f"Its columns: {', '.join(columns[:12])}{' ...' if len(columns) > 12 else ''}.",
                )

    def kinds(self) -> tuple[Kind, ...]:
        """The kind of the rows with its attributes and links, and every kind linked to."""
        attributes = [_attribute(self, one) for one in self.columns if one.link is None]
        links = [
            Link(name=one.name, to=one.link, label=one.label, assumed=_assumed(self, one), known_by=one.known)
            for one in self.columns
            if one.link is not None
        ]
        main = Kind(
            name=self.kind, label=self.label, attributes=tuple(attributes), links=tuple(links), person=self.person,
            taken=tuple(_taken(self)),
        )  # fmt: skip
        persons = {one.link for one in self.columns if one.link and one.personal}
        others = dict.fromkeys(link.to for link in links if link.to != self.kind)
        return main, *(Kind(name=name, person=name in persons) for name in others)

    def event_kinds(self) -> tuple[EventKind, ...]:
        """The events a row can become."""
        happenings = [EventKind(name=one.type, of=self.kind, label=one.label) for one in self.events_]
        return EventKind(name=f"{self.kind}.described", of=self.kind), *happenings


def kinds_of(*mappings: Mapping) -> tuple[Kind, ...]:
    """The kinds of several mappings: those of their own rows, then what these only link to, each of them once."""
    own = [mapping.kinds()[0] for mapping in mappings]
    linked = {kind.name: kind for mapping in mappings for kind in mapping.kinds()[1:]}
    return (*own, *(kind for name, kind in linked.items() if name not in {one.name for one in own}))


def events_of(*mappings: Mapping) -> tuple[EventKind, ...]:
    """The events that the rows of several mappings can become, each once."""
    return tuple({event.name: event for mapping in mappings for event in mapping.event_kinds()}.values())


def _attribute(mapping: Mapping, one: Column) -> Attribute:
    return Attribute(
        name=one.name,
        sort=one.sort,
        label=one.label,
        unit=one.unit,
        personal=one.personal,
        assumed=_assumed(mapping, one),
        known_by=one.known,
        actionable=one.actionable,
    )


def _assumed(mapping: Mapping, one: Column) -> bool:
    return one.known is None or one.otherwise == "assumed"


def _columns_of(one: Happening) -> Iterator[str]:
    """The columns by which a happening is read."""
    yield from (one.time, *one.known)
    yield from filter(None, (one.where.column if one.where else None, one.past))


def _taken(mapping: Mapping) -> Iterator[str]:
    """What nobody recorded of when things happened, in sentences."""
    placed = [one.type for one in mapping.events_ if one.time == LINE]
    if placed and mapping.order:
        yield (
            f"Nothing dates {', '.join(placed)}: the rows are taken to stand in the order in which they happened, from"
            f" {mapping.order.start:%Y-%m-%d %H:%M} on, {words_of(mapping.order.step)} apart."
        )
    for one in mapping.events_:
        if one.delay:
            what = "its row's place" if one.time == LINE else f"'{one.time}'"
            yield f"Nothing dates {one.type}: it is taken to have happened {words_of(one.delay)} after {what}."


def _complaints(mapping: Mapping) -> Iterator[str]:
    """What does not fit, the first of which is raised."""
    if not mapping.source.strip():
        yield "the source needs a name."
    for name in (mapping.kind, *(one.link for one in mapping.columns if one.link)):
        if not KIND_NAME.fullmatch(name):
            yield f"'{name}' is no name of a kind. Write it in small letters, digits and _, such as sales_item."
    if not mapping.key:
        yield f"`key` is missing: name the column that tells one {mapping.kind} from another."
    if mapping.row and mapping.rows != "events":
        yield 'rows that are things are told apart by `key`; `row` is for rows = "events".'
    if mapping.rows == "events" and not mapping.events_:
        yield "rows that are events need at least one event with its time."
    if mapping.rows not in {"things", "events"}:
        yield f"'{mapping.rows}' is not what rows can be. Write things or events."
    dates.check_pattern(mapping.dates)
    dates.zone(mapping.zone)
    numbers.check_style(mapping.numbers)
    yield from _doubles("an event", (one.type for one in mapping.events_))
    yield from _doubles("an attribute or link", (one.name for one in mapping.columns))
    yield from _doubles("a column", (one.column for one in mapping.columns))
    yield from _event_complaints(mapping)
    yield from _order_complaints(mapping)
    yield from _column_complaints(mapping)


def _doubles(what: str, names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"'{name}' stands twice as the name of {what}. Give one of them another name, or leave it out."
        seen.add(name)


def _event_complaints(mapping: Mapping) -> Iterator[str]:
    for one in mapping.events_:
        if not EVENT_NAME.fullmatch(one.type):
            yield f"'{one.type}' is no name of an event. Write it like {mapping.kind}.sent, in small letters."
        if one.type == f"{mapping.kind}.described" or one.type.startswith("sightline."):
            yield f"'{one.type}' is a name that Sightline uses itself. Choose another verb."
        if one.format:
            dates.check_pattern(one.format)
        if one.where and not one.where.is_:
            yield f"'{one.type}' happens where '{one.where.column}' holds nothing that is named. Write is = [\"Won\"]."
        if one.lag < timedelta(0) or one.delay < timedelta(0):
            yield f"'{one.type}' cannot happen, nor be known, before its time: `delay` and `lag` are 0 or more."
        yield from _says_complaints(mapping, one)


def _says_complaints(mapping: Mapping, one: Happening) -> Iterator[str]:
    attributes = [column.column for column in mapping.columns if column.link is None]
    for name in one.says:
        if name not in attributes:
            yield f"'{one.type}' says '{name}', which is no column of an attribute here.{_near(name, attributes)}"


def _order_complaints(mapping: Mapping) -> Iterator[str]:
    placed = [one.type for one in mapping.events_ if one.time == LINE]
    if placed and mapping.order is None:
        yield (
            f"'{placed[0]}' happens by its row's place, and nothing says when rows do."
            ' Write order = { from = "2024-01-01", step = "1h" }.'
        )
    if mapping.order and not placed:
        yield f'`order` dates no event. Write time = "{LINE}" for the event that happens in the order of the rows.'
    if mapping.order and mapping.order.step <= timedelta(0):
        yield "in `order`, `step` must be longer than nothing: no two rows happen at once."
    if mapping.order and mapping.order.start.tzinfo is None:
        yield "in `order`, the first moment needs a zone, such as UTC."


def _column_complaints(mapping: Mapping) -> Iterator[str]:
    types = [one.type for one in mapping.events_]
    for one in mapping.columns:
        if not KIND_NAME.fullmatch(one.name) or one.name == LINKS:
            yield f"'{one.name}' is no name for column '{one.column}'. Write a-z, 0-9 and _; not '{LINKS}'."
        if one.known is not None and one.known not in types:
            known = ", ".join(types) or "none"
            guess = _near(one.known, types)
            yield f"column '{one.column}' is known by '{one.known}', which is no event here.{guess} Events: {known}."
        if one.otherwise not in {"assumed", "unknown"}:
            yield f"column '{one.column}' says otherwise = '{one.otherwise}'. Write assumed or unknown."
        if one.format and one.link is None:
            _check_format(one)
        yield from _choice_complaints(one)


def _choice_complaints(one: Column) -> Iterator[str]:
    if not one.actionable:
        return
    if one.link is not None or one.personal or one.sort is Sort.TEXT:
        what = "a link" if one.link is not None else "personal" if one.personal else "free text"
        yield f"column '{one.column}' is {what}, which nobody is told to choose otherwise. Leave out `actionable`."
    for value in one.actionable if isinstance(one.actionable, tuple) else ():
        if not one.sort.holds(value) or (one.sort is Sort.CATEGORY and not isinstance(value, str)):
            yield f"column '{one.column}' is to be chosen, and {value!r} does not fit it. Write {one.sort.form}."


def _near(name: str, allowed: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, allowed, n=1)
    return f" Did you mean '{near[0]}'?" if near else ""


def _check_format(one: Column) -> None:
    if one.sort in {Sort.DAY, Sort.INSTANT}:
        dates.check_pattern(one.format or "")
    elif one.sort is Sort.NUMBER:
        numbers.check_style(one.format or "")
