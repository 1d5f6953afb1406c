"""What we do about receivables: a reminder before it is due where it will be late, a ladder afterwards."""

from __future__ import annotations

from sightline.language.playbook import Ask, Choice, Playbook, Send, Situation, Wait
from sightline.language.question import days, where
from sightline.packs.receivables.know import DISPUTED, FAILED, PAID, PROMISED
from sightline.packs.receivables.predict import PAID_LATE
from sightline.packs.receivables.reason import OVERDUE

COST_OF_A_NOTE, COST_OF_A_CALL = 0.5, 15.0
"""USD: a note writes itself, a call takes a quarter of an hour."""

DUNNED, RECOVERED = days(30), days(14)
"""Within which a payment counts as brought about by the ladder, whose last question is put after four weeks; and by the
recovery, which has asked, waited and called by then.
"""

SAVED_BY_A_NOTE, SAVED_BY_A_CALL = 0.005, 0.01
"""Share of the amount that being paid in time is assumed to be worth (interest, and what is never paid). Assumptions,
on purpose small; the hold-out will say what they really are."""

STOPS = (PAID, DISPUTED)
"""After these nobody is reminded any more."""


def _amount(situation: Situation) -> str:
    return "its amount" if situation.worth is None else f"{situation.worth:,.2f}"


def courtesy(situation: Situation) -> str:
    """What the customer would read before it is due."""
    return f"Invoice {situation.subject.key} over {_amount(situation)} is due on {situation.deadline:%d %b %Y}."


def reminder(situation: Situation) -> str:
    """What the customer would read once it is overdue."""
    return f"Invoice {situation.subject.key} over {_amount(situation)} is not paid yet. Has it been overlooked?"


def second(situation: Situation) -> str:
    """What the customer would read a week later."""
    return f"Invoice {situation.subject.key} over {_amount(situation)} is still open. Please tell us when it is paid."


def escalation(situation: Situation) -> str:
    """What whoever decides about going on would read."""
    return (
        f"Invoice {situation.subject.key} over {_amount(situation)} was not paid after two reminders."
        " Shall it be handed on?"
    )


def broken(situation: Situation) -> str:
    """What whoever decides would read when a promise to pay was not kept."""
    return f"A payment of invoice {situation.subject.key} was promised and has not come. Shall it be handed on?"


def handed_on(situation: Situation) -> str:
    """What the customer would read at last."""
    return f"Invoice {situation.subject.key} over {_amount(situation)} has been handed on for collection."


def failed(situation: Situation) -> str:
    """What the customer would read when a payment failed."""
    return (
        f"The payment of invoice {situation.subject.key} over {_amount(situation)} did not go through."
        " Please try again, or another way."
    )


FORESTALL = Playbook(
    name="receivables.forestall",
    question=PAID_LATE.name,
    wakes_on=PAID_LATE.name,
    whom=(where("probability", "above", 0.5),),
    choices=(
        Choice(name="remind", channel="paper", write=courtesy, cost=COST_OF_A_NOTE, saves=SAVED_BY_A_NOTE),
        Choice(name="call", channel="paper", write=courtesy, cost=COST_OF_A_CALL, saves=SAVED_BY_A_CALL),
    ),
    party="customer",
)

LADDER = Playbook(
    name="receivables.ladder",
    question=PAID_LATE.name,
    wakes_on=OVERDUE.name,
    choices=(Choice(name="remind", channel="paper", write=reminder, cost=COST_OF_A_NOTE, saves=SAVED_BY_A_NOTE),),
    party="customer",
    attribution=DUNNED,
    follow=(
        Wait(name="first week", span=days(7), unless=(*STOPS, PROMISED), otherwise="answered"),
        Send(name="remind again", channel="paper", write=second),
        Wait(name="second week", span=days(7), unless=(*STOPS, PROMISED), otherwise="answered"),
        Ask(name="escalate", write=escalation),
        Send(name="hand on", channel="paper", write=handed_on, then="end"),
        Wait(name="answered", span=days(14), unless=STOPS),
        Ask(name="promise broken", write=broken),
        Send(name="hand on after all", channel="paper", write=handed_on),
    ),
)
"""A payment or a dispute ends it; after a promise to pay it waits for two weeks."""

RECOVER = Playbook(
    name="receivables.recover",
    question=PAID_LATE.name,
    wakes_on=FAILED,
    choices=(Choice(name="ask to pay again", channel="paper", write=failed, cost=COST_OF_A_NOTE, saves=0.01),),
    party="customer",
    priority=1,
    attribution=RECOVERED,
    follow=(
        Wait(name="three days", span=days(3), unless=STOPS),
        Ask(name="call", write=escalation),
        Send(name="hand on", channel="paper", write=handed_on),
    ),
)

PLAYBOOKS = (FORESTALL, LADDER, RECOVER)
