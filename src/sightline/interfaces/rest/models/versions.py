"""The versions of a question's model, and when it is trained again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from sightline.interfaces.rest.models.shape import Open, Scalar, Shape, Word
from sightline.kernel.predict.registry import State, Why


class Admitted(Open):
    """A suspicious feature that was let in."""

    feature: str
    reason: str
    by: str
    at: datetime


class Version(Shape):
    """One version of a question's model."""

    version: str
    state: State
    """`champion` is on duty, `challenger` never was, `retired` was."""
    trained_at: datetime
    as_of: datetime
    """How far its facts reached."""
    on_duty_since: datetime | None
    """When it last went on duty; null where it never was."""
    took_over_from: str | None
    """The version that was on duty before it, to which rolling back leads."""
    why: Why
    """What it was trained for."""
    reason: str
    """What somebody wrote to it."""
    admitted: list[Admitted]
    verdict: str
    headline: str
    figures: dict[str, Any]
    """The single figures of its proof, such as `auc` or `mae`."""
    line: str
    """The question as it was then."""


class Schedule(Shape):
    """When a question is trained again without being told to."""

    every_days: int | None
    on_drift: bool
    by: str
    at: datetime
    tried_at: datetime | None
    last_trained: datetime | None


class Versions(Shape):
    """The versions of a question's model, the newest first."""

    items = "versions"

    question: str
    versions: list[Version]
    schedule: Schedule | None
    """Null: it is trained again only when somebody says so."""


class ToPromote(Shape):
    """A version to be put on duty."""

    version: Word


class OnDuty(Shape):
    """What is on duty now."""

    question: str
    version: str


class ToTrain(Shape):
    """How to train a question again."""

    reason: Word = ""
    """Why, in your words; kept with the version."""
    on_duty: bool | None = None
    """Whether it goes on duty at its end; false: it is kept as a challenger, to be looked at first; null: it does,
    unless it may not be used while the one on duty may."""
    admit: dict[Word, Word] = Field(default={})
    """Suspicious features to let in, each with the reason; the proof names them under `leaks`."""


class ToSchedule(Shape):
    """When to train a question again; nothing: only when somebody says so."""

    every_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    on_drift: bool = False
    """When what comes is not what was said."""


class ToSuppose(Shape):
    """A subject, and what would be other about it."""

    subject: Word
    """kind/key."""
    changes: dict[Word, Scalar] = Field(default={})
    """Attribute to value, or link to kind/key; null for unknown. Nothing: only hints are wanted."""
