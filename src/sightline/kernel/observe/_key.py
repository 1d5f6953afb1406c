"""Which columns name a row, and what a row is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from sightline.kernel.observe._facts import Facts
from sightline.kernel.observe._naming import identifies, kind_of_file, plans, stem_of, thing_of
from sightline.kernel.observe._sample import Sample
from sightline.kernel.observe.mapping import LINE
from sightline.kernel.observe.words import Words
from sightline.language.errors import Invalid
from sightline.language.kind import Sort
from sightline.language.ref import MAX_KEY

NEARLY = 0.95
"""Share of different values from which an identifier is a key with mistakes rather than one that repeats."""

FEW = 20
"""Rows below which being different in each says nothing."""

PLACE = frozenset(("line", "position", "index", "sequence", "seq", "item", "row", "step"))
"""Words of columns that number the parts of something."""

MEANT = 3
"""Score from which a column is taken for the key because of its header; below, only for want of a better one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What names a row."""

    columns: tuple[str, ...]
    kind: str
    rows: Literal["things", "events"] = "things"
    why: str
    doubt: str = ""


def find_key(sample: Sample, name: str, words: Words) -> Key:
    """The key of a sample, from the surest sign to the weakest. Raises Invalid when rows say nothing at all."""
    facts = [one for one in sample.facts.values() if one.filled]
    _must_speak(sample, facts)
    ranked = sorted(facts, key=lambda one: -_score(one, sample, words))
    best = next((one for one in ranked if one.unique), None)
    if best and _score(best, sample, words) >= MEANT:
        return Key(
            columns=(best.column,), kind=_kind(best, name, sample, words), why="filled and different in every row seen"
        )
    key = _nearly(ranked, sample, name, words) or _pair(facts, sample, name, words) or _log(facts, sample, words)
    if key is None and best and _score(best, sample, words) > 0:
        key = Key(
            columns=(best.column,),
            kind=_kind(best, name, sample, words),
            why="filled and different in every row seen",
            doubt=f"'{best.column}' is different in every row seen, but nothing in its name says that it names them.",
        )
    return key or Key(
        columns=(LINE,),
        kind=_own_kind(kind_of_file(name, words), None, sample, words),
        why="no column tells one row from another, so the line it stands in does",
        doubt="No column names the rows. They are numbered by line: import only longer versions of this very file,"
        " or add a column with an identifier and name it as `key`.",
    )


def _must_speak(sample: Sample, facts: Sequence[Facts]) -> None:
    useful = [one for one in facts if one.distinct > 1 or len(sample.rows) == 1]
    if not useful or (len(useful) == 1 and useful[0].sort is Sort.TEXT):
        alone = len(sample.table.columns) == 1 and sample.table.dialect.format == "csv"
        if alone and [one.sort for one in facts] == [Sort.TEXT]:
            raise Invalid(
                f"'{sample.table.path.name}' does not look like a table: each of its lines is one piece of text.",
                hint="CSV, TSV, Parquet and JSON Lines are read: rows with an identifier, and the dates and values that"
                " belong to it.",
            )
        raise Invalid(
            f"'{sample.table.path.name}' has no usable column: none names its rows and none varies.",
            hint="Export it with an identifier and the dates and values that belong to it.",
        )


def _score(one: Facts, sample: Sample, words: Words) -> int:
    longest = max(map(len, one.counts), default=0)
    if longest > MAX_KEY or (one.number and any("." in text for text in one.counts)):
        return -1
    first = one.column == sample.table.columns[0]
    named = identifies(one.words, words) or (thing_of(one.words, words) is not None and not one.number)
    if one.sort in {Sort.TEXT, Sort.FLAG} or (one.number and not named and not (first and _counts_up(one))):
        return -1
    if one.dated:
        return 1 if len(sample.rows) >= FEW and not plans(one.words, words) else -1
    if one.mails:
        # An address names a person well enough, where nothing better does.
        return MEANT
    score = 3 * named + 2 * first + (0 if stem_of(one.words, words) else 1)
    return score + (1 if len(sample.rows) >= FEW else 0)


def _counts_up(one: Facts) -> bool:
    return all(text.isdecimal() for text in one.counts)


def _kind(one: Facts, name: str, sample: Sample, words: Words) -> str:
    stem = stem_of(one.words, words)
    if not stem or stem.startswith("column") or one.dated or one.mails:
        return _own_kind(kind_of_file(name, words), one, sample, words)
    return thing_of(one.words, words) or stem


def _own_kind(kind: str, key: Facts | None, sample: Sample, words: Words) -> str:
    """A kind named by the file alone; where a column that repeats names such things, a row is one line of them."""
    others = [one for one in sample.facts.values() if one is not key and one.distinct < one.filled]
    return f"{kind}_line" if any(thing_of(one.words, words) == kind for one in others) else kind


def _nearly(ranked: Sequence[Facts], sample: Sample, name: str, words: Words) -> Key | None:
    for one in ranked:
        if identifies(one.words, words) and one.distinct >= NEARLY * len(sample.rows) and not one.unique:
            again, empty = one.filled - one.distinct, len(sample.rows) - one.filled
            return Key(
                columns=(one.column,),
                kind=_kind(one, name, sample, words),
                why="named like an identifier and different in nearly every row",
                doubt=f"'{one.column}' repeats in {again:,} and is empty in {empty:,} of {len(sample.rows):,} rows"
                " seen: those rows will be set aside in quarantine.",
            )
    return None


def _pair(facts: Sequence[Facts], sample: Sample, name: str, words: Words) -> Key | None:
    able = [one for one in facts if one.filled == len(sample.rows) and not one.dated and one.sort is not Sort.TEXT]
    named = [one for one in able if identifies(one.words, words) or PLACE & {*one.words[-1:]}][:8]
    for first, second in combinations(named, 2):
        seen = {(row.cells[first.column], row.cells[second.column]) for row in sample.rows}
        if len(seen) == len(sample.rows) >= FEW:
            return Key(
                columns=(first.column, second.column),
                kind=_kind(max(first, second, key=lambda one: one.distinct), name, sample, words),
                why="together different in every row seen",
            )
    return None


def _log(facts: Sequence[Facts], sample: Sample, words: Words) -> Key | None:
    """Many dated rows about the same thing."""
    dated = [one for one in facts if one.dated and not plans(one.words, words)]
    full = [one for one in facts if one.filled > 0.99 * len(sample.rows) and not one.dated and one.distinct > 1]
    named = [one for one in full if identifies(one.words, words) and _speaks_of(one, words)]
    things = [one for one in full if thing_of(one.words, words) and not one.number]
    if not dated or not (named or things):
        return None
    one = (named or things)[0]
    kind = thing_of(one.words, words) or stem_of(one.words, words)
    return Key(
        columns=(one.column,),
        kind=kind,
        rows="events",
        why=f"many rows for the same {kind}: each row is something that happened to it",
        doubt=f"'{one.column}' repeats, so each row is taken for something that happened to one {kind}."
        " Rows that say the same in all mapped columns count once.",
    )


def _speaks_of(one: Facts, words: Words) -> bool:
    return bool(stem_of(one.words, words)) and not one.column.startswith("column_")
