"""The first rung: what is usual. Works from the first answer on, and says how little it knows.

Of a chance the base rate with half an answer added to either side (Jeffreys), of a quantity the mean and quantiles of
the answers. Intervals are those of one more answer from so few: wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import beta, t

from sightline.kernel.predict._matrix import Floats, Matrix
from sightline.kernel.predict.calibrate import log_odds_of
from sightline.kernel.predict.models._quantiles import LOW, MEDIAN, UP, quantiles
from sightline.kernel.predict.models.rung import Lessons, Said, Task

HALF = 0.5
"""Added to either answer (Brown, Cai and DasGupta 2001)."""

SIDES = (0.1, 0.9)
"""An 80 % interval of a chance."""

ENOUGH = 60
"""Answers from which on their own quantiles are trusted alone; below, the interval is at least a Student one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The same for everybody."""

    score: float
    median: float | None
    low: float
    high: float

    @property
    def name(self) -> str:
        """`prior`."""
        return "prior"

    def say(self, matrix: Matrix) -> Said:
        """The usual answer, for each. Of a quantity nan where there was no answer at all: its scale is unknown."""
        n = len(matrix.values)
        return Said(
            score=np.full(n, self.score),
            median=None if self.median is None else np.full(n, self.median),
            low=np.full(n, self.low),
            high=np.full(n, self.high),
        )

    def contributions(self, matrix: Matrix) -> tuple[tuple[str, ...], Floats]:
        """Only a base."""
        return (), np.full((len(matrix.values), 1), self.score)

    def document(self) -> dict[str, Any]:
        """JSON-ready; what is not known is null."""
        numbers = {"score": self.score, "median": self.median, "low": self.low, "high": self.high}
        told = {key: None if value is None or np.isnan(value) else float(value) for key, value in numbers.items()}
        return {"rung": self.name, "chance": self.median is None, **told}

    @classmethod
    def read(cls, document: dict[str, Any]) -> Usual:
        """What `document` gave."""
        score, median, low, high = (
            float("nan") if document[key] is None else float(document[key])
            for key in ("score", "median", "low", "high")
        )
        return cls(score=score, median=None if document["chance"] else median, low=low, high=high)


class Prior:
    """What is usual, for whatever is asked."""

    @property
    def name(self) -> str:
        """`prior`."""
        return "prior"

    def suits(self, task: Task, lessons: Lessons) -> bool:
        """Always."""
        return True

    def fit(self, task: Task, lessons: Lessons) -> Usual:
        """The base rate, or the mean and quantiles."""
        lessons = lessons.complete(task)
        return _rate(lessons) if task.chance else _amount(task, lessons)


def _rate(lessons: Lessons) -> Usual:
    yes = float(lessons.weights @ lessons.answers) + HALF
    no = float(lessons.weights @ (1 - lessons.answers)) + HALF
    low, high = (float(log_odds_of(beta.ppf(side, yes, no))) for side in SIDES)
    return Usual(score=float(log_odds_of(yes / (yes + no))), median=None, low=low, high=high)


def _amount(task: Task, lessons: Lessons) -> Usual:
    answers, n = lessons.answers, len(lessons.answers)
    if not n:
        if task.form == "next" and task.horizon is not None:
            half = task.horizon / 2
            return Usual(score=half, median=half, low=0.0, high=task.horizon)
        unknown = float("nan")
        return Usual(score=unknown, median=unknown, low=unknown, high=unknown)
    mean = float(np.average(answers, weights=lessons.weights))
    low, median, high = (float(quantiles(answers, q, lessons.weights)) for q in (LOW, MEDIAN, UP))
    if n < ENOUGH:
        sd = float(answers.std(ddof=1)) if n > 1 else abs(mean) or 1.0
        far = float(t.ppf(UP, max(1, n - 1))) * sd * np.sqrt(1 + 1 / n)
        low, high = min(low, mean - far), max(high, mean + far)
    if task.form in {"count", "total", "next"} and answers.min() >= 0:
        low = max(0.0, low)
    if task.form == "next" and task.horizon is not None:
        high = min(high, task.horizon)
    return Usual(score=mean, median=median, low=low, high=high)
