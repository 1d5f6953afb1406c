"""CSV and its relatives: the delimiter found by looking, quotes taken seriously, broken rows set aside.

A quote that is never closed would swallow the rest of the file; here it breaks one line. Whenever a record that spans
lines turns out wrong, only its first line is broken and reading resumes with the second.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sightline.kernel.observe import _bytes
from sightline.kernel.observe.dates import PATTERNS, NotADate, parser
from sightline.kernel.observe.numbers import POINT, NotANumber
from sightline.kernel.observe.numbers import parser as number_parser
from sightline.kernel.observe.table import RAW, WHITESPACE, BrokenRow, Dialect, Row, Rows, Table
from sightline.language.errors import Invalid

DELIMITERS = (",", ";", "\t", "|", "%", "^", "~", "\x1f", "\x01")
LONGEST_LINE = 1 << 20
"""Characters of one line that are read at all."""

LONGEST_RECORD = 1 << 20
MOST_LINES = 2_000
"""Characters and lines after which a quote counts as never closed."""

LONGEST_NAME = 1_000
"""Characters of a column's name from which the file is no table."""

LOOK = 200
"""Lines by which the delimiter is found."""

FEW_ODD, ODD = 8, 0.03
"""Control characters, and their share, beyond which a file is no text: of packed bytes they are a tenth. A table with a
zero byte here and there is one still.
"""

PEEKED = 100
"""Rows read at each place of a file that is looked into here and there."""

_BLANKS = re.compile(r"\s+")

csv.field_size_limit(LONGEST_RECORD * 4)


class _Runaway(Exception):
    """The record grew beyond any sensible size."""


class Lines:
    """Physical lines with their numbers, bounded in length, that can be handed back to be read again."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._back: list[tuple[int, str]] = []
        self._number = 0
        self.record: list[tuple[int, str]] = []
        """The lines read since the last `begin`."""
        self.size = 0

    def begin(self) -> None:
        """A new record starts."""
        self.record.clear()
        self.size = 0

    def resume_after_first(self) -> None:
        """Hand all lines of the record but its first back."""
        self._back[:0] = self.record[1:]
        del self.record[1:]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._back:
            number, line = self._back.pop(0)
        else:
            line = self._stream.readline(LONGEST_LINE)
            if not line:
                raise StopIteration
            self._number += 1
            number = self._number
            if len(line) == LONGEST_LINE:
                self._skip_rest(line)
        self.record.append((number, line))
        self.size += len(line)
        if self.size >= LONGEST_RECORD or len(self.record) > MOST_LINES:
            raise _Runaway
        return line

    def _skip_rest(self, line: str) -> None:
        while len(line) == LONGEST_LINE and not line.endswith("\n"):
            line = self._stream.readline(LONGEST_LINE)


def open_text(path: Path, member: str | None, dialect: Dialect) -> IO[str]:
    """The decoded text; bytes that do not decode stay visible as surrogates (or as the replacement mark)."""
    encoding = dialect.encoding or "utf-8"
    wide = encoding.startswith(("utf-16", "utf-32"))
    stream = _bytes.open_bytes(path, dialect.compression, member)
    return io.TextIOWrapper(stream, encoding=encoding, errors="replace" if wide else "surrogateescape", newline="")


def open_delimited(path: Path, member: str | None, known: Dialect) -> Table:
    """Open a delimited text. Raises Invalid when the stated encoding is unknown or it is not text at all."""
    encoding = known.encoding
    if encoding is None:
        with _bytes.open_bytes(path, known.compression, member) as stream:
            encoding = _bytes.encoding_of(stream)
    known = replace(known, encoding=_known_encoding(encoding))
    with open_text(path, member, known) as text:
        head = list(islice(_head(text), LOOK))
    _must_be_text(path, head)
    dialect = _complete(known, head)
    names, notes = _columns(dialect, head)
    if not names:
        raise Invalid(f"'{path.name}' holds nothing but blank lines.", hint="Export it again, with a header row.")
    longest = max(map(len, names))
    if longest > LONGEST_NAME:
        raise Invalid(
            f"The first line of '{path.name}' is no header: a column's name in it has {longest:,} characters.",
            hint="Check that it is a table, with one row per line.",
        )

    def read() -> Rows:
        with open_text(path, member, dialect) as text:
            lines = Lines(text)
            for _ in range(dialect.skip or 0):
                text_line = next(lines, "")
                del text_line
                lines.begin()
            yield from _rows(lines, names, dialect)

    seekable = dialect.compression is None and not (dialect.encoding or "").startswith(("utf-16", "utf-32"))

    def peek(places: int, after: int) -> Rows:
        rest = path.stat().st_size - after
        for at in range(places if rest > 0 else 0):
            with path.open("rb") as stream:
                stream.seek(after + rest * at // places)
                stream.readline(LONGEST_LINE)
                with io.TextIOWrapper(stream, encoding=dialect.encoding, errors="surrogateescape", newline="") as text:
                    yield from islice(_rows(Lines(text), names, replace(dialect, header=False)), PEEKED)

    return Table(path=path, columns=names, dialect=dialect, read=read, notes=notes, peek=peek if seekable else None)


def _known_encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        raise Invalid(f"'{name}' is no encoding.", hint="Write utf-8, cp1252, utf-16 or the like.") from None
    return name


def _head(text: IO[str]) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        yield line


def _must_be_text(path: Path, head: Sequence[str]) -> None:
    sample = "".join(head)[:20_000]
    odd = sum(c < " " and c not in "\t\r\n\x1f\x01\x0c" for c in sample)
    if odd > max(FEW_ODD, len(sample) * ODD):
        raise Invalid(f"'{path.name}' is not a text file.", hint="Import CSV, TSV, Parquet or JSON Lines.")


# What the file is written in ------------------------------------------------------------------------------------------


def _complete(known: Dialect, head: Sequence[str]) -> Dialect:
    quote = '"' if known.quote is None else known.quote
    if known.delimiter is not None and len(known.delimiter) != 1 and known.delimiter != WHITESPACE:
        raise Invalid(f"'{known.delimiter}' is no delimiter.", hint="Write one character, or 'whitespace'.")
    delimiter = known.delimiter or _delimiter(head, quote)
    known = replace(known, delimiter=delimiter, quote=quote)
    records = _sample(known, head)
    skip = _titles(records) if known.skip is None else known.skip
    header = _has_header([cells for _, cells in records[skip:]]) if known.header is None else known.header
    return replace(known, skip=skip, header=header)


def _delimiter(head: Sequence[str], quote: str) -> str:
    best, best_score = ",", 0.0
    for rank, delimiter in enumerate(DELIMITERS):
        counts = Counter(len(cells) for _, cells in _sample(Dialect(delimiter=delimiter, quote=quote), head))
        fields, times = counts.most_common(1)[0] if counts else (1, 0)
        if fields < 2:
            continue
        # Agreement first; more fields tells a true delimiter from a decimal comma; common ones win ties.
        score = times / counts.total() * 10 + min(fields, 20) / 20 - rank / 100
        if score > best_score:
            best, best_score = delimiter, score
    if best_score:
        return best
    counts = Counter(len(_BLANKS.split(line.strip())) for line in head if line.strip())
    aligned = len(counts) == 1 and next(iter(counts)) > 1 and len(head) > 1
    return WHITESPACE if aligned else best


def _sample(dialect: Dialect, head: Sequence[str]) -> list[tuple[int, list[str]]]:
    """Line number and cells of the records in the head; the last one is left out when the head was cut."""
    found: list[tuple[int, list[str]]] = []
    if dialect.delimiter == WHITESPACE:
        return [(n, _BLANKS.split(line.strip())) for n, line in enumerate(head, 1) if line.strip()]
    reader = _csv(iter(head), dialect, strict=False)
    try:
        for cells in reader:
            if any(cells):
                found.append((reader.line_num, cells))
    except csv.Error:
        pass
    return found[:-1] if len(head) >= LOOK and len(found) > 1 else found


def _titles(records: Sequence[tuple[int, list[str]]]) -> int:
    counts = Counter(len(cells) for _, cells in records)
    usual = counts.most_common(1)[0][0] if counts else 1
    above = 0
    for line, cells in records[:10]:
        # Only a lone cell is a title; a row that is merely ragged is data, and will be set aside with its reason.
        if usual < 3 or sum(map(bool, cells)) > 1:
            break
        above = line
    return above


def _has_header(records: Sequence[list[str]]) -> bool:
    if len(records) < 2:
        return not records or not any(map(_is_value, records[0]))
    first, rest = records[0], records[1:50]
    if all(_is_year(cell) or not _is_value(cell) for cell in first) and any(not _is_value(c) for c in first if c):
        return True
    return not any(
        _is_value(cell) and any(len(row) > at and _is_value(row[at]) for row in rest) for at, cell in enumerate(first)
    )


def _is_year(cell: str) -> bool:
    return len(cell) == 4 and cell.isdecimal() and cell[:2] in {"19", "20"}


def _is_value(cell: str) -> bool:
    try:
        number_parser(POINT)(cell.strip())
    except NotANumber:
        return any(_reads(cell.strip(), pattern) for pattern in PATTERNS) if cell[:1].isdigit() else False
    return True


def _reads(cell: str, pattern: str) -> bool:
    try:
        parser(pattern)(cell)
    except NotADate:
        return False
    return True


def _columns(dialect: Dialect, head: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    records = _sample(dialect, head[dialect.skip or 0 :])
    if not records:
        return (), ()
    first = records[0][1]
    if not dialect.header:
        return tuple(f"column_{n}" for n in range(1, len(first) + 1)), ("The file has no header row.",)
    names: list[str] = []
    notes: list[str] = []
    for at, cell in enumerate(first, start=1):
        name = " ".join(_visible(cell.replace("\ufeff", "")).split())
        if not name:
            notes.append(f"Column {at} has no name and is called 'column_{at}'.")
            name = f"column_{at}"
        unique, n = name, 2
        while unique in names:
            unique, n = f"{name} ({n})", n + 1
        if unique != name:
            notes.append(f"A second column '{name}' is called '{unique}'.")
        names.append(unique)
    return tuple(names), tuple(notes)


# The rows -------------------------------------------------------------------------------------------------------------


def _csv(lines: Iterator[str], dialect: Dialect, *, strict: bool) -> Any:
    delimiter = dialect.delimiter or ","
    if not dialect.quote:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=strict)
    return csv.reader(lines, delimiter=delimiter, quotechar=dialect.quote, strict=strict)


def _rows(lines: Lines, names: tuple[str, ...], dialect: Dialect) -> Rows:
    width = len(names)
    header = bool(dialect.header)
    records = _blank_separated(lines) if dialect.delimiter == WHITESPACE else _records(lines, dialect)
    for line, cells, problem in records:
        if problem is None and not any(cells):
            lines.begin()
            continue
        if problem is None and len(cells) != width:
            cells, problem = _fitted(cells, width)
        if problem is None:
            problem = _spoiled(lines.record)
        if header:
            header = False
        elif problem is None:
            yield Row(line, dict(zip(names, cells, strict=True)))
        else:
            lines.resume_after_first()
            yield BrokenRow(line, _visible(lines.record[0][1]), problem)
        lines.begin()


def _records(lines: Lines, dialect: Dialect) -> Iterator[tuple[int, list[str], str | None]]:
    reader = _csv(lines, dialect, strict=True)
    while True:
        problem = None
        cells: list[str] = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _Runaway:
            long = len(lines.record) == 1
            problem = f"the line is longer than {LONGEST_LINE:,} characters" if long else _unclosed(dialect)
        except csv.Error as error:
            problem = _unclosed(dialect) if "end of data" in str(error) else _stray(dialect)
        if problem:
            # The reader is spoiled in the middle of its record: a new one resumes where the lines are handed back.
            reader = _csv(lines, dialect, strict=True)
        yield lines.record[0][0], cells, problem


def _blank_separated(lines: Lines) -> Iterator[tuple[int, list[str], str | None]]:
    while True:
        try:
            line = next(lines, "")
        except _Runaway:
            yield lines.record[0][0], [], f"the line is longer than {LONGEST_LINE:,} characters"
            continue
        if not line:
            return
        yield lines.record[0][0], _BLANKS.split(line.strip()), None


def _unclosed(dialect: Dialect) -> str:
    return f"a quote ({dialect.quote}) opens and is never closed"


def _stray(dialect: Dialect) -> str:
    return f"a quote ({dialect.quote}) closes in the middle of a field; write it twice inside a quoted field"


def _fitted(cells: list[str], width: int) -> tuple[list[str], str | None]:
    if len(cells) > width and not any(cells[width:]):
        return cells[:width], None
    return cells, f"has {len(cells)} fields where the header names {width}"


def _spoiled(record: Sequence[tuple[int, str]]) -> str | None:
    for number, line in record:
        if "\0" in line:
            return f"holds a NUL character (line {number})"
        if not line.isascii() and any("\ud800" <= c <= "\udfff" or c == "\ufffd" for c in line):
            return f"holds bytes that do not decode (line {number})"
    return None


def _visible(line: str) -> str:
    return line[:RAW].rstrip("\r\n").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
