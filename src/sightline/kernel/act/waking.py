"""Who is woken: playbooks by forecasts, findings, events and days, each with what is known of its subject."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sightline.foundation import ledger
from sightline.foundation.ledger import Reads
from sightline.foundation.turn import Turn
from sightline.kernel.act.arbitrate import slots_left
from sightline.kernel.act.conditions import meets
from sightline.kernel.act.moment import Moment
from sightline.kernel.act.propose import FORECAST
from sightline.kernel.know.entities import current
from sightline.kernel.know.situations import deadline_of, readable, worth_of
from sightline.kernel.predict.alarms import sides_on_duty
from sightline.language import derived
from sightline.language.event import Event
from sightline.language.playbook import EVERY_DAY, Playbook, Situation
from sightline.language.proof import Side, beyond
from sightline.language.question import Question
from sightline.language.ref import Ref

FRESH = timedelta(days=1)
"""An event wakes a playbook for so long after it became known: an import of old ones wakes none."""

CALLS = Reads(derived=FORECAST | {derived.FOUND, derived.DAY_BEGAN})
"""What calls a playbook, beside events that one is waiting for."""

CANDIDATES, MOST_PAGES = 2_000, 50
"""So many are read at a time, those with the most at stake first, until enough of them fit or nobody is left."""

ENOUGH = 2
"""Times the day's capacity: the most at stake is not yet the most to be gained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Woken:
    """One playbook woken by one event."""

    playbook: Playbook
    event: Event
    situation: Situation
    sides: Sequence[Side]


async def woken(turn: Turn) -> list[Woken]:
    """Whom the events of this batch wake, and whom a new day does.

    Who is asked again and again is told of as predicted once, and whenever a line was crossed later on. A decision has
    its cutoff in the key, so about one that was decided a crossing decides nothing.
    """
    pairs: list[tuple[Playbook, Event]] = []
    looking: dict[str, Playbook] = {}
    events = await ledger.read(turn.tx, turn.batch, CALLS)
    for event in [*events, *await _happened(turn)]:
        for playbook in _wakes(turn, event):
            if _looks(playbook) and event.type in FORECAST | {derived.DAY_BEGAN}:
                looking[playbook.name] = playbook
            else:
                pairs.append((playbook, event))
    asked = {one.question for one in [*looking.values(), *(one for one, _ in pairs)]}
    sides = {name: await sides_on_duty(turn.tx, turn.catalog.question(name)) for name in sorted(asked)}
    called = [
        (playbook, event)
        for playbook, event in pairs
        if event.type != derived.CROSSED or _risen(event, sides[playbook.question])
    ]
    found = await _each(turn, called, sides)
    fits = [one for one in found if meets(one.playbook.whom, one.situation)]
    left = await slots_left(turn.tx, turn.catalog, set(looking), turn.now)
    for playbook in looking.values():
        if left.get(playbook.name, 1):
            fits += await _candidates(turn, playbook, sides[playbook.question], left.get(playbook.name))
    return fits


def _looks(playbook: Playbook) -> bool:
    """Whether it looks at all who are open, and not at one of them: the best are not found one by one."""
    return playbook.wakes_on == EVERY_DAY or (playbook.capacity is not None and playbook.wakes_on == playbook.question)


def _wakes(turn: Turn, event: Event) -> list[Playbook]:
    if event.type == derived.DAY_BEGAN:
        return [one for one in turn.catalog.playbooks.values() if _looks(one)]
    told = event.data.get("question" if event.type in FORECAST else "detector")
    name = told if event.type in FORECAST | {derived.FOUND} else event.type
    return [one for one in turn.catalog.playbooks.values() if one.wakes_on == name]


async def _happened(turn: Turn) -> list[Event]:
    """The events of this batch, become known of late, that are waited for."""
    types = {one.wakes_on for one in turn.catalog.playbooks.values()} & turn.catalog.events.keys()
    if not types:
        return []
    found = await ledger.read(turn.tx, turn.batch, Reads(derived=frozenset(types)))
    return [one for one in found if one.known_at >= turn.now - FRESH and not one.revises]


def _risen(event: Event, sides: Sequence[Side]) -> bool:
    """Whether a crossing ends beyond the line of yes: whoever came back from there calls for nothing."""
    probability = event.data.get("probability")
    return probability is not None and beyond(sides, probability) == "yes"


async def _each(
    turn: Turn, called: Sequence[tuple[Playbook, Event]], sides: Mapping[str, Sequence[Side]]
) -> list[Woken]:
    """Each with what is known of its subject, read for all of them together."""
    here = Moment.of(turn)
    known = await _known_of(here, {event.subject for _, event in called})
    said: dict[tuple[str, Ref, bool], Any] = {}
    for question in {playbook.question for playbook, _ in called}:
        about = {event.subject for playbook, event in called if playbook.question == question}
        standing = {event.type in FORECAST for playbook, event in called if playbook.question == question}
        for forecast in standing:
            rows = await (_said_last if forecast else _newest)(here, question, about)
            said |= {(question, one, forecast): row for one, row in rows.items()}
    found = []
    for playbook, event in called:
        row = said.get((playbook.question, event.subject, event.type in FORECAST))
        situation = _called(turn, playbook, event, known[event.subject], row)
        found.append(Woken(playbook=playbook, event=event, situation=situation, sides=sides[playbook.question]))
    return found


def _called(turn: Turn, playbook: Playbook, event: Event, known: _Known, row: Any) -> Situation:
    if event.type in FORECAST:
        return _situation(turn.now, event.subject, known, event.data, _texts(row) if row else ())
    question = turn.catalog.question(playbook.question)
    if event.type == derived.FOUND:
        # A rule on plain facts: what was forecast of the subject before is past.
        return _plain(turn.now, question, event.subject, known, event.data.get("text"))
    return (
        _situation(turn.now, event.subject, known, row, _texts(row))
        if row
        else _plain(turn.now, question, event.subject, known, None)
    )


def _plain(now: datetime, question: Question | None, subject: Ref, known: _Known, finding: str | None) -> Situation:
    """By plain facts: the deadline is that which an attribute names, where one does."""
    attributes, links = known
    return Situation(
        subject=subject, now=now, deadline=deadline_of(question, attributes) if question else None,
        attributes=attributes, links=links, worth=worth_of(question, attributes) if question else None,
        finding=finding,
    )  # fmt: skip


_OPEN = """
select p.kind, p.key, p.cutoff, p.deadline, p.probability, p.quantity, p.low, p.high, p.worth, p.reasons
from sightline.models m join sightline.predictions p on p.tenant = m.tenant and p.question = m.question
  and p.model = m.version and p.withdrawn_at is null and p.outcome is null and not p.superseded
where m.tenant = :t and m.question = :q and m.champion{more}
"""

_UNDECIDED = """ and p.deadline > :now and not exists (select from sightline.decisions d where d.tenant = p.tenant
  and d.playbook = :playbook and d.kind = p.kind and d.subject = p.key and d.cutoff = p.cutoff)
order by p.by_loss, p.by_chance, p.key, p.cutoff limit :some offset :behind"""

_NEWEST = " and p.kind = :kind and p.key = any(:keys) order by p.key, p.cutoff"


_LAST = """
select distinct on (kind, key) kind, key, reasons from sightline.predictions
where tenant = :t and question = :q
  and (kind, key) in (select * from unnest(cast(:kinds as text[]), cast(:keys as text[])))
order by kind, key, made_at desc, cutoff desc
"""


async def _said_last(here: Moment, question: str, subjects: Collection[Ref]) -> dict[Ref, Any]:
    """The reasons of what was said last of each, by whatever model."""
    kinds, keys = [one.kind for one in subjects], [one.key for one in subjects]
    rows = await here.tx.rows(_LAST, t=here.tx.tenant, q=question, kinds=kinds, keys=keys)
    return {Ref(row["kind"], row["key"]): row for row in rows}


async def _newest(here: Moment, question: str, subjects: Collection[Ref]) -> dict[Ref, Any]:
    """What stands forecast of each as of its newest cutoff, where something does."""
    rows: list[Any] = []
    for kind in {one.kind for one in subjects}:
        keys = [one.key for one in subjects if one.kind == kind]
        more = {"t": here.tx.tenant, "q": question, "kind": kind, "keys": keys}
        rows += await here.tx.rows(_OPEN.format(more=_NEWEST), **more)
    return {Ref(row["kind"], row["key"]): row for row in rows}


async def _candidates(turn: Turn, playbook: Playbook, sides: Sequence[Side], slots: int | None) -> list[Woken]:
    """Who is open, undecided and fits, those with the most at stake first: enough for `slots`, or all."""
    found: list[Woken] = []
    for page in range(MOST_PAGES):
        rows = await turn.tx.rows(
            _OPEN.format(more=_UNDECIDED),
            t=turn.tx.tenant, q=playbook.question, now=turn.now, playbook=playbook.name, some=CANDIDATES,
            behind=page * CANDIDATES,
        )  # fmt: skip
        some = await _situated(turn, playbook, sides, rows) if rows else []
        found += [one for one in some if meets(playbook.whom, one.situation)]
        if len(rows) < CANDIDATES or (slots is not None and len(found) >= ENOUGH * slots):
            break
    return found


async def _situated(turn: Turn, playbook: Playbook, sides: Sequence[Side], rows: Sequence[Any]) -> list[Woken]:
    question = turn.catalog.question(playbook.question)
    known = await _known(Moment.of(turn), question.of, [row["key"] for row in rows])
    return [
        Woken(
            playbook=playbook,
            event=_as_predicted(turn, question, row),
            situation=_situation(turn.now, Ref(row["kind"], row["key"]), one, row, _texts(row)),
            sides=sides,
        )
        for row, one in zip(rows, known, strict=True)
    ]


def _texts(row: Any) -> tuple[str, ...]:
    return tuple(one["text"] for one in row["reasons"] or ())


def _as_predicted(turn: Turn, question: Question, row: Any) -> Event:
    """What stands forecast, as the event that would tell of it now."""
    subject = Ref(row["kind"], row["key"])
    return Event(
        id=f"predicted:{question.name}:{subject}:{row['cutoff'].isoformat()}",
        source=derived.SOURCE,
        type=derived.PREDICTED,
        subject=subject,
        time=turn.now,
        known_at=turn.now,
        data={"question": question.name, "cutoff": row["cutoff"].isoformat()},
    )


async def situation_of(here: Moment, playbook: Playbook, question: str, subject: Ref) -> Situation:
    """What is known of a subject now, with what is forecast of it where something is, and what was found of it where
    that wakes the playbook.
    """
    return (await situations_of(here, playbook, question, [subject]))[subject]


async def situations_of(
    here: Moment, playbook: Playbook, question: str, subjects: Collection[Ref]
) -> dict[Ref, Situation]:  # fmt: skip
    """The same of several, read for all of them together."""
    known, asked = await _known_of(here, subjects), here.catalog.questions.get(question)
    if playbook.wakes_on in here.catalog.detectors:
        told = await _found(here, playbook.wakes_on, subjects)
        return {one: _plain(here.now, asked, one, known[one], told.get(one)) for one in subjects}
    said = await _newest(here, question, subjects)
    return {
        one: _situation(here.now, one, known[one], said[one], _texts(said[one]))
        if one in said
        else _plain(here.now, asked, one, known[one], None)
        for one in subjects
    }


async def _found(here: Moment, detector: str, subjects: Collection[Ref]) -> dict[Ref, str]:
    """What a detector found of each last, though it may be past."""
    rows = await here.tx.rows(
        "select kind, key, text from sightline.findings where tenant = :t and detector = :d"
        " and (kind, key) in (select * from unnest(cast(:kinds as text[]), cast(:keys as text[])))",
        t=here.tx.tenant, d=detector, kinds=[one.kind for one in subjects], keys=[one.key for one in subjects],
    )  # fmt: skip
    return {Ref(row["kind"], row["key"]): row["text"] for row in rows}


_Known = tuple[dict[str, Any], dict[str, str]]


async def _known_of(here: Moment, subjects: Collection[Ref]) -> dict[Ref, _Known]:
    found: dict[Ref, _Known] = {}
    for kind in {one.kind for one in subjects}:
        keys = sorted({one.key for one in subjects if one.kind == kind})
        found |= dict(zip((Ref(kind, key) for key in keys), await _known(here, kind, keys), strict=True))
    return found


async def _known(here: Moment, kind: str, keys: Iterable[str]) -> list[_Known]:
    wanted = list(keys)
    found = await current(here.tx, kind, wanted)
    declared = here.catalog.kinds.get(kind)
    there = [found.get(key, ({}, {})) for key in wanted]
    return [(readable(declared, attributes), links) for attributes, links in there]


def _situation(now: datetime, subject: Ref, known: _Known, said: Any, reasons: tuple[str, ...]) -> Situation:
    deadline = said["deadline"]
    return Situation(
        subject=subject,
        now=now,
        deadline=datetime.fromisoformat(deadline) if isinstance(deadline, str) else deadline,
        attributes=known[0],
        links=known[1],
        probability=said.get("probability"),
        quantity=said.get("quantity"),
        low=said.get("low"),
        high=said.get("high"),
        worth=said.get("worth"),
        reasons=reasons,
    )
