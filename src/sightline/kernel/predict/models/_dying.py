"""Buying till you die: the mathematics of the BG/NBD model (Fader, Hardie and Lee 2005) and its modification (Batislam,
Denizel and Filiztekin 2007).

While a subject is active, events come at its own steady rate, which is gamma distributed over subjects (shape r, rate
alpha); after each event it stops for good with its own probability, beta distributed (a, b). The modification lets it
stop after the very first event too. Ours: one that stopped may still have the event, at a share of its own rate. Time
is in any unit, the same throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1
from scipy.stats import beta, nbinom

from sightline.kernel.predict._matrix import Floats

BOUND = 9.0
"""Logarithms of the parameters stay within: beyond, the data say nothing about them."""

STARTS = ((0.0, 1.5, 0.0, 1.0), (-1.0, 1.0, -0.5, 1.0))
"""Logarithms of r, alpha, a, b from which the search sets out (alpha in mean tenures over ten)."""

DRAWN = 0.01
"""Precision of a faint normal prior on those logarithms: with few subjects the likelihood is flat."""

NEAR = 1e-4
"""Nearer to 1 than this `a` is moved, where the expectation's formula has no value."""

FARTHEST = 600.0
"""A logarithm beyond it is out of a number's range."""

MOST = 400
"""Further events beyond which none is counted in a distribution."""

MANY = 100.0
"""Expected further events from which on quantiles are those of the negative binomial of who stays active."""

NODES = 64
"""Chances of stopping that stand for all."""

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
    after: float = 0.0
    """The share of its own rate at which one that stopped still has the event: 0 where stopping is for good."""

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
        longer = (self.r + x) * (np.log(self.alpha + history.tenure) - np.log(self.alpha + history.last))
        gone = odds * np.exp(np.minimum(longer, FARTHEST))
        return np.where(stayed > 0, 1 / (1 + gone), 1.0)

    def distribution(self, history: History, ahead: Floats) -> Floats:
        """subjects x numbers: probability of 0, 1, 2, ... further events within `ahead`; the tail is in the last.

        Of who is active by the model (equation 8 there); who stopped before now goes on at its lower rate.
        """
        active = self.active(history)
        r, alpha, b = self.r + history.repeats, self.alpha + history.tenure, self.b + history.repeats + self._more
        sure = betaln(self.a, b)
        found: list[Floats] = []
        below, left = np.zeros(len(r)), np.ones(len(r))
        while len(found) < MOST and (not found or left.max() > TAIL):
            n = len(found)
            come = _comes(n, r, alpha, ahead)
            said = np.exp(betaln(self.a, b + n) - sure) * come
            if n:
                said += np.exp(betaln(self.a + 1, b + n - 1) - sure) * np.maximum(1 - below, 0.0)
            below = below + come
            found.append(said * active + _comes(n, r, alpha, ahead * self.after) * (1 - active))
            left = left - found[-1]
        found[-1] = found[-1] + np.maximum(left, 0.0)
        return np.column_stack(found)

    def quantiles(self, history: History, ahead: Floats, shares: Sequence[float]) -> list[Floats]:
        """By share, the number of further events that so many of its like do not exceed."""
        mean = self.mean(history, ahead)
        few = mean <= MANY
        some = History(repeats=history.repeats[few], last=history.last[few], tenure=history.tenure[few])
        below = np.cumsum(self.distribution(some, ahead[few]), axis=1)
        active, r = self.active(history)[~few], (self.r + history.repeats)[~few]
        rate = (mean[~few] / np.maximum(active, TAIL)) / r
        found = []
        for share in shares:
            number = np.zeros(len(mean))
            number[few] = (below < share).sum(axis=1)
            left = np.clip((share - (1 - active)) / np.maximum(active, TAIL), 0.0, 1 - TAIL)
            number[~few] = np.maximum(nbinom.ppf(left, r, 1 / (1 + rate)), 0.0)
            found.append(number)
        return found

    def mean(self, history: History, ahead: Floats) -> Floats:
        """Expected number of further events within `ahead` (Fader, Hardie and Lee 2005, equation 10)."""
        a = self.a if abs(self.a - 1) > NEAR else 1 + NEAR
        r, alpha, b = self.r + history.repeats, self.alpha + history.tenure, self.b + history.repeats + self._more
        with np.errstate(all="ignore"):
            series = hyp2f1(r, b, a + b - 1, ahead / (alpha + ahead))
            found = (a + b - 1) / (a - 1) * (1 - series * np.exp(r * np.log(alpha / (alpha + ahead))))
        bad = ~np.isfinite(found) | (found < 0) | (found > r / alpha * ahead)
        if bad.any():
            found[bad] = _expected(r[bad], alpha[bad], self.a, b[bad], ahead[bad])
        found = found * self.active(history)
        return np.asarray(found + self.after * (r / alpha * ahead - found), np.float64)

    def silent(self, history: History, ahead: Floats) -> Floats:
        """Probability of no further event within `ahead`."""
        r, alpha, active = self.r + history.repeats, self.alpha + history.tenure, self.active(history)
        found: Floats = active * _comes(0, r, alpha, ahead) + (1 - active) * _comes(0, r, alpha, ahead * self.after)
        return found

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"r": self.r, "alpha": self.alpha, "a": self.a, "b": self.b, "first": self.first, "after": self.after}


def _comes(n: int, r: Floats, alpha: Floats, ahead: Floats) -> Floats:
    """Probability of `n` events within `ahead` at rates gamma distributed, while nobody stops."""
    never = np.exp(r * np.log(alpha / (alpha + ahead)))
    if not n:
        return np.asarray(never, np.float64)
    share = np.maximum(ahead / (alpha + ahead), 1e-300)
    return np.asarray(never * np.exp(gammaln(r + n) - gammaln(r) - gammaln(n + 1.0) + n * np.log(share)), np.float64)


def _expected(r: Floats, alpha: Floats, a: float, b: Floats, ahead: Floats) -> Floats:
    """Further events of who is active, as a mean over chances of stopping: where the closed form fails."""
    shares = (np.arange(NODES) + 0.5) / NODES
    stops = np.maximum(beta.ppf(shares[None, :], a, b[:, None]), TAIL)
    gone = -np.expm1(r[:, None] * np.log(alpha[:, None] / (alpha[:, None] + stops * ahead[:, None])))
    return np.asarray((gone / stops).mean(axis=1), np.float64)


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
