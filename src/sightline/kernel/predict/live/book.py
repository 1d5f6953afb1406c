"""Live scoring's memory of one question: made from one bulk read, then kept up event by event.

A row of it is the row the bulk features would have after the same events, number for number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import polars as pl

from sightline.kernel.predict._linked import ITSELF
from sightline.kernel.predict._matrix import Singles
from sightline.kernel.predict._spec import Spec
from sightline.kernel.predict._streams import stream
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.live import _making as making
from sightline.kernel.predict.live._arrows import Arrows, Links
from sightline.kernel.predict.live._asked import Ask, Asking, Subject
from sightline.kernel.predict.live._changes import Changes, links_of
from sightline.kernel.predict.live._groups import Sums
from sightline.kernel.predict.live._histories import EVERYBODY, Histories, Key, of_links
from sightline.kernel.predict.live._ledger import Ledger, Name, Row
from sightline.kernel.predict.live._linked_row import Linked
from sightline.kernel.predict.live._members import PLACE, Store
from sightline.kernel.predict.live._plan import Coder, Plan
from sightline.kernel.predict.live._pointers import Pointers
from sightline.kernel.predict.live._rows import Sources, Values
from sightline.kernel.predict.live._strands import Strand, Told, Touched
from sightline.kernel.predict.live._subjects import Subjects
from sightline.kernel.predict.live._things import Thing
from sightline.kernel.predict.live._time import BEGINNING, END, micros, moment, span
from sightline.language.event import Event
from sightline.language.question import Absent, Every, Happens, Once, Question

MOST_TOUCHED = 5_000
"""Subjects that may change before a book is made anew: what is touched costs more than what was read in bulk."""

MOST_AT_ONCE = 1_000
"""Subjects that one event may change through a thing between them and another."""

MOST_LINKED = 10_000
"""Subjects that share one thing; of what more share, an event re-scores nobody but its own: the day's run does."""


@dataclass(slots=True)
class Moved:
    """What events changed, by key."""

    subjects: set[str] = field(default_factory=set)
    """What is asked of them, or their own history, is another."""
    linked: set[str] = field(default_factory=set)
    """What they share with those, or the things they point at, has another history."""
    stale: str | None = None
    """Why the book cannot follow and has to be made anew; the rest says nothing then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One subject at one cutoff."""

    key: str
    cutoff: datetime
    deadline: datetime
    worth: float | None


@dataclass(slots=True)
class Book:
    """One question of one tenant."""

    question: Question
    plan: Plan
    coder: Coder
    asking: Asking
    grid: making.Grid
    ledger: Ledger
    subjects: Subjects
    store: Store
    arrows: Arrows
    sources: Sources
    touched: Touched
    pointers: Pointers
    middles: frozenset[str]
    """The kinds that subjects point at."""
    types: dict[str, set[str]]
    """Kind to the types of what has happened to its things."""
    awaited: Strand | None
    paid: Strand | None
    last: int
    """The last moment anything became known."""
    histories: Histories = field(init=False)
    stale: str | None = None

    def __post_init__(self) -> None:
        self.histories = Histories(self.store, self.subjects, self.arrows)

    @classmethod
    def of(
        cls,
        question: Question,
        frame: pl.DataFrame,
        facts: Facts,
        now: datetime,
        specs: Sequence[Spec],
        vocabulary: Mapping[str, Sequence[str]],
    ) -> Book:
        """Made of the lake's columns and the facts read from them, all known by `now`.

        `specs`: the features of a row, in their order; `vocabulary`: of each category feature the values in the order
        of their numbers. Takes about as long as the bulk features; it may be made in a thread.
        """
        grid = making.Grid.of(question, facts, now)
        asked = making.read(question, facts, now)
        subjects = making.subjects(question, facts)
        store = making.store(question, asked, facts, subjects, grid, now)
        making.asked_now(question, asked, facts, subjects, now)
        kind = facts.kinds.get(question.of)
        one = stream(question.of, question.event or "", facts)
        ledger, touched, plan = Ledger.of(frame), Touched(), Plan.of(specs)
        last = facts.seen["known_at"].max()
        return cls(
            question=question,
            plan=plan,
            coder=Coder.of(specs, vocabulary),
            asking=Asking(question, kind, bool(one.roles) or getattr(question.when, "event", None) == question.event),
            grid=grid,
            ledger=ledger,
            subjects=subjects,
            store=store,
            arrows=making.arrows(question, facts, subjects),
            sources=Sources.make(question, plan, facts, ledger, touched),
            touched=touched,
            pointers=Pointers.of_facts(question.of, facts),
            middles=frozenset(link.to for link in kind.links) if kind else frozenset(),
            types=making.types(facts),
            awaited=making.awaited(question, facts),
            paid=making.paid(question, facts),
            last=micros(last) if isinstance(last, datetime) else BEGINNING,
        )

    def take(self, events: Iterable[Event]) -> Moved:
        """Take events in, in the order of their positions: facts and retractions, nothing else Sightline derived."""
        moved = Moved()
        for event in events:
            self._take(Row.of(event), moved)
            if self.stale:
                return Moved(stale=self.stale)
        return moved

    def _take(self, row: Row, moved: Moved) -> None:
        self._know_type(row)
        self.last = max(self.last, row.known_at)
        names = self.ledger.names(row)
        old = {name: self.ledger.thing(*name) for name in names}
        self.ledger.take(row)
        new = {name: self.ledger.thing(*name) for name in names}
        self._see_first(old, new)
        changes = Changes.of(self.question.of, self.middles, old, new, self.arrows, self.subjects.keys)
        if len(changes.subjects) > MOST_AT_ONCE or len(self.arrows.now) > MOST_TOUCHED:
            self.stale = "too much has changed"
        if self.stale:
            return
        before = {key: self._links_before(key, old) for key in changes.subjects}
        for name in names:
            self._touch(name, old[name], new[name])
        for key in sorted(changes.subjects):
            self._redo(key, before[key])
        moved.subjects |= changes.subjects
        if isinstance(self.question.when, Every):
            moved.linked |= self._linked(changes, before) - changes.subjects

    def _know_type(self, row: Row) -> None:
        known = self.types.setdefault(row.kind, set())
        if row.type not in known:
            known.add(row.type)
            if self.sources.misses(row.kind, row.type):
                self.stale = f"'{row.type}' happened for the first time"

    def _see_first(self, old: Mapping[Name, Thing], new: Mapping[Name, Thing]) -> None:
        """The grid begins with the first dated word: where that moves, every cutoff does."""
        if not isinstance(self.question.when, Every):
            return
        for name in old:
            if name[0] not in self.grid.about:
                continue
            had, has = _first(old[name]), _first(new[name])
            if has < (self.grid.first or END) or (had == self.grid.first and has != had):
                self.stale = "the first of all events is another"

    def _links_before(self, key: str, old: Mapping[Name, Thing]) -> Links:
        number = self.subjects.number.get(key)
        if number is None:
            return {}
        if number in self.arrows.now:
            return self.arrows.now[number]
        return self._links(key, lambda kind, other: old.get((kind, other)) or self.ledger.thing(kind, other))

    def _links(self, key: str, look: Callable[[str, str], Thing]) -> Links:
        return links_of(look(self.question.of, key), self.middles, look)

    def _touch(self, name: Name, old: Thing, new: Thing) -> None:
        if name not in self.touched.things:
            self.touched.things.add(name)
            self.touched.positions.update(self.ledger.before(*name))
        self.sources.forget(name[0], name)
        for thing in (old, new):
            for stretches in thing.links.values():
                for _, _, to in stretches:
                    kind, _, key = to.partition("/")
                    self.touched.pointing.setdefault((kind, key), set()).add(name)
                    self.sources.forget(name[0], (kind, key))

    def _redo(self, key: str, before: Links) -> None:
        """Ask a subject anew at every cutoff, and put its examples in the place of those before."""
        number = self.subjects.of_key(key)
        old_rows = self.subjects.rows(number)
        links = self._links(key, self.ledger.thing)
        self.subjects.born.values[number] = self.pointers.born(key, self.touched, self.ledger.thing)
        subject = self._subject(key)
        first = self.store.cutoff.size
        for cutoff, known in sorted(self.asking.cutoffs(subject, self.grid.steps)):
            ask = self.asking.ask(subject, cutoff, known=known)
            if ask is not None and ask.eligible:
                self.store.add(number, ask, self.asking.readings(subject, ask), self._occurred(subject))
        self.subjects.first.values[number] = first
        self.subjects.many.values[number] = self.store.cutoff.size - first
        self.arrows.put(number, links)
        self.histories.replace(number, old_rows, before, self.subjects.rows(number), links)
        if isinstance(self.question.when, Every):
            self._stand(number, subject)

    def _occurred(self, subject: Subject) -> list[tuple[int, int, int]]:
        """time, since, until of the subject's own answer events, where their lateness is a history."""
        question = self.question
        if question.deadline is None or not isinstance(question.answer, Absent | Happens):
            return []
        return [(w.time, w.since, w.until) for w in subject.thing.words if w.type == question.event]

    def _stand(self, number: int, subject: Subject) -> None:
        """Until when somebody who is asked again and again would be asked from now on."""
        who, when, now = self.subjects, self.question.when, self.last
        assert isinstance(when, Every)
        who.irregular.discard(number)
        who.asked_until.values[number] = 0
        events = {when.active.event if when.active else None, self.question.event} - {None}
        if any(one[1] > now for event in events for one in subject.happened(str(event))):
            who.irregular.add(number)
            return
        ask = self.asking.ask(subject, now) if self.asking.active(subject, now) else None
        if ask is None or not ask.eligible:
            return
        until = END if self.question.deadline is None else ask.deadline + 1
        if when.active is not None:
            within = span(when.active.within)
            times = [one[1] for one in subject.happened(when.active.event) if one[2] <= now < one[3]]
            until = min(until, max(times) + within)
        who.asked_until.values[number] = until
        who.silent.values[number] = self._is_silent(subject, ask)
        who.deadline.values[number] = 0 if self.question.deadline is None else ask.deadline

    def _is_silent(self, subject: Subject, ask: Ask) -> bool:
        readings = self.asking.readings(subject, ask)
        return any(one.since == ask.cutoff and not one.answered for one in readings)

    def _subject(self, key: str) -> Subject:
        held: dict[str, list[Told]] = {}

        def happened(event: str) -> list[Told]:
            if event not in held:
                held[event] = self.sources.happened(event, key)
            return held[event]

        def told(strand: Strand | None) -> Callable[[], Sequence[Told]]:
            kept: list[Sequence[Told]] = []

            def read() -> Sequence[Told]:
                if not kept:
                    kept.append(strand.of_thing(key, self.touched, self.ledger.thing).rows() if strand else ())
                return kept[0]

            return read

        number = self.subjects.number.get(key)
        born = END if number is None else int(self.subjects.born.values[number])
        thing = self.ledger.thing(self.question.of, key)
        return Subject(thing, born, happened, told(self.awaited), told(self.paid))

    def _linked(self, changes: Changes, before: Mapping[str, Links]) -> set[str]:
        """Who shares a thing with the touched, or points at one of which more is known now."""
        shared = {(role, "/".join(name)) for name in changes.things for role in self.arrows.roles}
        for key, links in before.items():
            for each in (links, self.arrows.now[self.subjects.number[key]]):
                shared |= {(role, to) for role, stretches in each.items() for _, _, to in stretches}
        found: set[str] = set()
        for target in shared:
            pointing = self.arrows.held(target).at(self.last)
            if len(pointing) <= MOST_LINKED:
                found |= {self.subjects.keys[one] for one in pointing.tolist()}
        return found

    def asks(self, key: str, at: datetime) -> Asked | None:
        """Whether a subject is asked at a moment, and if so by when it is answered and what is at stake."""
        subject, cutoff = self._subject(key), micros(at)
        ask = self._ask(subject, cutoff)
        if ask is None:
            return None
        return Asked(key=key, cutoff=at, deadline=moment(ask.deadline), worth=self.asking.worth(subject, cutoff))

    def _ask(self, subject: Subject, cutoff: int) -> Ask | None:
        if isinstance(self.question.when, Every) and not self.asking.active(subject, cutoff):
            return None
        ask = self.asking.ask(subject, cutoff)
        return ask if ask is not None and ask.eligible else None

    def stands(self, key: str, cutoff: datetime) -> bool:
        """Whether a subject is asked at a cutoff or was answered before it: what was said of it then is not taken back.

        Of those asked again and again, at a step of the grid or at any moment of the present.
        """
        subject, at = self._subject(key), micros(cutoff)
        if isinstance(self.question.when, Every):
            return len(self.examples(key)) > 0 or self._ask(subject, self.last) is not None
        known = {one for one, _ in self.asking.cutoffs(subject, ())}
        if at not in known:
            return False
        return self.asking.answered(subject, at) or any(one == cutoff for one in self.examples(key))

    def current(self, key: str, now: datetime) -> Asked | None:
        """The cutoff at which a subject is forecast at a moment: its last, while its answer is open."""
        if isinstance(self.question.when, Every):
            return self.asks(key, now)
        number, at = self.subjects.number.get(key), micros(now)
        rows = [] if number is None else self.subjects.rows(number).tolist()
        begun = [row for row in rows if self.store.cutoff.values[row] <= at]
        if not begun or self.store.deadline.values[begun[-1]] < at or self.store.is_answered(begun[-1], at):
            return None
        return self.asks(key, moment(int(self.store.cutoff.values[begun[-1]])))

    def ripened(self, after: datetime, upto: datetime) -> set[str]:
        """Whose cutoff lies in (after, upto]."""
        cutoff = self.store.cutoff.values
        rows = np.flatnonzero((micros(after) < cutoff) & (cutoff <= micros(upto)))
        found = ((int(row), int(self.store.subject.values[row])) for row in rows)
        return {self.subjects.keys[number] for row, number in found if row in self.subjects.rows(number)}

    def warm(self, at: datetime) -> None:
        """Sum the largest group, everybody, so that the first event need not."""
        if self.plan.linked:
            self.histories.sums(EVERYBODY, micros(at))

    @property
    def expires(self) -> datetime:
        """When the next step of the grid asks everybody anew: from then on the book is none."""
        return moment(min(self.grid.expires, END))

    def row(self, key: str, at: datetime) -> Singles | None:
        """The features of a subject at one of its cutoffs, in the order of the plan; None where it is not asked then.

        f32; categories as their numbers in the vocabulary, unknown is nan.
        """
        values = self.values(key, at)
        return None if values is None else self.coder(values)

    def values(self, key: str, at: datetime) -> Values | None:
        """The same, categories as texts."""
        cutoff = micros(at)
        subject = self._subject(key)
        ask = self._ask(subject, cutoff)
        if ask is None:
            return None
        values: Values = [None] * len(self.plan.specs)
        read = max(cutoff, self.last) if isinstance(self.question.when, Once) else cutoff
        self.sources.fill(values, key, read, ask, subject.born)
        if not isinstance(self.question.when, Once):
            self._fill_linked(values, subject, key, ask)
        return values

    def _fill_linked(self, values: Values, subject: Subject, key: str, ask: Ask) -> None:
        if not self.plan.linked:
            return
        mine = ask.deadline > ask.cutoff and self._is_silent(subject, ask)
        number = self.subjects.number[key]
        links = self.arrows.now[number] if number in self.arrows.now else self._links(key, self.ledger.thing)
        everybody = self._of_group(EVERYBODY, ask, None, mine=mine)
        base = everybody["share_365"]
        for roles, places in self.plan.linked.items():
            group: Key | None = ((ITSELF, key),) if roles == (ITSELF,) else of_links(roles, links, ask.cutoff)
            if group is None:
                continue
            told = everybody if not roles else self._of_group(group, ask, np.nan if base is None else base, mine=mine)
            for place, measure in places:
                values[place] = told[measure]

    def _of_group(self, key: Key, ask: Ask, base: float | None, *, mine: bool) -> Mapping[str, float | None]:
        found = self.histories.sums(key, ask.cutoff)
        siblings = 0
        itself = bool(key) and key[0][0] == ITSELF
        if self._between(ask.cutoff):
            found, siblings = self._with_asked_now(key, ask, found, itself=itself)
        if key and not itself and (not self._between(ask.cutoff) or self.question.deadline is not None):
            siblings += self.histories.siblings(key, ask.deadline, ask.cutoff)
        return Linked(found, ask.cutoff, siblings - 1, self.question.chance, mine, base).measures()

    def _between(self, at: int) -> bool:
        """Whether everybody is asked at a moment that is no step of the grid."""
        return isinstance(self.question.when, Every) and at not in self.grid.steps

    def _with_asked_now(self, key: Key, ask: Ask, found: Sums, *, itself: bool) -> tuple[Sums, int]:
        """The sums with everybody in them who would be asked at the same moment, and how many have its deadline."""
        who, at = self.subjects, ask.cutoff
        if itself:
            members = np.array([who.number[key[0][1]]])
        elif key:
            members = self.histories.held(key).at(at)
        else:
            members = np.arange(len(who.keys))
        here = slice(None) if key == EVERYBODY else members
        regular = who.asked_until.values[here] > at
        asked, silent = int(regular.sum()), int(who.silent.values[here][regular].sum())
        deadlines = who.deadline.values[here][regular]
        alike = int(((deadlines == 0) | (deadlines == ask.deadline)).sum())
        for number in who.irregular & set(members.tolist()) if who.irregular else ():
            subject = self._subject(who.keys[number])
            other = self._ask(subject, at)
            if other is not None:
                asked += 1
                alike += other.deadline == ask.deadline
                silent += self._is_silent(subject, other)
        sums = found.sums.copy()
        for name, more in (("asked", asked), ("asked_lately", asked), ("open", silent)):
            sums[PLACE[name]] += more
        return Sums(sums, found.yes_at, found.last), alike

    def examples(self, key: str) -> list[datetime]:
        """The cutoffs at which a subject is asked, ascending; of those asked again and again, on the grid."""
        number = self.subjects.number.get(key)
        if number is None:
            return []
        return [moment(at) for at in self.store.cutoff.values[self.subjects.rows(number)].tolist()]


def _first(thing: Thing) -> int:
    return min((w.since for w in thing.words if w.time > BEGINNING and w.since > BEGINNING), default=END)
