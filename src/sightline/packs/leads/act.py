"""What we do about leads: the best are called first, as many a day as can be."""

from __future__ import annotations

from sightline.language.playbook import Choice, Playbook, Situation
from sightline.packs.leads.predict import SUBSCRIBES

COST_OF_A_CALL = 4.0
"""EUR: some minutes on the telephone."""

GAINED = 50.0
"""EUR that one who subscribes is assumed to bring."""

CALLS_A_DAY = 50


def first_contact(situation: Situation) -> str:
    """What whoever calls would read."""
    return (
        f"{situation.subject} is {situation.probability:.0%} likely to subscribe when called. Why: {situation.grounds}."
    )


FIRST_CONTACT = Playbook(
    name="leads.first_contact",
    question=SUBSCRIBES.name,
    wakes_on=SUBSCRIBES.name,
    choices=(Choice(name="call", channel="paper", write=first_contact, cost=COST_OF_A_CALL, gains=GAINED),),
    party="self",
    capacity=CALLS_A_DAY,
)

PLAYBOOKS = (FIRST_CONTACT,)
