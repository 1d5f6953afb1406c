"""How the models on duty fare, and the alarms about them."""

from __future__ import annotations

from datetime import datetime

from sightline.interfaces.rest.models.shape import Shape, Word


class Alarm(Shape):
    """Something about a version that is beyond doubt not as it should be."""

    id: str
    question: str
    version: str
    what: str
    """`promise:yes` or `promise:no` (fewer were right beyond the line than promised), `calibration` (what came was not
    what had been said), `population` (who is asked, or what is known of them, is not as it was)."""
    words: str
    advice: str
    since: datetime | None
    """From when on it seems to have been so."""
    raised_at: datetime
    lifted_at: datetime | None
    lifted_by: str | None
    why: str
    """The reason of whoever lifted it."""


class Alarms(Shape):
    """Alarms about the models on duty, of all questions, the newest first."""

    items = "alarms"

    alarms: list[Alarm]


class Evidence(Shape):
    """How clear something was on a day."""

    at: datetime
    evidence: float


class Watched(Shape):
    """One thing that is watched, so far."""

    what: str
    """As of an alarm, or `rival`: another version beside the one on duty."""
    answers: int
    clusters: int
    said: float | None
    """The mean of what was said or promised; of `rival` the error of the version on duty."""
    came: float | None
    """The mean of what came; of `rival` the error of the other version."""
    evidence: float
    """The strongest so far."""
    alarm: bool
    since: datetime | None
    path: list[Evidence]


class Shift(Shape):
    """How one feature moved, or what is said."""

    feature: str
    called: str
    how: str
    """Part of a sentence."""
    since: datetime
    evidence: float


class Compared(Shape):
    """Who was asked since the training, in windows, beside who was asked before."""

    clusters: int
    """In a window."""
    before: int
    """Windows of the training."""
    windows: list[Evidence]
    alarm: bool
    shifts: list[Shift]


class Beside(Shape):
    """Another version that is asked about the same subjects."""

    version: str
    waits: bool
    """Whether it waits to be promoted; else it was on duty before, and is put back where it does better."""


class Watch(Shape):
    """What was seen of a question's model on duty when it was last looked at."""

    question: str
    version: str | None
    """Null: nothing was looked at yet."""
    at: datetime | None
    needed: float
    """The evidence from which on something is beyond doubt; of the population it is a fifth of that."""
    watched: list[Watched]
    population: Compared | None
    rival: Beside | None
    alarms: list[Alarm]
    """Of all versions, the newest first."""


class ToLift(Shape):
    """Why an alarm is taken back."""

    why: Word
