"""The shapes of answers. Written by `make docs` from docs/openapi.json; edit that, not this file."""

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict

from sightline_client.model import Model


class Broken(Model):
    """A question that what is declared does not fit any more."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    name: str
    line: str
    reason: str


class CloudEvent(Model):
    """CloudEvents 1.0, structured mode. Other attributes are allowed and not kept."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    specversion: Literal["1.0"] = "1.0"
    id: str
    """Unique within the source."""
    source: str
    """Where it comes from; not 'sightline'."""
    type: str
    """What happened; not under 'sightline.'."""
    subject: str
    """To what: kind/key."""
    time: datetime | None = None
    """When it happened; now when absent."""
    knownat: datetime | None = None
    """When the business could have known it; now when absent, never later."""
    revises: str | None = None
    """The id (same source) of the event it corrects."""
    cause: str | None = None
    """source#id of the event that led to it."""
    data: dict[str, Any] | None = None
    """Flat facts about the subject; references under 'links', role to kind/key."""


class Decision(Model):
    """What a playbook made of a prediction."""

    model_config = ConfigDict(
        extra="allow",
        use_attribute_docstrings=True,
    )
    verb: str
    """`act`, `ask`, `hold` or `drop`."""
    because: str
    arm: str
    playbook: str


class Finding(Model):
    """Something worth a look."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    detector: str
    subject: str
    severity: str
    text: str
    evidence: Any
    at: datetime


class Findings(Model):
    """Standing findings, the most pressing first."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    findings: list[Finding]


class Live(Model):
    """The process runs."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    status: str


class Occurrence(Model):
    """One line of a timeline."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    position: int
    type: str
    time: datetime
    """When it happened."""
    known_at: datetime
    """When the business could have known it."""
    source: str
    id: str
    data: dict[str, Any]


class Population(Model):
    """Who is asked later, who is overdue, and who is not asked, as the last scoring saw it."""

    model_config = ConfigDict(
        extra="allow",
        use_attribute_docstrings=True,
    )
    counts: dict[str, int | dict[str, int]] = {}
    """How many; under `excluded`, by the reason for which they are not asked."""
    later: list[dict[str, Any]] = []
    overdue: list[dict[str, Any]] = []


class Proof(Model):
    """The evidence that a model answers its question."""

    model_config = ConfigDict(
        extra="allow",
        use_attribute_docstrings=True,
    )
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


class Question(Model):
    """Something that can be asked, and how its model stands."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
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


class Questions(Model):
    """All questions of a workspace."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    questions: list[Question]
    broken: list[Broken]
    """Those that cannot be asked any more, and why."""


class Ready(Model):
    """Whether the process can serve."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    status: str
    schema_version: str
    """Of the database."""
    loop_lag_seconds: float
    """How late the event loop last woke up."""


class Reason(Model):
    """One ground of a prediction, in words."""

    model_config = ConfigDict(
        extra="allow",
        use_attribute_docstrings=True,
    )
    text: str
    contribution: float
    """Its share of the log-odds: positive speaks for yes."""


class Recorded(Model):
    """What became of the events of a request; all of it is on disk."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    recorded: int
    repeated: int
    """Events that were known by source and id, and added nothing."""
    position: int | None
    """The recorded events stand at or before this position of the ledger."""


class Status(Model):
    """How a workspace stands."""

    model_config = ConfigDict(
        extra="allow",
        use_attribute_docstrings=True,
    )
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


class Entity(Model):
    """A thing as it was known at one moment."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    ref: str
    as_of: datetime
    exists_from: datetime
    attributes: dict[str, Any]
    links: dict[str, str]
    """Role to reference."""
    linked_from: dict[str, int]
    """Kind to how many things of it point here."""
    timeline: list[Occurrence]


class Prediction(Model):
    """The answer for one subject, as of its own cutoff."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
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


class Predictions(Model):
    """A page of a ranking."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    question: str
    rank: str
    limit: int
    offset: int
    predictions: list[Prediction]
