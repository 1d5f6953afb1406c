"""Whether a question fits what is declared: one check for lines, for packs and for what was remembered.

Whatever does not fit is told as a `Misfit` with the part of the question it is about; who reads a line points at the
word of that part, and who loads a pack names the pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sightline.kernel.predict.language.grammar import MAX_LENGTH
from sightline.kernel.predict.language.writing import NUMBER, canonical
from sightline.language.errors import Invalid
from sightline.language.kind import Attribute, EventKind, Kind, Sort
from sightline.language.question import (
    Absent,
    At,
    AttributeOf,
    Before,
    Every,
    Happens,
    Once,
    Question,
    Total,
    TotalOf,
    Value,
    Where,
)

LONGEST = timedelta(days=36_525)
"""Of any span: a hundred years. Dates would leave the calendar soon after."""

NUMBERS = frozenset({Sort.NUMBER})
MOMENTS = frozenset({Sort.DAY, Sort.INSTANT})
CLASSES = frozenset({Sort.CATEGORY, Sort.TEXT})

_WANTED = {NUMBERS: "a number", MOMENTS: "a day or a moment"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """What is wrong with one part of a question."""

    part: str
    """Which one: `kind`, `event`, `amount`, `attribute`, `class`, `deadline`, `within`, `cutoff`, `lead`, `step`,
    `active`, `active.event`, `grace`, `worth`, `worth.past`, `together`, `line`, or with a number from 0 on
    `event.where.0`, `where.0` (and `.value` behind them), `unless.0`."""
    says: str
    """In a sentence."""
    allowed: tuple[str, ...] = ()
    """What might stand there."""
    personal: bool = False
    """Whether it would fit, did not an import call an attribute personal. No fault of the pack that asks about it."""
    unknown: tuple[str, str] | None = None
    """Of a name that nobody declares: what it would name, and the name. `allowed` are those that are declared."""


def misfits(question: Question, kinds: Mapping[str, Kind], events: Mapping[str, EventKind]) -> Iterator[Misfit]:
    """What does not fit, the first of which is told. Later ones may follow from earlier ones."""
    kind = kinds.get(question.of)
    if kind is None:
        yield _unknown("kind", "kind", question.of, kinds)
        return
    check = _Check(question, kind, kinds, events)
    yield from check.answer()
    yield from check.cutoff()
    yield from check.clauses()
    yield from check.spans()
    yield from check.timeless()
    yield from _unwritable(question)


def events_of(kind: Kind, kinds: Mapping[str, Kind], events: Mapping[str, EventKind]) -> list[str]:
    """The events that happen to things of a kind, or to things that have a link to it; sorted."""
    near = {one.name for one in kinds.values() if any(link.to == kind.name for link in one.links)} | {kind.name}
    return sorted(name for name, one in events.items() if one.of in near)


def _unknown(part: str, what: str, name: str, known: Iterable[str]) -> Misfit:
    return Misfit(part=part, says=f"There is no {what} '{name}'.", allowed=tuple(sorted(known)), unknown=(what, name))


def _unwritable(question: Question) -> Iterator[Misfit]:
    try:
        line = canonical(question)
    except Invalid as error:
        yield Misfit(part="line", says=str(error))
        return
    if len(line) > MAX_LENGTH:
        yield Misfit(part="line", says=f"A question has at most {MAX_LENGTH} characters, this has {len(line)}.")
    for part, text in _texts(question):
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
            yield Misfit(part=part, says=f"{text[:40]!r} holds NUL or half a character, which is no text.")


def _texts(question: Question) -> Iterator[tuple[str, str]]:
    answer = question.answer
    if isinstance(answer, Value):
        yield "class", answer.is_ or ""
    tests = () if isinstance(answer, Value) else answer.where
    for place, where in (("event.where", tests), ("where", question.where)):
        yield from ((f"{place}.{n}.value", one.value) for n, one in enumerate(where) if isinstance(one.value, str))


@dataclass(frozen=True, slots=True)
class _Check:
    question: Question
    kind: Kind
    kinds: Mapping[str, Kind]
    events: Mapping[str, EventKind]

    def answer(self) -> Iterator[Misfit]:
        answer = self.question.answer
        if isinstance(answer, Value):
            yield from self._value(answer)
        else:
            yield from self._event("event", answer.event)
            said = self._told(answer.event)
            if isinstance(answer, Total):
                yield from self._amount("amount", answer.event, answer.amount)
            for place, one in enumerate(answer.where):
                yield from condition(f"event.where.{place}", said, one)
        if self.question.deadline is not None:
            yield from _attribute("deadline", self.kind, self.question.deadline, MOMENTS)
        yield from self._deadline()

    def _deadline(self) -> Iterator[Misfit]:
        """Exactly one of a span and an attribute ends the wait; neither does where there is no time."""
        answer, once = self.question.answer, isinstance(self.question.when, Once)
        part = "within" if answer.within is not None else "deadline"
        given = (answer.within is not None) + (self.question.deadline is not None)
        wait = {Absent: "until ATTRIBUTE", Happens: "by ATTRIBUTE", Value: "by ATTRIBUTE"}.get(type(answer))
        allowed = ("within N days", *([wait] if wait else []))
        if isinstance(answer, Value) and once:
            if given:
                yield Misfit(part=part, says="`once` asks of a table without time: nothing is waited for there.")
        elif given != 1:
            says = "The answer has two deadlines." if given else "Nothing says how long the answer is waited for."
            yield Misfit(part="attribute" if isinstance(answer, Value) else "event", says=says, allowed=allowed)

    def _value(self, answer: Value) -> Iterator[Misfit]:
        found = self.kind.attribute(answer.attribute)
        if found is None:
            yield from _attribute("attribute", self.kind, answer.attribute)
        elif answer.is_ is None:
            yield from _quantity(found)
        elif found.personal:
            yield _personal("attribute", found)
        elif found.sort in MOMENTS:
            yield Misfit(part="attribute", says=f"'{found.name}' is {found.sort.form}: neither a class nor a number.")
        elif not _is_class(found.sort, answer.is_):
            yield Misfit(
                part="class",
                says=f"'{found.name}' is never '{answer.is_}': it is {found.sort.form}.",
                allowed=("true", "false") if found.sort is Sort.FLAG else (found.sort.form,),
            )

    def cutoff(self) -> Iterator[Misfit]:
        when = self.question.when
        if isinstance(when, Before):
            yield from _attribute("cutoff", self.kind, when.attribute, MOMENTS)
        if isinstance(when, At):
            yield from self._event("cutoff", when.event)
        if isinstance(when, Every) and when.active:
            yield from self._event("active.event", when.active.event)

    def clauses(self) -> Iterator[Misfit]:
        for place, one in enumerate(self.question.where):
            yield from condition(f"where.{place}", self.kind, one)
        for place, event in enumerate(self.question.unless):
            yield from self._event(f"unless.{place}", event)
        worth = self.question.worth
        if isinstance(worth, AttributeOf):
            yield from _attribute("worth", self.kind, worth.name, NUMBERS)
        elif worth is not None:
            yield from self._event("worth", worth.event)
            yield from self._amount("worth", worth.event, worth.amount)
        links = [link.name for link in self.kind.links]
        if self.question.together is not None and self.question.together not in links:
            yield _unknown("together", f"link of {self.kind.name}", self.question.together, links)

    def spans(self) -> Iterator[Misfit]:
        for part, given, least in self._spans():
            if given < timedelta(0) or (given == timedelta(0) and least):
                yield Misfit(part=part, says="This span must be longer than nothing.", allowed=("1 days or more",))
            if given > LONGEST:
                yield Misfit(part=part, says="A span is a hundred years at most.", allowed=("36525 days or less",))

    def _spans(self) -> Iterator[tuple[str, timedelta, bool]]:
        """Each span, with whether it must be longer than nothing."""
        when, worth, within = self.question.when, self.question.worth, self.question.answer.within
        if within is not None:
            yield "within", within, True
        if isinstance(when, Before):
            yield "lead", when.lead, False
        if isinstance(when, Every):
            yield "step", when.step, True
            if when.active:
                yield "active", when.active.within, True
        yield "grace", self.question.grace, False
        if isinstance(worth, TotalOf):
            yield "worth.past", worth.past, True

    def timeless(self) -> Iterator[Misfit]:
        """A flat table has no deadline to be late after, no past, and no event that ends anything."""
        question = self.question
        if not isinstance(question.when, Once):
            return
        if not isinstance(question.answer, Value):
            yield Misfit(
                part="cutoff",
                says="`once` asks of a table without time, where no event can be waited for.",
                allowed=("before ATTRIBUTE", "at EVENT", "every N days", "active N days"),
            )
        timed = {"grace": question.grace, "unless.0": question.unless, "worth": isinstance(question.worth, TotalOf)}
        for part in (part for part, given in timed.items() if given):
            yield Misfit(part=part, says="`once` asks of a table without time, where this says nothing.")

    def _event(self, part: str, name: str) -> Iterator[Misfit]:
        known = events_of(self.kind, self.kinds, self.events)
        if name not in known:
            yield _unknown(part, f"event about {self.kind.name}", name, known)

    def _amount(self, part: str, event: str, amount: str) -> Iterator[Misfit]:
        for misfit in _attribute(part, self._told(event), amount, NUMBERS):
            whole = misfit.unknown is None
            yield replace(misfit, allowed=tuple(f"{event}.{one}" for one in misfit.allowed)) if whole else misfit

    def _told(self, event: str) -> Kind | None:
        """The kind whose attributes an event tells; None where it is of none that is declared."""
        return self.kinds.get(self.events[event].of) if event in self.events else None


def _attribute(part: str, kind: Kind | None, name: str, sorts: frozenset[Sort] | None = None) -> Iterator[Misfit]:
    if kind is None:
        return
    found = kind.attribute(name)
    if found is None:
        yield _unknown(part, f"attribute of {kind.name}", name, [one.name for one in kind.attributes])
    elif found.personal:
        yield _personal(part, found)
    elif sorts is not None and found.sort not in sorts:
        fitting = [one.name for one in kind.attributes if one.sort in sorts and not one.personal]
        yield Misfit(
            part=part, says=f"'{name}' must be {_WANTED[sorts]}, and is {found.sort.form}.", allowed=tuple(fitting)
        )


def _quantity(found: Attribute) -> Iterator[Misfit]:
    """Without a class, only a number can be asked about."""
    if found.personal:
        yield _personal("attribute", found)
    elif found.sort is Sort.FLAG:
        yield Misfit(part="attribute", says=f"'{found.name}' is true or false: ask value {found.name} is true.")
    elif found.sort in CLASSES:
        yield Misfit(
            part="attribute",
            says=f"'{found.name}' is a text, not a number. Ask about one of them: value {found.name} is CLASS.",
            allowed=(f"{found.name} is CLASS",),
        )
    elif found.sort is not Sort.NUMBER:
        yield Misfit(part="attribute", says=f"'{found.name}' must be a number, and is {found.sort.form}.")


def _is_class(sort: Sort, is_: str) -> bool:
    if sort is Sort.FLAG:
        return is_ in {"true", "false"}
    return bool(NUMBER.fullmatch(is_) if sort is Sort.NUMBER else is_)


def _personal(part: str, found: Attribute) -> Misfit:
    says = f"'{found.name}' is personal: what is kept of it is a token, which tells nothing."
    return Misfit(part=part, says=says, personal=True)


def condition(part: str, kind: Kind | None, one: Where) -> Iterator[Misfit]:
    """What is wrong with a condition: `is` and `is not` take what the attribute holds, `above` and `below` a number on
    either side.
    """
    ordered = one.test in {"above", "below"}
    wrong = list(_attribute(part, kind, one.name, NUMBERS if ordered else None))
    yield from wrong
    found = kind.attribute(one.name) if kind and not wrong else None
    if found is None:
        return
    # An empty text stands for what is unknown, which meets no condition.
    text = isinstance(one.value, str) and bool(one.value)
    if not (text if found.sort in CLASSES else found.sort.holds(one.value)):
        yield Misfit(
            part=f"{part}.value",
            says=f"'{one.name}' is never {one.value!r}: it is {found.sort.form}.",
            allowed=(found.sort.form,),
        )
