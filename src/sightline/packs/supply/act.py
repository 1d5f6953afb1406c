"""What we do about supply."""

from __future__ import annotations

from sightline.language.playbook import Choice, Playbook, Situation
from sightline.language.question import days
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.packs.supply.reason import OVERDUE

COST_OF_A_NOTE = 5.0
"""USD: some minutes of a buyer's attention."""

SAVED_BY_WARNING = 0.02
"""Share of a line's value that a month's warning is assumed to save (re-planning, a second source). An assumption,
on purpose small; the hold-out will say what it really is."""

CHASED = days(30)
"""Within which a delivery counts as brought about by asking for it."""


def warning(situation: Situation) -> str:
    """What the buyer would read about a line that may come late."""
    return (
        f"{situation.subject} is promised for {situation.deadline:%d %b %Y} and is {situation.probability:.0%} likely"
        f" to be late. Why: {situation.grounds}."
    )


def reminder(situation: Situation) -> str:
    """What the buyer would read about a line that is overdue."""
    return f"{situation.subject}: {situation.finding} Please ask the vendor, or record the delivery."


WARN_BUYER = Playbook(
    name="supply.warn_buyer",
    question=ARRIVES_LATE.name,
    wakes_on=ARRIVES_LATE.name,
    choices=(
        Choice(name="tell the buyer", channel="paper", write=warning, cost=COST_OF_A_NOTE, saves=SAVED_BY_WARNING),
    ),
    party="project",
)

CHASE_OVERDUE = Playbook(
    name="supply.chase_overdue",
    question=ARRIVES_LATE.name,
    wakes_on=OVERDUE.name,
    choices=(
        Choice(name="tell the buyer", channel="paper", write=reminder, cost=COST_OF_A_NOTE, saves=SAVED_BY_WARNING),
    ),
    party="project",
    attribution=CHASED,
)

PLAYBOOKS = (WARN_BUYER, CHASE_OVERDUE)
