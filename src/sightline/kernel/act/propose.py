"""Propose and judge: what a playbook would do for one subject, what that is worth, and what may become of it. Pure.

A forecast may act by itself only beyond a line that keeps the promise (see the proof); a rule on plain facts needs
none. The hold-out is drawn by hash per contacted party, before anything else is looked at, so that it is a random
sample of the parties.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sightline.kernel.act.drawing import Drawing, best, expected
from sightline.kernel.act.lots import lot
from sightline.language import derived
from sightline.language.action import Decision, Proposal, Verb
from sightline.language.errors import Invalid
from sightline.language.event import Event
from sightline.language.playbook import SELF, Playbook, Situation
from sightline.language.proof import Side
from sightline.language.ref import Ref

FORECAST = frozenset({derived.PREDICTED, derived.CROSSED})
"""Events that say what is forecast of a subject."""

UNTOLD = "What it would bring cannot be told."


def decision_for(
    playbook: Playbook, situation: Situation, event: Event, sides: Sequence[Side], *, hold_out: float, promise: float,
    by: Drawing | None = None,
) -> Decision:  # fmt: skip
    """What becomes of one proposal.

    Args: `sides` of the champion's proof; `hold_out` the share (0 to 1) of parties kept as control; `promise` the
    precision promised now, which may be more than the proof was asked for; `by` what its choice is drawn, if it is.
    """
    try:
        proposal = propose(playbook, situation, event, by)
    except Invalid as error:
        return _unwritten(playbook, situation, event, error, by)
    arm = "control" if drawn(playbook.name, proposal.party, hold_out) else "treated"
    if not _finite(proposal):
        proposal = replace(proposal, value=0.0, drawn=None)
        verb, because = Verb.DROP, UNTOLD
    elif proposal.order <= 0:
        verb, because = Verb.DROP, f"It would bring {proposal.order:,.0f}, less than nothing, after its cost."
    elif proposal.unreached:
        verb, because = Verb.DROP, proposal.unreached
    elif arm == "control":
        verb = Verb.HOLD
        because = f"{proposal.party} is in the hold-out of this playbook, so that its effect can be measured."
    elif playbook.asks_first:
        verb, because = Verb.ASK, "This playbook asks a person whatever is proved."
    else:
        verb, because = _verdict(situation, sides, promise)
    if verb in {Verb.ACT, Verb.ASK}:
        because = f"{because} {proposal.way}".strip()
    lasts = because in (UNTOLD, proposal.unreached)
    return Decision(proposal=proposal, verb=verb, because=because, arm=arm, at=situation.now, lasts=lasts)


def _finite(proposal: Proposal) -> bool:
    return math.isfinite(proposal.value) and math.isfinite(proposal.order)


def _unwritten(
    playbook: Playbook, situation: Situation, event: Event, error: Invalid, by: Drawing | None
) -> Decision:  # fmt: skip
    """Nothing is said where its text cannot be written."""
    proposal = propose(playbook.silent(), situation, event, by)
    if not _finite(proposal):
        proposal = replace(proposal, value=0.0, drawn=None)
    return Decision(
        proposal=proposal, verb=Verb.DROP, because=error.message, arm="treated", at=situation.now, lasts=True
    )


def propose(playbook: Playbook, situation: Situation, event: Event, by: Drawing | None = None) -> Proposal:
    """What the playbook would do for this subject: the choice with the most expected value, of equals the first, or the
    one that is drawn.

    Raises Invalid where its text cannot be written; of a drawn one, where that of any it could have been cannot.
    """
    proposal = begun(playbook, situation, event)
    drawn = by.draw(playbook, situation, proposal.party, proposal.key) if by else None
    choice = playbook.choice(drawn.choice) if drawn else best(playbook, situation)
    meant = by.arms(playbook) if by and drawn else (choice,)
    texts = {one.name: one.write(situation) for one in meant}
    way = by.way(playbook, choice, proposal.party, proposal.key) if by else None
    return replace(
        proposal, choice=choice.name, text=texts[choice.name], value=expected(choice, situation),
        channel=way.channel if way else choice.channel, way=way.because if way else "", drawn=drawn,
        channel_propensity=way.propensity if way else None, unreached=by.unreached(meant, proposal.party) if by else "",
    )  # fmt: skip


def begun(playbook: Playbook, situation: Situation, event: Event) -> Proposal:
    """A proposal of which nothing is chosen yet, nor written: its key is known."""
    cutoff = event.data.get("cutoff")
    return Proposal(
        playbook=playbook.name,
        choice="",
        subject=situation.subject,
        party=party_of(playbook, situation),
        text="",
        value=0.0,
        question=playbook.question,
        cutoff=datetime.fromisoformat(cutoff) if cutoff else None,
        probability=situation.probability,
        found_at=event.time if event.type == derived.FOUND else None,
        event=f"{event.source}/{event.id}",
        worth=situation.worth,
        reasons=situation.reasons,
    )


def party_of(playbook: Playbook, situation: Situation) -> Ref:
    """Who would be contacted."""
    party = None if playbook.party == SELF else situation.links.get(playbook.party)
    return Ref.parse(party) if party else situation.subject


def drawn(playbook: str, party: Ref, share: float) -> bool:
    """Whether a party belongs to a playbook's hold-out: the same answer for ever, uniform over parties."""
    return lot(playbook, party) < share


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
    if side.broken:
        return Verb.ASK, f"{side.broken} So a person decides."
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
