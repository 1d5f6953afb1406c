"""What was decided, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sightline.interfaces.rest.models.shape import Page, Shape

Arm = Literal["treated", "control"]


class Outcome(Shape):
    """What came of a decision, within the time that counts as its own."""

    state: Literal["open", "early", "settled"]
    """`open`: nothing is known yet; `early`: something is, and counts when the time is over; `settled`: it counts."""
    arm: Arm
    """`control`: kept back, for comparison."""
    success: bool | None
    """Whether it is what the playbook calls success; null: not known, or it calls nothing so."""
    answer: bool | float | None
    """To the question; of one that asks how much, within a window, what came in it; null: not known."""
    called: str
    """The answer, as people call it; empty where it is not known."""
    happened: bool | None
    """Whether what is waited for happened in time; null: not known, or not what the question asks."""
    happened_at: datetime | None
    decided_at: datetime
    within: str | None
    """The playbook's window, in words; null: the answer of its forecast is the outcome."""
    closes_at: datetime | None
    """Until when what happens counts; null: whenever the answer becomes known."""
    counts_at: datetime | None
    """When it counts: late records have had their time."""
    settled_at: datetime | None
    corrected_at: datetime | None
    """When a late record last changed what had counted."""
    words: str
    """In a sentence."""


class Decided(Shape):
    """What was made of one proposal."""

    key: str
    """The idempotency key of what it leads to."""
    playbook: str
    version: str
    """Of a playbook of your own."""
    choice: str
    """What was to be done, in a word or two."""
    channel: str
    channel_propensity: float | None
    """The chance there was of this channel, where its choice goes by one of several."""
    subject: str
    party: str
    """Who would be contacted."""
    verb: Literal["act", "ask", "hold", "drop"]
    arm: Arm
    because: str
    value: float
    """Money it was expected to bring, its cost taken off."""
    worth: float | None
    """Money at stake."""
    question: str | None
    cutoff: datetime | None
    """Of the forecast it rests on; null: plain facts called for it."""
    probability: float | None
    experiment: str | None
    """Of which its choice was an arm."""
    at: datetime
    outcome: Outcome | None
    """Null where nothing was to come of it, or nothing tells any more."""


class Decisions(Page):
    """A page of decisions, newest first."""

    items = "decisions"

    decisions: list[Decided]
