"""What we want to know about the future: declared, never coded.

The shapes so far: cutoff `before(attribute, lead)`; answers `absent(event, until=attribute)` and
`happens(event, by=attribute)`. Each has a deadline, a grace and an eligibility (see `kernel/predict/examples.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sightline.language.time import days

__all__ = [
    "Absent",
    "AttributeOf",
    "Before",
    "Happens",
    "Question",
    "absent",
    "attribute",
    "before",
    "days",
    "happens",
]


@dataclass(frozen=True, slots=True)
class AttributeOf:
    """An attribute of the subject, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Before:
    """The cutoff lies `lead` before the moment that `attribute` names."""

    attribute: str
    lead: timedelta


@dataclass(frozen=True, slots=True)
class Absent:
    """The answer is yes when `event` has not happened by the end of the day that `until` names."""

    event: str
    until: str


@dataclass(frozen=True, slots=True)
class Happens:
    """The answer is yes when `event` has happened by the end of the day that `by` names."""

    event: str
    by: str


Answer = Absent | Happens


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, asked of every eligible subject once per cutoff."""

    name: str
    """`pack.words_in_snake_case`, unique in a workspace."""
    of: str
    """The kind of its subjects."""
    asks: str
    """The question as a person would put it."""
    when: Before
    answer: Answer
    grace: timedelta = timedelta(0)
    """How late after the deadline the answer may still be recorded; an example matures after it."""
    worth: AttributeOf | None = None
    """Money at stake per subject, for ranking and for the proof."""
    together: str | None = None
    """The link whose subjects share their fate: the cluster of every interval and promise."""
    yes: str = "yes"
    """How a person calls the answer yes ("late")."""
    no: str = "no"
    """How a person calls the answer no ("on time")."""

    @property
    def deadline(self) -> str:
        """The attribute whose day ends the wait for the answer."""
        return self.answer.until if isinstance(self.answer, Absent) else self.answer.by


def attribute(name: str) -> AttributeOf:
    """An attribute of the subject."""
    return AttributeOf(name)


def before(of: AttributeOf, lead: timedelta) -> Before:
    """Ask `lead` before the moment the attribute names."""
    return Before(of.name, lead)


def absent(event: str, *, until: AttributeOf) -> Absent:
    """Ask whether `event` will be missing at the end of the day the attribute names."""
    return Absent(event, until.name)


def happens(event: str, *, by: AttributeOf) -> Happens:
    """Ask whether `event` will have happened by the end of the day the attribute names."""
    return Happens(event, by.name)
