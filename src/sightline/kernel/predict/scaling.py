"""Calibration of the mean of quantities, learned from the most recent mature answers it was not trained on.

What is nowhere below zero (counts, totals, days) is multiplied, anything else shifted, so that what was forecast adds
up to what came. Either is drawn toward doing nothing by how uncertain it is (James and Stein 1961, one dimension):
a few answers, or answers that share their fate, move little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict._weights import given, variance
from sightline.kernel.predict._weights import mean as mean_of

SPREAD = 0.15
"""How far a mean is off from one year to the next, as a share of it (of the answers' own spread, where shifted)."""

FACTORS = (0.25, 4.0)
"""No mean is scaled beyond these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """Mean in, mean out."""

    factor: float = 1.0
    shift: float = 0.0
    rows: int = 0
    """How many answers it was learned from."""

    def __call__(self, mean: Floats) -> Floats:
        """Calibrated means."""
        return self.factor * mean + self.shift

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"factor": self.factor, "shift": self.shift, "rows": self.rows}


def scale(mean: Floats, truth: Floats, clusters: Rows, weights: Floats | None = None, *, positive: bool) -> Scaling:
    """The scaling for out-of-sample means and what came instead.

    `weights`: how much each counts beside the others; alike by default. `positive`: neither is ever below zero.
    """
    names, member = np.unique(clusters, return_inverse=True)
    if len(names) < 2:
        return Scaling(rows=len(truth))
    weights = given(weights, len(truth))
    if not positive:
        shift, doubt = _mean_of(truth - mean, member, weights)
        usual = SPREAD * float(np.sqrt(variance(truth, weights)))
        return Scaling(shift=shift * _trust(usual, doubt), rows=len(truth))
    told = float((weights * mean).sum())
    if told <= 0:
        return Scaling(rows=len(truth))
    ratio = float((weights * truth).sum()) / told
    _, doubt = _mean_of((truth - ratio * mean) * (weights.sum() / told), member, weights)
    factor = 1 + (ratio - 1) * _trust(SPREAD, doubt)
    return Scaling(factor=float(np.clip(factor, *FACTORS)), rows=len(truth))


def _mean_of(values: Floats, member: Rows, weights: Floats) -> tuple[float, float]:
    """The mean and its standard error, whole clusters being independent of each other."""
    mean, groups = mean_of(values, weights), int(member.max()) + 1
    sums = np.bincount(member, weights * (values - mean))
    return mean, float(np.sqrt((sums**2).sum() * groups / (groups - 1)) / weights.sum())


def _trust(usual: float, doubt: float) -> float:
    return usual**2 / (usual**2 + doubt**2) if usual > 0 else 0.0
