"""The shapes of answers, as OpenAPI tells them. Times are UTC; money is in the question's currency."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """An answer: read from the kernel's nouns, documented from the notes under its members."""

    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)

    items: ClassVar[str | None] = None
    """Of a list the member that holds what `fields` chooses from; None: the answer itself is what it chooses from."""

    passing: ClassVar[frozenset[str]] = frozenset()
    """Members that tell of the moment of asking: an answer that differs in nothing else has the same ETag."""


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

    passing = frozenset({"as_of"})

    ref: str
    as_of: datetime
    exists_from: datetime
    attributes: dict[str, Any]
    links: dict[str, str]
    """Role to reference."""
    linked_from: dict[str, int]
    """Kind to how many things of it point here."""
    labels: dict[str, str]
    """Attribute, or role of a link, to how people call it."""
    units: dict[str, str]
    """Attribute to its currency (ISO 4217) or unit."""
    first_known: datetime
    """From then on something was known of it."""
    last_known: datetime
    """Since then nothing new became known of it."""
    timeline: list[Occurrence]


class Thing(Shape):
    """A thing as it stands now, in a list."""

    ref: str
    exists_from: datetime
    attributes: dict[str, Any]
    links: dict[str, str]
    """Role to reference."""


class Things(Shape):
    """A page of things of one kind, by key."""

    items = "entities"

    entities: list[Thing]
    next: str | None
    """Give it as `after` for the page behind; null at the end."""


class Found(Shape):
    """Something that goes by the text that was searched for."""

    ref: str
    kind: str
    key: str


class Finds(Shape):
    """What a search found, the likeliest first."""

    items = "found"

    found: list[Found]


class DeclaredAttribute(Shape):
    """A property of a kind."""

    name: str
    label: str
    sort: str
    """`number`, `category`, `text`, `day`, `instant` or `flag`."""
    unit: str | None
    personal: bool


class DeclaredLink(Shape):
    """A named arrow from things of a kind to others."""

    name: str
    label: str
    to: str
    """The kind pointed at."""


class DeclaredKind(Shape):
    """A sort of thing."""

    name: str
    label: str
    person: bool
    """Whether each thing of it is a natural person: its key is then personal too."""
    attributes: list[DeclaredAttribute]
    links: list[DeclaredLink]


class DeclaredEvent(Shape):
    """A sort of happening."""

    name: str
    label: str
    of: str
    """The kind it happens to."""


class Catalog(Shape):
    """All that is declared in a workspace, and how a question is asked."""

    kinds: list[DeclaredKind]
    events: list[DeclaredEvent]
    forms: list[str]
    """The accepted forms of a question; what is in capitals is filled in."""
    words: list[str]
    """The words of the forms."""


class Money(Shape):
    """What is at stake."""

    open_expected_loss: float
    """Probability times money at stake, summed over the open predictions."""


class Question(Shape):
    """Something that can be asked, and how its model stands."""

    name: str
    asks: str
    of: str
    """The kind it is asked about."""
    line: str
    """The question in one line, as `sightline ask` takes it."""
    yes: str
    """How people call the answer yes."""
    no: str
    worth_unit: str | None
    """Currency or unit of the money at stake."""
    verdict: str | None
    """`use`, `use_above`, `do_not_use`; `train_again` when its model cannot be read; null when it was never trained."""
    headline: str | None
    predictions: dict[str, int]
    """How many are open, awaited, and came out yes or no."""
    decided: dict[str, int]
    """Of the open ones: how many, by what was decided last (`none` where nothing was)."""
    money: Money


class Broken(Shape):
    """A question that what is declared does not fit any more."""

    name: str
    line: str
    reason: str


class Questions(Shape):
    """All questions of a workspace."""

    items = "questions"

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

    question: str
    yes: str
    """How people call the answer yes."""
    no: str
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
    aside: str | None
    """Under which id somebody set it aside."""


class Predictions(Shape):
    """A page of a ranking."""

    items = "predictions"

    predictions: list[Prediction]
    next: str | None
    """Give it as `after`, with the same filters, for the page behind; null at the end."""


class ToSetAside(BaseModel):
    """A prediction, by what identifies it."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    question: str
    subject: str
    """kind/key."""
    cutoff: str
    """As the prediction has it."""


class SetAside(Shape):
    """Something that was set aside."""

    id: str
    """For `DELETE /v1/asides/{id}`, which takes it up again."""


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

    items = "findings"

    findings: list[Finding]


class Status(Open):
    """How a workspace stands."""

    passing = frozenset({"now"})

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
