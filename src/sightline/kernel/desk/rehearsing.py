"""Rehearse a playbook: what it would have done since a day, to whom and at what expected value, touching nothing.

Where a forecast wakes it, a model is trained on what was known on that day and is asked about everybody since, as each
was known then. Where facts do, what happened and what would have been found since is gone through, with what was known
at each moment, and what such a model said then. Decisions are made by the very functions that make them on duty, a day
at a time, with hold-out, promise, capacity and contacts.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sightline.foundation import ledger
from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import trials
from sightline.kernel.act.arbitrate import Standing, changed_by
from sightline.kernel.act.checking import attributable
from sightline.kernel.act.conditions import FORECAST as SAID
from sightline.kernel.act.day_by_day import Days
from sightline.kernel.act.drawing import Drawing
from sightline.kernel.act.drawings import drawings
from sightline.kernel.act.reach import with_reaching
from sightline.kernel.act.spoken import spoken
from sightline.kernel.desk import playing
from sightline.kernel.desk.desk import Desk
from sightline.kernel.know.entities import entity
from sightline.kernel.know.situations import readable
from sightline.kernel.learn.attributed import counted
from sightline.kernel.predict.known import known
from sightline.kernel.predict.treatment import changing, recorded
from sightline.language import derived
from sightline.language.action import Decision, Verb
from sightline.language.catalog import Catalog
from sightline.language.errors import Invalid, NotEnough, NotFound
from sightline.language.event import Event
from sightline.language.playbook import SELF, Playbook, Situation
from sightline.language.proof import Verdict
from sightline.language.question import Absent, Once, Question
from sightline.language.ref import Ref
from sightline.language.time import words_of

if TYPE_CHECKING:
    from sightline.kernel.predict.as_if import AsIf
    from sightline.kernel.predict.facts import Facts
    from sightline.kernel.predict.treatment import Treatment

BUDGET = 60.0
"""Seconds for training as of the day."""

SHOWN = 20
"""Decisions that are told one by one, the most value first."""

_Heard = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Woken:
    """Who would have been woken, row by row, and what came of it."""

    situations: list[Situation]
    events: list[Event]
    came: list[float | None]
    """Whether it came so, as it reads now; None: not mature yet, or no yes or no is asked."""
    said: AsIf | None
    """What was forecast, where anything was."""
    rows: Mapping[int, int] = field(default_factory=dict)
    """Rows with a forecast, to its row there."""

    def why(self, rows: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """The strongest reasons of what was forecast in these rows, where anything was."""
        told = [row for row in rows if row in self.rows]
        if self.said is None or not told:
            return {}
        return dict(zip(told, self.said.why([self.rows[row] for row in told]), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """By what it is told who would have been woken."""

    desk: Desk
    catalog: Catalog
    playbook: Playbook
    facts: Facts
    since: datetime
    now: datetime
    treatment: Treatment
    by: Drawing | None
    corrections: Sequence[int]
    """Positions of events that only correct what woke it."""
    progress: _Heard | None
    cancelled: Callable[[], bool]

    @property
    def question(self) -> Question:
        return self.catalog.question(self.playbook.question)

    def said(self, *, standing_too: bool = False) -> AsIf:
        """What a model of that day would have forecast. Raises NotEnough and Cancelled."""
        from sightline.kernel.predict.as_if import as_if

        told, question = self.desk.settings.predict, self.question
        return as_if(
            question, self.facts, self.since, self.now, seed=told.seed, promise=told.promise,
            budget=min(BUDGET, told.budget), treatment=self.treatment, kind=self.catalog.kinds.get(question.of),
            progress=self.progress, cancelled=self.cancelled, standing_too=standing_too,
        )  # fmt: skip


async def rehearse(
    desk: Desk, tenant: Tenant, name: str, since: datetime, *, text: str | None = None,
    progress: _Heard | None = None, cancelled: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:  # fmt: skip
    """What it would have done; `text`: a file of playbooks that need not be declared, of which `name` is one.

    `progress` hears how far training is: folds done, folds in all.

    Raises NotFound, Invalid (the day is none, or a forecast about a table without time wakes it), NotEnough (too little
    was known then to forecast what would wake it) and Cancelled.
    """
    now, catalog = desk.now(tenant), await desk.catalog(tenant)
    playbook = await _meant(desk, tenant, name, text)
    question = catalog.question(playbook.question)
    _must_have_a_past(playbook, question, since, now)
    async with desk.db.transaction(tenant.number) as tx:
        facts = await known(tx, desk.lake, catalog.kinds)
        treatment = await recorded(
            tx, question.name, changing(catalog, question), hold_out=desk.settings.act.hold_out, kind=question.of
        )
        by = await _drawing(tx, catalog, playbook)
        corrections = [] if playbook.foresees else await ledger.corrections(tx, playbook.wakes_on)
    asking = _Asking(
        desk=desk, catalog=catalog, playbook=playbook, facts=facts, since=since, now=now, treatment=treatment, by=by,
        corrections=corrections, progress=progress, cancelled=cancelled,
    )  # fmt: skip
    found = await asyncio.to_thread(_foreseen if playbook.foresees else _by_facts, asking)
    if playbook.goes_by_several:
        async with desk.db.transaction(tenant.number) as tx:
            success = catalog.successes.get(name)
            told = await spoken(tx, desk.vault, playbook, success, now=now) if success else []
            by = await with_reaching(tx, desk.vault, playbook, told, found.situations, by, now=now, since=since)
    days = Days(
        playbook=playbook, situations=found.situations, events=found.events, by=by,
        sides=found.said.sides if found.said else (), hold_out=desk.settings.act.hold_out,
        promise=desk.settings.predict.promise,
        standing=Standing(most=desk.settings.act.contacts_per_week, changing=changed_by(catalog)),
    )  # fmt: skip
    await asyncio.to_thread(days.play, since, now)
    return {**_told(days, found, question, since, now), "shown": await _shown(desk, tenant, catalog, days, found)}


def _must_have_a_past(playbook: Playbook, question: Question, since: datetime, now: datetime) -> None:
    if playbook.foresees and isinstance(question.when, Once):
        raise Invalid(f"'{question.name}' asks of a table without time.", hint="There is no past to rehearse in.")
    if since >= now:
        raise Invalid(f"{since:%Y-%m-%d} is not past.", hint="Give a day before today.")


async def _meant(desk: Desk, tenant: Tenant, name: str, text: str | None) -> Playbook:
    if text is None:
        return await playing.playbook(desk, tenant, name)
    async with desk.db.transaction(tenant.number) as tx:
        _, found = await playing.read(desk, tx, text)
    told = {one.playbook.name: one.playbook for one in found}
    if name not in told:
        raise NotFound.named("playbook of this file", name, told)
    return told[name]


async def _drawing(tx: Transaction, catalog: Catalog, playbook: Playbook) -> Drawing | None:
    """By what it would draw its choices now: the experiment that runs or would begin, and what was learned."""
    if len(playbook.choices) == 1:
        return None
    by = (await drawings(tx, catalog, {playbook.name: playbook}))[playbook.name]
    declared = playbook.experiment
    if by.experiment or not declared or declared.name in (await trials.began(tx, [playbook.name]))[playbook.name]:
        return by
    return replace(by, experiment=declared, id=trials.id_of(tx.tenant, playbook.name, declared.name))


def _foreseen(asking: _Asking) -> _Woken:
    """Everybody who would have been asked about, as forecast then."""
    said = asking.said()
    found = _situations(asking, said)
    if asking.playbook.window is None:
        came = [None if not said.chance or math.isnan(one) else float(one) for one in said.answer]
    else:
        came = _afterwards(asking, found)
    events = [_predicted(asking.question, row, one) for row, one in enumerate(found)]
    rows = {row: row for row in range(len(found))}
    return _Woken(situations=found, events=events, came=came, said=said, rows=rows)


def _predicted(question: Question, row: int, situation: Situation) -> Event:
    return Event(
        id=f"as-if:{row}", source=derived.SOURCE, type=derived.PREDICTED, subject=situation.subject,
        time=situation.now, known_at=situation.now,
        data={"question": question.name, "cutoff": situation.now.isoformat()},
    )  # fmt: skip


def _by_facts(asking: _Asking) -> _Woken:
    """Whom events and findings would have woken; of an event with what stood forecast, as on duty."""
    from sightline.kernel.act.woken_as_if import calls, foreseen

    called = calls(
        asking.playbook, asking.catalog, asking.facts, asking.since, asking.now, corrections=asking.corrections,
        cancelled=asking.cancelled,
    )  # fmt: skip
    came, said, rows = _afterwards(asking, called.situations), None, dict[int, int]()
    if called.situations and asking.playbook.wakes_on not in asking.catalog.detectors:
        said = _usable(asking)
    if said is not None:
        called, rows = foreseen(called, said)
    return _Woken(situations=called.situations, events=called.events, came=came, said=said, rows=rows)


def _usable(asking: _Asking) -> AsIf | None:
    """What would have been forecast, where a model of that day would have been used."""
    if isinstance(asking.question.when, Once):
        return None
    try:
        said = asking.said(standing_too=True)
    except NotEnough:
        return None
    return None if said.verdict == Verdict.DO_NOT_USE else said


def _afterwards(asking: _Asking, found: Sequence[Situation]) -> list[float | None]:
    """What came within the playbook's window after each, where that has closed and late records had their time."""
    from sightline.kernel.predict.afterwards import afterwards

    window, question = asking.playbook.window, asking.question
    if window is None or not attributable(question):
        return [None] * len(found)
    spans = [(one.subject.key, one.now, one.now + window) for one in found]
    values = afterwards(question, asking.facts.until(asking.now), spans, asking.now)
    return [
        counted(question, begins, value)[0] if ends + question.grace <= asking.now else None
        for (_, begins, ends), value in zip(spans, values, strict=True)
    ]


def _situations(asking: _Asking, said: AsIf) -> list[Situation]:
    """Each subject as it was known at its cutoff, as far as conditions and the draw need it."""
    from sightline.kernel.predict.as_if import attributes_then, links_then

    playbook, question, facts, asked, by = asking.playbook, asking.question, asking.facts, said.asked, asking.by
    names = sorted({one.name for one in playbook.whom if one.name not in SAID} | {*(by.attributes if by else ())})
    attributes = attributes_then(facts, question, asked, names)
    parties = [None] * asked.height if playbook.party == SELF else links_then(facts, question, asked, playbook.party)
    kind = asking.catalog.kinds.get(question.of)
    return [
        Situation(
            subject=Ref(question.of, key),
            now=cutoff,
            attributes=readable(kind, attributes[row]),
            links={playbook.party: party} if (party := parties[row]) else {},
            **said.forecast(row),
        )
        for row, (key, cutoff) in enumerate(asked.select("key", "cutoff").iter_rows())
    ]


def _told(days: Days, found: _Woken, question: Question, since: datetime, now: datetime) -> dict[str, Any]:
    of: dict[str, list[int]] = {verb.value: [] for verb in Verb}
    for row, one in days.decided.items():
        of[one.verb.value].append(row)
    meant = [one.proposal for one in days.decided.values() if one.verb in {Verb.ACT, Verb.ASK, Verb.HOLD}]
    came = {verb: _came(found, rows) for verb, rows in of.items()}
    return {
        "playbook": days.playbook.name,
        "question": question.name,
        "wakes_on": days.playbook.wakes_on,
        "since": since.isoformat(),
        "until": now.isoformat(),
        "asked": len(found.situations),
        "forecast": len(found.rows),
        "decided": {verb: len(rows) for verb, rows in of.items()},
        "chosen": Counter(one.choice for one in meant),
        "channels": Counter(one.channel for one in meant),
        "value": {verb: float(sum(days.decided[row].proposal.value for row in rows)) for verb, rows in of.items()},
        "came": came,
        "sides": [{"side": one.side, "called": one.called, "line": one.line, "bound": one.bound} for one in days.sides],
        "verdict": found.said.verdict if found.said else "",
        "means": _means(days.playbook, question),
        "headline": _headline(days.decided, of, came["act"], _means(days.playbook, question)),
    }


def _means(playbook: Playbook, question: Question) -> str:
    """What is told of those that came so."""
    if playbook.window is None or not attributable(question):
        return question.yes
    never = "no " if isinstance(question.answer, Absent) else ""
    return f"{never}{question.event} within {words_of(playbook.window)}"


def _came(found: _Woken, rows: Sequence[int]) -> dict[str, int]:
    """How many of these are mature, and of how many the answer was yes."""
    mature = [one for row in rows if (one := found.came[row]) is not None]
    return {"mature": len(mature), "yes": int(sum(mature))}


def _headline(
    decided: Mapping[int, Decision], of: Mapping[str, list[int]], came: Mapping[str, int], means: str
) -> str:  # fmt: skip
    if not decided:
        return "Nothing would have called for it."
    act, ask = len(of["act"]), len(of["ask"])
    value = sum(decided[row].proposal.value for verb in ("act", "ask") for row in of[verb])
    mature = f" Of {came['mature']} it would have acted upon by itself {came['yes']} came so: {means}."
    told = f"It would have acted {act} times and asked {ask} times, for {value:,.0f} expected."
    return f"{told}{mature if came['mature'] else ''}"


async def _shown(
    desk: Desk, tenant: Tenant, catalog: Catalog, days: Days, found: _Woken
) -> list[dict[str, Any]]:  # fmt: skip
    """The decisions worth most, with what would have been said; persons by their tokens, as the result is kept."""
    ordered = sorted(days.decided, key=lambda row: (-days.decided[row].proposal.value, row))
    speaking = [row for row in ordered if days.decided[row].verb is not Verb.DROP][:SHOWN]
    reasons = await asyncio.to_thread(found.why, speaking)
    async with desk.db.transaction(tenant.number) as tx:
        return [
            {
                "subject": str(found.situations[row].subject),
                "party": str(days.decided[row].proposal.party),
                "cutoff": found.situations[row].now.isoformat(),
                "choice": days.decided[row].proposal.choice,
                "verb": days.decided[row].verb.value,
                "because": days.decided[row].because,
                "probability": found.situations[row].probability,
                "value": days.decided[row].proposal.value,
                "answer": found.came[row],
                "text": await _text(tx, catalog, days, row, reasons.get(row, ())),
            }
            for row in speaking
        ]


async def _text(tx: Transaction, catalog: Catalog, days: Days, row: int, reasons: tuple[str, ...]) -> str:
    situation, chosen = days.situations[row], days.decided[row].proposal.choice
    try:
        then = await entity(tx, situation.subject, as_of=situation.now)
    except NotFound:
        return ""
    kind = catalog.kinds.get(situation.subject.kind)
    attributes = readable(kind, then.attributes)
    whole = replace(situation, attributes=attributes, links=then.links, reasons=reasons)
    try:
        return days.playbook.choice(chosen).write(whole)
    except Invalid as error:
        return error.message
