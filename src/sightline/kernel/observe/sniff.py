"""Look at a file and propose how its rows become events. A proposal is shown, edited and agreed to, never just used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from sightline.kernel.observe import mapping_file
from sightline.kernel.observe._columns import Columns, calls, read_columns
from sightline.kernel.observe._key import Key, find_key
from sightline.kernel.observe._naming import DATED
from sightline.kernel.observe._outcomes import outcomes
from sightline.kernel.observe._sample import Sample, take
from sightline.kernel.observe._timing import Timing, read_dates
from sightline.kernel.observe.mapping import LINE, Mapping, as_name
from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.rows import Misfit, RowReader
from sightline.kernel.observe.table import BrokenRow, Dialect, Table
from sightline.kernel.observe.words import Words
from sightline.language.event import Event

SHOWN = 8
"""First events shown, and broken rows kept."""

MANY = 0.05
"""Share of rows that do not fit from which something is wrong with the mapping rather than with the rows."""

OUTCOME = "an outcome: its state stands only with that date"

ENDINGS = (".gz", ".xz", ".bz2", ".zst", ".zip", ".csv", ".tsv", ".txt", ".parquet", ".jsonl", ".ndjson", ".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One column of the sample, for the eye."""

    column: str
    role: str
    """What it is proposed to be, in words: `key`, `link to country`, `number in USD`, `line.sent`."""
    filled: float
    """Share of the rows that say something."""
    distinct: int
    examples: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A mapping, with what speaks for it and against it."""

    mapping: Mapping
    text: str
    """The mapping as the TOML file to save."""
    columns: tuple[Seen, ...]
    events: tuple[Event, ...]
    """The first events it would record."""
    doubts: tuple[str, ...]
    """What a person should look at before agreeing, in words."""
    rows: int
    """Rows looked at."""
    whole: bool
    """Whether these are all."""
    misfits: tuple[Misfit, ...] = ()
    """The first rows that would be set aside; their count is `set_aside`."""
    broken: tuple[BrokenRow, ...] = ()
    set_aside: int = 0
    """Rows of those looked at that would go to quarantine."""


def propose(path: Path | str, *, words: Words, name: str | None = None, dialect: Dialect | None = None) -> Proposal:
    """Look at a file and propose a mapping. `words` are those headers are understood by; `name` is the source's.

    Raises Invalid (not readable as a table, or no usable column) and NotFound.
    """
    table = open_table(path, dialect)
    stem = name or stem_of(Path(path).name)
    sample = take(table, words)
    key = find_key(sample, stem, words)
    timing = read_dates(sample, key, words)
    if key.rows == "events":
        timing = _one_clock(timing)
    columns = read_columns(sample, key, timing, words)
    told = outcomes(sample, timing.happenings, columns.columns) if key.rows == "things" else ()
    timing = replace(timing, happenings=(*timing.happenings, *told))
    mapping = _mapping(sample, key, timing, columns, as_name(stem), words)
    events, misfits = _try(mapping, sample)
    doubts = (*table.notes, *_doubts(sample, key, timing, columns, misfits, words))
    why = {"key": key.why, **timing.why, **columns.why, **{one.type: OUTCOME for one in told}}
    return Proposal(
        mapping=mapping,
        text=mapping_file.text_of(mapping, why, doubts),
        columns=tuple(_seen(sample, mapping, why)),
        events=events,
        doubts=doubts,
        rows=len(sample.rows),
        whole=sample.whole,
        misfits=tuple(misfits[:SHOWN]),
        broken=sample.broken[:SHOWN],
        set_aside=len(misfits) + len(sample.broken),
    )


def stem_of(name: str) -> str:
    """A file's name without its endings (`lines.csv.gz` is lines)."""
    while name.lower().endswith(ENDINGS):
        name = name[: name.rindex(".")]
    return name


def _one_clock(timing: Timing) -> Timing:
    """Of rows that are events themselves, one date is when it happened; further ones are read as plain days."""
    first, *rest = timing.happenings
    return Timing(
        happenings=(first,),
        planned=(*timing.planned, *(name for one in rest for name in (one.known or (one.time,)))),
        formats=timing.formats,
        usual=timing.usual,
        why=timing.why,
        doubts=timing.doubts,
    )


def _mapping(sample: Sample, key: Key, timing: Timing, columns: Columns, source: str, words: Words) -> Mapping:
    table = sample.table
    empty = tuple(one.column for one in sample.facts.values() if not one.filled)
    return Mapping(
        source=source,
        kind=key.kind,
        key=key.columns,
        rows=key.rows,
        columns=columns.columns,
        events_=timing.happenings,
        missing=sample.missing,
        dates=timing.usual,
        numbers=columns.numbers,
        currency=columns.currency,
        person=_is_person(sample, key, words),
        ignored=empty,
        dialect=_stated(table),
    )


def _is_person(sample: Sample, key: Key, words: Words) -> bool:
    named = sample.facts.get(key.columns[0])
    return named is not None and (named.mails or (key.kind in words.persons and calls(named)))


def _stated(table: Table) -> Dialect:
    """What a reader of the same file tomorrow should not have to find out again."""
    found = table.dialect
    if found.format != "csv":
        return Dialect()
    return Dialect(
        encoding=None if found.encoding in {"utf-8", "utf-8-sig"} else found.encoding,
        delimiter=None if found.delimiter == "," else found.delimiter,
        header=None if found.header else False,
        skip=found.skip or None,
    )


def _try(mapping: Mapping, sample: Sample) -> tuple[tuple[Event, ...], list[Misfit]]:
    first: list[Event] = []
    misfits: list[Misfit] = []
    reader = RowReader(mapping)
    for row in sample.rows:
        found = reader.events(row)
        if isinstance(found, Misfit):
            misfits.append(found)
        elif len(first) < SHOWN:
            first += found
    return tuple(first[:SHOWN]), misfits


def _doubts(
    sample: Sample, key: Key, timing: Timing, columns: Columns, misfits: list[Misfit], words: Words
) -> Iterator[str]:
    if key.doubt:
        yield key.doubt
    yield from timing.doubts
    yield from columns.doubts
    yield from (
        f"Nothing says what happens in '{one.time}', so the event is called '{one.type}': give it a verb."
        for one in timing.happenings
        if one.type.endswith(f".{DATED}") and key.rows == "events"
    )
    if len(misfits) > MANY * len(sample.rows):
        yield f"{len(misfits):,} of {len(sample.rows):,} rows do not fit. Line {misfits[0].line}: {misfits[0].reason}"
    if sample.broken:
        one = sample.broken[0]
        yield f"Rows that cannot be read: {len(sample.broken):,}. Line {one.line}: {one.reason}."
    ends = [one for one in timing.happenings if not one.begins]
    full = [one for one in ends if sample.facts[one.time].filled == len(sample.rows)]
    if full and key.rows == "things":
        names = ", ".join(f"'{one.time}'" for one in full)
        types = " or ".join(one.type for one in full)
        yield (
            f"Every row has {names}, so the file does not show which columns are filled in only then."
            f" Name the event ({types}) as `known` of each of those, or a forecast will see what nobody knew yet."
        )
    if key.rows == "things" and not timing.happenings:
        yield "No column dates anything: all of it is assumed known from the start."
    person = list(key.columns) if _is_person(sample, key, words) else []
    personal = person + [one.column for one in columns.columns if one.personal]
    if personal:
        yield f"Taken for personal data, kept as tokens: {', '.join(personal)}."


def _seen(sample: Sample, mapping: Mapping, why: dict[str, str]) -> Iterator[Seen]:
    roles = _roles(mapping)
    for name, one in sample.facts.items():
        yield Seen(
            column=name,
            role=roles.get(name, "empty" if not one.filled else "left out"),
            filled=one.filled / len(sample.rows),
            distinct=one.distinct,
            examples=tuple(islice(one.counts, 3)),
            why=why.get(name, ""),
        )


def _roles(mapping: Mapping) -> dict[str, str]:
    roles = {name: f"key of {mapping.kind}" for name in mapping.key if name != LINE}
    dated = [event for event in mapping.events_ if event.where is None]
    for one in mapping.columns:
        what = f"link to {one.link}" if one.link else f"{one.sort} in {one.unit}" if one.unit else str(one.sort)
        roles[one.column] = what + (f", known by {one.known}" if one.known else "")
    for event in dated:
        roles |= {name: f"when {event.type} was known" for name in event.known if name != event.time}
        roles[event.time] = f"when {event.type} happened"
    return roles
