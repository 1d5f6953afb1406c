"""Decide: for each proposal its expected value, the hold-out, the promise; then act, ask, hold or drop, and why.

`decision_for` is pure. A forecast may act by itself only beyond a line that keeps the promise (see the proof); a
rule on plain facts needs none. The hold-out is drawn by hash per contacted party, before anything else is looked at,
so that it is a random sample of the parties.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sightline.foundation.turn import Turn
from sightline.kernel.know.entities import current
from sightline.kernel.know.situations import readable, worth_of
from sightline.kernel.predict import standing, why
from sightline.kernel.predict.registry import champion_sides, prediction_reasons
from sightline.language import derived
from sightline.language.action import Decision, Proposal, Verb
from sightline.language.catalog import Catalog
from sightline.language.event import Event
from sightline.language.playbook import Playbook, Situation
from sightline.language.proof import Side, beyond
from sightline.language.ref import Ref

FORECAST = frozenset({derived.PREDICTED, derived.CROSSED})
"""Events that say what is forecast of a subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Woken:
    """One playbook woken by one event."""

    playbook: Playbook
    event: Event
    situation: Situation
    sides: Sequence[Side]


async def decide(turn: Turn) -> None:
    """Decide about every playbook that a prediction or a finding of this batch wakes.

    Who is asked again and again is told of as predicted once, and whenever a line was crossed later on. A decision has
    its cutoff in the key, so about one that was decided a crossing decides nothing.
    """
    woken: list[_Woken] = []
    for event in await turn.events():
        for playbook in _wakes(turn.catalog, event):
            sides = await champion_sides(turn.tx, turn.catalog.question(playbook.question))
            if event.type == derived.CROSSED and not _risen(event, sides):
                continue
            situation = await _situation(turn, playbook, event)
            woken.append(_Woken(playbook=playbook, event=event, situation=situation, sides=sides))
    decided = [_decided(turn, one) for one in await _with_reasons(turn, woken)]
    await _keep(turn, decided)
    turn.record([_told(d) for d in decided])


def _decided(turn: Turn, one: _Woken) -> Decision:
    share, promise = turn.settings.act.hold_out, turn.settings.predict.promise
    return decision_for(one.playbook, one.situation, one.event, one.sides, hold_out=share, promise=promise)


async def _with_reasons(turn: Turn, woken: Sequence[_Woken]) -> list[_Woken]:
    """Those with the reasons of what is forecast, which who reads the text will want: of what will be read by anybody
    they are found out where they are not known yet.
    """
    lacking: dict[str, list[why.Asked]] = {}
    for one in woken:
        asked = _asked(one.event)
        unexplained = one.event.type in FORECAST and not one.situation.reasons
        if asked and unexplained and _decided(turn, one).verb in {Verb.ACT, Verb.ASK}:
            lacking.setdefault(one.playbook.question, []).append(asked)
    told: dict[tuple[str, why.Asked | None], tuple[str, ...]] = {}
    for name, these in lacking.items():
        question = turn.catalog.question(name)
        found = await why.explain(turn.tx, turn.lake, turn.catalog, question, these, turn.now)
        told |= {(name, asked): tuple(reason.text for reason in reasons) for asked, reasons in found.items()}
    return [_explained(one, told.get((one.playbook.question, _asked(one.event)), ())) for one in woken]


def _asked(event: Event) -> why.Asked | None:
    cutoff = event.data.get("cutoff")
    return (event.subject.key, datetime.fromisoformat(cutoff)) if cutoff else None


def _explained(one: _Woken, reasons: tuple[str, ...]) -> _Woken:
    return replace(one, situation=replace(one.situation, reasons=reasons)) if reasons else one


def decision_for(
    playbook: Playbook, situation: Situation, event: Event, sides: Sequence[Side], *, hold_out: float, promise: float
) -> Decision:
    """What becomes of one proposal; pure.

    Args: `sides` of the champion's proof; `hold_out` the share (0 to 1) of parties kept as control; `promise` the
    precision promised now, which may be more than the proof was asked for.
    """
    proposal = propose(playbook, situation, event)
    arm = "control" if drawn(playbook.name, proposal.party, hold_out) else "treated"
    if proposal.value <= 0:
        verb, because = Verb.DROP, f"It would bring {proposal.value:,.0f}, less than nothing, after its cost."
    elif arm == "control":
        verb = Verb.HOLD
        because = f"{proposal.party} is in the hold-out of this playbook, so that its effect can be measured."
    else:
        verb, because = _verdict(situation, sides, promise)
    return Decision(proposal=proposal, verb=verb, because=because, arm=arm, at=situation.now)


def propose(playbook: Playbook, situation: Situation, event: Event) -> Proposal:
    """What the playbook would do for this subject, and what that is worth; pure."""
    likely = 1.0 if situation.probability is None else situation.probability
    value = likely * (situation.worth or 0.0) * playbook.saves - playbook.cost
    party = situation.links.get(playbook.party)
    cutoff = event.data.get("cutoff")
    return Proposal(
        playbook=playbook.name,
        choice=playbook.choice,
        subject=situation.subject,
        party=Ref.parse(party) if party else situation.subject,
        text=playbook.write(situation),
        value=value,
        question=playbook.question,
        cutoff=datetime.fromisoformat(cutoff) if cutoff else None,
        probability=situation.probability,
        found_at=event.time if event.type == derived.FOUND else None,
    )


def drawn(playbook: str, party: Ref, share: float) -> bool:
    """Whether a party belongs to a playbook's hold-out: the same answer for ever, uniform over parties."""
    digest = hashlib.sha256(f"{playbook}\0{party}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < share


def _verdict(situation: Situation, sides: Sequence[Side], promise: float) -> tuple[Verb, str]:
    """What may be done by itself about something worth doing."""
    probability = situation.probability
    if situation.quantity is not None:
        return Verb.ASK, "A quantity is forecast and no line is set for it, so a person decides."
    if probability is None:
        return Verb.ACT, "It follows from plain facts, which need no promise."
    side = next((s for s in sides if s.side == "yes"), None)
    if side is None or side.line is None or side.bound is None:
        called = side.called if side else "yes"
        return Verb.ASK, f"No line keeps the promised precision on '{called}', so a person decides."
    if side.bound < promise:
        return Verb.ASK, (
            f"The line was proved for {_percent(side.promise)}; {_percent(promise)} is promised now,"
            " so a person decides until the question is trained again."
        )
    if probability >= side.line:
        return Verb.ACT, f"{probability:.0%} is beyond {side.line:.0%}, where {side.bound:.0%} or more hold."
    return Verb.ASK, f"{probability:.0%} is below {side.line:.0%}, the line that keeps the promise."


def _percent(share: float) -> str:
    """With as many digits as were set: .975 is not 98 %."""
    return f"{100 * share:.6g}%"


def _risen(event: Event, sides: Sequence[Side]) -> bool:
    """Whether a crossing ends beyond the line of yes: whoever came back from there calls for nothing."""
    probability = event.data.get("probability")
    return probability is not None and beyond(sides, probability) == "yes"


def _wakes(catalog: Catalog, event: Event) -> list[Playbook]:
    name = event.data.get("question" if event.type in FORECAST else "detector")
    return [p for p in catalog.playbooks.values() if p.wakes_on == name]


async def _situation(turn: Turn, playbook: Playbook, event: Event) -> Situation:
    known = await current(turn.tx, event.subject.kind, [event.subject.key])
    said, links = known.get(event.subject.key, ({}, {}))
    attributes = readable(turn.catalog.kinds.get(event.subject.kind), said)
    question = turn.catalog.question(playbook.question)
    data: dict[str, Any] = dict(event.data)
    forecast = event.type in FORECAST
    return Situation(
        subject=event.subject,
        now=turn.now,
        deadline=datetime.fromisoformat(data["deadline"]) if forecast else turn.now,
        attributes=attributes,
        links=links,
        probability=data.get("probability"),
        quantity=data.get("quantity"),
        low=data.get("low"),
        high=data.get("high"),
        worth=data.get("worth") if forecast else worth_of(question, attributes),
        reasons=await prediction_reasons(turn.tx, playbook.question, event.subject) if forecast else (),
        finding=data.get("text"),
    )


async def _keep(turn: Turn, decisions: Sequence[Decision]) -> None:
    for d in decisions:
        p = d.proposal
        await turn.tx.run(
            "insert into sightline.decisions (tenant, key, playbook, choice, kind, subject, party, verb, arm, because,"
            " value, text, question, cutoff, probability, at) values (:t, :key, :playbook, :choice, :kind, :subject,"
            " :party, :verb, :arm, :because, :value, :text, :question, :cutoff, :probability, :at)"
            " on conflict do nothing",
            t=turn.tx.tenant, key=d.key, playbook=p.playbook, choice=p.choice, kind=p.subject.kind,
            subject=p.subject.key, party=str(p.party), verb=d.verb.value, arm=d.arm, because=d.because, value=p.value,
            text=p.text, question=p.question, cutoff=p.cutoff, probability=p.probability, at=d.at,
        )  # fmt: skip
    if decisions:
        standing.after_decisions(turn.tx, [d.key for d in decisions])


def _told(decision: Decision) -> Event:
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
            "choice": decision.proposal.choice,
            "verb": decision.verb.value,
            "arm": decision.arm,
            "because": decision.because,
            "party": str(decision.proposal.party),
            "text": decision.proposal.text,
            "value": decision.proposal.value,
            "question": decision.proposal.question,
            "cutoff": decision.proposal.cutoff.isoformat() if decision.proposal.cutoff else None,
            "probability": decision.proposal.probability,
        },
    )
