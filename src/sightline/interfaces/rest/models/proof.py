"""The evidence for a model's answers, as `kernel/predict/proof.py` writes it.

What has a default is absent where an older version wrote it, or where nothing could be measured.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from sightline.interfaces.rest.models.shape import Open
from sightline.language.proof import Verdict

Interval = Annotated[list[float], Field(min_length=2, max_length=2)]
"""From and to, at 95 %, respecting clusters."""


class Metrics(Open):
    """Figures of the back-test; null where it could not be measured, or where the answer is of the other form."""

    auc: float | None = None
    auc_interval: Interval | None = None
    average_precision: float | None = None
    brier: float | None = None
    log_loss: float | None = None
    calibration_error: float | None = None
    calibration_floor: float | None = None
    """What a perfect model would show."""
    mae: float | None = None
    """Of a quantity: the mean absolute error of its median, in its unit."""
    mae_interval: Interval | None = None
    rmse: float | None = None
    """Root of the mean squared error of its mean."""
    coverage: float | None = None
    """Share of answers within their 90 % intervals."""
    coverage_promised: float | None = None
    """Share that should lie within them: 0.9."""
    width: float | None = None
    """From one end of an interval to the other, on average."""
    total_ratio: float | None = None
    """What was forecast in all, over what came."""
    concordance: float | None = None
    """How often the larger of two forecasts is of the larger answer."""


class Baseline(Open):
    """The same figures of a naive forecast or of a model of the subject's own attributes."""

    what: str | None = None
    auc: float | None = None
    mae: float | None = None
    rmse: float | None = None
    total_ratio: float | None = None


class Rung(Open):
    """A kind of model that was tried before the origin."""

    rung: str
    loss: float | None
    """Mean loss; the smaller the better."""
    worse: float | None = None
    """By how much it is worse than the best, and the standard error of that."""
    error: float | None = None
    within: bool = False
    """Whether that is within one standard error: the simplest such one is taken."""
    examples: int | None = None


class Contest(Open):
    """Which kinds of model were tried, and why one was taken."""

    chosen: str
    why: str
    rungs: list[Rung]
    """The simplest first."""
    untried: list[str] = Field(default=[])


class Segment(Open):
    """Subjects that share a value, and how well they are told apart."""

    value: str
    subjects: int
    share_yes: float | None = None
    auc: float | None = None
    calibration_error: float | None = None
    mean_answer: float | None = None
    mae: float | None = None
    total_ratio: float | None = None
    coverage: float | None = None


class Segments(Open):
    """All values of a category."""

    feature: str
    of: str
    values: list[Segment]


class QuantityBin(Open):
    """Subjects of like forecast."""

    begin: float | None = Field(None, alias="from")
    """The smallest of their forecasts."""
    to: float | None = None
    """The largest."""
    mean_forecast: float
    mean_answer: float
    coverage: float
    """Share of their answers within the 90 % intervals."""
    subjects: int


class Outside(Open):
    """An answer far outside its interval."""

    subject: str
    cutoff: datetime
    quantity: float
    """The median of what was forecast, beside the ends of its interval."""
    low: float
    high: float
    came: float
    worth: float | None


class Rival(Open):
    """The model beside the one that was on duty, on those asked after all that one learned from."""

    version: str
    """Of the model that was on duty."""
    words: str
    as_of: datetime | None = None
    """What it learned from was known by then."""
    judged: int | None = None
    clusters: int | None = None
    """How many of the judged are independent of each other."""
    of: str | None = None
    """What is compared: `log-loss`, or of a quantity `absolute error of the median`."""
    difference: float | None = None
    """By how much that is smaller than that of the model on duty; null where too few were asked since."""
    interval: Interval | None = None
    better: bool = False
    """Whether the difference is above zero beyond doubt."""
    worse: bool = False
    """Whether it is below zero beyond doubt."""


class Lift(Open):
    """What the histories add to the baseline."""

    difference: float | None
    """In AUC; of a quantity in the mean absolute error, positive where it is smaller."""
    interval: Interval | None
    over: str | None = None
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
    judged_yes: int | None = None
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
    yes: int | None = None
    auc: float | None = None
    auc_attributes: float | None = None
    mae: float | None = None
    mae_attributes: float | None = None
    total_ratio: float | None = None
    coverage: float | None = None


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


class LeftOut(Open):
    """A suspicious feature, and what speaks against it."""

    feature: str
    evidence: str
    admitted: Any = None
    """By whom it was let in, and why; null where it was left out."""


class Leaks(Open):
    """What is suspiciously good alone, or known only after the fact."""

    checked: int
    limit: float | None = None
    """AUC from which on a feature is suspicious."""
    suspicious: list[Feature] = Field(default=[])
    strongest: list[Feature] = Field(default=[])
    left_out: list[LeftOut] = Field(default=[])


class ProvedModel(Open):
    """The model on duty."""

    version: str
    rung: str
    """`prior`, `logistic`, `explainable`, `boosted`, `blend`, `survival`, `buy till you die` or `catboost`."""
    trained_on: int
    yes: int | None = None
    features: int
    boosters: int | None = None


class ProvedOn(Open):
    """The data it was proved on."""

    rows: int
    last_position: int
    as_of: datetime


class Proof(Open):
    """The evidence that a model answers its question, as it was written when the model was trained."""

    question: str
    asks: str | None = None
    form: str | None = None
    """`chance` or `quantity`."""
    answer: str | None = None
    """`absent`, `happens`, `count`, `total`, `next` or `value`."""
    unit: str | None = None
    """What a quantity is counted in."""
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
    reliability: list[Bin] = Field(default=[])
    sure_and_wrong: list[SureAndWrong] = Field(default=[])
    calibration: list[QuantityBin] = Field(default=[])
    """Of quantities: ten groups of like forecast."""
    outside: list[Outside] = Field(default=[])
    """The answers farthest outside their intervals."""
    contest: Contest | None = None
    segments: list[Segments] = Field(default=[])
    """By the categories that move the model most."""
    champion: Rival | None = None
    """Null where none was on duty."""
    notes: list[str] = Field(default=[])
    """What is odd about the data: why little or nothing can be learned or judged."""
    leaks: Leaks | None = None
    model: ProvedModel
    data: ProvedOn
