"""Time until an event that may not come: hazards per slice of time, proportional in the odds (Cox 1972, section 6).

The odds that it happens in a slice, if it did not before, are the slice's own times what the features say, a sum of
small boosted trees. What is only known to have lasted until some day counts for the slices before. Median, mean and
quantiles are those of the time until the event or the horizon, whichever comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
from scipy.special import expit

from sightline.kernel.predict._matrix import Encoder, Floats, Matrix, Rows
from sightline.kernel.predict.models import _boosting
from sightline.kernel.predict.models._links import shared
from sightline.kernel.predict.models._quantiles import LOW, MEDIAN, UP
from sightline.kernel.predict.models._slice import recent
from sightline.kernel.predict.models.boosted import SMALL
from sightline.kernel.predict.models.rung import Lessons, Said, Task

MIN_ROWS, MIN_SEEN = 200, 20
"""Fewer examples, or fewer events among them, and hazards are noise."""

SLICES = 20
"""Of the time to the horizon, with as many events in each."""

LEAST, MOST = 20, 400
"""Rounds."""

NEWTON = 20
"""Steps to the slices' own odds."""

EDGE = 15.0
"""Log-odds stay within."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazards:
    """Odds per slice times what the features say."""

    encoder: Encoder
    ends: Floats
    """Of the slices, days; the last is the horizon."""
    odds: Floats
    """Per slice, log-odds of the event where the features say nothing."""
    boosters: tuple[lgb.Booster, ...]

    @property
    def name(self) -> str:
        """`survival`."""
        return "survival"

    def lasting(self, sums: Floats) -> Floats:
        """subjects x (slices + 1): probability that nothing happened by the beginning of each slice, and by the end."""
        stay = np.cumsum(-np.logaddexp(0, np.clip(self.odds + sums[:, None], -EDGE, EDGE)), axis=1)
        found: Floats = np.column_stack([np.ones(len(sums)), np.exp(stay)])
        return found

    def _mean(self, sums: Floats) -> Floats:
        """The area under what lasts, up to the horizon, straight within slices."""
        lasting, widths = self.lasting(sums), np.diff(np.r_[0.0, self.ends])
        found: Floats = ((lasting[:, :-1] + lasting[:, 1:]) / 2) @ widths
        return found

    def _when(self, lasting: Floats, share: float) -> Floats:
        """The day by which `share` of them had the event; the horizon where fewer ever do."""
        edges = np.r_[0.0, self.ends]
        at = np.minimum((lasting > 1 - share).sum(axis=1), len(self.ends))
        rows = np.arange(len(lasting))
        before, after = lasting[rows, np.maximum(at - 1, 0)], lasting[rows, at]
        part = np.clip((before - (1 - share)) / np.maximum(before - after, 1e-12), 0, 1)
        start = edges[np.maximum(at - 1, 0)]
        return np.asarray(np.where(after <= 1 - share, start + part * (edges[at] - start), self.ends[-1]), np.float64)

    def say(self, matrix: Matrix) -> Said:
        """Days."""
        sums = _boosting.raw(self.boosters, self.encoder.encode(matrix))
        lasting = self.lasting(sums)
        low, median, high = (self._when(lasting, share) for share in (LOW, MEDIAN, UP))
        return Said(score=self._mean(sums), median=median, low=low, high=high)

    def contributions(self, matrix: Matrix) -> tuple[tuple[str, ...], Floats]:
        """Exact shares of the sum, stretched to days."""
        found = _boosting.shares(self.boosters, self.encoder.encode(matrix))
        base, step = found[:, -1], 1e-4
        slope = (self._mean(base + step) - self._mean(base - step)) / (2 * step)
        names = tuple(spec.name for spec in self.encoder.specs)
        return names, shared(found[:, :-1], self._mean(found.sum(axis=1)), self._mean(base), slope)

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "rung": self.name,
            "encoder": self.encoder.document(),
            "ends": self.ends.tolist(),
            "odds": self.odds.tolist(),
            "boosters": _boosting.told(self.boosters),
        }

    @classmethod
    def read(cls, document: dict[str, Any]) -> Hazards:
        """What `document` gave. Raises Unprovable when a booster's text was damaged."""
        return cls(
            encoder=Encoder.read(document["encoder"]),
            ends=np.array(document["ends"], np.float64),
            odds=np.array(document["odds"], np.float64),
            boosters=_boosting.heard(document["boosters"]),
        )


class Survival:
    """Hazards of the time until an event."""

    @property
    def name(self) -> str:
        """`survival`."""
        return "survival"

    def suits(self, task: Task, lessons: Lessons) -> bool:
        """For `next` within a horizon common to all."""
        if task.form != "next" or task.horizon is None or len(lessons.rows) < MIN_ROWS:
            return False
        came = lessons.answers[lessons.observed]
        if len(came) < MIN_SEEN or came.min() == came.max():
            return False
        return bool(Encoder.fit(lessons.matrix, lessons.rows).specs)

    def fit(self, task: Task, lessons: Lessons) -> Hazards:
        """Odds of the slices first, then trees beside them, stopped by the most recent examples."""
        assert task.horizon is not None
        encoder = Encoder.fit(lessons.matrix, lessons.rows)
        values = encoder.encode(lessons.matrix, lessons.rows)
        ends = _ends(lessons.answers[lessons.observed], task.horizon)
        told = _Told.of(lessons, ends)
        odds = told.odds()
        parameters = {**_boosting.SAME, **SMALL, "seed": task.seed, "objective": told.objective(odds)}
        first, late = recent(len(values))
        early = told.only(first)
        train = lgb.Dataset(values[first], np.zeros(len(first)), params=_boosting.QUIET)
        held = lgb.Dataset(values[late], np.zeros(len(late)), reference=train, params=_boosting.QUIET)
        found = lgb.train(
            {**parameters, "objective": early.objective(odds), "metric": "none"}, train, MOST, valid_sets=[held],
            feval=told.only(late).loss(odds), callbacks=[lgb.early_stopping(_boosting.PATIENCE, verbose=False)],
        )  # fmt: skip
        rounds = max(LEAST, int(found.best_iteration))
        every = lgb.Dataset(values, np.zeros(len(values)), params=_boosting.QUIET)
        booster = lgb.train(parameters, every, rounds)
        return Hazards(encoder=encoder, ends=ends, odds=odds, boosters=(booster,))


def _ends(came: Floats, horizon: float) -> Floats:
    """Ends of slices with as many events in each; the last is the horizon."""
    inner = np.unique(np.quantile(came, np.linspace(0, 1, SLICES + 1)[1:-1]))
    inner = inner[(inner > 0) & (inner < horizon)]
    found: Floats = np.r_[inner, horizon]
    return found


Likelihood = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class _Told:
    """In which slice each example ended, and how."""

    at: Rows
    """Slices survived for sure."""
    came: Floats
    """1 where the event came in the slice after those."""
    weights: Floats
    slices: int

    @classmethod
    def of(cls, lessons: Lessons, ends: Floats) -> _Told:
        last = len(ends) - 1
        within = np.minimum(np.searchsorted(ends, lessons.answers, side="left"), last)
        whole = np.searchsorted(ends, lessons.answers, side="right")
        at = np.where(lessons.observed, within, whole).astype(np.int64)
        return cls(at, lessons.observed.astype(np.float64), lessons.weights, len(ends))

    def only(self, rows: Rows) -> _Told:
        return _Told(self.at[rows], self.came[rows], self.weights[rows], self.slices)

    @property
    def asked(self) -> npt.NDArray[np.bool_]:
        """examples x slices: where the event could have come."""
        return np.arange(self.slices) < (self.at + (self.came > 0))[:, None]

    def odds(self) -> Floats:
        """Per slice, with half an event added to either side."""
        weighed = self.weights[:, None] * self.asked
        came = np.bincount(self.at, self.weights * self.came, minlength=self.slices)[: self.slices]
        stayed = weighed.sum(axis=0) - came
        found: Floats = np.log((came + 0.5) / (np.maximum(stayed, 0.0) + 0.5))
        return found

    def objective(self, odds: Floats) -> Any:
        """Gradient and curvature of the negative log-likelihood by the sum, for LightGBM."""
        asked, came, weights = self.asked, self.came, self.weights

        def gradient(sums: Floats, _: lgb.Dataset) -> Likelihood:
            hazard = np.where(asked, expit(np.clip(odds + sums[:, None], -EDGE, EDGE)), 0.0)
            return weights * (hazard.sum(axis=1) - came), weights * (hazard * (1 - hazard)).sum(axis=1)

        return gradient

    def loss(self, odds: Floats) -> Any:
        """The mean negative log-likelihood, for LightGBM to stop by."""
        asked, came, weights = self.asked, self.came, self.weights
        own = np.append(odds, 0.0)[np.minimum(self.at, self.slices)]

        def mean(sums: Floats, _: lgb.Dataset) -> tuple[str, float, bool]:
            stay = np.where(asked, np.logaddexp(0, np.clip(odds + sums[:, None], -EDGE, EDGE)), 0.0).sum(axis=1)
            return "loss", float(np.average(stay - came * (own + sums), weights=weights)), False

        return mean
