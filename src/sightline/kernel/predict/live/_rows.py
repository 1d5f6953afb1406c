"""The features that need no other example: what a thing is, what happened to it, and the same of what it points at."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sightline.kernel.predict._attributes import _MOMENT, _buckets
from sightline.kernel.predict._happenings import WINDOWS
from sightline.kernel.predict._streams import Stream, stream
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.live import _making as making
from sightline.kernel.predict.live._asked import Ask
from sightline.kernel.predict.live._changes import named
from sightline.kernel.predict.live._ledger import Ledger, Name
from sightline.kernel.predict.live._plan import Path, Plan
from sightline.kernel.predict.live._strands import Occurrences, Strand, Told, Touched
from sightline.kernel.predict.live._things import Thing, Value
from sightline.kernel.predict.live._time import BEGINNING, DAY, begins, hours_between, moment
from sightline.kernel.predict.live._timeline import Amount, Commonest, Timeline
from sightline.language.kind import Kind, Sort
from sightline.language.question import At, Every, Question

Values = list[float | str | None]

_LOOKS = re.compile(_MOMENT)


@dataclass(slots=True)
class Sources:
    """Strands by the kind they concern and their event, and the timelines made of them."""

    plan: Plan
    of: str
    ledger: Ledger
    touched: Touched
    kinds: dict[str, Kind]
    over: dict[Path, str]
    """Path to the kind at its end."""
    strands: dict[tuple[str, str, str], Strand] = field(default_factory=dict)
    """Kind, event and member ("": the occurrences)."""
    _timelines: dict[tuple[str, str, str], Timeline] = field(default_factory=dict)
    """Kind, event and key."""

    @classmethod
    def make(cls, question: Question, plan: Plan, facts: Facts, ledger: Ledger, touched: Touched) -> Sources:
        """All that the plan reads, and what decides when the question is asked."""
        over = {path: kind for path in plan.paths if (kind := making.kinds_over(facts, question.of, path)) is not None}
        found = cls(plan, question.of, ledger, touched, dict(facts.kinds), {**over, (): question.of})
        for path, event in plan.happened:
            if path in found.over:
                one = stream(found.over[path], event, facts)
                for member in ("", *plan.members(path, event)):
                    found._strand(one, member, facts)
        for event in asked_of(question):
            found._strand(stream(question.of, event, facts), "", facts)
        return found

    def _strand(self, one: Stream, member: str, facts: Facts) -> None:
        key = (one.of, one.event, member)
        if key not in self.strands:
            self.strands[key] = making.strand(one, facts, member or None)

    def misses(self, kind: str, type_: str) -> bool:
        """Whether an event that happens for the first time to things of a kind makes another stream of one read."""
        return any(event == type_ and one.stream.kind != kind for (_, event, _), one in self.strands.items())

    def forget(self, source: str, name: Name) -> None:
        """What things of the kind `source` tell of a thing is another."""
        for (kind, event, member), one in self.strands.items():
            if not member and kind == name[0] and one.stream.kind == source:
                self._timelines.pop((kind, event, name[1]), None)

    def happened(self, event: str, key: str) -> list[Told]:
        """The occurrences of an event that concern a subject."""
        return self.strands[self.of, event, ""].of_thing(key, self.touched, self.ledger.thing).rows()

    def _timeline(self, kind: str, event: str, key: str, members: dict[str, bool]) -> Timeline:
        name = (kind, event, key)
        found = self._timelines.get(name)
        if found is None:
            found = self._timelines[name] = Timeline.of(self._of_thing(kind, event, "", key))
        for member, category in members.items():
            if category and member not in found.commonest:
                found.commonest[member] = Commonest.of(self._of_thing(kind, event, member, key))
            elif not category and member not in found.amounts:
                found.amounts[member] = Amount.of(self._of_thing(kind, event, member, key))
        return found

    def _of_thing(self, kind: str, event: str, member: str, key: str) -> Occurrences:
        return self.strands[kind, event, member].of_thing(key, self.touched, self.ledger.thing)

    def fill(self, values: Values, key: str, at: int, ask: Ask, born: int) -> None:
        """The values of one subject at a moment, each in its place."""
        own = self.ledger.thing(self.of, key)
        ends = self._ends(key, own, at)
        self._fill_attributes(values, ends, at)
        for role, place in self.plan.pointed.items():
            values[place] = own.link(role, at)
        for name, places in self.plan.words.items():
            value = own.attribute(name, at)
            if value is not None and value[1] is not None:
                counts = _buckets(value[1])
                for place, bucket in places:
                    values[place] = counts[bucket]
        self._fill_happened(values, ends, at)
        for place in self.plan.age:
            values[place] = hours_between(ask.cutoff, born) if born > BEGINNING else None
        for place, part in self.plan.calendar:
            values[place] = _calendar(part, ask)

    def _ends(self, key: str, own: Thing, at: int) -> dict[Path, tuple[Name, Thing]]:
        """What is at the end of each path at a moment."""
        found: dict[Path, tuple[Name, Thing]] = {(): ((self.of, key), own)}
        wanted = {path[:length] for path in self.over for length in range(1, len(path) + 1)}
        for path in sorted(wanted, key=len):
            before = found.get(path[:-1])
            to = before[1].link(path[-1], at) if before else None
            kind = self._kind(path)
            if to is not None and kind is not None:
                name = (kind, named(to)[1])
                found[path] = (name, self.ledger.thing(*name))
        return found

    def _kind(self, path: Path) -> str | None:
        of: str | None = self.of
        for role in path:
            kind = self.kinds.get(of) if of else None
            link = kind.link(role) if kind else None
            of = link.to if link else None
        return of

    def _fill_attributes(self, values: Values, ends: dict[Path, tuple[Name, Thing]], at: int) -> None:
        for (path, name), places in self.plan.attributes.items():
            if path in ends:
                (kind, _), thing = ends[path]
                value = thing.attribute(name, at)
                if value is not None:
                    for place, measure in places:
                        values[place] = self._read(kind, name, measure, value, at)

    def _read(self, kind: str, name: str, measure: str, value: Value, at: int) -> float | str | None:
        """How an attribute enters."""
        number, text = value
        if measure == "value":
            return number
        when = begins(text) if text is not None and _LOOKS.match(text) else None
        if measure == "days":
            return None if when is None else hours_between(when, at)
        found = self.kinds.get(kind)
        declared = found.attribute(name) if found else None
        if declared is None:
            return text if when is None else None
        assert declared.sort not in {Sort.NUMBER, Sort.FLAG, Sort.DAY, Sort.INSTANT}
        return text if text is not None else None if number is None else str(number)

    def _fill_happened(self, values: Values, ends: dict[Path, tuple[Name, Thing]], at: int) -> None:
        for (path, event), places in self.plan.happened.items():
            if path not in ends:
                continue
            kind, key = ends[path][0]
            line = self._timeline(kind, event, key, self.plan.members(path, event))
            windows = (30, 365) if path else WINDOWS
            plain = line.measures(at, windows)
            amounts = {name: one.measures(at, windows) for name, one in line.amounts.items()}
            for place, member, measure in places:
                if measure == "commonest":
                    values[place] = line.commonest[member].at(at)
                else:
                    values[place] = (amounts[member] if member else plain).get(measure)


def asked_of(question: Question) -> set[str]:
    """The events that decide when a question is asked and whether it still is."""
    events = set(question.unless)
    if question.event is not None:
        events.add(question.event)
    if isinstance(question.when, At):
        events.add(question.when.event)
    if isinstance(question.when, Every) and question.when.active is not None:
        events.add(question.when.active.event)
    return events


def _calendar(part: str, ask: Ask) -> float:
    if part == "time":
        return float(ask.cutoff // DAY)
    if part == "ahead":
        return hours_between(ask.deadline, ask.cutoff)
    read: dict[str, Callable[[], int]] = {
        "month": lambda: moment(ask.cutoff).month,
        "weekday": lambda: moment(ask.cutoff).isoweekday(),
        "deadline_weekday": lambda: moment(ask.deadline).isoweekday(),
        "deadline_day": lambda: moment(ask.deadline).day,
    }
    return float(read[part]())
