"""The shapes of answers, as OpenAPI tells them. Times are UTC; money is in the question's currency."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """An answer: read from the kernel's nouns, documented from the notes under its members."""

    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)


class Open(Shape):
    """An answer that may have further members."""

    model_config = ConfigDict(extra="allow")


class Problem(Open):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    """What is wrong, fit to be shown to a user."""
    code: str
    """Stable name of the error; see docs/errors.md."""
    hint: str | None = None
    """What to try next."""
    instance: str
    """The path that was asked for."""
    index: int | None = None
    """Of a request with several events: the place of the first wrong one, from 0. Nothing was recorded."""


class Recorded(Shape):
    """What became of the events of a request; all of it is on disk."""

    recorded: int
    repeated: int
    """Events that were known by source and id, and added nothing."""
    position: int | None
    """The recorded events stand at or before this position of the ledger."""


class Occurrence(Shape):
    """One line of a timeline."""

    position: int
    type: str
    time: datetime
    """When it happened."""
    known_at: datetime
    """When the business could have known it."""
    source: str
    id: str
    data: dict[str, Any]


class Entity(Shape):
    """A thing as it was known at one moment."""

    ref: str
    as_of: datetime
    exists_from: datetime
    attributes: dict[str, Any]
    links: dict[str, str]
    """Role to reference."""
    linked_from: dict[str, int]
    """Kind to how many things of it point here."""
    timeline: list[Occurrence]


class Question(Shape):
    """Something that can be asked, and how its model stands."""

    name: str
    asks: str
    of: str
    """The kind it is asked about."""
    line: str
    """The question in one line, as `sightline ask` takes it."""
    verdict: str | None
    """`use`, `use_above`, `do_not_use`; `train_again` when its model cannot be read; null when it was never trained."""
    headline: str | None
    predictions: dict[str, int]
    """How many are open, awaited, and came out yes or no."""


class Broken(Shape):
    """A question that what is declared does not fit any more."""

    name: str
    line: str
    reason: str


class Questions(Shape):
    """All questions of a workspace."""

    questions: list[Question]
    broken: list[Broken]
    """Those that cannot be asked any more, and why."""


class Reason(Open):
    """One ground of a prediction, in words."""

    text: str
    contribution: float
    """Its share of the log-odds: positive speaks for yes."""


class Decision(Open):
    """What a playbook made of a prediction."""

    verb: str
    """`act`, `ask`, `hold` or `drop`."""
    because: str
    arm: str
    playbook: str


class Prediction(Shape):
    """The answer for one subject, as of its own cutoff."""

    subject: str
    cutoff: datetime
    deadline: datetime
    probability: float
    low: float
    high: float
    """An 80 % interval of the probability."""
    worth: float | None
    """Money at stake."""
    expected_loss: float | None
    """Probability times money at stake."""
    reasons: list[Reason]
    model: str
    made_at: datetime
    outcome: bool | None
    settled: bool
    """Whether the outcome is mature; before that it is an early reading."""
    decision: Decision | None


class Predictions(Shape):
    """A page of a ranking."""

    question: str
    rank: str
    limit: int
    offset: int
    predictions: list[Prediction]


class Population(Open):
    """Who is asked later, who is overdue, and who is not asked, as the last scoring saw it."""

    counts: dict[str, int | dict[str, int]] = {}
    """How many; under `excluded`, by the reason for which they are not asked."""
    later: list[dict[str, Any]] = []
    overdue: list[dict[str, Any]] = []


class Proof(Open):
    """The evidence that a model answers its question."""

    question: str
    verdict: str
    """`use`, `use_above` or `do_not_use`."""
    headline: str
    metrics: dict[str, Any]
    """`auc`, `auc_interval`, `average_precision`, `brier`, `calibration_error`, `calibration_floor`, ..."""
    baseline: dict[str, Any]
    lift: dict[str, Any]
    """`difference`, `interval`, and whether it may be `claimed`."""
    split: dict[str, Any]
    assumptions: list[str]
    never_acts: list[str]
    """Sides on which it never acts by itself."""


class Finding(Shape):
    """Something worth a look."""

    detector: str
    subject: str
    severity: str
    text: str
    evidence: Any
    at: datetime


class Findings(Shape):
    """Standing findings, the most pressing first."""

    findings: list[Finding]


class Status(Open):
    """How a workspace stands."""

    workspace: str
    now: datetime
    clock: str
    """`running` with the world, or `standing` at a fixed moment."""
    events: int
    position: int
    lags: dict[str, int]
    """Consumer to how many positions it is behind."""
    staged: int
    next_known_at: datetime | None
    quarantined: int
    batches: list[dict[str, Any]]
    """The newest imports."""
    decisions: dict[str, int]


class Live(Shape):
    """The process runs."""

    status: str


class Ready(Shape):
    """Whether the process can serve."""

    status: str
    schema_version: str
    """Of the database."""
    loop_lag_seconds: float
    """How late the event loop last woke up."""
