"""What we do about customers: keep those worth keeping."""

from __future__ import annotations

from sightline.language.playbook import Ask, Choice, Playbook, Situation, Wait
from sightline.language.question import days, where
from sightline.packs.customers.predict import STOPS_BUYING

COST_OF_A_CALL, COST_OF_A_NOTE = 20.0, 1.0
"""USD: half an hour of somebody's time; a note writes itself."""

KEPT_BY_A_CALL, KEPT_BY_A_NOTE = 0.05, 0.01
"""Share of a year's spending that is assumed to be kept. Assumptions; the hold-out will say what they really are."""

CALLS_A_DAY = 20


def invitation(situation: Situation) -> str:
    """What whoever calls or writes would read."""
    spent = "" if situation.worth is None else f", who spent {situation.worth:,.0f} within a year,"
    return f"{situation.subject}{spent} is {situation.probability:.0%} likely to stay away. Why: {situation.grounds}."


def silence(situation: Situation) -> str:
    """What is asked when nothing came of it."""
    return f"{situation.subject} has not ordered since we spoke. Shall somebody visit?"


SAVE = Playbook(
    name="customers.save",
    question=STOPS_BUYING.name,
    wakes_on="every day",
    whom=(where("probability", "above", 0.5), where("worth", "above", 0.0)),
    choices=(
        Choice(name="call", channel="paper", write=invitation, cost=COST_OF_A_CALL, saves=KEPT_BY_A_CALL),
        Choice(name="write", channel="paper", write=invitation, cost=COST_OF_A_NOTE, saves=KEPT_BY_A_NOTE),
    ),
    party="self",
    capacity=CALLS_A_DAY,
    follow=(Wait(name="a month", span=days(30), unless=("order.placed",)), Ask(name="visit", write=silence)),
)
"""A call where what may be kept is worth it, a note else; nobody whose leaving costs nothing."""

PLAYBOOKS = (SAVE,)
