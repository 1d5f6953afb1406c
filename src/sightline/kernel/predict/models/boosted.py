"""Boosted trees (LightGBM, Ke et al. 2017) with a low rate, stopped where the most recent mature answers stop getting
better, then fitted again on all of them; where there are few, with several seeds. Two sizes: trees of few leaves for
little or noisy data, larger ones for more.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import lightgbm as lgb
import numpy as np

from sightline.kernel.predict._matrix import Encoder, Floats, Matrix
from sightline.kernel.predict.models import _boosting
from sightline.kernel.predict.models._links import exponential, shared
from sightline.kernel.predict.models._quantiles import LOW, MEDIAN, UP
from sightline.kernel.predict.models._slice import floor_of
from sightline.kernel.predict.models.linear import enough
from sightline.kernel.predict.models.rung import Lessons, Said, Task

MIN_ROWS, MIN_CLASS = 200, 20
"""Fewer mature answers, or fewer of the rarer one, and trees learn noise."""

SEEDS, FEW = 3, 20_000
"""Boosters averaged below so many examples: the figures of one swing by .01 AUC with its seed."""

CELLS_A_SECOND = 2e8
"""Examples times features of one round of one booster that a core does in a second, for the budget; a low guess."""

ENOUGH = 400
"""Rounds that the usual rate needs: where fewer are affordable it is raised, up to FASTEST."""

FASTEST = 0.1

LEAST = 20
"""Rounds at least that the stopping is looked for in, whatever they take."""

SMALL: dict[str, Any] = {
    "num_leaves": 5,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.5,
    "bagging_freq": 1,
    "min_data_in_leaf": 20,
}
LARGE: dict[str, Any] = {
    "num_leaves": 15,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "min_data_in_leaf": 20,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """Fitted boosters. Of a quantity those of the mean, then those of low, median and high."""

    name: str
    encoder: Encoder
    boosters: tuple[lgb.Booster, ...]
    quantiles: tuple[lgb.Booster, ...]
    logarithm: bool
    """Whether the mean is learned as its logarithm."""
    unit: float
    floor: float | None
    ceiling: float | None
    rounds: int

    def _mean(self, sums: Floats) -> Floats:
        if not self.quantiles:
            return sums
        found = (exponential(sums) if self.logarithm else sums) * self.unit
        return np.clip(found, self.floor, self.ceiling)

    def say(self, matrix: Matrix) -> Said:
        """Log-odds, or mean and quantiles, which never cross."""
        values = self.encoder.encode(matrix)
        score = self._mean(_boosting.raw(self.boosters, values))
        if not self.quantiles:
            return Said(score=score)
        found = np.array([_boosting.raw([booster], values) for booster in self.quantiles]) * self.unit
        low, median, high = np.sort(np.clip(found, self.floor, self.ceiling), axis=0)
        return Said(score=score, median=median, low=low, high=high)

    def contributions(self, matrix: Matrix) -> tuple[tuple[str, ...], Floats]:
        """Exact shares of the sum over trees, of a mean by its logarithm stretched."""
        names = tuple(spec.name for spec in self.encoder.specs)
        found = _boosting.shares(self.boosters, self.encoder.encode(matrix))
        if not self.quantiles:
            return names, found
        base = found[:, -1]
        slope = exponential(base) * self.unit if self.logarithm else self.unit
        return names, shared(found[:, :-1], self._mean(found.sum(axis=1)), self._mean(base), slope)

    def document(self) -> dict[str, Any]:
        """JSON-ready, boosters as LightGBM's own text."""
        return {
            "rung": self.name,
            "encoder": self.encoder.document(),
            "boosters": _boosting.told(self.boosters),
            "quantiles": _boosting.told(self.quantiles),
            "logarithm": self.logarithm,
            "unit": self.unit,
            "floor": self.floor,
            "ceiling": self.ceiling,
            "rounds": self.rounds,
        }

    @classmethod
    def read(cls, document: dict[str, Any]) -> Trees:
        """What `document` gave. Raises Unprovable when a booster's text was damaged."""
        return cls(
            name=document["rung"],
            encoder=Encoder.read(document["encoder"]),
            boosters=_boosting.heard(document["boosters"]),
            quantiles=_boosting.heard(document["quantiles"]),
            logarithm=document["logarithm"],
            unit=document["unit"],
            floor=document["floor"],
            ceiling=document["ceiling"],
            rounds=document["rounds"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What the budget allows one objective."""

    possible: float
    """Rounds, of all boosters together."""
    most: int
    least: int
    rate: float

    def seeds(self, rounds: int, cells: int) -> int:
        """How many boosters of so many rounds are averaged, those of the one that found the rounds taken off."""
        wanted = SEEDS if cells < FEW * 50 else 1
        left = self.possible - min(self.most, rounds + _boosting.PATIENCE)
        return int(max(1, min(wanted, left / rounds)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Boosted:
    """One size of boosted trees."""

    name: str
    size: dict[str, Any]
    least: int
    """Rounds at least: stopping on one slice is noisy under drift."""
    most: int

    def suits(self, task: Task, lessons: Lessons) -> bool:
        """With a few hundred answers, of a chance some of either, and a feature that varies."""
        return enough(task, lessons, MIN_ROWS, MIN_CLASS) and bool(Encoder.fit(lessons.matrix, lessons.rows).specs)

    def fit(self, task: Task, lessons: Lessons) -> Trees:
        """Find the rounds on the most recent answers, then learn from all."""
        lessons = lessons.complete(task)
        encoder = Encoder.fit(lessons.matrix, lessons.rows)
        values = encoder.encode(lessons.matrix, lessons.rows)
        floor = floor_of(task, lessons)
        ceiling = task.horizon if task.form == "next" else None
        logarithm = not task.chance and task.form in {"count", "total"} and floor == 0
        unit = 1.0 if task.chance else float(np.abs(lessons.answers).mean()) or 1.0
        answers, weights = lessons.answers / unit, lessons.weights
        pace = self._pace(task, values.size)
        parameters = {**self.size, "objective": _objective(task, logarithm), "learning_rate": pace.rate}
        rounds, _ = _boosting.rounds(
            {**parameters, "seed": task.seed}, values, answers, weights, least=pace.least, most=pace.most
        )
        train = _boosting.data(values, answers, weights)
        seeds = range(task.seed, task.seed + pace.seeds(rounds, values.size))
        boosters = tuple(_boosting.boost({**parameters, "seed": seed}, train, rounds) for seed in seeds)
        quantiles: tuple[lgb.Booster, ...] = ()
        if not task.chance:
            quantiles = tuple(self._quantile(task, q, values, answers, weights, pace) for q in (LOW, MEDIAN, UP))
        return Trees(
            name=self.name, encoder=encoder, boosters=boosters, quantiles=quantiles, logarithm=logarithm, unit=unit,
            floor=floor, ceiling=ceiling, rounds=rounds,
        )  # fmt: skip

    def _quantile(self, task: Task, q: float, values: Any, answers: Floats, weights: Floats, pace: Pace) -> lgb.Booster:
        parameters = {
            **self.size, "objective": "quantile", "alpha": q, "seed": task.seed, "learning_rate": pace.rate,
        }  # fmt: skip
        rounds, _ = _boosting.rounds(parameters, values, answers, weights, least=pace.least, most=pace.most)
        return _boosting.boost(parameters, _boosting.data(values, answers, weights), rounds)

    def _pace(self, task: Task, cells: int) -> Pace:
        """By size, not by the clock, so that it stays the same."""
        fits = 1 if task.chance else 4
        possible = inf if task.budget is None else task.budget * CELLS_A_SECOND / max(1, cells) / fits
        most = int(min(self.most, max(LEAST, possible / 2)))
        rate = min(max(_boosting.RATE, _boosting.RATE * min(ENOUGH, self.most) / most), FASTEST)
        return Pace(possible=possible, most=most, least=round(self.least * _boosting.RATE / rate), rate=rate)


def _objective(task: Task, logarithm: bool) -> str:
    if task.chance:
        return "binary"
    return ("poisson" if task.form == "count" else "tweedie") if logarithm else "regression"


RUNGS = (
    Boosted(name="boosted small", size=SMALL, least=100, most=400),
    Boosted(name="boosted", size=LARGE, least=30, most=1500),
)
