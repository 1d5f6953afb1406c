"""An honest clerk: reads the ledger row by row as it stood on a day, and counts by hand.

Nothing here shares code with the engine: no intervals, no joins, no sums over time. For every moment the clerk opens
the book of that moment (the last word of every chain by then) and looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from sightline.language.kind import Kind, Sort
from sightline.language.question import (
    Absent,
    At,
    Before,
    Count,
    Every,
    Happens,
    Next,
    Once,
    Question,
    Total,
    TotalOf,
    Value,
    Where,
)
from sightline.language.time import DAWN, end_of, start_of
from tests.kernel.predict.histories import Row, day, pointed

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fact:
    """A version of an event: the row and its place in the ledger."""

    position: int
    row: Row

    @property
    def time(self) -> datetime:
        return day(self.row.time)

    @property
    def known(self) -> datetime:
        return day(self.row.known)


@dataclass(frozen=True, slots=True)
class Book:
    """What stands at one moment."""

    kinds: Mapping[str, Kind]
    own: frozenset[tuple[str, str]]
    """Kind and type of everything that ever happened to the kind itself."""
    facts: tuple[Fact, ...]
    """In the order in which they became known."""
    said: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """The last word about every attribute of every thing."""
    links: dict[tuple[str, str], dict[str, str | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for fact in self.facts:
            thing = (fact.row.kind, fact.row.key)
            self.said.setdefault(thing, {}).update(fact.row.data)
            self.links.setdefault(thing, {}).update({role: pointed(role, to) for role, to in fact.row.links})

    def attribute(self, kind: str, key: str, name: str) -> Any:
        return self.said.get((kind, key), {}).get(name)

    def link(self, kind: str, key: str, role: str) -> str | None:
        return self.links.get((kind, key), {}).get(role)

    def knows(self, kind: str, key: str) -> bool:
        """Whether anything is known of it, or points at it."""
        return (kind, key) in self.said or any(f"{kind}/{key}" in ends.values() for ends in self.links.values())

    def events(self, of: str, type_: str) -> Iterator[tuple[str, Fact]]:
        """key, fact: whom of a kind an event happened to, itself or something that is linked to it."""
        for fact in self.facts:
            if fact.row.type != type_:
                continue
            if (of, type_) in self.own:
                if fact.row.kind == of:
                    yield fact.row.key, fact
                continue
            roles = [link.name for link in self.kinds[fact.row.kind].links if link.to == of]
            ends = {self.link(fact.row.kind, fact.row.key, role) for role in roles} - {None}
            for end in sorted(str(end) for end in ends):
                yield end.partition("/")[2], fact

    def member(self, fact: Fact, name: str) -> Any:
        """What an event says itself, else what is known of the thing it happened to."""
        said = dict(fact.row.data).get(name)
        if said is not None and not fact.row.type.endswith(".described"):
            return said
        return self.attribute(fact.row.kind, fact.row.key, name)

    def read(self, of: str, fact: Fact, name: str) -> Any:
        """A member as features read it: of the linked thing only where it is declared."""
        declared = {one.name for one in self.kinds[fact.row.kind].attributes}
        if (of, fact.row.type) not in self.own and name in declared:
            return self.member(fact, name)
        return None if fact.row.type.endswith(".described") else dict(fact.row.data).get(name)

    def of(self, key: str, kind: str, type_: str, conditions: Sequence[Where] = ()) -> list[Fact]:
        """What happened to one subject and meets the conditions."""
        found = [fact for to, fact in self.events(kind, type_) if to == key]
        return [f for f in found if all(meets(c, self.member(f, c.name)) for c in conditions)]


def meets(condition: Where, value: Any) -> bool:
    if value is None:
        return False
    number = float(value) if isinstance(value, (bool, int, float)) else None
    if condition.test in ("above", "below"):
        assert not isinstance(condition.value, str)
        above = condition.test == "above"
        return number is not None and (number > condition.value if above else number < condition.value)
    same = value == condition.value if isinstance(condition.value, str) else number == float(condition.value)
    return same if condition.test == "is" else not same


def amount(value: Any) -> float | None:
    """A number or a flag; a text is none."""
    return float(value) if isinstance(value, (bool, int, float)) else None


def amount_or_text(value: Any) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Asked:
    key: str
    cutoff: datetime
    deadline: datetime
    matures_at: datetime
    worth: float | None


@dataclass(frozen=True)
class Clerk:
    rows: Sequence[Row]
    kinds: Mapping[str, Kind]
    _books: dict[datetime, Book] = field(default_factory=dict)

    def book(self, at: datetime) -> Book:
        if at not in self._books:
            self._books[at] = Book(self.kinds, self.own, tuple(self._standing(at)))
        return self._books[at]

    def _standing(self, at: datetime) -> list[Fact]:
        last: dict[str, Fact] = {}
        ordered = sorted((f for f in self._facts if f.known <= at), key=lambda fact: (fact.known, fact.position))
        for fact in ordered:
            last[fact.row.root] = fact
        standing = [f for f in last.values() if not f.row.retracted and not f.row.type.startswith("sightline.")]
        return sorted(standing, key=lambda fact: (fact.known, fact.position))

    @cached_property
    def _facts(self) -> list[Fact]:
        return [Fact(position, row) for position, row in enumerate(self.rows, start=1)]

    @cached_property
    def own(self) -> frozenset[tuple[str, str]]:
        found = {(f.row.kind, f.row.type) for at in self.moments for f in self._standing(at)}
        return frozenset(found)

    @cached_property
    def moments(self) -> list[datetime]:
        """Whenever anything became known."""
        return sorted({day(row.known) for row in self.rows})

    @cached_property
    def keys(self) -> dict[str, list[str]]:
        """All keys named, by kind."""
        found = {(row.kind, row.key) for row in self.rows}
        ends = [pointed(role, to) for row in self.rows for role, to in row.links]
        for end in ends:
            if end is not None:
                kind, _, key = end.partition("/")
                found.add((kind, key))
        return {kind: sorted(k for of, k in found if of == kind) for kind in {of for of, _ in found}}

    def born(self, kind: str, key: str) -> datetime | None:
        return next((at for at in self.moments if self.book(at).knows(kind, key)), None)

    # Who is asked, and when.

    def cutoffs(self, question: Question, key: str, now: datetime | None) -> list[datetime]:
        when = question.when
        if isinstance(when, Once):
            born = self.born(question.of, key)
            return [] if born is None else [born]
        if isinstance(when, Before):
            return self._before(question.of, key, when)
        if isinstance(when, At):
            return self._at(question.of, key, when)
        return self._every(question.of, key, when, now)

    def _before(self, of: str, key: str, when: Before) -> list[datetime]:
        """The first day on which what is known names the moment exactly `lead` later."""
        texts = {dict(row.data).get(when.attribute) for row in self.rows if (row.kind, row.key) == (of, key)}
        found = sorted((start_of(text) - when.lead, text) for text in texts if isinstance(text, str))
        holding = [at for at, text in found if self.book(at).attribute(of, key, when.attribute) == text]
        return holding[:1]

    def _at(self, of: str, key: str, when: At) -> list[datetime]:
        """Per time at which the event happened: the first moment at which it had happened and was known."""
        first: dict[datetime, datetime] = {}
        times = {fact.time for fact in self._facts}
        for at in sorted({*self.moments, *times}):
            for fact in self.book(at).of(key, of, when.event):
                if fact.time <= at:
                    first.setdefault(fact.time, at)
        return sorted(set(first.values()))

    def _every(self, of: str, key: str, when: Every, now: datetime | None) -> list[datetime]:
        first, last = self.first(of), max([*self.moments, *([now] if now else [])], default=None)
        if first is None or last is None:
            return []
        grid = [EPOCH + when.step * n for n in range((last - EPOCH) // when.step + 1)]
        found = {at for at in grid if at >= first} | ({now} if now else set())
        if when.active is None:
            return sorted(at for at in found if at >= first)
        event, within = when.active.event, when.active.within
        return sorted(at for at in found if any(at - within < f.time <= at for f in self.book(at).of(key, of, event)))

    def first(self, of: str) -> datetime | None:
        """Since when anything dated is known of a kind, or of what is declared to be linked to it."""
        about = {of} | {kind.name for kind in self.kinds.values() if any(link.to == of for link in kind.links)}
        for at in self.moments:
            if at > DAWN and any(f.row.kind in about and f.time > DAWN for f in self.book(at).facts):
                return at
        return None

    def asked(self, question: Question, now: datetime | None = None) -> list[Asked]:
        """Everyone who is asked, by (cutoff, key)."""
        found = []
        for key in self.keys.get(question.of, []):
            born = self.born(question.of, key)
            for at in self.cutoffs(question, key, now):
                deadline = self._deadline(question, key, at)
                if born is None or born > at or deadline is None or deadline < at or not self._open(question, key, at):
                    continue
                found.append(Asked(key, at, deadline, deadline + question.grace, self._worth(question, key, at)))
        return sorted(found, key=lambda one: (one.cutoff, one.key))

    def _deadline(self, question: Question, key: str, at: datetime) -> datetime | None:
        if isinstance(question.when, Once):
            return at
        if question.deadline is None:
            assert question.answer.within is not None
            return at + question.answer.within
        text = self.book(at).attribute(question.of, key, question.deadline)
        return end_of(text) if isinstance(text, str) else None

    def _open(self, question: Question, key: str, at: datetime) -> bool:
        book, of = self.book(at), question.of
        if any(book.of(key, of, event) for event in question.unless):
            return False
        if not all(meets(c, book.attribute(of, key, c.name)) for c in question.where):
            return False
        answer = question.answer
        if isinstance(question.when, Once) or isinstance(answer, Count | Total | Value):
            return True
        if isinstance(question.when, Every) and question.deadline is None:
            return True
        recurs = (of, answer.event) not in self.own or getattr(question.when, "event", None) == answer.event
        if question.deadline is None and recurs:
            return True
        return not book.of(key, of, answer.event, answer.where)

    def _worth(self, question: Question, key: str, at: datetime) -> float | None:
        worth, book = question.worth, self.book(at)
        if worth is None:
            return None
        if isinstance(worth, TotalOf):
            found = [f for f in book.of(key, question.of, worth.event) if at - worth.past < f.time <= at]
            return sum(amount(book.member(f, worth.amount)) or 0.0 for f in found)
        return amount_or_text(book.attribute(question.of, key, worth.name))

    # How it turned out.

    def answer(self, question: Question, one: Asked, at: datetime) -> float | None:
        """How the answer of an example reads at a moment, mature or not; of a censored `next` None."""
        answer, book = question.answer, self.book(at)
        if isinstance(answer, Value):
            read = at if isinstance(question.when, Once) else min(at, one.matures_at)
            return self._value(question, answer, self.book(read).attribute(question.of, one.key, answer.attribute))
        found = [f for f in book.of(one.key, question.of, answer.event, answer.where) if f.time <= one.deadline]
        if question.deadline is None:
            found = [f for f in found if f.time > one.cutoff]
        if isinstance(answer, Next):
            return min(((f.time - one.cutoff) / DAY for f in found), default=None)
        if isinstance(answer, Count):
            return float(len(found))
        if isinstance(answer, Total):
            return sum(amount(book.member(f, answer.amount)) or 0.0 for f in found)
        assert isinstance(answer, Absent | Happens)
        return float(bool(found) != isinstance(answer, Absent))

    def _value(self, question: Question, answer: Value, value: Any) -> float | None:
        if value is None or answer.is_ is None:
            return amount_or_text(value)
        declared = self.kinds[question.of].attribute(answer.attribute)
        if declared and declared.sort is Sort.FLAG:
            return float(value == (answer.is_ == "true"))
        return float(value == answer.is_)

    def answered(self, question: Question, one: Asked, at: datetime) -> bool:
        """Whether what is waited for is known; what adds up is never known before its time is over."""
        answer = question.answer
        if isinstance(answer, Value) and not isinstance(question.when, Once):
            # What it said at the cutoff already may change until the deadline.
            return self.answer(question, one, at) is not None and self.answer(question, one, one.cutoff) is None
        if isinstance(answer, Value | Next):
            return self.answer(question, one, at) is not None
        if isinstance(answer, Count | Total):
            return False
        found = self.book(at).of(one.key, question.of, answer.event, answer.where)
        if question.deadline is not None:
            return bool(found)
        return any(one.cutoff < f.time <= one.deadline for f in found)
