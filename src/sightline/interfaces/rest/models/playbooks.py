"""Playbooks, and their runs."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from sightline.interfaces.rest.models.decisions import Outcome
from sightline.interfaces.rest.models.principals import Given
from sightline.interfaces.rest.models.shape import Open, Page, Shape, Text, Word

Going = Literal["running", "paused", "stuck", "ended", "cancelled"]


class Choice(Open):
    """One thing a playbook may do."""

    name: str
    channel: str
    """The destination it goes to; of several the usual one."""
    channels: list[str]
    """Several that it may go to, each party by the one that is best for it; empty: `channel` alone."""
    cost: float
    saves: float
    """Share of the money at stake that it is assumed to save."""
    gains: float
    """Money it is assumed to bring, whatever is at stake."""


class Playbook(Shape):
    """What is done when something is forecast, found or happens."""

    name: str
    question: str
    wakes_on: str
    """A question, a detector, an event, or `every day`."""
    party: str
    """The link that leads to whoever is contacted."""
    choices: list[Choice]
    follow: list[str]
    """What comes after, step by step, in words."""
    capacity: int | None
    """At most so many a day."""
    priority: int
    asks_first: bool
    attribution: str | None
    """How long after a decision what happens counts as its outcome; null: the answer of its forecast does."""
    choose: str
    """How a choice is made: by `value`, or as was `learned`."""
    usual: str
    """The choice that was adopted from an experiment; empty: none was."""
    version: str
    """Of your own; empty where a pack declares it."""
    stopped: str
    """Why it does nothing any more; empty where it does."""
    decisions: dict[str, int]
    """What became of its proposals: verb to how many."""
    running: int
    """Runs that have not ended."""


class Playbooks(Shape):
    """All playbooks of a workspace, by name."""

    items = "playbooks"

    playbooks: list[Playbook]
    text: str
    """Those of your own, as the file that declares them."""


class ToDeclare(Given):
    """Playbooks as TOML."""

    text: Text = Field(max_length=100_000)
    check: bool = False
    """Only look whether they could be declared."""


class PlaybooksDeclared(Shape):
    """What was declared."""

    versions: dict[str, int]
    """Name to version; where only looked, to the version that stands (0: none)."""


class Rehearse(Given):
    """From when on a playbook is rehearsed."""

    since: Word = Field(max_length=40)
    """How far back (`90d`, `12w`), or a past day or moment: what was known then teaches the model, and what came since
    is decided about.
    """
    text: Text | None = Field(default=None, max_length=100_000)
    """A file that holds the playbook, where it is not declared."""


class Run(Shape):
    """What becomes of one thing that was decided to be done."""

    id: str
    key: str
    """Of the decision: the idempotency key of what is done first."""
    playbook: str
    version: str
    subject: str
    party: str
    question: str | None
    choice: str
    state: Going
    step: str | None
    """Where it stands."""
    attempt: int
    listens: list[str]
    """The events that end its wait at once."""
    due_at: datetime | None
    """When its wait ends."""
    began_at: datetime
    ended_at: datetime | None
    why: str
    """Why it ended, or cannot go on."""
    outcome: Outcome | None
    """What came of the decision; null where nothing tells any more."""


class Runs(Page):
    """A page of runs, newest first."""

    items = "runs"

    runs: list[Run]


class Stepped(Shape):
    """One thing a run did."""

    number: int
    step: str
    what: str
    at: datetime
    detail: str


class RunWhole(Run):
    """A run, step by step."""

    steps: list[Stepped]


class ToRun(Given):
    """What a run is to do."""

    what: Literal["pause", "resume", "cancel", "again"]
    step: Word | None = Field(default=None, max_length=200)
    """With `again`: from which step on; the one it stands at where left out."""
