"""Buying till you die: the mathematics of the BG/NBD model (Fader, Hardie and Lee 2005) and its modification (Batislam,
Denizel and Filiztekin 2007).

While a subject is active, events come at its own steady rate, which is gamma distributed over subjects (shape r, rate
alpha); after each event it stops for good with its own probability, beta distributed (a, b). The modification lets it
stop after the very first event too. Time is in any unit, the same throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

from sightline.kernel.predict._matrix import Floats

BOUND = 9.0
"""Logarithms of the parameters stay within: beyond, the data say nothing about them."""

STARTS = ((0.0, 1.5, 0.0, 1.0), (-1.0, 1.0, -0.5, 1.0))
"""Logarithms of r, alpha, a, b from which the search sets out (alpha in mean tenures over ten)."""

DRAWN = 0.01
"""Precision of a faint normal prior on those logarithms: with few subjects the likelihood is flat."""

NEAR = 1e-4
"""Nearer to 1 than this `a` is moved, where the expectation's formula has no value."""

MOST = 400
"""Further events beyond which none is counted in a distribution."""

TAIL = 1e-6
"""Probability left beyond the last number of events considered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Of each subject; aligned arrays."""

    repeats: Floats
    """Events after the first."""
    last: Floats
    """From the first event to the last; 0 without repeats."""
    tenure: Floats
    """From the first event to now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """The parameters, of either model."""

    r: float
    alpha: float
    a: float
    b: float
    first: bool
    """Whether a subject may stop after its first event (the modification)."""

    @property
    def _more(self) -> int:
        return 1 if self.first else 0

    def log_likelihood(self, history: History) -> Floats:
        """Per subject."""
        x, r, alpha, a, b = history.repeats, self.r, self.alpha, self.a, self.b
        numbers, which = np.unique(x, return_inverse=True)
        stayed = numbers + self._more
        often = (gammaln(r + numbers) - gammaln(r) + r * np.log(alpha) - betaln(a, b))[which]
        alive = betaln(a, b + stayed)[which] - (r + x) * np.log(alpha + history.tenure)
        left = np.where(stayed > 0, betaln(a + 1, b + np.maximum(stayed - 1, 0)), -np.inf)
        dead = left[which] - (r + x) * np.log(alpha + history.last)
        found: Floats = often + np.logaddexp(alive, dead)
        return found

    def active(self, history: History) -> Floats:
        """Probability that it has not stopped."""
        x, stayed = history.repeats, history.repeats + self._more
        odds = self.a / (self.b + np.maximum(stayed - 1, 0))
        gone = odds * np.exp((self.r + x) * (np.log(self.alpha + history.tenure) - np.log(self.alpha + history.last)))
        return np.where(stayed > 0, 1 / (1 + gone), 1.0)

    def distribution(self, history: History, ahead: Floats) -> Floats:
        """subjects x numbers: probability of 0, 1, 2, ... further events within `ahead`; the tail is in the last."""
        active = self.active(history)
        r, alpha, b = self.r + history.repeats, self.alpha + history.tenure, self.b + history.repeats + self._more
        log_odds, none = np.log(ahead / (alpha + ahead)), r * np.log(alpha / (alpha + ahead))
        sure = betaln(self.a, b)
        found: list[Floats] = []
        below, left = np.zeros(len(r)), np.ones(len(r))
        while len(found) < MOST and (not found or left.max() > TAIL):
            n = len(found)
            come = np.exp(gammaln(r + n) - gammaln(r) - gammaln(n + 1.0) + none + n * log_odds)
            said = np.exp(betaln(self.a, b + n) - sure) * come
            if n:
                said += np.exp(betaln(self.a + 1, b + n - 1) - sure) * np.maximum(1 - below, 0.0)
            below = below + come
            left = left - said
            found.append(said * active)
        found[0] = found[0] + 1 - active
        found[-1] = found[-1] + np.maximum(left, 0.0) * active
        return np.column_stack(found)

    def mean(self, history: History, ahead: Floats) -> Floats:
        """Expected number of further events within `ahead` (Fader, Hardie and Lee 2005, equation 10)."""
        a = self.a if abs(self.a - 1) > NEAR else 1 + NEAR
        r, alpha, b = self.r + history.repeats, self.alpha + history.tenure, self.b + history.repeats + self._more
        series = hyp2f1(r, b, a + b - 1, ahead / (alpha + ahead))
        found = (
            (a + b - 1) / (a - 1) * (1 - series * np.exp(r * np.log(alpha / (alpha + ahead)))) * self.active(history)
        )
        bad = ~np.isfinite(found) | (found < 0) | (found > r / alpha * ahead)
        if bad.any():
            some = History(repeats=history.repeats[bad], last=history.last[bad], tenure=history.tenure[bad])
            spread = self.distribution(some, ahead[bad])
            found[bad] = spread @ np.arange(spread.shape[1])
        return np.asarray(found, np.float64)

    def silent(self, history: History, ahead: Floats) -> Floats:
        """Probability of no further event within `ahead`."""
        r, alpha = self.r + history.repeats, self.alpha + history.tenure
        found: Floats = 1 - self.active(history) * -np.expm1(r * np.log(alpha / (alpha + ahead)))
        return found

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"r": self.r, "alpha": self.alpha, "a": self.a, "b": self.b, "first": self.first}


def fit(history: History, *, first: bool) -> Process:
    """By maximum likelihood (with a faint prior), over distinct histories: the same every time."""
    table = np.column_stack([history.repeats, history.last, history.tenure])
    distinct, many = np.unique(table, axis=0, return_counts=True)
    unit = max(float(history.tenure.mean()) / 10, 1e-9)
    known = History(repeats=distinct[:, 0], last=distinct[:, 1] / unit, tenure=distinct[:, 2] / unit)

    def loss(at: Floats) -> float:
        process = _of(at, 1.0, first)
        return -float(many @ process.log_likelihood(known)) + DRAWN * float((at - STARTS[0]) @ (at - STARTS[0])) / 2

    bounds = [(-BOUND, BOUND)] * 4
    found = [minimize(loss, np.array(start), method="L-BFGS-B", bounds=bounds) for start in STARTS]
    return _of(min(found, key=lambda one: float(one.fun)).x, unit, first)


def _of(logarithms: Floats, unit: float, first: bool) -> Process:
    r, alpha, a, b = (float(value) for value in np.exp(logarithms))
    return Process(r=r, alpha=alpha * unit, a=a, b=b, first=first)
