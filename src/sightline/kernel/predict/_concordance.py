"""How well forecasts of a quantity are in order, whatever each example weighs."""

from __future__ import annotations

import numpy as np
from scipy.stats import kendalltau

from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict._weights import given

Flags = np.typing.NDArray[np.bool_]


def concordance(told: Floats, truth: Floats, weights: Floats | None = None) -> float:
    """How often the larger of two forecasts is of the larger answer (Harrell 1982), equal forecasts counting half.

    Pairs whose answers are equal, or whose smaller one is censored, are not compared; nan without any other. Censored
    answers stand at the horizon, which all share, so that equal answers are all that is left out. A pair weighs the
    product of its `weights` (alike by default).
    """
    if len(truth) < 2 or truth.min() == truth.max():
        return float("nan")
    if told.min() == told.max():
        return 0.5
    weights = given(weights, len(truth))
    return _alike(told, truth) if (weights == weights[0]).all() else _weighted(told, truth, weights)


def _alike(told: Floats, truth: Floats) -> float:
    """By Kendall's tau, which counts just the pairs that can be compared."""
    tau = float(kendalltau(told, truth, variant="b").statistic)
    pairs, tied, same = len(truth) * (len(truth) - 1) / 2, _equal(told), _equal(truth)
    margin = tau * np.sqrt((pairs - tied) * (pairs - same)) / (pairs - same)
    return float((1 + margin) / 2)


def _equal(values: Floats) -> float:
    """Pairs of equal values."""
    counts = np.unique(values, return_counts=True)[1].astype(np.float64)
    return float((counts * (counts - 1) / 2).sum())


def _weighted(told: Floats, truth: Floats, weights: Floats) -> float:
    """By blocks that double (a merge sort): in each, the later half of the answers beside the earlier half."""
    # Of equal answers the larger forecast comes first, so that only those of equal forecast too are found: taken off.
    order = np.lexsort((-told, truth))
    told, truth, weights = told[order], truth[order], weights[order]
    place, right, size = np.arange(len(told)), 0.0, 1
    while size < len(told):
        right += _between(told, weights, place // (2 * size), place // size % 2 == 0)
        size *= 2
    rises = np.diff(truth, prepend=truth[0]) > 0
    apart = rises | (np.diff(told, prepend=told[0]) < 0)
    same, tied = (np.cumsum(steps, dtype=np.int64) for steps in (rises, apart))
    everybody = np.zeros(len(told), np.int64)
    return (right - _pairs(tied, weights) / 2) / (_pairs(everybody, weights) - _pairs(same, weights))


def _between(told: Floats, weights: Floats, block: Rows, earlier: Flags) -> float:
    """Weight of the pairs of an earlier and a later one of a block whose forecasts are in order, or equal (half)."""
    order = np.lexsort((told, block))
    told, block, before, after = told[order], block[order], (weights * earlier)[order], (weights * ~earlier)[order]
    starts = np.flatnonzero(np.r_[True, (np.diff(told) > 0) | (np.diff(block) > 0)])
    here, there = np.add.reduceat(before, starts), np.add.reduceat(after, starts)
    sums = np.cumsum(here) - here
    first = np.searchsorted(block[starts], block[starts])
    return float((there * (sums - sums[first] + here / 2)).sum())


def _pairs(group: Rows, weights: Floats) -> float:
    """Weight of the pairs within groups."""
    return float((np.bincount(group, weights) ** 2 - np.bincount(group, weights**2)).sum() / 2)
