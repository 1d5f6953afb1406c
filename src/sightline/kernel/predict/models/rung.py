"""What every rung of the ladder of models is: how it is fitted, what it says, how it is kept.

A rung is fitted on numbers (`Encoder` made them of a `Matrix`) and answers, oldest first, and says something about
subjects it never saw. What it keeps is JSON and LightGBM's own text, so that loading runs no code.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from sightline.kernel.predict._matrix import Floats, Matrix, Rows

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be learned, apart from the data."""

    chance: bool
    """Whether the answer is yes or no; a quantity otherwise."""
    form: str
    """`happens`, `absent`, `count`, `total`, `next` or `value`."""
    event: str | None = None
    """The event waited for: the features about it are those with `Spec.of == (event,)` of the subject's own history."""
    amount: str | None = None
    """Of `total`, the number of the event that is added up: the features about it are those with `Spec.of == (event,
    amount)`."""
    filtered: bool = False
    """Whether only some of these events count. Features know no filter: a history of all of them is another one."""
    horizon: float | None = None
    """Days from the cutoff to the deadline, where all subjects have the same; what `next` is censored at."""
    seed: int = 0
    budget: float | None = None
    """Seconds this fit may take; None: as long as it needs. Rungs that know they cannot keep it do less."""
    extras: bool = False
    """Whether rungs are tried besides that take as long as all others together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """What a rung learns from; aligned arrays, oldest first."""

    matrix: Matrix
    """Of all subjects asked, of which `rows` are learned from."""
    rows: Rows
    """Positions in `matrix` whose answers count by now."""
    answers: Floats
    """1 or 0, or the quantity (days for `next`, the horizon where censored). Aligned with `rows`."""
    observed: Flags
    """False where the answer is only known to lie beyond (`next`, censored). Aligned with `rows`."""
    weights: Floats
    """Of each example; 1 unless it stands for others that were treated. Aligned with `rows`."""
    current: Rows
    """Positions of each subject's last cutoff by now, mature or not: what a model without answers is fitted on."""
    subjects: Rows | None = None
    """A number per subject, aligned with `matrix`: rows of one number are one subject at several cutoffs."""
    moments: Floats | None = None
    """Days from any fixed day to the cutoff, aligned with `matrix`. With `subjects`: how a history went on."""

    def complete(self, task: Task) -> Lessons:
        """Those of `rows` whose answer is the final one: not merely known to lie beyond a day short of the horizon."""
        if task.horizon is None or self.observed.all():
            return self
        return self.only(self.observed | (self.answers >= task.horizon))

    def only(self, kept: Flags) -> Lessons:
        """Those of `rows` alone."""
        return replace(
            self, rows=self.rows[kept], answers=self.answers[kept], observed=self.observed[kept],
            weights=self.weights[kept],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a model says about subjects, before calibration; aligned arrays."""

    score: Floats
    """Of a chance its log-odds, of a quantity its mean."""
    median: Floats | None = None
    """Of a quantity."""
    low: Floats | None = None
    high: Floats | None = None
    """Of a quantity: the 5 % and 95 % quantiles, before conformal calibration. Of a chance only the prior knows them:
    an 80 % interval of the base rate, as log-odds.
    """


class Fitted(Protocol):
    """A rung after learning."""

    @property
    def name(self) -> str:
        """`prior`, `logistic`, `explainable`, `boosted`, `blend`, `survival`, `buy till you die`, `catboost`."""
        ...

    def say(self, matrix: Matrix) -> Said:
        """About the subjects of `matrix`, in any number, unseen categories and missing columns included."""
        ...

    def contributions(self, matrix: Matrix) -> tuple[tuple[str, ...], Floats]:
        """The names of the features and subjects x (features + 1) exact shares of `score`; the last is the base."""
        ...

    def document(self) -> dict[str, Any]:
        """JSON-ready, with `rung`: its name. `models.read` gives it back."""
        ...


class Rung(Protocol):
    """One step of the ladder."""

    @property
    def name(self) -> str:
        """As its `Fitted` is called."""
        ...

    def suits(self, task: Task, lessons: Lessons) -> bool:
        """Whether it can be tried here: enough examples, not too many, the right sort of answer."""
        ...

    def fit(self, task: Task, lessons: Lessons) -> Fitted:
        """Learn. Deterministic by `task.seed`."""
        ...
