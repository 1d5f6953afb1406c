"""Which choice for whom: what each choice would bring a party like this, learned while choosing.

One Bayesian linear model per choice, of the reward (success, or money) on what is known before the decision: normal
coefficients and an inverse-gamma variance, so that learning is exact and takes any order (Bishop 2006, section 3.3;
Gelman et al. 2013, section 14). A choice is drawn as often as it is likely to be the best (Thompson 1933; Agrawal and
Goyal 2013), but each at least with the floor, so that every other policy can be judged from the log later. The chances
are computed, not counted: what one choice brings is a Student t of its own, and the chance that it exceeds all others
is an integral over one number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FLOOR = 0.05
"""The least chance of each choice: with it one logged choice stands for at most twenty."""

POINTS = 200
"""Of the integral, which is right to less than a hundredth. What is logged is what was drawn by, so it is exact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What one choice brings, as a linear function of d features: a normal-inverse-gamma distribution."""

    precision: Floats
    """(d, d): of the coefficients, in units of the variance of a reward."""
    weighted: Floats
    """(d,): the precision times the mean of the coefficients."""
    shape: float
    rest: float
    """The scale of the inverse gamma, with the squares that the coefficients explain still in it."""

    @classmethod
    def prior(cls, features: int, *, ridge: float = 1.0, spread: float = 0.25) -> Belief:
        """Before anything was seen: coefficients about 0, as if `ridge` rewards had been; rewards with a variance of
        about `spread` (of shares at most .25; of money in its unit squared), loosely held.
        """
        return cls(precision=ridge * np.eye(features), weighted=np.zeros(features), shape=1.0, rest=spread)

    def seen(self, features: Floats, rewards: Floats) -> Belief:
        """After these too: features (n, d), rewards (n,). The order does not matter."""
        return Belief(
            precision=self.precision + features.T @ features,
            weighted=self.weighted + features.T @ rewards,
            shape=self.shape + len(rewards) / 2,
            rest=self.rest + float(rewards @ rewards) / 2,
        )

    @property
    def mean(self) -> Floats:
        """(d,): of the coefficients."""
        return np.asarray(np.linalg.solve(self.precision, self.weighted), np.float64)

    def of(self, features: Floats) -> tuple[Floats, Floats]:
        """What it brings whom on average: mean and scale of a Student t of `2 * shape` degrees, for features (n, d)."""
        mean = self.mean
        scale = max(self.rest - float(self.weighted @ mean) / 2, 1e-12) / self.shape
        uncertain = np.einsum("nd,dn->n", features, np.linalg.solve(self.precision, features.T))
        return features @ mean, np.sqrt(scale * uncertain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was drawn for one party, for the log."""

    choice: str
    propensity: float
    """The chance there was of it; never below the floor."""


def propensities(
    beliefs: Sequence[Belief], features: Floats, *, costs: Sequence[float] | Floats | None = None, floor: float = FLOOR
) -> Floats:
    """(n, k): the chance of each choice for features (n, d), rows sum to 1.

    Args: `costs` of one use of each choice, in the unit of the rewards, for all or (n, k) for each; `floor` the least
    chance of each (0 to 1/k).
    Raises ValueError where the floor leaves nothing to choose.
    """
    if not beliefs or not 0 <= floor * len(beliefs) <= 1:
        raise ValueError(f"A floor of {floor:g} for each of {len(beliefs)} choices: at most one in all can be given.")
    told = [belief.of(features) for belief in beliefs]
    means = np.column_stack([mean for mean, _ in told])
    if costs is not None:
        means = means - np.asarray(costs, np.float64)
    best = _best(means, np.column_stack([scale for _, scale in told]), [2 * belief.shape for belief in beliefs])
    return floor + (1 - floor * len(beliefs)) * best


def _best(means: Floats, scales: Floats, degrees: Sequence[float]) -> Floats:
    """(n, k): the chance that each of k independent Student t is the largest, by Gauss-Legendre over its quantiles."""
    from scipy.special import stdtr, stdtrit

    quantiles, weights = _points()
    found = np.empty_like(means)
    for one in range(means.shape[1]):
        values = means[:, one, None] + scales[:, one, None] * stdtrit(degrees[one], quantiles)
        below = np.ones_like(values)
        for other in range(means.shape[1]):
            if other != one:
                below *= stdtr(degrees[other], (values - means[:, other, None]) / scales[:, other, None])
        found[:, one] = below @ weights
    return np.asarray(found / found.sum(axis=1, keepdims=True), np.float64)


@cache
def _points() -> tuple[Floats, Floats]:
    places, weights = np.polynomial.legendre.leggauss(POINTS)
    return (places + 1) / 2, weights / 2


def choose(
    beliefs: Mapping[str, Belief], features: Floats, *, lot: float, costs: Mapping[str, float] | None = None,
    floor: float = FLOOR,
) -> Chosen:  # fmt: skip
    """The choice for one party with features (d,), by a lot between 0 and 1: the same lot, the same choice."""
    names = list(beliefs)
    paid = [costs.get(name, 0.0) for name in names] if costs else None
    chances = propensities([beliefs[name] for name in names], features[None, :], costs=paid, floor=floor)[0]
    place = min(int(np.searchsorted(np.cumsum(chances), lot, side="right")), len(names) - 1)
    return Chosen(choice=names[place], propensity=float(chances[place]))
