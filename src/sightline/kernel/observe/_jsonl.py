"""JSON Lines: one object a line. Nested objects become columns with dotted names, lists stay JSON text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from sightline.kernel.observe import _bytes
from sightline.kernel.observe.table import RAW, BrokenRow, Dialect, Row, Rows, Table
from sightline.language.errors import Invalid

LOOK = 1_000
"""Rows whose members make up the columns; a member that first appears later is still in its row's cells."""

LONGEST = 1 << 22
"""Bytes of one line that are read at all."""


def open_jsonl(path: Path, member: str | None, dialect: Dialect) -> Table:
    """Open JSON Lines. Raises Invalid when none of the first rows is an object."""

    def read() -> Rows:
        with _bytes.open_bytes(path, dialect.compression, member) as stream:
            yield from _rows(stream)

    first = [row for row in islice(read(), LOOK) if isinstance(row, Row)]
    if not first:
        raise Invalid(
            f"'{path.name}' holds no JSON object in its first rows.", hint='Write one object per line: {"id": 1, ...}'
        )
    columns = tuple(dict.fromkeys(name for row in first for name in row.cells))
    return Table(path=path, columns=columns, dialect=dialect, read=read)


def _rows(stream: Any) -> Rows:
    decode = msgspec.json.Decoder().decode
    for number, line in _lines(stream):
        text = line.strip().removeprefix(b"\xef\xbb\xbf")
        if not text:
            continue
        if len(line) >= LONGEST:
            yield _broken(number, text, f"the line is longer than {LONGEST:,} bytes")
            continue
        try:
            found = decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            yield _broken(number, text, f"is not valid JSON: {error}")
            continue
        if not isinstance(found, dict):
            yield _broken(number, text, 'is not a JSON object such as {"id": 1}')
        elif b"\\u0000" in text:
            yield _broken(number, text, "holds a NUL character")
        else:
            yield Row(number, dict(flat(found)))


def _lines(stream: Any) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := stream.readline(LONGEST):
        number += 1
        yield number, line
        while len(line) == LONGEST and not line.endswith(b"\n"):
            line = stream.readline(LONGEST)


def _broken(number: int, text: bytes, reason: str) -> BrokenRow:
    return BrokenRow(number, text[:RAW].decode("utf-8", "backslashreplace"), reason)


def flat(found: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """An object's members as cells: those of nested objects under dotted names, lists as JSON."""
    for name, value in found.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, text_of(value)


def text_of(value: Any) -> str:
    """A scalar or a list as a cell."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return msgspec.json.encode(value).decode()
