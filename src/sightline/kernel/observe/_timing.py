"""Which dates happened, which were planned, which say when something was written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sightline.kernel.observe import dates
from sightline.kernel.observe._facts import Facts
from sightline.kernel.observe._key import Key
from sightline.kernel.observe._naming import DATED, happened, plans, records
from sightline.kernel.observe._sample import Sample
from sightline.kernel.observe.mapping import Happening
from sightline.kernel.observe.words import Words

AFTER = 0.8
"""Share of the rows with both dates in which one must not be before the other to count as later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What the dates of a file are."""

    happenings: tuple[Happening, ...] = ()
    planned: tuple[str, ...] = ()
    """Columns of dates that are attributes, not events."""
    formats: Mapping[str, str] = field(default_factory=dict)
    usual: str = dates.ISO
    """The format most of the dates follow."""
    why: Mapping[str, str] = field(default_factory=dict)
    """By event type."""
    doubts: tuple[str, ...] = ()


def read_dates(sample: Sample, key: Key, words: Words) -> Timing:
    """Sort the columns of dates into happenings with their known-at, and plans."""
    facts = [one for one in sample.facts.values() if one.dated and one.column not in key.columns]
    facts += [one for one in sample.facts.values() if one.dated and one.column in key.columns]
    formats, doubts = _formats(facts)
    usual = Counter(formats.values()).most_common(1)[0][0] if formats else dates.ISO
    planned = [one for one in facts if plans(one.words, words) or words.personal & set(one.words)]
    others = [one for one in facts if one not in planned]
    written = [one for one in others if records(one.words, words)]
    real = [one for one in others if one not in written]
    named = _named([*real], key.kind, words)
    partners, alone = _partners(written, named, sample, key, words)
    named |= _named(alone, key.kind, words, taken=set(named.values()))
    happenings = [_happening(one, named[one.column], partners, formats, usual) for one in facts if one.column in named]
    happenings = _with_begins(happenings, sample, words)
    why = {one.type: _why(one, partners) for one in happenings}
    return Timing(
        happenings=tuple(happenings),
        planned=tuple(one.column for one in planned),
        formats=formats,
        usual=usual,
        why=why,
        doubts=tuple(doubts),
    )


def _formats(facts: Sequence[Facts]) -> tuple[dict[str, str], list[str]]:
    """The format of each column; where a column cannot tell day from month, its neighbours decide."""
    found = {one.column: one.day for one in facts if one.day}
    settled = Counter(day.pattern for day in found.values() if day.rival is None)
    formats: dict[str, str] = {}
    doubts: list[str] = []
    for column, day in found.items():
        formats[column] = day.pattern
        if day.rival and settled[day.rival] > settled[day.pattern]:
            formats[column] = day.rival
        elif day.rival and not settled[day.pattern]:
            doubts.append(
                f"'{column}' may be {day.pattern} or {day.rival}: no value seen tells day from month."
                f" {day.pattern} is assumed; write the right one into the mapping."
            )
        if day.mixed:
            doubts.append(
                f"'{column}' mixes day and month: {day.mixed} values can only be {dates.OTHER_ORDER[day.pattern]}."
                f" {day.pattern} is assumed; the others will be set aside, and some may be misread."
            )
    return formats, doubts


def _named(facts: Sequence[Facts], kind: str, words: Words, taken: set[str] | None = None) -> dict[str, str]:
    """Event types by column, each once."""
    used = set(taken or ()) | {f"{kind}.described"}
    found: dict[str, str] = {}
    for one in facts:
        verb = happened(one.words, kind, words)
        candidates = (f"{verb.subject or kind}.{verb.verb}", f"{kind}.{verb.verb}", f"{kind}.{one.name}")
        name = next((c for c in candidates if c not in used), f"{kind}.{one.name}_{len(used)}")
        found[one.column] = name
        used.add(name)
    return found


def _partners(
    written: Sequence[Facts], named: Mapping[str, str], sample: Sample, key: Key, words: Words
) -> tuple[dict[str, list[str]], list[Facts]]:
    """For each event's column, the columns that say when it was written down; and those that belong to none."""
    found: dict[str, list[str]] = {}
    alone: list[Facts] = []
    for one in written:
        verb = happened(tuple(w for w in one.words if w not in words.recorded), key.kind, words).verb
        same = [column for column, name in named.items() if name.endswith(f".{verb}")]
        # Without a shared word, only the last event before it is near enough to be meant.
        before = [c for c in named if sample.table.columns.index(c) < sample.table.columns.index(one.column)]
        fits = [c for c in (same or before[-1:]) if _follows(sample.moments(c), sample.moments(one.column))]
        if fits:
            found.setdefault(fits[0], []).append(one.column)
        else:
            alone.append(one)
    return found, alone


def _follows(first: Sequence[datetime | None], second: Sequence[datetime | None]) -> bool:
    both = [(a, b) for a, b in zip(first, second, strict=True) if a and b]
    return bool(both) and sum(b >= a for a, b in both) >= AFTER * len(both)


def _happening(
    one: Facts, name: str, partners: Mapping[str, list[str]], formats: Mapping[str, str], usual: str
) -> Happening:
    known = partners.get(one.column, [])
    shape = formats.get(one.column, usual)
    return Happening(
        type=name,
        time=one.column,
        known=(one.column, *known) if known else (),
        format=None if shape == usual else shape,
    )


def _with_begins(happenings: Sequence[Happening], sample: Sample, words: Words) -> list[Happening]:
    sure = {*words.verbs.values(), DATED}
    ends = {one.type for one in happenings if one.type.split(".")[-1] in words.endings}
    for one in happenings:
        # A verb nobody knows begins nothing where a known one does, or where it mostly comes after another.
        unknown = one.type not in ends and one.type.split(".")[-1] not in sure
        others = [two for two in happenings if two.type not in ends and two is not one]
        if unknown and any(two.type.split(".")[-1] in sure or _later(sample, two, one) for two in others):
            ends.add(one.type)
    return [replace(one, begins=one.type not in ends) for one in happenings]


def _later(sample: Sample, first: Happening, second: Happening) -> bool:
    a, b = sample.moments(first.time), sample.moments(second.time)
    return _follows(a, b) and not _follows(b, a)


def _why(one: Happening, partners: Mapping[str, list[str]]) -> str:
    late = partners.get(one.time)
    return f"known at the later of the two, since '{late[0]}' says when it was written down" if late else ""
