"""The second rung finds the least loss, whatever order its examples stand in."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict.models.linear import TRIED, Family, newton

N = TRIED + 10_001
"""So many that the curvature is measured by some of them."""


def made(family: Family, n: int, seed: int = 0) -> tuple[Floats, Floats]:
    """Columns, of which one tells odd from even rows and one is there for a handful of rows, and answers."""
    chance = np.random.default_rng(seed)
    odd = np.arange(n) % 2.0
    rare = np.isin(np.arange(n), [3, 1_001, n - 2]).astype(np.float64)
    columns = np.column_stack([odd, chance.normal(size=n), rare, 5 * rare + odd / 10])
    sums = -2 + 2.5 * odd + 0.5 * columns[:, 1]
    if family is Family.CHANCE:
        return columns, (chance.random(n) < 1 / (1 + np.exp(-sums))).astype(np.float64)
    if family is Family.COUNT:
        return columns, chance.poisson(np.exp(sums)).astype(np.float64)
    return columns, sums + chance.normal(size=n)


@pytest.mark.parametrize("n", [500, N])
@pytest.mark.parametrize("strength", [1.0, 100.0])
@pytest.mark.parametrize("family", Family)
def test_it_finds_what_another_method_finds(family: Family, strength: float, n: int) -> None:
    columns, answers = made(family, n)
    weights = np.linspace(0.5, 1.5, n)

    def loss(at: Floats) -> float:
        sums = columns @ at[:-1] + at[-1]
        return float(weights @ family.loss(sums, answers) + strength * at[:-1] @ at[:-1] / 2)

    begun = np.zeros(columns.shape[1] + 1)
    found = np.r_[newton(family, columns, answers, weights, strength, (begun[:-1], 0.0))]
    other = minimize(loss, begun, method="BFGS", options={"gtol": 1e-2})
    assert loss(found) <= loss(begun)
    assert loss(found) <= other.fun + 1e-3
    assert loss(found) >= other.fun - 1e-3 * abs(other.fun)
