"""Which happening makes a column known, by the evidence of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.kernel.observe._facts import Facts
from sightline.kernel.observe._sample import Sample
from sightline.kernel.observe.mapping import Happening
from sightline.kernel.observe.numbers import NotANumber, parser
from sightline.language.kind import Sort

TOGETHER = 0.98
"""Share of rows in which a column must be filled with an event, and empty without it, to be known by it."""

RARE = 0.02
ENOUGH = 20
"""Rows on each side below which filling together is chance."""

SAME = 0.9
"""Share of the rows in which a number must be the days between two dates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """By which event a column becomes known, and why that is thought."""

    by: str
    why: str


def known_by(one: Facts, sample: Sample, happenings: Sequence[Happening]) -> Known | None:
    """The event that makes a column known; None when the rows give no sign of one."""
    # Endings first: what changes with the last event of a thing is known no earlier.
    ranked = sorted(happenings, key=lambda event: event.begins)
    return _span(one, sample, ranked) or _filled_with(one, sample, ranked) or _turned_by(one, sample, ranked)


def _filled_with(one: Facts, sample: Sample, happenings: Sequence[Happening]) -> Known | None:
    rows = len(sample.rows)
    mine = sample.filled(one.column)
    if not ENOUGH <= len(mine) <= rows - ENOUGH:
        return None
    for event in happenings:
        dated = {n for n, at in enumerate(sample.moments(event.time)) if at}
        with_it = len(mine & dated)
        if len(dated) <= rows - ENOUGH and with_it >= TOGETHER * len(mine) and with_it >= 0.8 * len(dated):
            return Known(by=event.type, why=f"filled only where '{event.time}' is")
    return None


def _turned_by(one: Facts, sample: Sample, happenings: Sequence[Happening]) -> Known | None:
    """A state: some values stand only with an event, the others only without it."""
    if one.sort not in {Sort.CATEGORY, Sort.FLAG} or not 2 <= one.distinct <= 30:
        return None
    texts = [" ".join(row.cells.get(one.column, "").split()) for row in sample.rows]
    for event in happenings:
        dated = [at is not None for at in sample.moments(event.time)]
        if not ENOUGH <= sum(dated) <= len(dated) - ENOUGH:
            continue
        sides = [side_of(texts, dated, value) for value in one.counts]
        if None not in sides and len(set(sides)) == 2:
            return Known(
                by=event.type, why=f"other values with '{event.time}' than without it: a state, not a property"
            )
    return None


def side_of(texts: Sequence[str], dated: Sequence[bool], value: str) -> bool | None:
    """Whether a value stands only in dated rows (True), only in others (False), or in both (None)."""
    mine = [with_it for text, with_it in zip(texts, dated, strict=True) if text == value]
    share = sum(mine) / max(1, len(mine))
    return None if RARE < share < 1 - RARE else share > 0.5


def _span(one: Facts, sample: Sample, happenings: Sequence[Happening]) -> Known | None:
    """A number of days between two dates is known with the later of them."""
    if one.number is None or one.distinct < 3:
        return None
    values = _numbers(one, sample)
    dated = [name for name, facts in sample.facts.items() if facts.dated]
    for event in happenings:
        for start in dated:
            if start != event.time and _is_span(values, sample, start, event.time):
                return Known(by=event.type, why=f"the days from '{start}' to '{event.time}'")
    return None


def _numbers(one: Facts, sample: Sample) -> list[float | None]:
    parse = parser(one.number.style) if one.number else float
    found: list[float | None] = []
    for row in sample.rows[:2_000]:
        try:
            found.append(parse(row.cells.get(one.column, "").strip()))
        except (NotANumber, ValueError):
            found.append(None)
    return found


def _is_span(values: Sequence[float | None], sample: Sample, start: str, end: str) -> bool:
    hits = total = 0
    for value, a, b in zip(values, sample.moments(start), sample.moments(end), strict=False):
        if value is not None and a and b:
            days = (b - a).days
            total += 1
            hits += value in {days, max(0, days)}
    return total >= ENOUGH and hits >= SAME * total
