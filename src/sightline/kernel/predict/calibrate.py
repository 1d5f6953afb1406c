"""Calibration: what the model's log-odds mean, learned from the most recent mature answers it was not trained on.

Platt scaling (Platt 1999), slope and shift on the log-odds, found by maximum a posteriori: the priors hold slope at 1
and shift at 0, so a small window does little. Answers that share their fate (clusters) count as one, not as many.

How stiff the priors are and how far back is looked differs between businesses: where the base rate drifts slowly, loose
ones follow the noise of the last year; where it doubles within a quarter, stiff ones never arrive. So each manner is
tried on the window itself, always on answers later than those it learned from (prequential log-loss, Dawid 1984), and
the stiff one is left only for one that was better beyond noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from sightline.kernel.predict._matrix import Floats


@dataclass(frozen=True, slots=True)
class Manner:
    """How far calibration trusts the window."""

    slope_sd: float
    """Prior spread of the slope around 1."""
    shift_sd: float
    """Prior spread of the shift around 0."""
    share: float
    """Of the window, the most recent part that is looked at."""


STIFF = Manner(0.05, 0.1, 1.0)
"""The drift of the base rate is a feature already; this mends the rest. The best on deliveries, which drift slowly."""

MANNERS = (STIFF, Manner(0.3, 1.0, 1.0), Manner(0.1, 1.0, 0.3))
"""Those tried."""

STEPS = 10
"""Parts of the window, one after the other, on which manners are compared; the first is only learned from."""

BEYOND = 2.0
"""Standard errors. With one, a drift that turned back was followed too often."""

LEAST = 200
"""Effective answers below which nothing is compared: the stiff manner it is."""

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
    """The calibration for out-of-sample `log_odds` and their answers `yes` (0 or 1), both oldest first.

    `effective`: how many independent answers they amount to (the number of clusters); all by default.
    """
    if len(yes) == 0:
        return Calibration()
    weight = min(1.0, (effective or len(yes)) / len(yes))
    return _fit(_manner(log_odds, yes, weight), log_odds, yes, weight)


def _manner(log_odds: Floats, yes: Floats, weight: float) -> Manner:
    """The stiff one, unless another said more about the answers to come, by more than BEYOND standard errors."""
    if len(yes) * weight < LEAST:
        return STIFF
    parts = np.array_split(np.arange(len(yes)), STEPS)
    later = np.concatenate(parts[1:])
    losses = {}
    for manner in MANNERS:
        said = [_fit(manner, log_odds[: p[0]], yes[: p[0]], weight, len(yes))(log_odds[p]) for p in parts[1:]]
        losses[manner] = -np.log(np.where(yes[later] > 0, np.concatenate(said), 1 - np.concatenate(said)))
    best = min(MANNERS, key=lambda manner: float(losses[manner].mean()))
    gain = losses[STIFF] - losses[best]
    error = float(gain.std()) / np.sqrt(len(gain) * weight)
    return best if float(gain.mean()) > BEYOND * error else STIFF


def _fit(manner: Manner, log_odds: Floats, yes: Floats, weight: float, window: int | None = None) -> Calibration:
    """By a manner, of a window of so many answers (all there are)."""
    take = max(1, int(manner.share * (window or len(yes))))
    log_odds, yes = log_odds[-take:], yes[-take:]
    found = minimize(_loss, np.array([1.0, 0.0]), args=(log_odds, yes, weight, manner), jac=True, method="BFGS")
    slope, shift = float(max(found.x[0], LEAST_SLOPE)), float(found.x[1])
    return Calibration(slope=slope, shift=shift, rows=len(yes))


def _loss(at: Floats, log_odds: Floats, yes: Floats, weight: float, manner: Manner) -> tuple[float, Floats]:
    """Negative log posterior and its gradient."""
    slope, shift = at
    score = slope * log_odds + shift
    loss = weight * float(np.logaddexp(0, score).sum() - yes @ score)
    wrong = weight * (expit(score) - yes)
    off, aside = (slope - 1) / manner.slope_sd, shift / manner.shift_sd
    gradient = np.array([wrong @ log_odds + off / manner.slope_sd, wrong.sum() + aside / manner.shift_sd])
    return loss + off**2 / 2 + aside**2 / 2, gradient


def log_odds_of(probability: Floats | float) -> Floats:
    """The log-odds of probabilities, held away from certainty."""
    found: Floats = logit(np.clip(probability, EDGE, 1 - EDGE))
    return found
