"""What was posted to a hook, as rows that a mapping reads: the cells are the members of the body, by dotted paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from sightline.kernel.observe._jsonl import flat, text_of
from sightline.kernel.observe.signatures import LONGEST_ID
from sightline.kernel.observe.table import RAW, BrokenRow, Row
from sightline.language.errors import Invalid, TooLarge

MOST = 10_000
"""Rows in one body."""

CELLS = 500_000
"""Cells of all of them together: what stands around a list is in each of its rows."""

LONGEST_PATH = 512
"""Characters of the longest path: each cell has its whole path as its name."""

ID, TIME = "webhook.id", "webhook.time"
"""Cells of every row beside those of the body: what the message is called, and when it was sent (or came)."""


def decoded(body: bytes) -> Any:
    """The JSON of a body. Raises Invalid, in words that quote nothing of it."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid("The body is not JSON that can be read.") from None


def at_path(found: Any, path: str) -> Any:
    """What stands at a dotted path; None where nothing does."""
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def named(found: Any, path: str) -> str | None:
    """The name a message gives itself in its body, where that is a number or a text of a length that names have."""
    value = at_path(found, path) if path else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value) if 0 < len(str(value)) <= LONGEST_ID else None


def rows_of(found: Any, items: str, more: Mapping[str, str], body: bytes) -> list[Row | BrokenRow]:
    """The rows of a body: itself, or each object of the list at `items`; of a batch, those of each body in it.

    What stands around a list is in the row of each of its objects too, whose own members are named behind its path.
    `more`: cells of every row. Raises TooLarge beyond MOST rows or CELLS cells, or where it is nested too deeply.
    """
    rows: list[Row | BrokenRow] = []
    try:
        for cells in (cells for one in (found if isinstance(found, list) else [found]) for cells in _cells(one, items)):
            rows.append(_row(len(rows) + 1, cells, more))
            _must_be_few(rows)
    except RecursionError:
        raise TooLarge("The body is nested too deeply to be read.") from None
    if b"\\u0000" in body:
        return [BrokenRow(row.line, _raw(row), "It holds the character U+0000, which cannot be kept.") for row in rows]
    return rows


def _must_be_few(rows: list[Row | BrokenRow]) -> None:
    cells = len(rows[-1].cells) if isinstance(rows[-1], Row) else 0
    if len(rows) > MOST or cells * len(rows) > CELLS:
        raise TooLarge(f"More than {MOST:,} rows, or {CELLS:,} cells, in one body.", hint="Send it in parts.")


def _flat(one: dict[str, Any], prefix: str = "") -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, text in flat(one, prefix):
        if len(name) > LONGEST_PATH or len(cells) >= CELLS:
            raise TooLarge(f"A path in the body has more than {LONGEST_PATH} characters, or it has too many members.")
        cells[name] = text
    return cells


def _row(line: int, cells: dict[str, str] | BrokenRow, more: Mapping[str, str]) -> Row | BrokenRow:
    if isinstance(cells, BrokenRow):
        return BrokenRow(line, cells.raw, cells.reason)
    return Row(line, {**cells, **more})


def _raw(row: Row | BrokenRow) -> str:
    return row.raw if isinstance(row, BrokenRow) else msgspec.json.encode(row.cells).decode()[:RAW]


def _cells(one: Any, items: str) -> Iterator[dict[str, str] | BrokenRow]:
    if not isinstance(one, dict):
        yield _broken(one, 'It is not a JSON object such as {"id": 1}.')
    elif not items:
        yield _flat(one)
    elif not isinstance(there := at_path(one, items), list):
        yield _broken(one, f"There is no list at '{items}'.")
    else:
        around = _flat(_without(one, items.split(".")))
        for item in there:
            own = _flat(item, f"{items}.") if isinstance(item, dict) else {items: text_of(item)}
            yield {**around, **own}


def _without(one: dict[str, Any], path: list[str]) -> dict[str, Any]:
    """A copy in which nothing stands at a path."""
    name, *rest = path
    left = {key: value for key, value in one.items() if key != name}
    return {**left, name: _without(one[name], rest)} if rest else left


def _broken(one: Any, reason: str) -> BrokenRow:
    return BrokenRow(1, text_of(one)[:RAW], reason)
