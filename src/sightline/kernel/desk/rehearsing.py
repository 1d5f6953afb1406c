"""Rehearse a playbook: what it would have done since a day, to whom and at what expected value, touching nothing.

A model is trained on what was known on that day and is asked about everybody since, as each was known then. Decisions
are made by the very functions that make them on duty, a day at a time, with hold-out, promise, capacity and contacts.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import trials
from sightline.kernel.act.arbitrate import WEEK, Standing, arbitrate, changed_by
from sightline.kernel.act.conditions import FORECAST as SAID
from sightline.kernel.act.conditions import meets
from sightline.kernel.act.drawing import Drawing
from sightline.kernel.act.drawings import standing_drawings
from sightline.kernel.act.outbox import PAPER
from sightline.kernel.act.propose import decision_for
from sightline.kernel.act.reach import with_reaching
from sightline.kernel.act.spoken import spoken
from sightline.kernel.desk import playing
from sightline.kernel.desk.desk import Desk
from sightline.kernel.know.entities import entity
from sightline.kernel.know.situations import readable
from sightline.kernel.predict.known import known
from sightline.kernel.predict.treatment import changing, recorded
from sightline.language import derived
from sightline.language.action import Decision, Verb
from sightline.language.catalog import Catalog
from sightline.language.errors import Invalid, NotFound
from sightline.language.event import Event
from sightline.language.playbook import SELF, Playbook, Situation
from sightline.language.question import Once, Question
from sightline.language.ref import Ref

if TYPE_CHECKING:
    from sightline.kernel.predict.as_if import AsIf
    from sightline.kernel.predict.facts import Facts

BUDGET = 60.0
"""Seconds for training as of the day."""

SHOWN = 20
"""Decisions that are told one by one, the most value first."""


@dataclass(slots=True)
class _Rehearsal:
    playbook: Playbook
    question: Question
    said: AsIf
    situations: list[Situation]
    hold_out: float
    promise: float
    standing: Standing
    by: Drawing | None = None
    """By what its choices are drawn, as things stand now."""
    decided: dict[int, Decision] = field(default_factory=dict)
    recent: list[tuple[datetime, str]] = field(default_factory=list)
    """When somebody was spoken to, and who."""

    def day(self, now: datetime, rows: Sequence[int]) -> None:
        """Decide about whoever is open on a day and not decided yet."""
        self._forget(now)
        keyed, silent = {}, self.playbook.silent()
        for row in rows:
            made = decision_for(
                silent, self.situations[row], self._event(row), self.said.sides,
                hold_out=self.hold_out, promise=self.promise, by=self.by,
            )  # fmt: skip
            keyed[made.key] = row
            self.decided[row] = made
        whole = {self.playbook.name: self.playbook}
        for one in arbitrate([self.decided[row] for row in rows], whole, self.standing):
            row = keyed[one.key]
            self.decided[row] = one
            if one.verb is not Verb.DROP and one.proposal.channel != PAPER.name:
                self.recent.append((now, str(one.proposal.party)))
            if one.verb is Verb.DROP and self.playbook.capacity is not None:
                del self.decided[row]

    def _forget(self, now: datetime) -> None:
        self.recent = [(at, party) for at, party in self.recent if at > now - WEEK]
        self.standing.contacts = Counter(party for _, party in self.recent)
        if self.playbook.capacity is not None:
            self.standing.slots = {self.playbook.name: self.playbook.capacity}

    def _event(self, row: int) -> Event:
        cutoff = self.said.asked["cutoff"][row]
        return Event(
            id=f"as-if:{row}", source=derived.SOURCE, type=derived.PREDICTED, subject=self.situations[row].subject,
            time=cutoff, known_at=cutoff, data={"question": self.question.name, "cutoff": cutoff.isoformat()},
        )  # fmt: skip


async def rehearse(
    desk: Desk, tenant: Tenant, name: str, since: datetime, *, text: str | None = None,
    progress: Callable[[int, int], None] | None = None, cancelled: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:  # fmt: skip
    """What it would have done; `text`: a file of playbooks that need not be declared, of which `name` is one.

    `progress` hears how far training is: folds done, folds in all.

    Raises NotFound, Invalid (nothing forecast wakes it, or the day is none), NotEnough and Cancelled.
    """
    now, catalog = desk.now(tenant), await desk.catalog(tenant)
    playbook = await _meant(desk, tenant, name, text)
    question = catalog.question(playbook.question)
    _must_be_forecast(playbook, question)
    if since >= now:
        raise Invalid(f"{since:%Y-%m-%d} is not past.", hint="Give a day before today.")
    async with desk.db.transaction(tenant.number) as tx:
        facts = await known(tx, desk.lake, catalog.kinds)
        done = await recorded(
            tx, question.name, changing(catalog, question), hold_out=desk.settings.act.hold_out, kind=question.of
        )
        by = await _drawing(tx, catalog, playbook)

    def asked() -> tuple[AsIf, list[Situation]]:
        from sightline.kernel.predict.as_if import as_if

        said = as_if(
            question, facts, since, now, seed=desk.settings.predict.seed, promise=desk.settings.predict.promise,
            budget=min(BUDGET, desk.settings.predict.budget), treatment=done, kind=catalog.kinds.get(question.of),
            progress=progress, cancelled=cancelled,
        )  # fmt: skip
        return said, _situations(playbook, catalog, facts, said, by)

    said, situations = await asyncio.to_thread(asked)
    if playbook.goes_by_several:
        async with desk.db.transaction(tenant.number) as tx:
            success = catalog.successes.get(name)
            told = await spoken(tx, desk.vault, playbook, success, now=now) if success else []
            by = await with_reaching(tx, desk.vault, playbook, told, situations, by, now=now)
    made = _Rehearsal(
        playbook=playbook, question=question, said=said, by=by, situations=situations,
        hold_out=desk.settings.act.hold_out, promise=desk.settings.predict.promise,
        standing=Standing(most=desk.settings.act.contacts_per_week, changing=changed_by(catalog)),
    )  # fmt: skip
    await asyncio.to_thread(_play, made, since, now)
    return {**_told(made, since, now), "shown": await _shown(desk, tenant, catalog, made)}


async def _meant(desk: Desk, tenant: Tenant, name: str, text: str | None) -> Playbook:
    if text is None:
        return await playing.playbook(desk, tenant, name)
    async with desk.db.transaction(tenant.number) as tx:
        _, found = await playing.read(desk, tx, text)
    told = {one.playbook.name: one.playbook for one in found}
    if name not in told:
        raise NotFound.named("playbook of this file", name, told)
    return told[name]


def _must_be_forecast(playbook: Playbook, question: Question) -> None:
    if not playbook.foresees:
        raise Invalid(
            f"'{playbook.name}' is woken by '{playbook.wakes_on}'.", hint="Only what a forecast wakes can be rehearsed."
        )
    if isinstance(question.when, Once):
        raise Invalid(f"'{question.name}' asks of a table without time.", hint="There is no past to rehearse in.")


async def _drawing(tx: Transaction, catalog: Catalog, playbook: Playbook) -> Drawing | None:
    """By what it would draw its choices now: the experiment that runs or would begin, and what was learned."""
    if len(playbook.choices) == 1:
        return None
    by = (await standing_drawings(tx, catalog, {playbook.name: playbook}))[playbook.name]
    declared = playbook.experiment
    if by.experiment or not declared or declared.name in (await trials.began(tx, [playbook.name]))[playbook.name]:
        return by
    return replace(by, experiment=declared, id=trials.id_of(tx.tenant, playbook.name, declared.name))


def _situations(
    playbook: Playbook, catalog: Catalog, facts: Facts, said: AsIf, by: Drawing | None
) -> list[Situation]:  # fmt: skip
    """Each subject as it was known at its cutoff, as far as conditions and the draw need it."""
    from sightline.kernel.predict.as_if import attributes_then, links_then

    question, asked = catalog.question(playbook.question), said.asked
    names = sorted({one.name for one in playbook.whom if one.name not in SAID} | {*(by.attributes if by else ())})
    attributes = attributes_then(facts, question, asked, names)
    parties = [None] * asked.height if playbook.party == SELF else links_then(facts, question, asked, playbook.party)
    kind = catalog.kinds.get(question.of)
    return [
        Situation(
            subject=Ref(question.of, key),
            now=cutoff,
            deadline=deadline,
            attributes=readable(kind, attributes[row]),
            links={playbook.party: party} if (party := parties[row]) else {},
            probability=float(said.value[row]) if said.chance else None,
            quantity=None if said.chance else float(said.value[row]),
            low=float(said.low[row]),
            high=float(said.high[row]),
            worth=worth,
        )
        for row, (key, cutoff, deadline, worth, _) in enumerate(asked.iter_rows())
    ]


def _play(made: _Rehearsal, since: datetime, now: datetime) -> None:
    fits = [row for row, one in enumerate(made.situations) if meets(made.playbook.whom, one)]
    waiting: list[int] = []
    for day, begun in _days(made, fits, since, now):
        waiting = [row for row in (*waiting, *begun) if _open(made.situations[row], day)]
        made.day(day, waiting)
        waiting = [row for row in waiting if row not in made.decided]


def _open(situation: Situation, day: datetime) -> bool:
    return situation.deadline is None or situation.deadline > day


def _days(
    made: _Rehearsal, fits: Sequence[int], since: datetime, now: datetime
) -> Iterator[tuple[datetime, list[int]]]:
    """Each day with those whose cutoff fell on or before its end."""
    ordered = sorted(fits, key=lambda row: made.situations[row].now)
    day, place = since, 0
    while day < now:
        day = min(day + timedelta(days=1), now)
        begun = []
        while place < len(ordered) and made.situations[ordered[place]].now <= day:
            begun.append(ordered[place])
            place += 1
        yield day, begun


def _told(made: _Rehearsal, since: datetime, now: datetime) -> dict[str, Any]:
    of: dict[str, list[int]] = {verb.value: [] for verb in Verb}
    for row, one in made.decided.items():
        of[one.verb.value].append(row)
    meant = [one.proposal for one in made.decided.values() if one.verb in {Verb.ACT, Verb.ASK, Verb.HOLD}]
    return {
        "playbook": made.playbook.name,
        "question": made.question.name,
        "since": since.isoformat(),
        "until": now.isoformat(),
        "asked": made.said.asked.height,
        "decided": {verb: len(rows) for verb, rows in of.items()},
        "chosen": Counter(one.choice for one in meant),
        "channels": Counter(one.channel for one in meant),
        "value": {verb: float(sum(made.decided[row].proposal.value for row in rows)) for verb, rows in of.items()},
        "came": {verb: _came(made, rows) for verb, rows in of.items()},
        "sides": [
            {"side": one.side, "called": one.called, "line": one.line, "bound": one.bound} for one in made.said.sides
        ],
        "verdict": made.said.verdict,
        "headline": _headline(made, of),
    }


def _came(made: _Rehearsal, rows: Sequence[int]) -> dict[str, int]:
    """How many of these are mature, and of how many the answer was yes."""
    if not made.said.chance:
        return {"mature": 0, "yes": 0}
    answers = [made.said.answer[row] for row in rows]
    mature = [one for one in answers if one == one]
    return {"mature": len(mature), "yes": int(sum(mature))}


def _headline(made: _Rehearsal, of: dict[str, list[int]]) -> str:
    act, ask = len(of["act"]), len(of["ask"])
    came = _came(made, of["act"])
    value = sum(made.decided[row].proposal.value for verb in ("act", "ask") for row in of[verb])
    right = f" Of {came['mature']} it would have acted upon by itself {came['yes']} came so." if came["mature"] else ""
    return f"It would have acted {act} times and asked {ask} times, for {value:,.0f} expected.{right}"


async def _shown(desk: Desk, tenant: Tenant, catalog: Catalog, made: _Rehearsal) -> list[dict[str, Any]]:
    """The decisions worth most, with what would have been said; persons by their tokens, as the result is kept."""
    ordered = sorted(made.decided, key=lambda row: (-made.decided[row].proposal.value, row))
    speaking = [row for row in ordered if made.decided[row].verb is not Verb.DROP][:SHOWN]
    reasons = dict(zip(speaking, await asyncio.to_thread(made.said.why, speaking), strict=True))
    async with desk.db.transaction(tenant.number) as tx:
        return [
            {
                "subject": str(made.situations[row].subject),
                "party": str(made.decided[row].proposal.party),
                "cutoff": made.situations[row].now.isoformat(),
                "choice": made.decided[row].proposal.choice,
                "verb": made.decided[row].verb.value,
                "because": made.decided[row].because,
                "probability": made.situations[row].probability,
                "value": made.decided[row].proposal.value,
                "answer": None if (answer := float(made.said.answer[row])) != answer else answer,
                "text": await _text(tx, catalog, made, row, reasons[row]),
            }
            for row in speaking
        ]


async def _text(
    tx: Transaction, catalog: Catalog, made: _Rehearsal, row: int, reasons: tuple[str, ...]
) -> str:  # fmt: skip
    situation, chosen = made.situations[row], made.decided[row].proposal.choice
    try:
        then = await entity(tx, situation.subject, as_of=situation.now)
    except NotFound:
        return ""
    kind = catalog.kinds.get(situation.subject.kind)
    attributes = readable(kind, then.attributes)
    whole = replace(situation, attributes=attributes, links=then.links, reasons=reasons)
    choice = next(one for one in made.playbook.choices if one.name == chosen)
    try:
        return choice.write(whole)
    except Invalid as error:
        return error.message
