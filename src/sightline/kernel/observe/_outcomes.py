"""Outcomes that a column of states tells: what an ending's date has in common, its states tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sightline.kernel.observe._known import side_of
from sightline.kernel.observe._sample import Sample
from sightline.kernel.observe.mapping import EVENT_NAME, Column, Happening, Only, as_name
from sightline.language.kind import Sort

MOST = 5
"""States of a column above which they are no outcomes but something counted or named."""


def outcomes(sample: Sample, happenings: Sequence[Happening], columns: Sequence[Column]) -> tuple[Happening, ...]:
    """An event per state that stands only with an ending's date, where there are several: `deal.won`, `deal.lost`."""
    ends = {one.type: one for one in happenings if not one.begins}
    found: dict[str, Happening] = {}
    for column in columns:
        if column.link is None and column.sort is Sort.CATEGORY and column.known in ends:
            found |= {one.type: one for one in _of(column, ends[column.known], sample)}
    taken = {one.type for one in happenings}
    return tuple(one for name, one in found.items() if name not in taken)


def _of(column: Column, ending: Happening, sample: Sample) -> Iterator[Happening]:
    counts = sample.facts[column.column].counts
    if not 2 <= len(counts) <= MOST:
        return
    texts = [" ".join(row.cells.get(column.column, "").split()) for row in sample.rows]
    dated = [at is not None for at in sample.moments(ending.time)]
    final = [value for value in counts if side_of(texts, dated, value)]
    if len(final) < 2:
        return
    for value in final:
        name = f"{ending.type.split('.')[0]}.{as_name(value)}"
        if EVENT_NAME.fullmatch(name) and as_name(value) != "column":
            yield replace(ending, type=name, where=Only(column=column.column, is_=(value,)), label="")
