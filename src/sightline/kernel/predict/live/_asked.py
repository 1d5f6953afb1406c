"""Whether, and as of when, one subject is asked, and how its answers read: `cutoffs`, `examples` and `readings` of one
subject, in plain Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sightline.kernel.predict._queries import LARGEST, SCALE
from sightline.kernel.predict.live._strands import Told, meets
from sightline.kernel.predict.live._things import Thing, Value
from sightline.kernel.predict.live._time import DAY, END, begins, ends, span
from sightline.language.kind import Kind, Sort
from sightline.language.question import Absent, At, Before, Count, Every, Next, Once, Question, Total, TotalOf
from sightline.language.question import Value as Attribute


@dataclass(frozen=True, slots=True)
class Reading:
    """How an answer reads from `since` until `until`: whether it is known, and its value as a whole number."""

    since: int
    until: int
    answered: bool
    whole: int


@dataclass(frozen=True, slots=True)
class Ask:
    """One subject at one cutoff."""

    cutoff: int
    deadline: int
    matures: int
    eligible: bool
    answered: bool
    """Known at the cutoff: not eligible, but still asked."""


@dataclass(slots=True)
class Subject:
    """What is known of one subject that decides when it is asked."""

    thing: Thing
    born: int
    """END where nothing is known of it."""
    happened: Callable[[str], Sequence[Told]]
    """The occurrences of an event that concern it."""
    awaited: Callable[[], Sequence[Told]]
    """Those that answer the question; a total's amounts as numbers."""
    paid: Callable[[], Sequence[Told]]
    """The amounts that its worth adds up, where it does."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The rules of one question."""

    question: Question
    kind: Kind | None
    recurs: bool
    """Whether the event asked about may have happened before, at the cutoff or to others linked to it."""

    def cutoffs(self, subject: Subject, grid: Iterable[int]) -> Iterator[tuple[int, bool]]:
        """Each cutoff, and whether what sets it was known then. `grid`: the steps of `every`."""
        when = self.question.when
        if isinstance(when, Before):
            yield from _before(when, subject.thing)
        elif isinstance(when, At):
            found = subject.happened(when.event)
            yield from ((at, True) for at in sorted(_moments(found)))
        elif isinstance(when, Every):
            yield from ((at, True) for at in grid if self.active(subject, at))
        elif subject.born < END:
            yield subject.born, True

    def active(self, subject: Subject, at: int) -> bool:
        """Whether somebody who is asked again and again is asked at a moment."""
        when = self.question.when
        assert isinstance(when, Every)
        if when.active is None:
            return subject.born <= at
        within = span(when.active.within)
        return any(
            since <= at < until and time <= at < time + within
            for _, time, since, until, *_ in subject.happened(when.active.event)
        )

    def ask(self, subject: Subject, cutoff: int, *, known: bool = True) -> Ask | None:
        """The example at a cutoff; None where nothing gives it a deadline."""
        question = self.question
        deadline = self.deadline(subject, cutoff)
        if deadline is None:
            return None
        answered = self.answered(subject, cutoff)
        eligible = not answered and known and subject.born <= cutoff <= deadline
        eligible = eligible and not any(_stands(subject.happened(event), cutoff) for event in question.unless)
        for condition in question.where if eligible else ():
            value = subject.thing.attribute(condition.name, cutoff)
            eligible = eligible and value is not None and meets(condition, *value)
        matures = deadline + span(question.grace)
        return Ask(cutoff, deadline, matures, eligible, answered)

    def deadline(self, subject: Subject, cutoff: int) -> int | None:
        """By when it is answered."""
        question = self.question
        if isinstance(question.when, Once):
            return cutoff
        if question.deadline is None:
            assert question.answer.within is not None, "checked when the question was declared"
            return cutoff + span(question.answer.within)
        value = subject.thing.attribute(question.deadline, max(cutoff, subject.born))
        return ends(value[1]) if value is not None and value[1] is not None else None

    def answered(self, subject: Subject, cutoff: int) -> bool:
        """Whether the answer was known at the cutoff; what adds up from then on never was."""
        question = self.question
        if isinstance(question.when, Once) or isinstance(question.answer, Count | Total | Attribute):
            return False
        if question.deadline is None and (isinstance(question.when, Every) or self.recurs):
            return False
        return _stands(subject.awaited(), cutoff)

    def worth(self, subject: Subject, cutoff: int) -> float | None:
        """Money at stake at the cutoff."""
        worth = self.question.worth
        if worth is None:
            return None
        if isinstance(worth, TotalOf):
            low = cutoff - span(worth.past)
            return float(sum(sorted(
                number for _, time, since, until, number, _ in subject.paid()
                if number is not None and low < time <= cutoff and since <= cutoff < until
            )))  # fmt: skip
        value = subject.thing.attribute(worth.name, cutoff)
        return None if value is None else number_of(value)

    def readings(self, subject: Subject, ask: Ask) -> list[Reading]:
        """How the answer reads over time, one interval after the other from the cutoff on."""
        if isinstance(self.question.answer, Attribute):
            found = list(_whole(self._of_attribute(self.question.answer, subject.thing, ask), ask.cutoff))
            # What it says at the cutoff already is no answer: it may change until the deadline.
            stood = found[0].answered and not isinstance(self.question.when, Once)
            return [replace(one, answered=False) for one in found] if stood else found
        whole_day = self.question.deadline is not None
        inside = [one for one in subject.awaited() if whole_day or ask.cutoff < one[1] <= ask.deadline]
        at = {ask.cutoff} | {max(one[2], ask.cutoff) for one in inside}
        moments = sorted(at | {max(one[3], ask.cutoff) for one in inside if one[3] < END})
        found = []
        for since, until in zip(moments, [*moments[1:], END], strict=True):
            answered, value = self._read(ask, [one for one in inside if one[2] <= since < one[3]])
            found.append(Reading(since, until, answered, self.whole(value)))
        return found

    def _read(self, ask: Ask, known: Sequence[Told]) -> tuple[bool, float]:
        answer, in_time = self.question.answer, [one for one in known if one[1] <= ask.deadline]
        if isinstance(answer, Next):
            first = min(((one[1] - ask.cutoff) / DAY for one in known), default=None)
            return first is not None, (ask.deadline - ask.cutoff) / DAY if first is None else first
        if isinstance(answer, Count):
            return False, float(len(in_time))
        if isinstance(answer, Total):
            return False, sum(one[4] or 0.0 for one in in_time)
        return bool(known), float(not in_time if isinstance(answer, Absent) else bool(in_time))

    def _of_attribute(self, answer: Attribute, thing: Thing, ask: Ask) -> Iterator[Reading]:
        frozen = not isinstance(self.question.when, Once)
        for since, until, value in thing.attributes.get(answer.attribute, ()):
            stays = frozen and until > ask.matures
            number = self._class(answer, value)
            if (until <= ask.cutoff and frozen) or (frozen and since > ask.matures) or number is None:
                continue
            cut = Reading(max(since, ask.cutoff), END if stays else until, True, self.whole(number))
            if cut.since < cut.until:
                yield cut

    def _class(self, answer: Attribute, value: Value) -> float | None:
        if answer.is_ is None:
            return number_of(value)
        number, text = value
        declared = self.kind.attribute(answer.attribute) if self.kind else None
        if declared is not None and declared.sort is Sort.FLAG:
            return None if number is None else float(number == (1.0 if answer.is_ == "true" else 0.0))
        if declared is not None and declared.sort is Sort.NUMBER:
            return None if number is None else float(number == float(answer.is_))
        said = text if text is not None else None if number is None else str(number)
        return None if said is None else float(said == answer.is_)

    def whole(self, value: float) -> int:
        """Of a chance 1 or 0; of a quantity whole numbers of 1/10,000."""
        if self.question.chance:
            return int(value)
        return round(min(max(value, -LARGEST), LARGEST) * SCALE)


def _whole(known: Iterable[Reading], cutoff: int) -> Iterator[Reading]:
    """These, and between them that nothing is known."""
    at = cutoff
    for one in known:
        if one.since > at:
            yield Reading(at, one.since, answered=False, whole=0)
        yield one
        at = one.until
    if at < END:
        yield Reading(at, END, answered=False, whole=0)


def number_of(value: Value) -> float | None:
    """A value as a number, where it is one."""
    number, text = value
    if number is not None or text is None:
        return number
    try:
        return float(text)
    except ValueError:
        return None


def _before(when: Before, thing: Thing) -> Iterator[tuple[int, bool]]:
    """The first valid cutoff: what is known at it names a moment exactly `lead` later. Else a nominal one."""
    lead, found = span(when.lead), []
    for since, until, (_, text) in thing.attributes.get(when.attribute, ()):
        at = begins(text) if text is not None else None
        if at is not None:
            cutoff = at - lead
            holds = since <= cutoff < until
            found.append((not holds, cutoff if holds else 0, since, cutoff))
    if found:
        nominal, _, _, cutoff = min(found)
        yield cutoff, not nominal


def _moments(found: Sequence[Told]) -> set[int]:
    """Per occurrence the first moment it had happened and was known; one taken back before asks nobody."""
    first: dict[int, int] = {}
    for _, time, since, until, *_ in found:
        cutoff = max(since, time)
        if until > cutoff:
            first[time] = min(first.get(time, cutoff), cutoff)
    return set(first.values())


def _stands(found: Sequence[Told], at: int) -> bool:
    return any(one[2] <= at < one[3] for one in found)
