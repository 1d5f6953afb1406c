"""What reading a file hands on: rows, broken rows, the table they come from, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from sightline.kernel.observe import _bytes

Format = Literal["csv", "parquet", "jsonl"]
FORMATS: tuple[str, ...] = get_args(Format)
COMPRESSIONS = ("gzip", "xz", "bzip2", "zstd", "zip")
WHITESPACE = "whitespace"
"""The delimiter of columns set apart by one or more blanks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a file is written. A field left None is found out by looking."""

    format: Format | None = None
    compression: str | None = None
    """`gzip`, `xz`, `bzip2`, `zstd`, `zip`; None after looking means none."""
    encoding: str | None = None
    delimiter: str | None = None
    """One character, or `whitespace`."""
    quote: str | None = None
    """One character; empty for none."""
    header: bool | None = None
    """Whether the first row names the columns; without one they are `column_1` and so on."""
    skip: int | None = None
    """Lines of title above the header."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `cells` holds text as it stands in the file; an empty or missing cell is an empty text."""

    line: int
    """1-based physical line of the row's first character; in Parquet the row's number."""
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that cannot be read."""

    line: int
    raw: str
    """Its text, at most RAW characters; undecodable bytes stand as escapes."""
    reason: str


RAW = 20_000
"""Characters of a broken row that are kept to be shown and mended."""

Rows = Iterator[Row | BrokenRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file opened for reading, its dialect fully known."""

    path: Path
    columns: tuple[str, ...]
    dialect: Dialect
    read: Callable[[], Rows]
    """Starts from the top at each call."""
    notes: tuple[str, ...] = ()
    """What was mended in the header, in words."""
    peek: Callable[[int, int], Rows] | None = None
    """`peek(places, after)`: some rows from so many places behind the first `after` bytes, where that is cheap; their
    line numbers mean nothing."""

    def rows(self) -> Rows:
        """Every row from the top, broken ones in their place. Raises Invalid where a packed file breaks off."""
        with _bytes.whole(self.path):
            yield from self.read()
