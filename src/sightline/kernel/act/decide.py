"""Decide: for each proposal its expected value, the hold-out, the promise; then act, ask, hold or drop, and why.

Who is woken stands in `waking`, what one proposal is worth and what may become of it in `propose`, what several
playbooks get of each other in `arbitrate`. What is put to a person enters the inbox in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from sightline.foundation.turn import Turn
from sightline.kernel.act import figures, inbox, routing
from sightline.kernel.act.arbitrate import arbitrate, may_come, standing_before
from sightline.kernel.act.drawing import Drawing
from sightline.kernel.act.drawings import begin_declared, drawings
from sightline.kernel.act.moment import Moment
from sightline.kernel.act.propose import FORECAST, begun, decision_for, propose
from sightline.kernel.act.reach import with_reaching
from sightline.kernel.act.spoken import lately
from sightline.kernel.act.waking import Woken, woken
from sightline.kernel.predict import standing, why
from sightline.language import derived
from sightline.language.action import Decision, Drawn, Verb
from sightline.language.errors import Invalid
from sightline.language.event import Event
from sightline.language.playbook import Playbook


async def decide(turn: Turn) -> None:
    """Decide about every playbook that this batch wakes."""
    called = await woken(turn)
    new = await _undecided(turn, called)
    await begin_declared(turn, _playbooks(called))
    if not new:
        return
    by = await _drawings(turn, list(new.values()))
    decided = [_decided(turn, one, by) for one in new.values()]
    playbooks = turn.catalog.playbooks
    judged = arbitrate(decided, playbooks, await standing_before(turn, decided))
    kept = [one for one in judged if not may_come(one, playbooks[one.proposal.playbook])]
    told = await _with_reasons(turn, kept, new, by)
    told = [_by_facts(one, new[one.key]) for one in told]
    await _keep(turn, told)
    turn.record([_told(turn, d) for d in told])
    asked = [(_asked(turn, one), new[one.key].situation) for one in told if one.verb is Verb.ASK]
    await routing.put(Moment.of(turn), asked)


def _playbooks(these: Iterable[Woken]) -> dict[str, Playbook]:
    return {one.playbook.name: one.playbook for one in these}


async def _drawings(turn: Turn, new: Sequence[Woken]) -> dict[str, Drawing]:
    """By what choices are drawn, and by which channel those who are new: how others could be reached nobody asks."""
    playbooks = _playbooks(new)
    by = await drawings(turn.tx, turn.catalog, playbooks)
    for name, playbook in playbooks.items():
        success = turn.catalog.successes.get(name)
        if success and playbook.goes_by_several:
            own = [one.situation for one in new if one.playbook.name == name]
            told = await lately(turn, playbook, success)
            by[name] = await with_reaching(turn.tx, turn.vault, playbook, told, own, by.get(name), now=turn.now)
    return by


async def _undecided(turn: Turn, called: Sequence[Woken]) -> dict[str, Woken]:
    """By the key of its decision, each once, and nobody about whom it was decided before."""
    keyed = {begun(one.playbook, one.situation, one.event).key: one for one in called}
    rows = await turn.tx.rows(
        "select key from sightline.decisions where tenant = :t and key = any(:keys)", t=turn.tx.tenant, keys=list(keyed)
    )
    before = {row["key"] for row in rows}
    return {key: one for key, one in keyed.items() if key not in before}


def _decided(turn: Turn, one: Woken, by: Mapping[str, Drawing]) -> Decision:
    share, promise = turn.settings.act.hold_out, turn.settings.predict.promise
    return decision_for(
        one.playbook, one.situation, one.event, one.sides, hold_out=share, promise=promise,
        by=by.get(one.playbook.name),
    )  # fmt: skip


async def _with_reasons(
    turn: Turn, kept: Sequence[Decision], found: Mapping[str, Woken], by: Mapping[str, Drawing]
) -> list[Decision]:
    """With the reasons of what is forecast, which who reads the text will want: of what will be read by anybody they
    are found out where they are not known yet.
    """
    lacking: dict[str, list[why.Asked]] = {}
    for one in kept:
        event, about = found[one.key].event, _about(found[one.key].event)
        if about and event.type in FORECAST and one.verb in {Verb.ACT, Verb.ASK} and not one.proposal.reasons:
            lacking.setdefault(found[one.key].playbook.question, []).append(about)
    told: dict[tuple[str, why.Asked | None], tuple[str, ...]] = {}
    for name, these in lacking.items():
        question = turn.catalog.question(name)
        reasons = await why.explain(turn.tx, turn.lake, turn.catalog, question, these, turn.now)
        told |= {(name, about): tuple(reason.text for reason in texts) for about, texts in reasons.items()}
    return [_explained(one, found[one.key], told, by.get(one.proposal.playbook)) for one in kept]


def _about(event: Event) -> why.Asked | None:
    cutoff = event.data.get("cutoff")
    return (event.subject.key, datetime.fromisoformat(cutoff)) if cutoff else None


def _explained(
    decision: Decision, one: Woken, told: Mapping[tuple[str, why.Asked | None], tuple[str, ...]], by: Drawing | None
) -> Decision:  # fmt: skip
    reasons = told.get((one.playbook.question, _about(one.event)), ())
    if not reasons:
        return decision
    try:
        proposal = propose(one.playbook, replace(one.situation, reasons=reasons), one.event, by)
        return replace(decision, proposal=proposal)
    except Invalid as error:
        return replace(decision, verb=Verb.DROP, because=error.message)


def _by_facts(decision: Decision, one: Woken) -> Decision:
    """What its figures stand on; where one of them is none of its facts only a person may let it be said."""
    proposal = decision.proposal
    if decision.verb not in {Verb.ACT, Verb.ASK}:
        return decision
    write = next(choice.write for choice in one.playbook.choices if choice.name == proposal.choice)
    situation = replace(one.situation, reasons=proposal.reasons or one.situation.reasons)
    stands = figures.check(proposal.text, figures.facts(situation, write))
    if stands.strange is None:
        return replace(decision, facts=stands.facts)
    told = f"Its text tells '{stands.strange}', which is none of its facts, so a person decides."
    because = f"{told} {proposal.way}".strip() if decision.verb is Verb.ACT else f"{decision.because} {told}"
    return replace(decision, verb=Verb.ASK, because=because, facts=stands.facts, strange=stands.strange)


async def _keep(turn: Turn, decisions: Sequence[Decision]) -> None:
    if not decisions:
        return
    driver = await turn.tx.driver()
    rows = msgspec.json.encode([_row(turn, one) for one in decisions]).decode()
    await driver.execute(_KEEP, turn.tx.tenant, rows)
    standing.after_decisions(turn.tx, [d.key for d in decisions])


_COLUMNS = {
    "key": "text", "playbook": "text", "version": "text", "choice": "text", "channel": "text", "kind": "text",
    "subject": "text", "party": "text", "verb": "text", "arm": "text", "because": "text", "value": "float8",
    "worth": "float8", "reasons": "text[]", "text": "text", "question": "text", "cutoff": "timestamptz",
    "probability": "float8", "at": "timestamptz", "experiment": "text", "propensity": "float8", "usual": "text",
    "shadow": "text", "known": "jsonb", "choices": "text[]", "facts": "jsonb", "learned": "jsonb",
    "channel_propensity": "float8",
}  # fmt: skip

_KEEP = (
    f"insert into sightline.decisions (tenant, {', '.join(_COLUMNS)}) select $1, d.* from jsonb_to_recordset($2::jsonb)"
    f" d({', '.join(f'{name} {sort}' for name, sort in _COLUMNS.items())}) on conflict do nothing"
)


def _row(turn: Turn, d: Decision) -> dict[str, Any]:
    p = d.proposal
    return {
        "key": d.key, "playbook": p.playbook, "version": turn.catalog.playbooks[p.playbook].version,
        "choice": p.choice, "channel": p.channel, "kind": p.subject.kind, "subject": p.subject.key,
        "party": str(p.party), "verb": d.verb.value, "arm": d.arm, "because": d.because, "value": p.value,
        "worth": p.worth, "reasons": p.reasons, "text": p.text, "question": p.question, "cutoff": p.cutoff,
        "probability": p.probability, "at": d.at, "experiment": p.drawn and p.drawn.experiment,
        "propensity": p.drawn and p.drawn.propensity, "usual": p.drawn and p.drawn.usual,
        "shadow": p.drawn and p.drawn.shadow, "known": p.drawn and p.drawn.known,
        "choices": p.drawn and p.drawn.choices, "facts": d.facts, "learned": (p.drawn and p.drawn.learned) or None,
        "channel_propensity": p.channel_propensity,
    }  # fmt: skip


def _asked(turn: Turn, decision: Decision) -> inbox.Asked:
    p, playbook = decision.proposal, turn.catalog.playbooks[decision.proposal.playbook]
    return inbox.Asked(
        key=decision.key, playbook=p.playbook, version=playbook.version, choice=p.choice,
        channel=p.channel, subject=p.subject, party=p.party,
        question=p.question, cutoff=p.cutoff, probability=p.probability, text=p.text, because=decision.because,
        reasons=p.reasons, value=p.value, worth=p.worth, made_at=decision.at,
        due_at=decision.at + playbook.answer_within, by_default="drop" if decision.strange else playbook.by_default,
    )  # fmt: skip


def _told(turn: Turn, decision: Decision) -> Event:
    return Event(
        id=f"decided:{decision.key}",
        source=derived.SOURCE,
        type=derived.DECIDED,
        subject=decision.proposal.subject,
        time=decision.at,
        known_at=decision.at,
        data={
            "key": decision.key,
            "playbook": decision.proposal.playbook,
            "version": turn.catalog.playbooks[decision.proposal.playbook].version,
            "choice": decision.proposal.choice,
            "channel": decision.proposal.channel,
            "channel_propensity": decision.proposal.channel_propensity,
            "verb": decision.verb.value,
            "arm": decision.arm,
            "because": decision.because,
            "party": str(decision.proposal.party),
            "text": decision.proposal.text,
            "value": decision.proposal.value,
            "question": decision.proposal.question,
            "cutoff": decision.proposal.cutoff.isoformat() if decision.proposal.cutoff else None,
            "probability": decision.proposal.probability,
            **_lot(decision.proposal.drawn),
        },
    )


def _lot(drawn: Drawn | None) -> dict[str, Any]:
    """By what lot a choice was made, where by one."""
    if drawn is None:
        return {}
    return {
        "experiment": drawn.experiment,
        "propensity": drawn.propensity,
        "usual": drawn.usual,
        "shadow": drawn.shadow,
    }
