"""Weights of examples that stand for others too (`treatment`): one kept back of ten counts for the nine acted upon.

A weight of k is worth k copies of the example, sharing their fate: sums, shares and rankings come out the same. Bounds
do not, since k copies tell no more than one: they take the effective number of answers (Kish 1965, section 11.7).
Where all weights are one, everything is what it is without any.
"""

from __future__ import annotations

import numpy as np

from sightline.kernel.predict._matrix import Floats, Rows

ROUNDING = 1e-12
"""By how much a sum of weights may be off."""


def given(weights: Floats | None, count: int) -> Floats:
    """The weights, or `count` ones where there are none."""
    return np.ones(count) if weights is None else weights


def mean_one(weights: Floats) -> Floats:
    """Scaled so that so many examples weigh as much as their number: the one place where weights are normalised."""
    return weights * (len(weights) / weights.sum()) if len(weights) else weights


def mean(values: Floats, weights: Floats) -> float:
    """The weighted mean."""
    return float((weights * values).sum() / weights.sum())


def variance(values: Floats, weights: Floats) -> float:
    """The weighted variance."""
    return mean((values - mean(values, weights)) ** 2, weights)


def kish(weights: Floats) -> float:
    """How many examples of equal weight tell as much; never more than there are. 0 of none."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0


def independent(clusters: Rows, weights: Floats) -> float:
    """How many clusters of equal weight they amount to, each weighing what its members weigh on average."""
    _, member = np.unique(clusters, return_inverse=True)
    return kish(np.bincount(member, weights) / np.bincount(member)) if len(member) else 0.0


PLACES = 9
"""Decimals of a sum of weights that count."""


def quantile(values: Floats, level: float, weights: Floats) -> float:
    """The weighted quantile, between two values in proportion (as `numpy.quantile`, of as many copies)."""
    order = np.argsort(values, kind="stable")
    # Rounded: where a sum of weights meets a place, its last bits must not decide on which side it lies.
    held = np.round(np.cumsum(weights[order]), PLACES)
    at = round(level * max(0.0, float(held[-1]) - 1), PLACES)
    first = np.floor(at)
    places = np.searchsorted(held, [first, first + 1], side="right")
    low, high = values[order][np.minimum(places, len(values) - 1)]
    part = at - first
    return float(low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part))
