"""The ledger's rows by thing, as they were read and as they came since, and each thing as they tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from sightline.kernel.predict.live._things import NOTHING, Thing, Word, word
from sightline.kernel.predict.live._time import END, micros
from sightline.language.event import Event

Name = tuple[str, str]
"""Kind and key of a thing."""

MOST_THINGS = 50_000
"""Things held ready beyond those an event touched; they are read again when wanted."""

_COLUMNS = ("position", "source", "root", "type", "kind", "key", "time", "known_at", "data")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger."""

    position: int
    source: str
    root: str
    type: str
    kind: str
    key: str
    time: int
    known_at: int
    data: str | Mapping[str, Any]

    @classmethod
    def of(cls, event: Event) -> Row:
        """The row that an event became. It must have its position."""
        assert event.position is not None
        return cls(
            event.position, event.source, event.revises or event.id, event.type, event.subject.kind, event.subject.key,
            micros(event.time), micros(event.known_at), event.data,
        )  # fmt: skip


@dataclass(slots=True)
class Ledger:
    """Rows by thing and by chain. What came since the bulk read lies in dictionaries beside it."""

    _frame: pl.DataFrame
    """`_COLUMNS` and until, sorted by kind, key and position; moments in microseconds."""
    _first: dict[str, dict[str, int]]
    """Kind to key to number of the thing."""
    _bounds: np.ndarray[Any, np.dtype[np.int64]]
    _chains: np.ndarray[Any, np.dtype[np.int64]]
    """Hashes of (source, root), ascending, and the rows they are of."""
    _chained: np.ndarray[Any, np.dtype[np.int64]]
    _more: dict[Name, list[Row]] = field(default_factory=dict)
    _until: dict[int, int] = field(default_factory=dict)
    """Position to where its word ends, of chains that grew."""
    _grown: dict[Name, list[Row]] = field(default_factory=dict)
    """(source, root) to the whole chain."""
    _things: dict[Name, Thing] = field(default_factory=dict)

    @classmethod
    def of(cls, frame: pl.DataFrame) -> Ledger:
        """From the lake's columns."""
        chain = ["source", "root"]
        ordered = frame.sort("source", "root", "known_at", "position")
        read = ordered.with_columns(until=pl.col("known_at").shift(-1).over(chain)).select(
            *_COLUMNS, pl.col("until")
        ).with_columns(pl.col("time", "known_at", "until").dt.timestamp("us"))  # fmt: skip
        read = read.with_columns(pl.col("until").fill_null(END)).sort("kind", "key", "position")
        things = read.with_row_index("at").group_by("kind", "key", maintain_order=True).agg(pl.col("at").first())
        first: dict[str, dict[str, int]] = {}
        for number, (kind, key) in enumerate(things.select("kind", "key").iter_rows()):
            first.setdefault(kind, {})[key] = number
        names = zip(read["source"].to_list(), read["root"].to_list(), strict=True)
        hashes = np.fromiter((hash(name) for name in names), np.int64, read.height)
        order = np.argsort(hashes, kind="stable")
        bounds = np.append(things["at"].to_numpy(), read.height).astype(np.int64)
        return cls(read, first, bounds, hashes[order], order)

    def names(self, row: Row) -> set[Name]:
        """The things whose words a row changes."""
        return {(row.kind, row.key)} | {(one.kind, one.key) for one in self._chain(row.source, row.root)}

    def take(self, row: Row) -> None:
        """Add a row."""
        chain = self._chain(row.source, row.root)
        chain.append(row)
        chain.sort(key=lambda one: (one.known_at, one.position))
        for one, after in zip(chain, [*(later.known_at for later in chain[1:]), END], strict=True):
            self._until[one.position] = after
        self._more.setdefault((row.kind, row.key), []).append(row)
        for one in chain:
            self._things.pop((one.kind, one.key), None)

    def thing(self, kind: str, key: str) -> Thing:
        """A thing as its events tell it now."""
        name = (kind, key)
        found = self._things.get(name)
        if found is None:
            if len(self._things) >= MOST_THINGS:
                self._things.clear()
            words = list(self._words(name))
            found = self._things[name] = Thing.of(words) if words else NOTHING
        return found

    def before(self, kind: str, key: str) -> list[int]:
        """The positions of a thing's rows in the bulk read."""
        start, end = self._place((kind, key))
        return self._frame["position"][start:end].to_list() if end > start else []

    def _words(self, name: Name) -> Iterator[Word]:
        for row, until in self._rows(name):
            found = word(row.position, row.type, row.time, row.known_at, self._until.get(row.position, until), row.data)
            if found is not None:
                yield found

    def _rows(self, name: Name) -> Iterator[tuple[Row, int]]:
        start, end = self._place(name)
        if end > start:
            for *parts, until in self._frame[start:end].iter_rows():
                yield Row(*parts), until
        for row in self._more.get(name, ()):
            yield row, END

    def _place(self, name: Name) -> tuple[int, int]:
        number = self._first.get(name[0], {}).get(name[1])
        return (0, 0) if number is None else (int(self._bounds[number]), int(self._bounds[number + 1]))

    def _chain(self, source: str, root: str) -> list[Row]:
        name = (source, root)
        if name not in self._grown:
            sought = hash(name)
            low, high = (int(self._chains.searchsorted(sought, side)) for side in ("left", "right"))
            rows = (Row(*self._frame.row(int(at))[:-1]) for at in self._chained[low:high])
            self._grown[name] = [row for row in rows if (row.source, row.root) == name]
        return self._grown[name]


def rows_of(events: Iterable[Event]) -> list[Row]:
    """The rows of events, in order."""
    return [Row.of(event) for event in events]
