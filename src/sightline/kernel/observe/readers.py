"""Rows out of files of any size: CSV, TSV, Parquet, JSON Lines, packed or not, one row at a time.

A row that cannot be read is handed out as a BrokenRow with its line and the reason, and reading goes on behind it.
Memory stays bounded whatever the file: one row, one chunk of bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from sightline.kernel.observe import _bytes
from sightline.kernel.observe.table import Dialect, Format, Table
from sightline.language.errors import Invalid


def open_table(path: Path | str, dialect: Dialect | None = None) -> Table:
    """Look at a file and open it. What `dialect` states is not looked for.

    Raises NotFound (no such file), Invalid (empty, a folder, a workbook, not the stated format).
    """
    where, member = _bytes.locate(Path(path))
    known = dialect or Dialect()
    if where.stat().st_size == 0:
        raise _empty(where)
    known = replace(known, compression=known.compression or _bytes.packed(where))
    with _bytes.whole(where):
        return _opened(where, member, known)


@contextmanager
def sendable(path: Path) -> Iterator[Path | BinaryIO]:
    """What to send of a file that is to be read elsewhere: itself, or the bytes of the member its path ends in.

    Raises NotFound (no such file) and Invalid as `open_table` does.
    """
    where, member = _bytes.locate(path)
    if member is None:
        yield where
        return
    with _bytes.whole(where), _bytes.open_bytes(where, _bytes.packed(where), member) as stream:
        yield cast("BinaryIO", stream)


def _opened(where: Path, member: str | None, known: Dialect) -> Table:
    head = _head(where, known.compression, member)
    known = replace(known, format=known.format or _format(where, known.compression, head))
    # The formats' own modules are loaded when met: Parquet alone costs a third of a second.
    if known.format == "parquet":
        from sightline.kernel.observe._columnar import open_parquet

        return open_parquet(where, known)
    if known.format == "jsonl":
        from sightline.kernel.observe._jsonl import open_jsonl

        return open_jsonl(where, member, known)
    from sightline.kernel.observe._delimited import open_delimited

    return open_delimited(where, member, known)


def _head(path: Path, compression: str | None, member: str | None) -> bytes:
    """The first bytes, unpacked. Raises Invalid for what is empty, or something else than a table."""
    with _bytes.open_bytes(path, compression, member) as stream:
        head = stream.read(4096)
    if not head:
        raise _empty(path)
    if what := _bytes.no_table(head):
        raise Invalid(
            f"'{path.name}' is {what}, and no table.",
            hint="Export the table itself as CSV, TSV, Parquet or JSON Lines, and import that file.",
        )
    return head


def _format(path: Path, compression: str | None, head: bytes) -> Format:
    if head.startswith(_bytes.PARQUET):
        if compression is None:
            return "parquet"
        raise Invalid(f"'{path.name}' is a packed Parquet file.", hint="Unpack it first.")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"["):
        raise Invalid(
            f"'{path.name}' looks like one JSON list.",
            hint="Write one JSON object per line instead (JSON Lines): jq -c '.[]' FILE > FILE.jsonl",
        )
    return "jsonl" if start.startswith(b"{") else "csv"


def _empty(path: Path) -> Invalid:
    return Invalid(f"'{path.name}' is empty.", hint="Export it again, with a header row and at least one row of data.")
