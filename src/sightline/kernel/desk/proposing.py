"""Look at a file before anything of it is recorded: what a mapping would make of it, and which one to begin with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from sightline.kernel.observe import mapping_file
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.rows import Misfit, RowReader
from sightline.kernel.observe.table import BrokenRow, Row
from sightline.kernel.observe.words import Words
from sightline.language.errors import Terminal
from sightline.language.event import Event

if TYPE_CHECKING:
    from sightline.kernel.observe.sniff import Proposal, Seen

LOOKED_AT = 200
"""Rows read for a preview."""

ROWS_SHOWN, EVENTS_SHOWN = 50, 20

LONGEST_CELL = 300
"""Characters of a cell that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A row that would be set aside."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a mapping makes of the first rows of a file; nothing is recorded."""

    mapping: FieldMap
    text: str
    """The mapping as TOML."""
    doubts: tuple[str, ...]
    """What to look at before agreeing; empty for a mapping that was not proposed."""
    seen: tuple[Seen, ...]
    """The file's columns, where the mapping was proposed."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The first rows, a cell per column, long ones cut."""
    events: tuple[Event, ...]
    misfits: tuple[Unread, ...]


def proposal(path: Path, *, words: Words, name: str | None = None) -> Proposal:
    """A mapping to begin with, and what speaks for it. `words` are those headers are understood by.

    Raises Invalid (not readable as a table, or no usable column) and NotFound.
    """
    # Loaded when met: looking at dates and numbers costs every other command a moment.
    from sightline.kernel.observe.sniff import propose

    return propose(path, words=words, name=name)


def preview(path: Path, mapping: FieldMap, *, proposed: Proposal | None = None) -> Preview:
    """What a mapping makes of the first rows. `proposed`: the proposal it comes from, unchanged.

    Raises Invalid when the file cannot be read or lacks a column the mapping reads.
    """
    table = open_table(path, mapping.dialect)
    mapping.check(table.columns)
    reader = RowReader(mapping)
    rows: list[tuple[str, ...]] = []
    events: list[Event] = []
    wrong: list[Unread] = []
    for row in islice(table.rows(), LOOKED_AT):
        if isinstance(row, Row) and len(rows) < ROWS_SHOWN:
            rows.append(tuple(cut(row.cells.get(name, "")) for name in table.columns))
        read = row if isinstance(row, BrokenRow) else reader.events(row)
        if isinstance(read, BrokenRow | Misfit):
            wrong.append(Unread(line=row.line, reason=read.reason))
        else:
            events.extend(read[: EVENTS_SHOWN - len(events)])
    return Preview(
        mapping=mapping,
        text=proposed.text if proposed else mapping_file.text_of(mapping),
        doubts=proposed.doubts if proposed else (),
        seen=proposed.columns if proposed else (),
        columns=table.columns,
        rows=tuple(rows),
        events=tuple(events),
        misfits=tuple(wrong),
    )


def cut(text: str) -> str:
    """A cell as it is shown."""
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


@contextmanager
def called(path: Path, name: str) -> Iterator[None]:
    """Let errors about a file tell the name its sender knows it by, not the one it lies under."""
    try:
        yield
    except Terminal as error:
        error.message = error.message.replace(str(path), name).replace(path.name, name)
        error.args = (error.message,)
        raise
