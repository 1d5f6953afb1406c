"""Asking questions of one's own."""

from __future__ import annotations

from sightline.interfaces.rest.models.questions import Form
from sightline.interfaces.rest.models.shape import Shape, Word


class Line(Shape):
    """A question in one line."""

    line: Word


class Ask(Line):
    """A question to remember and to train."""

    name: Word | None = None
    """`own.something`; made from the line when null."""
    asks: Word | None = None
    """As a person would put it."""
    yes: Word | None = None
    """What people call the answer yes."""
    no: Word | None = None
    unit: Word | None = None
    """What a quantity is counted in: a currency (ISO 4217) or a unit."""


class Declare(Line):
    """A question to remember under the name in the path."""

    asks: Word | None = None
    """As a person would put it; made from the line when null."""
    yes: Word | None = None
    """What people call the answer yes."""
    no: Word | None = None
    unit: Word | None = None
    """In what a quantity is counted, for display; as it is declared when null."""


class Declared(Shape):
    """A question as it is remembered; nothing was trained."""

    name: str
    line: str
    """In its canonical form."""
    of: str
    asks: str


class Checked(Shape):
    """What asking a line would come to; nothing was trained."""

    line: str
    """In its canonical form."""
    of: str
    asks: str
    name: str
    """What it would be called."""
    form: Form
    """Whether the answers would be probabilities or quantities."""
    unit: str | None
    """What a quantity would be counted in."""
    eligible: int
    """Subjects that are asked, at whatever day."""
    examples: int
    """Of them, those whose answer counts by now."""
    yes: int
    """Of the examples, those answered yes."""
    open: int
    """Subjects that would be forecast now."""
    later: int
    """Subjects that will be asked on a day to come."""
    excluded: dict[str, int]
    """Why the others are not asked: reason to number of subjects."""
    enough: bool
    """Whether a model would be trained and could be judged."""
    words: str


class Suggested(Shape):
    """Lines to start from."""

    lines: list[str]
