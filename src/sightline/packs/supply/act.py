"""What we do about supply."""

from __future__ import annotations

from sightline.language.playbook import Ask, Choice, Playbook, Send, Situation, Wait
from sightline.language.question import days
from sightline.language.ref import Ref
from sightline.packs.supply.observe import DELIVERED
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.packs.supply.reason import OVERDUE

COST_OF_A_NOTE = 5.0
"""USD: some minutes of a buyer's attention."""

SAVED_BY_WARNING = 0.02
"""Share of a line's value that a month's warning is assumed to save (re-planning, a second source). An assumption,
on purpose small; the hold-out will say what it really is."""

PATIENCE = days(14)
"""After the buyer was told of a line that is overdue, until somebody thinks of another vendor."""

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


def second_source(situation: Situation) -> str:
    """What whoever decides about another vendor would read."""
    return (
        f"No delivery of {situation.subject} is known since its buyer was told that it is overdue."
        f" Shall another vendor be asked for a quote: {_goods(situation)}?"
    )


def request(situation: Situation) -> str:
    """What the other vendor would read; it goes to the buyer, who knows whom to ask."""
    return f"Please quote: {_goods(situation)}. Tell us your price, and the first day on which you can deliver."


def _goods(situation: Situation) -> str:
    product, country = (_named(situation, role) for role in ("product", "country"))
    quantity = situation.attributes.get("quantity")
    much = f"{quantity:,.10g} of " if isinstance(quantity, int | float) else ""
    return f"{much}{product or f'what {situation.subject} is for'}{country and f', to {country}'}"


def _named(situation: Situation, role: str) -> str:
    link = situation.links.get(role)
    return Ref.parse(link).key if link else ""


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
    follow=(
        Wait(name="two weeks", span=PATIENCE, unless=(DELIVERED,)),
        Ask(name="another vendor", write=second_source),
        Send(name="ask for a quote", channel="paper", write=request),
    ),
)
"""A delivery ends it. Goods of another vendor are a line of their own: its success tells nothing of them."""

PLAYBOOKS = (WARN_BUYER, CHASE_OVERDUE)
