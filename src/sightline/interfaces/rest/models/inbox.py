"""What people are asked, and how they answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from sightline.interfaces.rest.models.decisions import Outcome
from sightline.interfaces.rest.models.principals import Given
from sightline.interfaces.rest.models.shape import Page, Shape, Text, Word

Stage = Literal["open", "snoozed", "approved", "rejected", "expired", "overtaken"]
AskId = Annotated[str, Field(pattern="^ask_[0-9a-f]{32}$")]


class Item(Shape):
    """One thing a person is to decide, with what is needed to."""

    id: str
    key: str
    """The idempotency key of what would be done."""
    run: str | None
    """The run that waits for the answer; null where nothing was done yet."""
    playbook: str
    version: str
    """Of a playbook of your own."""
    choice: str
    """What would be done, in a word or two."""
    channel: str
    """The destination it would go to."""
    subject: str
    party: str
    """Who would be contacted."""
    question: str | None
    cutoff: datetime | None
    """Of the forecast it rests on."""
    probability: float | None
    text: str
    """The draft of what would be sent."""
    because: str
    """Why a person is asked."""
    reasons: list[str]
    """Why the forecast is what it is."""
    value: float
    """Money it is expected to bring, its cost taken off."""
    worth: float | None
    """Money at stake."""
    made_at: datetime
    due_at: datetime
    """By when an answer is wanted."""
    by_default: Literal["drop", "act"]
    """What happens then where nobody answered: nothing, or what is proposed."""
    state: Stage
    snoozed_until: datetime | None
    assignee: str | None
    ended_at: datetime | None
    ended_by: str | None
    why: str
    """What whoever answered wrote to it."""
    outcome: Outcome | None
    """What came of the decision; null where nothing tells any more."""


class Inbox(Page):
    """A page of what people are asked, the most expected money first."""

    items = "asked"

    asked: list[Item]
    count: int
    """Of all pages together."""


class Approve(Given):
    """A yes."""

    text: Text | None = Field(default=None, max_length=20_000)
    """What is to be sent instead of the draft."""
    why: Word = Field(default="", max_length=2_000)


class Reject(Given):
    """A no."""

    why: Word = Field(min_length=1, max_length=2_000)
    """The reason: what is learned from it is what it says."""


class Snooze(Given):
    """When it is to be shown again."""

    until: datetime


class Delegate(Given):
    """Whose it is to be."""

    to: Word | None = Field(max_length=256)
    """A user; null: nobody's in particular."""


class AnswerAll(Given):
    """One answer to several."""

    ids: list[AskId] = Field(min_length=1, max_length=200)
    yes: bool
    why: Word = Field(default="", max_length=2_000)
    """Needed for a no."""


class Refused(Shape):
    """One that was not taken."""

    id: str
    problem: str
    hint: str | None


class Answered(Shape):
    """What became of several answers, each by itself."""

    taken: list[Item]
    refused: list[Refused]
