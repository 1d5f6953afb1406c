"""Figures of forecasts of quantities. Everything takes aligned arrays; a censored answer stands at its horizon."""

from __future__ import annotations

import numpy as np
from scipy.stats import kendalltau

from sightline.kernel.predict._matrix import Floats

LEVELS = (0.05, 0.5, 0.95)
"""The quantiles that are forecast."""

Flags = np.typing.NDArray[np.bool_]


def absolute(median: Floats, truth: Floats) -> Floats:
    """Errors of the median, each."""
    return np.abs(median - truth)


def squared(mean: Floats, truth: Floats) -> Floats:
    """Errors of the mean, each."""
    return (mean - truth) ** 2


def pinball(quantiles: tuple[Floats, Floats, Floats], truth: Floats) -> Floats:
    """Loss of the 5, 50 and 95 % quantiles together, each subject's mean (Koenker and Bassett 1978)."""
    parts = []
    for level, told in zip(LEVELS, quantiles, strict=True):
        above = truth - told
        parts.append(np.maximum(level * above, (level - 1) * above))
    found: Floats = np.mean(parts, axis=0)
    return found


def total_ratio(mean: Floats, truth: Floats) -> float:
    """What was forecast in all, over what came; nan where nothing came."""
    came = float(truth.sum())
    return float(mean.sum()) / came if came else float("nan")


def covered(low: Floats, high: Floats, truth: Floats, observed: Flags) -> Flags:
    """Whether the answer lies in its interval. Of a censored one: whether the interval reaches its horizon."""
    found: Flags = (truth <= high) & ((low <= truth) | ~observed)
    return found


def concordance(told: Floats, truth: Floats) -> float:
    """How often the larger of two forecasts is of the larger answer (Harrell 1982), equal forecasts counting half.

    Pairs whose answers are equal, or whose smaller one is censored, are not compared; nan without any other. Censored
    answers stand at the horizon, which all share, so that Kendall's tau counts just the pairs that can be compared.
    """
    if len(truth) < 2 or truth.min() == truth.max():
        return float("nan")
    if told.min() == told.max():
        return 0.5
    tau = float(kendalltau(told, truth, variant="b").statistic)
    pairs, tied, same = len(truth) * (len(truth) - 1) / 2, _equal(told), _equal(truth)
    margin = tau * np.sqrt((pairs - tied) * (pairs - same)) / (pairs - same)
    return float((1 + margin) / 2)


def _equal(values: Floats) -> float:
    """Pairs of equal values."""
    counts = np.unique(values, return_counts=True)[1].astype(np.float64)
    return float((counts * (counts - 1) / 2).sum())
