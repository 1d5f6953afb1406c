"""Figures of forecasts of quantities. Everything takes aligned arrays; a censored answer stands at its horizon."""

from __future__ import annotations

import numpy as np

from sightline.kernel.predict._concordance import concordance
from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict._weights import given

__all__ = ["absolute", "concordance", "covered", "pinball", "squared", "total_ratio"]

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


def total_ratio(mean: Floats, truth: Floats, weights: Floats | None = None) -> float:
    """What was forecast in all, over what came; nan where nothing came. `weights`: alike by default."""
    weights = given(weights, len(truth))
    came = float((weights * truth).sum())
    return float((weights * mean).sum()) / came if came else float("nan")


def covered(low: Floats, high: Floats, truth: Floats, observed: Flags) -> Flags:
    """Whether the answer lies in its interval. Of a censored one: whether the interval reaches its horizon."""
    found: Flags = (truth <= high) & ((low <= truth) | ~observed)
    return found
