"""A fact with several versions in the ledger, which never forgets: what must be appended so that it reads right.

Of the versions that an import stands for, each is what the business knew from the moment it could know it until the
next one was read; the first of them speaks for the time it always did. Where the ledger reads otherwise at any moment,
an event of that moment is appended; what becomes known later waits for its day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sightline.foundation import ledger
from sightline.foundation.db.session import Transaction
from sightline.kernel.observe import staging
from sightline.kernel.observe.revisions import Name, Said, State, version_id, version_names
from sightline.language.derived import RETRACTED
from sightline.language.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of one fact."""

    events: list[Event]
    """Go into the ledger."""
    waits: Event | None
    """Enters it later."""
    passed_over: list[Event]
    """Kept aside: they would come or stand if what replaced them were taken back."""
    dropped: list[str]
    """Ids of events that never come."""
    state: State


@dataclass(frozen=True, slots=True)
class Span:
    """A version, and while it is what is known."""

    said: Said
    start: datetime
    end: datetime | None

    def holds(self, moment: datetime) -> bool:
        """Whether it is what is known then."""
        return self.start <= moment and (self.end is None or moment < self.end)


def spans(state: State) -> list[Span]:
    """When each version is what is known; those that never are are left out."""
    found: list[Span] = []
    said = state.said
    for at, one in enumerate(said):
        known = one.known or one.read
        seen_before = state.cut is not None or any(span.start < one.read for span in found)
        start = max(known, one.read) if seen_before else known
        end = said[at + 1].read if at + 1 < len(said) else None
        if end is None or start < end:
            found.append(Span(one, start, end))
    return found


async def settle(
    tx: Transaction, states: Mapping[Name, State], read: Mapping[Name, Event], *, now: datetime,
    batch: str | None = None, cause: str | None = None,
) -> dict[Name, Fate]:  # fmt: skip
    """What becomes of facts that are to stand as `states` say; `read` holds versions that are nowhere yet.

    The events waiting for their day are locked first: whatever is being released is in the ledger when it is read.
    """
    names = list(version_names(states))
    waiting = _by_fact(await staging.staged(tx, names))
    recorded = _by_fact(await _recorded(tx, names))
    found: dict[Name, Fate] = {}
    for name, state in states.items():
        texts = _Texts(name[1], recorded.get(name, []), waiting.get(name, []), read.get(name))
        found[name] = fate(state, texts, now=now, batch=batch, cause=cause)
    return found


def quickly(before: State, after: State, read: Event, *, now: datetime, batch: str) -> Fate | None:
    """What becomes of a fact whose last word is known and is replaced by another that is known too: one more event,
    without a look at those there are. None where that is not enough; pure.
    """
    timeline, word = spans(before), after.word
    if not timeline or word is None or word.read != now or (word.known or now) > now:
        return None
    last = timeline[-1]
    if last.end is not None or last.said is not before.word or last.start >= now:
        return None
    number = after.revision if after.revision > before.revision else after.revision + 1
    event = read.but(
        id=version_id(read.id, number), revises=read.id, known_at=now, time=now if read.retracts else read.time,
        batch=batch,
    )  # fmt: skip
    return Fate(events=[event], waits=None, passed_over=[], dropped=[], state=replace(after, revision=number))


async def write(tx: Transaction, fates: Mapping[Name, Fate], *, now: datetime) -> None:
    """Let it be so."""
    await staging.drop(tx, ((source, one) for (source, _), fate in fates.items() for one in fate.dropped))
    await staging.stage(tx, [event for fate in fates.values() for event in fate.passed_over], passed_over=True)
    await staging.stage(tx, [fate.waits for fate in fates.values() if fate.waits])
    ledger.record(tx, [event for fate in fates.values() for event in fate.events], at=now)


@dataclass(frozen=True, slots=True)
class _Texts:
    """All events there are about a fact."""

    fact: str
    recorded: Sequence[Event]
    """In the order of the ledger."""
    waiting: Sequence[Event]
    """For their day, passed over or not."""
    read: Event | None
    """What is nowhere yet."""

    def of(self, said: Said) -> Event | None:
        """What a version says; None where it ended."""
        id_ = version_id(self.fact, said.number)
        found = next((one for one in (*self.recorded, *self.waiting) if one.id == id_), self.read)
        return found if said.digest else None

    def before(self, cut: datetime | None) -> Event | None:
        """What stood when what was known was settled for good."""
        older = [one for one in self.recorded if cut is not None and one.known_at < cut]
        return max(older, key=lambda one: (one.known_at, one.position or 0), default=None)

    def named(self, text: Event, number: int, known_at: datetime) -> Event:
        """What a text says, as the event of that number."""
        return text.but(
            id=version_id(self.fact, number), revises=self.fact if number else None, known_at=known_at, position=None
        )


def fate(state: State, texts: _Texts, *, now: datetime, batch: str | None, cause: str | None) -> Fate:
    """What becomes of one fact; pure."""
    timeline = spans(state)
    events = [one.but(batch=batch, cause=cause) for one in _appended(state, texts, timeline, now)]
    last = timeline[-1] if timeline and timeline[-1].start > now else None
    text = texts.of(last.said) if last else None
    waits = texts.named(text, last.said.number, last.start) if last and text else None
    stands = {version_id(texts.fact, one.number) for one in state.said}
    others = [one for one in texts.waiting if waits is None or one.id != waits.id]
    kept = [one for one in others if one.id in stands]
    word = state.word
    if texts.read and word and word.digest and not _found(texts, events, waits, word):
        kept.append(texts.named(texts.read, word.number, texts.read.known_at))
    return Fate(
        events=events,
        waits=waits.but(batch=waits.batch or batch) if waits else None,
        passed_over=kept,
        dropped=[one.id for one in others if one.id not in stands],
        state=replace(state, revision=state.revision + _beyond(events, state, texts.fact)),
    )


def _appended(state: State, texts: _Texts, timeline: Sequence[Span], now: datetime) -> Iterator[Event]:
    """The events without which the ledger would read otherwise than it should."""
    taken = {one.id for one in (*texts.recorded, *texts.waiting)}
    number = state.revision
    settled = current = texts.before(state.cut)
    for moment in _moments(state, texts.recorded, timeline, now):
        current = next((one for one in reversed(texts.recorded) if one.known_at == moment), current)
        span = next((one for one in timeline if one.holds(moment)), None)
        text = texts.of(span.said) if span else None
        if not timeline or moment < timeline[0].start:
            text = None if settled is None or settled.retracts else settled
        if _same(current, text):
            continue
        basis = text or (current.but(type=RETRACTED, data={}) if current else None)
        if basis is None:
            continue
        own = span.said.number if span and text else None
        if own is None or version_id(texts.fact, own) in taken:
            own = number = number + 1
        current = texts.named(basis, own, moment)
        taken.add(current.id)
        yield current


def _found(texts: _Texts, events: Sequence[Event], waits: Event | None, said: Said) -> bool:
    """Whether what a version says is kept somewhere."""
    id_ = version_id(texts.fact, said.number)
    return any(one.id == id_ for one in (*texts.recorded, *texts.waiting, *events)) or (
        waits is not None and waits.id == id_
    )


def _beyond(events: Sequence[Event], state: State, fact: str) -> int:
    """How many of the events have numbers higher than any before."""
    before = {version_id(fact, number) for number in range(state.revision + 1)}
    return sum(event.id not in before for event in events)


def _moments(state: State, recorded: Sequence[Event], timeline: Sequence[Span], now: datetime) -> list[datetime]:
    """When what is known may change, as far as it is known by now and not settled for good."""
    ends = [span.end for span in timeline if span.end is not None]
    moments = {one.known_at for one in recorded} | {span.start for span in timeline} | set(ends)
    latest = max((one.known_at for one in recorded), default=now)
    moments |= {state.cut} if state.cut else set()
    return sorted(m for m in moments if m <= max(now, latest) and (state.cut is None or m >= state.cut))


def _same(here: Event | None, text: Event | None) -> bool:
    """Whether the ledger reads as it should; a retraction, like nothing at all, says nothing."""
    if text is None:
        return here is None or here.retracts
    return here is not None and _content(here) == _content(text)


def _content(event: Event) -> tuple[object, ...]:
    return event.type, event.subject, event.time, event.data


async def _recorded(tx: Transaction, names: Sequence[Name]) -> list[Event]:
    rows = await tx.rows(
        "select l.* from unnest(cast(:sources as text[]), cast(:ids as text[])) as w(source, id)"
        " join sightline.event_keys k on k.tenant = :t and k.source = w.source and k.id = w.id"
        " join sightline.ledger l on l.tenant = :t and l.position = k.position order by l.position",
        t=tx.tenant, sources=[source for source, _ in names], ids=[id_ for _, id_ in names],
    )  # fmt: skip
    return [ledger.event_of(row) for row in rows]


def _by_fact(events: Iterable[Event]) -> dict[Name, list[Event]]:
    found: dict[Name, list[Event]] = {}
    for event in events:
        found.setdefault((event.source, event.revises or event.id), []).append(event)
    return found
