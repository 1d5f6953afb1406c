"""The rows a proposal is made from, and what they say about each column and between columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import islice

from sightline.kernel.observe import dates
from sightline.kernel.observe._facts import Facts, look
from sightline.kernel.observe.rows import sentinels
from sightline.kernel.observe.table import BrokenRow, Row, Table
from sightline.kernel.observe.words import Words
from sightline.language.errors import Invalid

HEAD = 20_000
"""Rows read from the top."""

PLACES = 40
"""Places further down that are looked into, where that is cheap: what is rare or new there shows too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Rows of a file, and the facts of its columns."""

    table: Table
    rows: tuple[Row, ...]
    broken: tuple[BrokenRow, ...]
    facts: Mapping[str, Facts]
    missing: tuple[str, ...]
    """Every word that means nothing, over all columns."""
    whole: bool
    """Whether these are all rows of the file."""
    _moments: dict[str, list[datetime | None]] = field(default_factory=dict)

    def moments(self, column: str) -> list[datetime | None]:
        """The moment each row gives in a column of dates; None where it gives none."""
        if column not in self._moments:
            self._moments[column] = self._read(column)
        return self._moments[column]

    def _read(self, column: str) -> list[datetime | None]:
        day = self.facts[column].day
        if day is None:
            return [None] * len(self.rows)
        parse, utc = dates.parser(day.pattern), dates.zone("UTC")

        @cache
        def read(text: str) -> datetime | None:
            try:
                return dates.to_instant(parse(" ".join(text.split())), utc)
            except dates.NotADate:
                return None

        return [read(row.cells.get(column, "")) for row in self.rows]

    def filled(self, column: str) -> set[int]:
        """Numbers of the rows that say something in a column."""
        nothing = sentinels(self.missing)
        return {
            n for n, row in enumerate(self.rows) if (text := row.cells.get(column, "").strip()) and not nothing(text)
        }


def take(table: Table, words: Words) -> Sample:
    """Read a sample. Raises Invalid when the file holds no row that can be read."""
    head = list(islice(table.rows(), HEAD + 1))
    whole = len(head) <= HEAD
    found = head[:HEAD]
    rows = tuple(one for one in found if isinstance(one, Row))
    if not whole and table.peek:
        rows += tuple(one for one in table.peek(PLACES, _bytes_of(rows)) if isinstance(one, Row))
    broken = tuple(one for one in found if isinstance(one, BrokenRow))
    if not rows:
        raise _nothing(table, broken)
    facts = {name: look(name, [row.cells.get(name, "") for row in rows], words) for name in table.columns}
    missing = dict.fromkeys(word for one in facts.values() for word in one.sentinels)
    return Sample(table=table, rows=rows, broken=broken, facts=facts, missing=tuple(missing), whole=whole)


def _bytes_of(rows: Sequence[Row]) -> int:
    """A little more than what rows take up in the file: rows seen twice would make every key look repeated."""
    return int(1.3 * sum(len(text.encode()) + 3 for row in rows for text in row.cells.values()))


def _nothing(table: Table, broken: tuple[BrokenRow, ...]) -> Invalid:
    name = table.path.name
    if broken:
        return Invalid(
            f"None of the first {len(broken):,} rows of '{name}' can be read."
            f" Line {broken[0].line}: {broken[0].reason}.",
            hint="State how it is written in a mapping: [dialect] with delimiter, quote and encoding.",
        )
    return Invalid(f"'{name}' has a header and no rows.", hint="Export it again with at least one row of data.")
