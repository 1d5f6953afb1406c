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
from sightline.kernel.predict._weights import given, kish, mean, mean_one, variance


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


@dataclass(frozen=True, slots=True)
class _Window:
    """What is learned from, oldest first."""

    log_odds: Floats
    yes: Floats
    weights: Floats
    """One on average over the whole window."""
    each: float
    """How many independent answers one of weight one amounts to; at most 1."""

    def part(self, which: slice) -> _Window:
        """Some of them."""
        return _Window(self.log_odds[which], self.yes[which], self.weights[which], self.each)


def calibrate(
    log_odds: Floats, yes: Floats, weights: Floats | None = None, *, effective: float | None = None
) -> Calibration:
    """The calibration for out-of-sample `log_odds` and their answers `yes` (0 or 1), both oldest first.

    `weights`: how much each counts beside the others; alike by default. `effective`: how many independent answers they
    amount to (the number of clusters); all by default.
    """
    if len(yes) == 0:
        return Calibration()
    each = min(1.0, (effective or len(yes)) / len(yes))
    window = _Window(log_odds, yes, mean_one(given(weights, len(yes))), each)
    return _fit(_manner(window), window)


def _manner(window: _Window) -> Manner:
    """The stiff one, unless another said more about the answers to come, by more than BEYOND standard errors."""
    size = len(window.yes)
    if size * window.each < LEAST:
        return STIFF
    parts = np.array_split(np.arange(size), STEPS)
    late = np.concatenate(parts[1:])
    yes, weights = window.yes[late], window.weights[late]
    losses = {}
    for manner in MANNERS:
        said = [_fit(manner, window.part(slice(p[0])), size)(window.log_odds[p]) for p in parts[1:]]
        losses[manner] = -np.log(np.where(yes > 0, np.concatenate(said), 1 - np.concatenate(said)))
    best = min(MANNERS, key=lambda manner: mean(losses[manner], weights))
    gain = losses[STIFF] - losses[best]
    error = np.sqrt(variance(gain, weights)) / np.sqrt(kish(weights) * window.each)
    return best if mean(gain, weights) > BEYOND * error else STIFF


def _fit(manner: Manner, window: _Window, size: int | None = None) -> Calibration:
    """By a manner, of a window of so many answers (all there are)."""
    take = max(1, int(manner.share * (size or len(window.yes))))
    late = window.part(slice(-take, None))
    found = minimize(_loss, np.array([1.0, 0.0]), args=(late, manner), jac=True, method="BFGS")
    slope, shift = float(max(found.x[0], LEAST_SLOPE)), float(found.x[1])
    return Calibration(slope=slope, shift=shift, rows=len(late.yes))


def _loss(at: Floats, window: _Window, manner: Manner) -> tuple[float, Floats]:
    """Negative log posterior and its gradient."""
    slope, shift = at
    log_odds, yes, weights = window.log_odds, window.yes, window.weights
    score = slope * log_odds + shift
    loss = window.each * float((weights * np.logaddexp(0, score)).sum() - (weights * yes) @ score)
    wrong = window.each * (weights * (expit(score) - yes))
    off, aside = (slope - 1) / manner.slope_sd, shift / manner.shift_sd
    gradient = np.array([wrong @ log_odds + off / manner.slope_sd, wrong.sum() + aside / manner.shift_sd])
    return loss + off**2 / 2 + aside**2 / 2, gradient


def log_odds_of(probability: Floats | float) -> Floats:
    """The log-odds of probabilities, held away from certainty."""
    found: Floats = logit(np.clip(probability, EDGE, 1 - EDGE))
    return found
