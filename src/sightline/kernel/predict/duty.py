"""Calibration on duty: what a model says, held against the most recent answers it did not know.

Chances by Platt scaling, the mean of quantities by a factor or a shift, their intervals by adaptive conformal
prediction. All of them learn from out-of-time predictions whose answers counted by the moment, and from nothing else.
Who stands for others that were treated counts for them here as in training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict._weights import independent
from sightline.kernel.predict.calibrate import Calibration, calibrate
from sightline.kernel.predict.clock import Clock, microseconds
from sightline.kernel.predict.conform import Conformal, conform
from sightline.kernel.predict.folds import Plan
from sightline.kernel.predict.models.rung import Said, Task
from sightline.kernel.predict.scaling import Scaling, scale

WINDOW = timedelta(days=365)
"""How far back calibration and the base rate look."""

LEAST = 200
"""Where the window holds fewer answers (they take long to come in), as many of the most recent ones are taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of subjects, calibrated; aligned arrays, nan where nothing is."""

    value: Floats
    """Of a chance the probability, of a quantity the mean."""
    median: Floats
    low: Floats
    high: Floats
    """Of a quantity its 90 % interval; nan of a chance."""

    @classmethod
    def nothing(cls, length: int) -> Told:
        """About so many subjects."""
        return cls(**{name: np.full(length, np.nan) for name in ("value", "median", "low", "high")})

    def put(self, rows: Rows, told: Told) -> None:
        """Fill in what is told of `rows`."""
        for name in ("value", "median", "low", "high"):
            getattr(self, name)[rows] = getattr(told, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What a model says in, what is told out."""

    chance: Calibration | None
    """None of a quantity."""
    mean: Scaling
    spread: Conformal | None
    """None of a chance."""
    bounds: tuple[float | None, float | None]
    """No quantity lies below or above."""

    @property
    def rows(self) -> int:
        """How many answers it was learned from."""
        return self.chance.rows if self.chance else self.mean.rows

    @property
    def slope(self) -> float:
        """What a share of the score is worth after calibration."""
        return self.chance.slope if self.chance else self.mean.factor

    @property
    def shift(self) -> float:
        """What calibration adds to the score."""
        return self.chance.shift if self.chance else self.mean.shift

    def __call__(self, said: Said) -> Told:
        """Calibrated."""
        if self.chance is not None:
            empty = Told.nothing(len(said.score))
            return Told(value=self.chance(said.score), median=empty.median, low=empty.low, high=empty.high)
        assert said.median is not None
        assert said.low is not None
        assert said.high is not None
        median = np.clip(said.median, *self.bounds)
        low, high = self.spread(said.low, median, said.high) if self.spread else (said.low, said.high)
        return Told(value=np.clip(self.mean(said.score), *self.bounds), median=median, low=low, high=high)

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "chance": self.chance.document() if self.chance else None,
            "mean": self.mean.document(),
            "spread": self.spread.document() if self.spread else None,
            "bounds": list(self.bounds),
        }

    @classmethod
    def read(cls, document: dict[str, Any]) -> Duty:
        """What `document` gave."""
        low, high = document["bounds"]
        return cls(
            chance=Calibration(**document["chance"]) if document["chance"] else None,
            mean=Scaling(**document["mean"]),
            spread=Conformal(**document["spread"]) if document["spread"] else None,
            bounds=(low, high),
        )


def recent(clock: Clock, said: Said, at: datetime, among: Rows | None = None) -> Rows:
    """The predictions to learn from at `at`: made, their answers counting, of the last year.

    `among`: those that may be learned from; all by default.
    """
    heard = ~np.isnan(clock.answers(at).value) & ~np.isnan(said.score)
    heard &= (clock.cutoff < microseconds(at)) | clock.timeless
    if among is not None:
        heard &= np.isin(np.arange(len(heard)), among)
    rows = np.flatnonzero(heard)
    late = clock.cutoff[rows] >= microseconds(at - WINDOW)
    return rows if clock.timeless else rows[late] if late.sum() >= LEAST else rows[-LEAST:]


def on_duty(task: Task, clock: Clock, said: Said, at: datetime, rows: Rows) -> Duty:
    """Learn from what was said of `rows` before, oldest first, and how their answers read at `at`."""
    answers = clock.answers(at)
    truth, weights, clusters = answers.value[rows], answers.weight[rows], clock.clusters[rows]
    if task.chance:
        found = calibrate(said.score[rows], truth, weights, effective=independent(clusters, weights))
        return Duty(chance=found, mean=Scaling(), spread=None, bounds=(None, None))
    floor = 0.0 if task.form in {"count", "next"} or (task.form == "total" and _never_below(clock, at)) else None
    ceiling = task.horizon if task.form == "next" else None
    assert said.low is not None
    assert said.high is not None
    spread = conform(said.low[rows], said.high[rows], truth, weights, floor=floor, ceiling=ceiling)
    mean = scale(said.score[rows], truth, clusters, weights, positive=floor is not None)
    return Duty(chance=None, mean=mean, spread=spread, bounds=(floor, ceiling))


def in_turn(task: Task, clock: Clock, said: Said, folds: Sequence[Plan]) -> tuple[Told, list[Duty]]:
    """What was said, calibrated fold by fold as it would have been; of a flat table by what was said of other parts."""
    told, duties = Told.nothing(len(said.score)), []
    for plan in folds:
        rows = recent(clock, said, plan.start, plan.train if clock.timeless else None)
        duties.append(on_duty(task, clock, said, plan.start, rows))
        told.put(plan.asked, duties[-1](of(said, plan.asked)))
    return told, duties


def of(said: Said, rows: Rows) -> Said:
    """What was said of these."""
    parts = {name: getattr(said, name) for name in ("median", "low", "high")}
    return Said(score=said.score[rows], **{n: None if part is None else part[rows] for n, part in parts.items()})


def _never_below(clock: Clock, at: datetime) -> bool:
    known = clock.answers(at).value
    known = known[~np.isnan(known)]
    return bool(len(known)) and bool((known >= 0).all())
