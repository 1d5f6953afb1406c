"""The evidence for a model's answers, as `kernel/predict/proof.py` writes it.

What has a default is absent where an older version wrote it, or where nothing could be measured.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from sightline.interfaces.rest.models.shape import Open
from sightline.language.proof import Verdict

Interval = Annotated[list[float], Field(min_length=2, max_length=2)]
"""From and to, at 95 %, respecting clusters."""


class Metrics(Open):
    """Figures of the back-test; null where it could not be measured."""

    auc: float | None
    auc_interval: Interval | None
    average_precision: float | None
    brier: float | None
    log_loss: float | None
    calibration_error: float | None
    calibration_floor: float | None
    """What a perfect model would show."""


class Baseline(Open):
    """The same figures of a model of the subject's own attributes."""

    auc: float | None


class Lift(Open):
    """What the histories add to the baseline."""

    difference: float | None
    """In AUC."""
    interval: Interval | None
    claimed: bool
    """Whether it is above zero beyond doubt."""
    log_loss_over_base_rate_interval: Interval | None = None


class Split(Open):
    """What was learnt from and what was judged."""

    how: str
    origin: datetime
    until: datetime
    folds: int
    judged: int
    judged_yes: int
    clusters: int
    together: str | None
    """What makes subjects share one fate: a link."""


class Side(Open):
    """One predicted side, and the line from which the promise holds on it, if any."""

    side: Literal["yes", "no"]
    called: str
    promise: float
    """Precision promised."""
    line: float | None
    """Probability of that side from which on it holds; null: it never acts by itself on it."""
    precision: float | None
    bound: float | None
    """Lower bound of the precision."""
    coverage: float
    """Share of the subjects beyond the line."""


class Tail(Open):
    """A line that was tried: what it would have kept, for which share of the subjects."""

    line: float
    precision: float
    bound: float
    coverage: float
    enough: bool
    """Whether there are clusters enough to prove the promise."""


class Tails(Open):
    """All lines that were tried, by side, the strictest first; nothing where nothing could be measured."""

    yes: list[Tail] | None = None
    no: list[Tail] | None = None


class CaughtAt(Open):
    """Shares of the money lost that stand within a share of the subjects."""

    subjects: float
    by_expected_loss: float
    by_worth: float


class Caught(Open):
    """How much of the money lost stands at the top of the list, ranked in different ways."""

    top: float
    """Share of the subjects."""
    at_stake: float
    by_expected_loss: float
    by_worth: float
    at_random: float
    curve: list[CaughtAt] | None = None


class Fold(Open):
    """One step of the back-test."""

    begin: datetime = Field(alias="from")
    until: datetime
    trained_on: int
    asked: int
    yes: int
    auc: float | None
    auc_attributes: float | None


class Bin(Open):
    """Subjects of like probability."""

    mean_probability: float
    share_yes: float
    subjects: int


class SureAndWrong(Open):
    """A sure prediction that came out otherwise."""

    subject: str
    cutoff: datetime
    probability: float
    answer: str
    worth: float | None


class Feature(Open):
    """A feature alone."""

    feature: str
    group: str
    by: Literal["value", "presence"]
    auc: float


class Leaks(Open):
    """What is suspiciously good alone."""

    checked: int
    limit: float
    """AUC from which on a feature is suspicious."""
    suspicious: list[Feature]
    strongest: list[Feature]


class ProvedModel(Open):
    """The model on duty."""

    version: str
    rung: Literal["prior", "boosted trees"]
    trained_on: int
    yes: int
    features: int
    boosters: int


class ProvedOn(Open):
    """The data it was proved on."""

    rows: int
    last_position: int
    as_of: datetime


class Proof(Open):
    """The evidence that a model answers its question, as it was written when the model was trained."""

    question: str
    asks: str | None = None
    verdict: Verdict
    headline: str
    metrics: Metrics
    baseline: Baseline
    lift: Lift
    split: Split
    assumptions: list[str]
    never_acts: list[str]
    """Sides on which it never acts by itself."""
    sides: list[Side]
    lines: Tails | None = None
    money: Caught | None
    population: dict[str, int | dict[str, int]]
    """How many were asked and are; under `excluded`, by the reason for which they are not."""
    folds: list[Fold]
    reliability: list[Bin]
    sure_and_wrong: list[SureAndWrong]
    leaks: Leaks | None = None
    model: ProvedModel
    data: ProvedOn
