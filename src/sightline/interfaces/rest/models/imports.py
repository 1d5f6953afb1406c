"""Files in: what was sent, what a mapping makes of it, what was imported."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from sightline.interfaces.rest.models.shape import Id, Page, Shape, Text, holdable


class File(Shape):
    """A file that waits to be imported."""

    id: str
    name: str
    bytes: int


class Column(Shape):
    """One column of a file, for the eye."""

    column: str
    role: str
    """What it is proposed to be: `key of line`, `link to country`, `number in USD`, `when line.sent happened`."""
    filled: float
    """Share of the rows that say something."""
    distinct: int
    examples: list[str]
    why: str


class Happened(Shape):
    """An event that would be recorded."""

    type: str
    subject: str
    time: datetime
    """When it happened."""
    known_at: datetime
    """When the business could have known it."""
    data: dict[str, Any]


class Misfit(Shape):
    """A row that would be set aside."""

    line: int
    reason: str


class Preview(Shape):
    """What a mapping makes of the first rows; nothing is recorded."""

    mapping: dict[str, Any]
    """The TOML as JSON: tables are objects."""
    text: str
    """The same as TOML, with comments where it was proposed."""
    doubts: list[str]
    """What to look at before agreeing to a proposal."""
    rows: list[list[str]]
    """The first rows: a cell per column of the file, long ones cut."""
    events: list[Happened]
    """The first events."""
    misfits: list[Misfit]


class Proposal(Preview):
    """A mapping to begin with."""

    columns: list[Column]
    """In the order of the cells in `rows`."""


class Mapped(Shape):
    """A mapping, as an object or as TOML: one of the two."""

    mapping: Annotated[dict[str, Any], BeforeValidator(holdable)] | None = None
    text: Text | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Mapped:
        if (self.mapping is None) == (self.text is None):
            raise ValueError("give either `mapping` (an object) or `text` (TOML)")
        return self


class ImportOf(Mapped):
    """A file to import, through a mapping."""

    file: Id
    """As POST /v1/files answered."""
    limit: int | None = Field(default=None, ge=1, le=2**63 - 1)
    """Read at most so many rows."""


class Batch(Shape):
    """One import."""

    id: str
    source: str
    file: str
    started_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    rows: int
    events: int
    """New and changed facts."""
    repeated: int
    """Facts that were known already."""
    revised: int
    staged: int
    """Facts that become known later and wait for their day."""
    quarantined: int


class Imports(Page):
    """A page of imports, newest first."""

    items = "imports"

    imports: list[Batch]
