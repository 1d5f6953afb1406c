"""Intervals of quantities: nine of ten hold, also where what they are taken from drifts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict.conform import Conformal, conform

N, STEP, START = 1200, 50, 200
NORMAL = 1.6448536269514722

Drift = Callable[[Floats], tuple[Floats, Floats]]
"""From time (0 to 1) to the mean and the spread of the answers."""


def held(answers: Floats, low: Floats, high: Floats) -> tuple[float, float]:
    """The shares held by adapted and by fixed intervals, each forecast adapted on what came before it alone."""
    adapted, fixed = [], []
    for at in range(START, N, STEP):
        now = slice(at, at + STEP)
        lower, upper = conform(low[:at], high[:at], answers[:at])(low[now], (low + high)[now] / 2, high[now])
        adapted.append((answers[now] >= lower) & (answers[now] <= upper))
        fixed.append((answers[now] >= low[now]) & (answers[now] <= high[now]))
    return float(np.concatenate(adapted).mean()), float(np.concatenate(fixed).mean())


@pytest.mark.parametrize(
    ("drift", "least"),
    [
        (lambda t: (0 * t, 1 + 0 * t), 1.0),
        (lambda t: (3 * t, 1 + 0 * t), 0.6),
        (lambda t: (0 * t, 1 + 2 * t), 0.7),
        (lambda t: (2.0 * (t > 0.5), 1 + 0 * t), 0.7),
    ],
    ids=["still", "rising", "wider", "jump"],
)
def test_nine_of_ten_hold_under_drift_where_fixed_ones_do_not(drift: Drift, least: float) -> None:
    found = []
    for seed in range(3):
        chance = np.random.default_rng(seed)
        mean, spread = drift(np.arange(N) / N)
        answers = mean + spread * chance.normal(size=N)
        found.append(held(answers, np.full(N, -NORMAL), np.full(N, NORMAL)))
    adapted, fixed = np.mean(found, axis=0)
    assert 0.87 <= adapted <= 0.94
    assert fixed <= max(least, 0.5) + 0.02


def test_bounds_are_kept_and_few_answers_make_it_wide() -> None:
    low, high, answers = np.full(8, 1.0), np.full(8, 3.0), np.linspace(0, 4, 8)
    made = conform(low, high, answers, floor=0.0, ceiling=10.0)
    lower, upper = made(np.array([1.0]), np.array([2.0]), np.array([3.0]))
    assert 0 <= lower[0] <= 0.01
    assert 4 < upper[0] <= 10
    assert Conformal(**made.document()) == made


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(-1e6, 1e6)), max_size=120),
    st.floats(-1e6, 1e6),
    st.floats(0, 1e6),
)
def test_the_median_lies_within(past: list[tuple[float, float, float]], median: float, width: float) -> None:
    low = np.array([p[0] for p in past], np.float64)
    high = low + np.array([p[1] for p in past], np.float64)
    made = conform(low, high, np.array([p[2] for p in past], np.float64))
    lower, upper = made(np.array([median - width]), np.array([median]), np.array([median + width]))
    assert lower[0] <= median <= upper[0]
    assert np.isfinite([lower[0], upper[0]]).all()
