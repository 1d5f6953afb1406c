"""What we do about supply."""

from __future__ import annotations

from sightline.language.playbook import Choice, Playbook, Situation
from sightline.language.question import days
from sightline.language.ref import Ref
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.packs.supply.reason import OVERDUE

COST_OF_A_NOTE = 5.0
"""USD: some minutes of a buyer's attention."""

SAVED_BY_WARNING = 0.02
"""Share of a line's value that a month's warning is assumed to save (re-planning, a second source). An assumption,
on purpose small; the hold-out will say what it really is."""

COST_OF_A_QUOTE = 150.0
"""USD: two hours in which a buyer asks and compares."""

SAVED_BY_A_QUOTE = 0.03
"""Share of a line's value that another vendor's quote is assumed to save where it is at hand in time: no more proved
than the other. One is asked for where what is likely to be lost is worth the hours."""

CHASED = days(30)
"""Within which a delivery counts as brought about by asking for it."""


def warning(situation: Situation) -> str:
    """What the buyer would read about a line that may come late."""
    return (
        f"{situation.subject} is promised for {situation.deadline:%d %b %Y} and is {situation.probability:.0%} likely"
        f" to be late. Why: {situation.grounds}."
    )


def second_source(situation: Situation) -> str:
    """What the buyer would read where it is worth to ask somebody else: the warning, and what to ask for."""
    vendor, product, country = (_named(situation, role) for role in ("vendor", "product", "country"))
    quantity = situation.attributes.get("quantity")
    what = product or "the same goods"
    much = f"{quantity:,.0f} of {what}" if isinstance(quantity, int | float) else what
    return (
        f"{warning(situation)} Ask another vendor{vendor and f' than {vendor}'} for a quote: {much}"
        f"{country and f' for {country}'}, delivered by {situation.deadline:%d %b %Y}. What was ordered stays ordered."
    )


def _named(situation: Situation, role: str) -> str:
    link = situation.links.get(role)
    return Ref.parse(link).key if link else ""


def reminder(situation: Situation) -> str:
    """What the buyer would read about a line that is overdue."""
    return f"{situation.subject}: {situation.finding} Please ask the vendor, or record the delivery."


WARN_BUYER = Playbook(
    name="supply.warn_buyer",
    question=ARRIVES_LATE.name,
    wakes_on=ARRIVES_LATE.name,
    choices=(
        Choice(name="tell the buyer", channel="paper", write=warning, cost=COST_OF_A_NOTE, saves=SAVED_BY_WARNING),
        Choice(
            name="ask another vendor for a quote",
            channel="paper",
            write=second_source,
            cost=COST_OF_A_QUOTE,
            saves=SAVED_BY_A_QUOTE,
        ),
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
