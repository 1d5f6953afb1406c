"""How a weighted sum of features becomes a score, and how the score is shared among them again."""

from __future__ import annotations

import numpy as np

from sightline.kernel.predict._matrix import Floats

MOST = 30.0
"""Beyond it a logarithm is taken for an accident."""

NEAR = 1e-9
"""Sums nearer to nothing than this share by the slope alone."""


def exponential(sums: Floats) -> Floats:
    """Out of logarithms, bounded."""
    found: Floats = np.exp(np.clip(sums, -MOST, MOST))
    return found


def shared(shares: Floats, score: Floats, base: float | Floats, slope: float | Floats) -> Floats:
    """subjects x (features + 1): shares of `score`, given subjects x features shares of the sum it rises with.

    The score is a function of the sum alone; `base` is its value at the sum 0 and `slope` its slope there. The shares
    of Aumann and Shapley (1974; integrated gradients, Sundararajan, Taly and Yan 2017) are then those of the sum,
    stretched; with the base they add up exactly.
    """
    total = shares.sum(axis=1)
    near = np.abs(total) < NEAR
    stretch = np.where(near, slope, (score - base) / np.where(near, 1.0, total))
    found = shares * stretch[:, None]
    return np.column_stack([found, score - found.sum(axis=1)])
