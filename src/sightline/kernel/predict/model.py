"""The ladder of models: a prior where there is little to learn from, boosted trees above.

LightGBM (Ke et al. 2017) with a low rate, very small trees, half the rows and half the columns for each, stopped where
the most recent mature answers stop getting better, then fitted again on all of them with several seeds. Saved as text
and JSON, never pickled.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import lightgbm as lgb
import numpy as np

from sightline.kernel.predict._matrix import Encoder, Floats, Matrix, Rows, Singles
from sightline.kernel.predict.calibrate import Calibration, log_odds_of
from sightline.kernel.predict.limits import MIN_CLASS, MIN_ROWS
from sightline.language.errors import Unprovable

SLICE = 0.15
"""The share of the most recent mature answers that decides when to stop."""

LEAST_ROUNDS, MOST_ROUNDS, PATIENCE = 100, 400, 50
"""Stopping on one slice is noisy under drift; below 100 rounds it stopped by chance."""

SEEDS = 3
"""Boosters averaged: the figures of one swing by .01 AUC with its seed."""

QUIET: dict[str, Any] = {"verbose": -1, "num_threads": 1}
"""Goes with every call. LightGBM keeps one number of threads per process and sizes buffers by it: were it another for a
moment, a booster trained beside would write behind its buffers."""

PARAMETERS: dict[str, Any] = {
    **QUIET,
    "objective": "binary",
    "learning_rate": 0.03,
    "num_leaves": 5,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.5,
    "bagging_freq": 1,
    "min_data_in_leaf": 20,
    "deterministic": True,
    "force_row_wise": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A fitted and calibrated model. Without boosters it is the prior."""

    encoder: Encoder
    prior: float
    """Log-odds of the base rate in training."""
    rows: int
    yes: int
    rounds: int = 0
    boosters: tuple[lgb.Booster, ...] = ()
    calibration: Calibration = field(default_factory=Calibration)

    @property
    def is_prior(self) -> bool:
        """Whether only the base rate is known."""
        return not self.boosters

    def log_odds(self, matrix: Matrix) -> Floats:
        """Before calibration."""
        if self.is_prior:
            return np.full(len(matrix.values), self.prior)
        values = self.encoder.encode(matrix)
        raw: Floats = np.mean([b.predict(values, raw_score=True, **QUIET) for b in self.boosters], axis=0)
        return raw

    def probability(self, matrix: Matrix) -> Floats:
        """Calibrated, per subject."""
        return self.calibration(self.log_odds(matrix))

    def contributions(self, matrix: Matrix) -> Floats:
        """subjects x (features of the encoder + 1): exact shares of the calibrated log-odds, the last is the base."""
        if self.is_prior:
            return np.full((len(matrix.values), 1), self.prior)
        values = self.encoder.encode(matrix)
        found: Floats = np.mean([b.predict(values, pred_contrib=True, **QUIET) for b in self.boosters], axis=0)
        found = found * self.calibration.slope
        found[:, -1] += self.calibration.shift
        return found

    def document(self) -> dict[str, Any]:
        """JSON-ready, boosters as LightGBM's own text."""
        return {
            "encoder": self.encoder.document(),
            "prior": self.prior,
            "rows": self.rows,
            "yes": self.yes,
            "rounds": self.rounds,
            "boosters": [b.model_to_string() for b in self.boosters],
            "calibration": self.calibration.document(),
        }

    @classmethod
    def read(cls, document: dict[str, Any]) -> Model:
        """The model of `document`. Raises Unprovable when it was written by another version and cannot be read."""
        try:
            boosters = tuple(lgb.Booster(model_str=text) for text in document["boosters"])
            return cls(
                encoder=Encoder.read(document["encoder"]),
                prior=document["prior"],
                rows=document["rows"],
                yes=document["yes"],
                rounds=document["rounds"],
                boosters=boosters,
                calibration=Calibration(**document["calibration"]),
            )
        except (KeyError, TypeError, lgb.basic.LightGBMError) as error:
            raise Unprovable(f"The model on file cannot be read ({error}).", hint="Train the question again.") from None


def fit(matrix: Matrix, rows: Rows, yes: Floats, *, seed: int, seeds: int = SEEDS) -> Model:
    """Fit on `rows` of `matrix`, oldest first, with their answers `yes` (0 or 1, aligned). Not calibrated yet."""
    n, positive = len(rows), int(yes.sum())
    prior = float(log_odds_of((positive + 0.5) / (n + 1)))
    base = Model(encoder=Encoder(specs=(), categories={}), prior=prior, rows=n, yes=positive)
    if n < MIN_ROWS or min(positive, n - positive) < MIN_CLASS:
        return base
    encoder = Encoder.fit(matrix, rows)
    if not encoder.specs:
        return base
    values = encoder.encode(matrix, rows)
    rounds = _stop(values, yes, seed)
    boosters = tuple(_boost(values, yes, rounds, seed + i) for i in range(seeds))
    return replace(base, encoder=encoder, rounds=rounds, boosters=boosters)


def _stop(values: Singles, yes: Floats, seed: int) -> int:
    """After how many rounds the most recent answers stop getting better for a model that does not know them."""
    start = int(len(yes) * (1 - SLICE))
    train = lgb.Dataset(values[:start], yes[:start], params=QUIET)
    recent = lgb.Dataset(values[start:], yes[start:], reference=train, params=QUIET)
    stop = lgb.early_stopping(PATIENCE, verbose=False)
    found = lgb.train({**PARAMETERS, "seed": seed}, train, MOST_ROUNDS, valid_sets=[recent], callbacks=[stop])
    return max(LEAST_ROUNDS, int(found.best_iteration))


def _boost(values: Singles, yes: Floats, rounds: int, seed: int) -> lgb.Booster:
    data = lgb.Dataset(values, yes, params=QUIET)
    return lgb.train({**PARAMETERS, "seed": seed}, data, rounds)
