"""The second rung: shrunken logistic regression, for quantities ridge or Poisson regression.

How much is shrunk (the precision of a normal prior on every weight) is what best forecasts the most recent answers by
the earlier ones; then all are learned from. By Newton's method, until no weight moves by more than `CLOSE`; the same
every time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import lu_factor, lu_solve
from scipy.linalg.blas import ssyrk
from scipy.special import expit

from sightline.kernel.predict._matrix import Floats, Matrix
from sightline.kernel.predict.models._columns import Columns
from sightline.kernel.predict.models._links import exponential, shared
from sightline.kernel.predict.models._quantiles import Around
from sightline.kernel.predict.models._slice import floor_of, recent
from sightline.kernel.predict.models.rung import Lessons, Said, Task

STRENGTHS = (1000.0, 300.0, 100.0, 30.0, 10.0, 3.0, 1.0)
"""Precisions tried, the stiffest first; the stiffest of equally good ones is taken."""

TRIED = 20_000
"""The most recent examples by which the strength is chosen, and as many drawn ones by which curvature is measured. All
are learned from."""

STEPS, CLOSE = 60, 1e-5
"""Newton steps at most, and the largest change of a weight after which it stands still."""

SHRINKS, FAR = 0.3, 0.1
"""Of a step to the one before: where it is more, the curvature is not that of before any more. Of a step that falls to
what was meant: where it is less, the examples by which curvature is measured are not like the others."""

MIN_ROWS, MIN_CLASS = 40, 8
"""Fewer answers, or fewer of the rarer one, and the prior is all there is."""


class Family(StrEnum):
    """What the answers are spread like."""

    CHANCE = "chance"
    COUNT = "count"
    """Not negative, the spread rising with the mean; its logarithm is a sum."""
    NUMBER = "number"

    def mean(self, sums: Floats) -> Floats:
        """Of the answers."""
        if self is Family.CHANCE:
            found: Floats = expit(sums)
            return found
        return exponential(sums) if self is Family.COUNT else sums

    def curve(self, mean: Floats) -> Floats:
        """How fast the mean rises with the sum."""
        if self is Family.CHANCE:
            return mean * (1 - mean)
        return mean if self is Family.COUNT else np.ones_like(mean)

    def loss(self, sums: Floats, answers: Floats) -> Floats:
        """Negative log-likelihood, up to what no weight changes."""
        if self is Family.CHANCE:
            found: Floats = np.logaddexp(0, sums) - answers * sums
            return found
        if self is Family.COUNT:
            return exponential(sums) - answers * sums
        return (answers - sums) ** 2 / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A weighted sum of columns."""

    columns: Columns
    weights: Floats
    base: float
    family: Family
    unit: float
    """What the answers were divided by."""
    strength: float
    around: Around | None

    @property
    def name(self) -> str:
        """`logistic`, also where it is ridge or Poisson regression."""
        return "logistic"

    def _score(self, sums: Floats) -> Floats:
        if self.family is Family.CHANCE:
            return sums
        found = self.family.mean(sums) * self.unit
        return np.clip(found, self.around.floor, self.around.ceiling) if self.around else found

    def say(self, matrix: Matrix) -> Said:
        """Log-odds, or mean and quantiles."""
        score = self._score(self.columns(matrix) @ self.weights + self.base)
        if self.around is None:
            return Said(score=score)
        low, median, high = self.around(score)
        return Said(score=score, median=median, low=low, high=high)

    def contributions(self, matrix: Matrix) -> tuple[tuple[str, ...], Floats]:
        """Exact shares of the sum, of a mean by its logarithm stretched."""
        columns = self.columns(matrix)
        sums = columns @ self.weights + self.base
        shares = self.columns.shares(columns, self.weights)
        base = np.array([self.base])
        slope = 1.0 if self.family is Family.CHANCE else self.family.curve(self.family.mean(base)) * self.unit
        return self.columns.names, shared(shares, self._score(sums), self._score(base), slope)

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "rung": self.name,
            "columns": self.columns.document(),
            "weights": self.weights.tolist(),
            "base": self.base,
            "family": self.family.value,
            "unit": self.unit,
            "strength": self.strength,
            "around": self.around.document() if self.around else None,
        }

    @classmethod
    def read(cls, document: dict[str, Any]) -> Line:
        """What `document` gave."""
        return cls(
            columns=Columns.read(document["columns"]),
            weights=np.array(document["weights"], np.float64),
            base=float(document["base"]),
            family=Family(document["family"]),
            unit=float(document["unit"]),
            strength=float(document["strength"]),
            around=Around.read(document["around"]) if document["around"] else None,
        )


class Linear:
    """Shrunken logistic, ridge or Poisson regression."""

    @property
    def name(self) -> str:
        """`logistic`."""
        return "logistic"

    def suits(self, task: Task, lessons: Lessons) -> bool:
        """With a few dozen answers, of a chance some of either."""
        return enough(task, lessons, MIN_ROWS, MIN_CLASS)

    def fit(self, task: Task, lessons: Lessons) -> Line:
        """Choose the strength on the most recent answers, then learn from all."""
        lessons = lessons.complete(task)
        family = _family(task, lessons)
        unit = _unit(family, lessons)
        answers = lessons.answers / unit
        columns, learned = Columns.fit(lessons.matrix, lessons.rows, lessons.answers)
        strength, said = _strength(family, learned, answers, lessons.weights)
        start = _start(family, learned, answers, lessons.weights)
        weights, base = newton(family, learned, answers, lessons.weights, strength, start)
        around = None
        if not task.chance:
            ceiling = task.horizon if task.form == "next" else None
            _, late = recent(len(answers))
            floor = floor_of(task, lessons)
            held = np.clip(family.mean(said) * unit, floor, ceiling)
            around = Around.fit(held, lessons.answers[late], lessons.weights[late], floor=floor, ceiling=ceiling)
        return Line(
            columns=columns, weights=weights, base=base, family=family, unit=unit, strength=strength, around=around
        )


def enough(task: Task, lessons: Lessons, rows: int, rarer: int) -> bool:
    """Whether there are `rows` answers, and of a chance `rarer` of either; of a quantity at least two different."""
    lessons = lessons.complete(task)
    n = len(lessons.rows)
    if n < rows:
        return False
    if task.chance:
        yes = float(lessons.answers.sum())
        return min(yes, n - yes) >= rarer
    return bool(lessons.answers.min() < lessons.answers.max())


def _family(task: Task, lessons: Lessons) -> Family:
    if task.chance:
        return Family.CHANCE
    return Family.COUNT if task.form in {"count", "total"} and lessons.answers.min() >= 0 else Family.NUMBER


def _unit(family: Family, lessons: Lessons) -> float:
    if family is Family.CHANCE:
        return 1.0
    spread = lessons.answers.mean() if family is Family.COUNT else lessons.answers.std()
    return float(spread) or 1.0


Start = tuple[Floats, float]


def _start(family: Family, columns: Floats, answers: Floats, weights: Floats) -> Start:
    mean = float(np.average(answers, weights=weights))
    if family is Family.CHANCE:
        rate = min(max(mean, 1e-4), 1 - 1e-4)
        return np.zeros(columns.shape[1]), float(np.log(rate / (1 - rate)))
    return np.zeros(columns.shape[1]), float(np.log(max(mean, 1e-9))) if family is Family.COUNT else mean


def _strength(family: Family, columns: Floats, answers: Floats, weights: Floats) -> tuple[float, Floats]:
    """The strength with the least loss on the most recent answers, and the sums it said there."""
    first, late = recent(len(answers))
    first = first[-TRIED:]
    at = _start(family, columns[first], answers[first], weights[first])
    best: tuple[float, float, Floats] | None = None
    for strength in STRENGTHS:
        at = newton(family, columns[first], answers[first], weights[first], strength, at)
        said = columns[late] @ at[0] + at[1]
        loss = float(np.average(family.loss(said, answers[late]), weights=weights[late]))
        if best is None or loss < best[0]:
            best = (loss, strength, said)
        elif strength < best[1] / 15:
            break
    assert best is not None
    return best[1], best[2]


def newton(family: Family, columns: Floats, answers: Floats, weights: Floats, strength: float, start: Start) -> Start:
    """The weights of the columns and the base of least loss; a normal prior of precision `strength` holds the weights.

    Each step is halved until the loss falls. The gradient is that of all examples, in full precision: it alone says
    where the least is. The curvature, by which a step is long, is that of some, in half the digits, and is measured
    anew only where steps do not shrink fast (the chord method); of all where that of some leads too far.
    """
    held = np.r_[np.full(columns.shape[1], strength), 0.0]
    full = np.column_stack([columns, np.ones(len(columns))])
    at = np.r_[start[0], start[1]]
    curvature, whole = _curvature(family, full, weights, held, _some(len(full))), len(full) <= TRIED

    def loss(at: Floats, sums: Floats) -> float:
        return float(weights @ family.loss(sums, answers) + held @ at**2 / 2)

    sums = full @ at
    far, bent = np.inf, None
    for _ in range(STEPS):
        gradient = full.T @ (weights * (family.mean(sums) - answers)) + held * at
        bent = bent or curvature(sums)
        step = lu_solve(bent, gradient)
        moved = full @ step
        size = _size(loss, at, sums, step, moved)
        if size == 0 and whole:
            break
        at, sums = at - size * step, sums - size * moved
        before, far = far, float(np.abs(size * step).max(initial=0.0))
        if 0 < far < CLOSE:
            break
        if size < 1 or far > before * SHRINKS:
            bent = None
        if size < FAR and not whole:
            curvature, whole = _curvature(family, full, weights, held, slice(None)), True
    return at[:-1], float(at[-1])


def _size(
    loss: Callable[[Floats, Floats], float], at: Floats, sums: Floats, step: Floats, moved: Floats
) -> float:  # fmt: skip
    """How much of a step lets the loss fall; 0 where nothing of it does."""
    now, size = loss(at, sums), 1.0
    while loss(at - size * step, sums - size * moved) > now + 1e-12:
        size /= 2
        if size < 1e-4:
            return 0.0
    return size


def _some(n: int) -> slice | npt.NDArray[np.int64]:
    """Places of at most TRIED examples, in no order that theirs could hang together with; the same every time."""
    return slice(None) if n <= TRIED else np.sort(np.random.default_rng(0).permutation(n)[:TRIED])


Factors = tuple[Floats, npt.NDArray[np.int32]]


def _curvature(
    family: Family, full: Floats, weights: Floats, held: Floats, some: slice | npt.NDArray[np.int64]
) -> Callable[[Floats], Factors]:
    """How the loss is bent where the sums are given, by some of the examples, ready to be solved by."""
    seen = full[some].astype(np.float32)
    heavy = weights[some] * (weights.sum() / max(float(weights[some].sum()), 1e-9))

    def at(sums: Floats) -> Factors:
        scale = np.sqrt(heavy * np.maximum(family.curve(family.mean(sums[some])), 1e-9)).astype(np.float32)
        upper = ssyrk(1.0, (seen * scale[:, None]).T).astype(np.float64)
        bent = upper + np.triu(upper, 1).T
        # What half the digits lose may not bend it the other way.
        bent[np.diag_indices_from(bent)] += held + 1e-9 + 1e-5 * np.diag(bent)
        found: Factors = lu_factor(bent)
        return found

    return at
