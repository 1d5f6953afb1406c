"""What is sent, and where to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from sightline.interfaces.rest.models.principals import Given
from sightline.interfaces.rest.models.shape import Page, Shape, Text, Word

Sent = Literal["waiting", "sending", "held", "done", "dead"]
Password = Annotated[Word, Field(max_length=1_024)]
Named = Annotated[str, Field(max_length=200)]


class Delivery(Shape):
    """One action on its way to a destination."""

    id: str
    """What the other side knows it by (`webhook-id`); the same however often it is sent."""
    key: str
    """Its idempotency key: playbook, subject, and cutoff, finding or event; of a later step its name behind #."""
    destination: str
    receiver: str
    """Whom it is for."""
    subject: str
    text: str
    event: str | None
    """The type of the event that is told, whose body `text` is; null: something is said to `receiver`."""
    state: Sent
    made_at: datetime
    not_before: datetime
    """When it is tried next, while it waits."""
    attempts: int
    taken_over: int
    """How often a process ended while it was sending it: it may have arrived then, under the same id."""
    sent_again: int
    """How often somebody sent it again."""
    released_at: datetime | None
    """When somebody released it, where its destination asks for that."""
    released_by: str | None
    ended_at: datetime | None
    reference: str | None
    """What its channel calls it."""
    repeated: bool
    """Whether its channel had done it before under the same key."""
    problem: str
    """Why the last attempt failed, or why it waits."""
    hint: str


class Deliveries(Page):
    """A page of deliveries, newest first."""

    items = "deliveries"

    deliveries: list[Delivery]


class SendAgain(Given):
    """How a dead letter is mended before it is sent again; as it is where nothing is said."""

    text: Text | None = None
    destination: Word | None = None


Patterns = Annotated[list[Annotated[Word, Field(max_length=200)]], Field(max_length=100)]


class Subscription(Given):
    """What a destination of webhooks is told of; nothing where it names no events."""

    events: Patterns
    """Types of events, or patterns: `invoice.paid`, `invoice.*`, `*.paid`, `*`. Sightline's own are meant by those that
    begin with `sightline.` alone.
    """
    about: Patterns = Field(default=[])
    """Kinds of subjects; none: all."""


class TellAgain(Given):
    """Which events a destination is told of again."""

    since: Word = Field(max_length=40)
    """How far back (`7d`, `12h`), or a past day or moment, by when they were recorded."""
    until: Word | None = Field(default=None, max_length=40)
    """The same: those before; null: until now."""
    events: Patterns | None = None
    """Others than it subscribed to; naming them needs the right to administer."""
    about: Patterns = Field(default=[])
    """Kinds of subjects, where `events` are named; none: all."""
    dry_run: bool = False
    """Whether they are only counted."""


class ToldAgain(Shape):
    """What is told again, or would be."""

    events: int
    first: datetime | None
    """When the first of them was recorded."""
    last: datetime | None


class Guards(Shape):
    """What is held to before anything is sent to a destination."""

    approve: bool
    """Whether somebody must release each (`POST /v1/deliveries/{id}/release`)."""
    per_day: int | None
    """At most so many to one party, a day."""
    quiet: str | None
    """Hours without any, such as 20:00-08:00, in the `time_zone` of whom it is for."""
    zone: str
    """Where days and quiet hours are told, of whom no `time_zone` is known."""
    consent: str | None
    """An attribute that must be true of whom it is for."""
    only: list[str]
    """Parties and addresses; nobody else is sent anything. Empty: everybody."""


class NewGuards(Given):
    """What is to be held to; what is left out is not asked for."""

    approve: bool = False
    per_day: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    quiet: Annotated[Word, Field(max_length=20)] | None = None
    zone: Annotated[Word, Field(max_length=100)] = "UTC"
    consent: Annotated[Word, Field(max_length=200)] | None = None
    only: Annotated[list[Annotated[Word, Field(max_length=600)]], Field(max_length=1_000)] = Field(default=[])


class Asks(Shape):
    """What people are asked by a destination."""

    playbooks: list[str]
    """What these ask; empty: all of them."""
    above: float | None
    """Only with at least so much money at stake."""
    by: str | None
    """The user as whom whoever follows a link answers; null: there are no such links."""


class NewAsks(Given):
    """Whether people are asked by a destination from now on, and what."""

    on: bool = True
    playbooks: Annotated[list[Annotated[Word, Field(max_length=200)]], Field(max_length=200)] = Field(default=[])
    """What these ask; all of them when left out."""
    above: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """Only with at least so much money at stake; what nobody knows the stake of, too."""
    by: Annotated[Word, Field(max_length=256)] | None = None
    """A user: whoever follows a link from there answers as this one, with what they may. Left out: no such links."""


class Destination(Shape):
    """Where actions go."""

    name: str
    channel: str
    address: str
    """Whole for whoever may change it; for others without path and user, which may hold a secret."""
    reveal: bool
    """Whether it is told what stands behind the tokens of persons."""
    guards: Guards
    """What is held to before anything is sent there."""
    events: list[str]
    """The events it is told of, as patterns of their types; none: nothing but what playbooks send there."""
    about: list[str]
    """Of subjects of these kinds; none: of all."""
    asks: Asks | None
    """What people are asked there; null: nothing."""
    callback: str | None
    """Of Slack, for whoever may change it: the address to be entered in the app as request URL of its interactivity."""
    made_at: datetime
    failing_since: datetime | None
    """Since when it took nothing; after 5 days it is switched off."""
    disabled_at: datetime | None
    """Since when nothing is sent there; what is for it waits."""
    disabled_why: str
    waiting: int
    held: int
    """Wait for somebody to release them."""
    dead: int


class Destinations(Shape):
    """All destinations of a workspace, by name."""

    destinations: list[Destination]


class NewDestination(Given):
    """A destination of webhooks, of mail, or a chat."""

    name: Named
    address: Annotated[Word, Field(max_length=2_000)]
    """https://... for webhooks, smtps://user@host/?from=... for mail, slack:C0123456789 for a channel of Slack, slack:
    for an incoming webhook of it, teams: for a workflow of Microsoft Teams.
    """
    password: Password | None = None
    """Of the user of a mail server. Of Slack: the app's bot token, or the address of the incoming webhook; of Teams:
    that of the workflow.
    """
    signing_secret: Password | None = None
    """Of the app in Slack: with it, what people are asked has buttons."""
    reveal: bool = False
    """Whether webhooks and chats tell what stands behind the tokens of persons. Mail always does."""


class Rotate(Given):
    """What a mail server or a chat lets us in by now. Webhooks need nothing: their secret is made."""

    password: Password | None = None
    signing_secret: Password | None = None
    """Of the app in Slack. What was signed by the one before is still believed."""


class Secret(Shape):
    """What a destination of webhooks knows that it is us by. It is in this answer and nowhere else."""

    name: str
    secret: str | None
    """`whsec_` and base64, as Standard Webhooks has it; null for mail and chats."""


class Switch(Given):
    """Whether anything is sent to a destination."""

    on: bool
