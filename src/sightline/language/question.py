"""What we want to know about the future: declared, never coded.

A question has a cutoff (when it is asked) and an answer (what is looked for, by when):

    before(attribute, lead)          so long before the moment an attribute names
    at(event)                        the moment an event becomes known
    every(step, active=happened())   again and again, about those to whom something happened of late
    once()                           a flat table without time

    happens(event, by= | within=)    whether it will have happened             a probability
    absent(event, until= | within=)  whether it will still be missing          a probability
    count(event, within)             how often it will happen                  a quantity
    total(event, amount, within)     what its amounts will add up to           a quantity
    next_(event, within)             days until it happens, if it does by then a quantity
    value(attribute, ...)            what an attribute will be: a number, or (`is_`) whether it is one class

How subjects become examples stands in `kernel/predict/examples.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, overload

from sightline.language.time import days

__all__ = [
    "Absent",
    "At",
    "AttributeOf",
    "Before",
    "Count",
    "Every",
    "Happened",
    "Happens",
    "Next",
    "Once",
    "Question",
    "Total",
    "TotalOf",
    "Value",
    "Where",
    "absent",
    "at",
    "attribute",
    "before",
    "count",
    "days",
    "every",
    "happened",
    "happens",
    "next_",
    "once",
    "total",
    "value",
    "where",
]


@dataclass(frozen=True, slots=True)
class AttributeOf:
    """An attribute of the subject, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class TotalOf:
    """What an amount of the subject's events added up to over the time before the cutoff."""

    event: str
    amount: str
    past: timedelta


Test = Literal["is", "is not", "above", "below"]


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on an attribute of the subject, or on what an event says. What is unknown meets none of them."""

    name: str
    test: Test
    value: str | float | bool


@dataclass(frozen=True, slots=True)
class Happened:
    """That an event happened to the subject within some time before the cutoff."""

    event: str
    within: timedelta


@dataclass(frozen=True, slots=True)
class Before:
    """The cutoff lies `lead` before the moment that `attribute` names."""

    attribute: str
    lead: timedelta


@dataclass(frozen=True, slots=True)
class At:
    """The cutoff is the moment an event becomes known; each of them asks once."""

    event: str


@dataclass(frozen=True, slots=True)
class Every:
    """Cutoffs lie `step` apart, on a grid all subjects share, from the subject's beginning on."""

    step: timedelta
    active: Happened | None = None
    """Whoever this did not happen to of late is not asked."""


@dataclass(frozen=True, slots=True)
class Once:
    """A flat table without time: each subject is asked once, by all that is known of it but the answer."""


Cutoff = Before | At | Every | Once


@dataclass(frozen=True, slots=True, kw_only=True)
class _Awaits:
    """An answer that waits for an event: of the subject itself, or of something that is linked to it."""

    event: str
    within: timedelta | None = None
    """How long after the cutoff it is waited for."""
    where: tuple[Where, ...] = ()
    """Which of these events count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent(_Awaits):
    """The answer is yes when no such event has happened by the end of the day that `until` names, or `within`."""

    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happens(_Awaits):
    """The answer is yes when such an event has happened by the end of the day that `by` names, or `within`."""

    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(_Awaits):
    """How many such events happen within the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(_Awaits):
    """What the amounts of such events within the time add up to."""

    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Next(_Awaits):
    """Days from the cutoff to the next such event; where none comes within the time, only that is known (censored)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What an attribute will be: at the end of the day that `by` names, `within` some time, or (flat tables) at all."""

    attribute: str
    by: str | None = None
    within: timedelta | None = None
    is_: str | None = None
    """The class asked about; None for an attribute that is a number."""


Answer = Absent | Happens | Count | Total | Next | Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, asked of every eligible subject once per cutoff."""

    name: str
    """`pack.words_in_snake_case`, unique in a workspace."""
    of: str
    """The kind of its subjects."""
    asks: str
    """The question as a person would put it."""
    when: Cutoff
    answer: Answer
    grace: timedelta = timedelta(0)
    """How late after the deadline the answer may still be recorded; an example matures after it."""
    worth: AttributeOf | TotalOf | None = None
    """Money at stake per subject, for ranking and for the proof."""
    together: str | None = None
    """The link whose subjects share their fate: the cluster of every interval and promise."""
    where: tuple[Where, ...] = ()
    """Who is asked: all conditions hold at the cutoff."""
    unless: tuple[str, ...] = ()
    """Events after which nobody is asked any more (a customer who has left)."""
    yes: str = "yes"
    """How a person calls the answer yes ("late")."""
    no: str = "no"
    """How a person calls the answer no ("on time")."""
    unit: str | None = None
    """Of a quantity: a currency (ISO 4217) or a unit, for display."""

    @property
    def deadline(self) -> str | None:
        """The attribute whose day ends the wait for the answer; None where a span does, or nothing."""
        if isinstance(self.answer, Absent):
            return self.answer.until
        return self.answer.by if isinstance(self.answer, Happens | Value) else None

    @property
    def event(self) -> str | None:
        """The event that is waited for; None where an attribute is."""
        return None if isinstance(self.answer, Value) else self.answer.event

    @property
    def chance(self) -> bool:
        """Whether the answer is yes or no, so that a prediction is a probability; a quantity otherwise."""
        if isinstance(self.answer, Value):
            return self.answer.is_ is not None
        return isinstance(self.answer, Absent | Happens)


def attribute(name: str) -> AttributeOf:
    """An attribute of the subject."""
    return AttributeOf(name)


def where(name: str, test: Test, than: str | float | bool) -> Where:
    """A condition, such as `where("mode", "is", "Air")` or `where("value", "above", 1000)`."""
    return Where(name, test, than)


def happened(event: str, *, within: timedelta) -> Happened:
    """That `event` happened to the subject within some time before the cutoff."""
    return Happened(event, within)


def before(of: AttributeOf, lead: timedelta) -> Before:
    """Ask `lead` before the moment the attribute names."""
    return Before(of.name, lead)


def at(event: str) -> At:
    """Ask when `event` becomes known."""
    return At(event)


def every(step: timedelta, *, active: Happened | None = None) -> Every:
    """Ask every `step`, of those to whom `active` happened."""
    return Every(step, active)


def once() -> Once:
    """Ask of a flat table without time."""
    return Once()


def absent(
    event: str, *, until: AttributeOf | None = None, within: timedelta | None = None, where: tuple[Where, ...] = ()
) -> Absent:
    """Ask whether `event` will be missing at the end of the day the attribute names, or `within` some time."""
    return Absent(event=event, until=until.name if until else None, within=within, where=where)


def happens(
    event: str, *, by: AttributeOf | None = None, within: timedelta | None = None, where: tuple[Where, ...] = ()
) -> Happens:
    """Ask whether `event` will have happened by the end of the day the attribute names, or `within` some time."""
    return Happens(event=event, by=by.name if by else None, within=within, where=where)


def count(event: str, *, within: timedelta, where: tuple[Where, ...] = ()) -> Count:
    """Ask how often `event` will happen."""
    return Count(event=event, within=within, where=where)


@overload
def total(event: str, amount: str, *, within: timedelta, where: tuple[Where, ...] = ()) -> Total: ...


@overload
def total(event: str, amount: str, *, past: timedelta) -> TotalOf: ...


def total(
    event: str,
    amount: str,
    *,
    within: timedelta | None = None,
    past: timedelta | None = None,
    where: tuple[Where, ...] = (),
) -> Total | TotalOf:
    """Ask what the amounts of `event` will add up to `within` some time; or what they did in the `past`, as a worth."""
    if past is not None:
        return TotalOf(event, amount, past)
    return Total(event=event, amount=amount, within=within, where=where)


def next_(event: str, *, within: timedelta, where: tuple[Where, ...] = ()) -> Next:
    """Ask in how many days `event` will happen, looking `within` some time."""
    return Next(event=event, within=within, where=where)


def value(
    name: str, *, by: AttributeOf | None = None, within: timedelta | None = None, is_: str | None = None
) -> Value:
    """Ask what an attribute will be; with `is_`, whether it will be that."""
    return Value(attribute=name, by=by.name if by else None, within=within, is_=is_)
