"""What every shape of an answer has in common, and the shape of an error."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, StringConstraints

Word = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$")]
"""A text the database can keep: PostgreSQL has no NUL."""

Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""The same, of any length. The pattern refuses half a surrogate pair too, which no file and no database can hold."""

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{1,64}$")]
"""An id that we drew."""

Scalar = str | float | int | bool | None
"""What an attribute may be."""


def holdable(given: Any) -> Any:
    """What JSON was read into, when each text in it is one the database can keep. Raises ValueError."""
    waiting = [given]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if "\0" in one or one.encode(errors="replace").decode() != one:
                raise ValueError(f"{one[:40]!r} holds a NUL or half a surrogate pair")
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
    return given


class Shape(BaseModel):
    """An answer: read from the kernel's nouns, documented from the notes under its members."""

    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)

    items: ClassVar[str | None] = None
    """Of a list the member that holds what `fields` chooses from; None: the answer itself is what it chooses from."""

    passing: ClassVar[frozenset[str]] = frozenset()
    """Members that tell of the moment of asking: an answer that differs in nothing else has the same ETag."""


class Open(Shape):
    """An answer that may have further members."""

    model_config = ConfigDict(extra="allow")


class Problem(Open):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    """What is wrong, fit to be shown to a user."""
    code: str
    """Stable name of the error; see docs/errors.md."""
    hint: str | None = None
    """What to try next."""
    instance: str
    """The path that was asked for."""
    index: int | None = None
    """Of a request with several events: the place of the first wrong one, from 0. Nothing was recorded."""
    at: int | None = None
    """Of a line that cannot be read: where the word begins that does not fit, in characters from 0."""
    length: int | None = None
    """Characters of that word; 0 where the line ends too early."""
    allowed: list[str] | None = None
    """What might stand there."""


class Page(Shape):
    """A page of a list."""

    next: str | None
    """Give it as `after` to get the page behind; null on the last one."""
