"""What we do about deals: nobody forgets one that has stalled."""

from __future__ import annotations

from sightline.language.playbook import Ask, Choice, Playbook, Send, Situation, Wait
from sightline.language.question import days
from sightline.packs.deals.predict import DECIDED, WINS

STALLED = days(45)
"""Half of the shipped deals that were closed at all were closed by then."""

ATTENTION = 1.0
"""USD that a look at the right moment is assumed to bring, so that it is no matter of money whether one is taken."""


def engaged(situation: Situation) -> str:
    """What whoever has the deal would read at its beginning."""
    return f"{situation.subject} has begun. It will be asked about in {STALLED.days} days if it is not closed by then."


def stalled(situation: Situation) -> str:
    """What whoever decides what comes next would read."""
    return (
        f"{situation.subject} has been open for {STALLED.days} days. Next best action: name what the other side has to"
        " decide and by when. Shall it be sent?"
    )


def next_step(situation: Situation) -> str:
    """What the other side would read."""
    return f"About {situation.subject}: which decision is open on your side, and by when will it be made?"


STALLS = Playbook(
    name="deals.stalls",
    question=WINS.name,
    wakes_on="deal.engaged",
    choices=(Choice(name="watch", channel="paper", write=engaged, gains=ATTENTION),),
    party="self",
    attribution=DECIDED,
    follow=(
        Wait(name="open for long", span=STALLED, unless=("deal.closed",)),
        Ask(name="next step", write=stalled),
        Send(name="ask them", channel="paper", write=next_step),
    ),
)
"""It rests on plain facts: the shipped pipeline teaches no model that could be used (its proof says so)."""

PLAYBOOKS = (STALLS,)
