"""Questions, their answers and the evidence for them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sightline.interfaces.rest.models.shape import Open, Page, Scalar, Shape, Word
from sightline.language.action import Verb

Form = Literal["chance", "quantity"]
"""Of an answer: yes or no, said as a probability; or a number."""


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
    form: Form
    """Whether the answers are probabilities or quantities."""
    unit: str | None
    """What a quantity is counted in: a currency (ISO 4217) or a unit."""
    worth_unit: str | None
    """Currency or unit of the money at stake."""
    verdict: str | None
    """`use`, `use_above`, `do_not_use`; `train_again`: none that fits its line can be read; null: never trained."""
    headline: str | None
    predictions: dict[str, int]
    """How many are open, awaited, and came out yes or no; `measured`: quantities that met their answer."""
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

    verb: Verb
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
    form: Form
    probability: float | None
    """Of yes; null where the answer is a quantity."""
    quantity: float | None
    """The median forecast; null where the answer is a probability."""
    mean: float | None
    """The mean forecast of a quantity: what adds up over many subjects."""
    unit: str | None
    """What the quantity is counted in: a currency (ISO 4217) or a unit."""
    low: float
    high: float
    """An 80 % interval of the probability; of a quantity a 90 % interval of the answer itself."""
    worth: float | None
    """Money at stake."""
    expected_loss: float | None
    """Probability times money at stake; of a quantity the money."""
    reasons: list[Reason]
    model: str
    made_at: datetime
    outcome: bool | float | None
    """Whether it was yes; of a quantity, what it came to."""
    censored: bool
    """Whether what was waited for did not come within the days that `outcome` tells."""
    settled: bool
    """Whether the outcome is mature; before that it is an early reading."""
    decision: Decision | None
    aside: str | None
    """Under which id somebody set it aside."""


class Predictions(Page):
    """A page of a ranking."""

    items = "predictions"

    predictions: list[Prediction]


class Supposed(Shape):
    """What is said of a subject, in short."""

    cutoff: datetime
    deadline: datetime
    probability: float | None
    quantity: float | None
    mean: float | None
    low: float
    high: float
    reasons: list[Reason]


class Hint(Open):
    """What another choice of one attribute alone would do to what is said; not what it would cause."""

    attribute: str
    value: Scalar
    before: float
    after: float
    text: str


class WhatIf(Shape):
    """What would be said of a subject, were some of its attributes others. Nothing of it is kept."""

    question: str
    form: Form
    unit: str | None
    subject: str
    changes: dict[str, Scalar]
    now: Supposed
    """As it is."""
    then: Supposed
    """As it would be."""
    hints: list[Hint]
    """Which other choices of what is declared actionable would change it most, each alone."""
    notes: list[str]
    """What of the changes does not reach the model: what it does not read, and the past of links that are others."""


class ToSetAside(BaseModel):
    """A prediction, by what identifies it."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    question: Word
    subject: Word
    """kind/key."""
    cutoff: Word
    """As the prediction has it."""


class SetAside(Shape):
    """Something that was set aside."""

    id: str
    """For `DELETE /v1/asides/{id}`, which takes it up again."""


class Waiting(Shape):
    """A subject that is not forecast now."""

    subject: str
    cutoff: datetime
    """Of which day it is asked."""
    deadline: datetime
    worth: float | None
    """Money at stake."""


class Population(Open):
    """Who is asked later, who is overdue, and who is not asked, as the last scoring saw it."""

    counts: dict[str, int | dict[str, int]] = Field(default={})
    """How many; under `excluded`, by the reason for which they are not asked."""
    later: list[Waiting] = Field(default=[])
    """Those whose cutoff is yet to come."""
    overdue: list[Waiting] = Field(default=[])
    """Those whose deadline is past and whose answer is not known: facts, not forecasts."""
