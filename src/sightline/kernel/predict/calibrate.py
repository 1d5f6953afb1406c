"""Calibration: what the model's log-odds mean, learned from the most recent mature answers it was not trained on.

Platt scaling (Platt 1999), slope and shift on the log-odds, found by maximum a posteriori: the priors hold slope at 1
and shift at 0, so a small window does little. Answers that share their fate (clusters) count as one, not as many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from sightline.kernel.predict._matrix import Floats

SLOPE_SD = 0.05
"""Prior spread of the slope around 1. Wider priors followed the noise of the last year and calibrated worse."""

SHIFT_SD = 0.1
"""Prior spread of the shift around 0. The drift of the base rate is a feature already; this mends the rest."""

LEAST_SLOPE = 0.1
"""Calibration never turns a ranking round."""

EDGE = 1e-4
"""No probability is closer to certain than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Log-odds in, probability out."""

    slope: float = 1.0
    shift: float = 0.0
    rows: int = 0
    """How many answers it was learned from."""

    def __call__(self, log_odds: Floats) -> Floats:
        """Calibrated probabilities."""
        found: Floats = np.clip(expit(self.slope * log_odds + self.shift), EDGE, 1 - EDGE)
        return found

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"slope": self.slope, "shift": self.shift, "rows": self.rows}


def calibrate(log_odds: Floats, yes: Floats, *, effective: float | None = None) -> Calibration:
    """The calibration for out-of-sample `log_odds` and their answers `yes` (0 or 1).

    `effective`: how many independent answers they amount to (the number of clusters); all by default.
    """
    if len(yes) == 0:
        return Calibration()
    weight = min(1.0, (effective or len(yes)) / len(yes))
    found = minimize(_loss, np.array([1.0, 0.0]), args=(log_odds, yes, weight), jac=True, method="BFGS")
    slope, shift = float(max(found.x[0], LEAST_SLOPE)), float(found.x[1])
    return Calibration(slope=slope, shift=shift, rows=len(yes))


def _loss(at: Floats, log_odds: Floats, yes: Floats, weight: float) -> tuple[float, Floats]:
    """Negative log posterior and its gradient."""
    slope, shift = at
    score = slope * log_odds + shift
    loss = weight * float(np.logaddexp(0, score).sum() - yes @ score)
    wrong = weight * (expit(score) - yes)
    prior = ((slope - 1) / SLOPE_SD) ** 2 / 2 + (shift / SHIFT_SD) ** 2 / 2
    gradient = np.array([wrong @ log_odds + (slope - 1) / SLOPE_SD**2, wrong.sum() + shift / SHIFT_SD**2])
    return loss + prior, gradient


def log_odds_of(probability: Floats | float) -> Floats:
    """The log-odds of probabilities, held away from certainty."""
    found: Floats = logit(np.clip(probability, EDGE, 1 - EDGE))
    return found
