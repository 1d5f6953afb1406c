"""Whom acting helps: the effect on each party, learned where it was drawn by lot who is acted upon.

`apart` fits a logistic regression to either arm (T-learner: Kunzel et al. 2019); `robust` a boosted regression to the
doubly robust score of each party (Kennedy 2023), cross-fitted. Neither is believed before `qini` says that its order
finds more than chance (Radcliffe 2007).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

FOLDS = 5
ROUNDS = 60
"""Few and slow: effects are small beside the noise, and a large model would learn that."""

BOOSTING: dict[str, Any] = {
    "objective": "regression", "learning_rate": 0.03, "num_leaves": 7, "min_data_in_leaf": 200, "lambda_l2": 10.0,
    "verbosity": -1, "num_threads": 2, "deterministic": True, "force_row_wise": True, "seed": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """n parties of whom a lot decided who is acted upon; arrays of n rows."""

    features: Floats
    """(n, d), known before; no constant."""
    treated: Mask
    came: Floats
    """1 where it was a success, else 0."""
    propensity: Floats
    """The chance of being treated, above 0 and below 1."""

    def where(self, chosen: npt.NDArray[Any]) -> Trial:
        """Only those chosen: a mask or places."""
        return Trial(
            features=self.features[chosen], treated=self.treated[chosen], came=self.came[chosen],
            propensity=self.propensity[chosen],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Qini:
    """How much better than by chance an order of parties finds those whom acting helps."""

    area: float
    """Between the curve of the order and the line of chance, in success per party; 0 where the order says nothing."""
    error: float
    top: float
    """The effect on the first 30 %, a difference of shares."""
    top_error: float

    @property
    def beats_chance(self) -> bool:
        """Beyond doubt, one-sided at 2.5 %, for one look."""
        return self.area > 1.96 * self.error


def apart(trial: Trial, asked: Floats) -> Floats:
    """The effect on each of the asked (m, d), as the difference of two logistic regressions."""
    told = [_logistic(trial.where(arm), asked) for arm in (trial.treated, ~trial.treated)]
    return told[0] - told[1]


def robust(trial: Trial, asked: Floats, *, seed: int = 1) -> Floats:
    """The effect on each of the asked (m, d), by boosting on the doubly robust score."""
    import lightgbm

    rows = lightgbm.Dataset(trial.features, scores(trial, seed=seed))
    return np.asarray(lightgbm.train(BOOSTING, rows, ROUNDS).predict(asked), np.float64)


def scores(trial: Trial, *, seed: int = 1) -> Floats:
    """(n,): of each party an unbiased figure of its effect: what models of others expect, mended by what came."""
    fold = np.random.default_rng(seed).permutation(len(trial.came)) % FOLDS
    found = np.empty(len(trial.came))
    for one in range(FOLDS):
        here, others = fold == one, trial.where(fold != one)
        on, off = (_logistic(others.where(arm), trial.features[here]) for arm in (others.treated, ~others.treated))
        own = trial.where(here)
        found[here] = on - off + _mended(own, on, off)
    return found


def _mended(own: Trial, on: Floats, off: Floats) -> Floats:
    treated = (own.came - on) / own.propensity
    return np.where(own.treated, treated, -(own.came - off) / (1 - own.propensity))


def _logistic(trial: Trial, asked: Floats) -> Floats:
    """The chance of success, by a ridge logistic regression; the bare share where all came out alike."""
    from sklearn.linear_model import LogisticRegression

    share = float(trial.came.mean()) if len(trial.came) else 0.0
    if share in (0.0, 1.0):
        return np.full(len(asked), share)
    mean, spread = trial.features.mean(axis=0), np.maximum(trial.features.std(axis=0), 1e-9)
    model = LogisticRegression(max_iter=500).fit((trial.features - mean) / spread, trial.came)
    return np.asarray(model.predict_proba((asked - mean) / spread)[:, 1], np.float64)


def qini(trial: Trial, predicted: Floats) -> Qini:
    """Judge an order of parties that no model of it has seen; equal predictions share their place.

    The area is the mean of (rank - 1/2) times the inverse-propensity score of each: what its order is worth beyond
    chance.
    """
    from scipy.stats import rankdata

    score = trial.came * np.where(trial.treated, 1 / trial.propensity, -1 / (1 - trial.propensity))
    rank = (rankdata(predicted) - 0.5) / len(predicted)
    worth = (rank - 0.5) * (score - score.mean())
    top, top_error = _difference(trial.where(rank > 0.7))
    return Qini(area=float(worth.mean()), error=_error(worth), top=top, top_error=top_error)


def _difference(trial: Trial) -> tuple[float, float]:
    """The effect on all of them and its standard error: the difference of two weighted means (Hajek 1971)."""
    value, variance = 0.0, 0.0
    for sign, arm, chance in ((1, trial.treated, trial.propensity), (-1, ~trial.treated, 1 - trial.propensity)):
        if not arm.any():
            return 0.0, math.inf
        weights = 1 / chance[arm]
        mean = float(np.average(trial.came[arm], weights=weights))
        value += sign * mean
        variance += float(((weights * (trial.came[arm] - mean)) ** 2).sum() / weights.sum() ** 2)
    return value, math.sqrt(variance)


def _error(values: Floats) -> float:
    return float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.inf
