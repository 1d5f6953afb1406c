"""Rows that did not fit."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from sightline.interfaces.rest.models.shape import Page, Shape, Text, Word

MOST_NAMED = 10_000

Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
Numbers = Annotated[list[Number], Field(max_length=MOST_NAMED)]


class Held(Shape):
    """A row in quarantine."""

    number: int
    source: str
    batch: str | None
    line: int | None
    reason: str
    at: datetime
    replayed_at: datetime | None
    discarded_at: datetime | None


class HeldRow(Held):
    """A row in quarantine as it was read."""

    cells: dict[str, str] | None
    """By column; null where the row could not be split."""
    raw: str | None
    """Its text, where it could not be split."""


class Quarantine(Page):
    """A page of rows that wait to be mended, oldest first."""

    items = "rows"

    rows: list[Held]
    total: int
    """All that wait, of that source and batch."""


class Replay(Shape):
    """Rows to try again."""

    numbers: Numbers | None = None
    """Which; all that wait when null."""
    changes: dict[Word, Word] = Field(default={})
    """Column to value: cells mended before the rows are read."""
    overwrite: bool = False
    """Whether they stand in the place of what they contradict."""
    text: Text | None = None
    """A mapping (TOML) to read the rows of its source by."""


class Discard(Shape):
    """Rows nobody will mend."""

    numbers: Numbers


class Discarded(Shape):
    """What was set aside."""

    discarded: int
    """How many of them waited."""
