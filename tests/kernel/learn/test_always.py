"""Looks as often as one likes: the sequence keeps its level over all of them together."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.learn.always import growth, reach

SEEN = st.floats(1e-3, 1e7)


@given(SEEN)
def test_it_is_wider_than_an_interval_for_one_look_and_wider_still_at_a_higher_level(seen: float) -> None:
    assert 1.96 < reach(seen) < reach(seen, 0.99)


@given(SEEN, SEEN)
def test_in_money_and_shares_it_narrows_as_more_is_seen(one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert reach(more) / math.sqrt(more) <= reach(less) / math.sqrt(less)


def test_it_is_the_published_boundary() -> None:
    """Waudby-Smith and others, theorem 2.2, as written there."""
    seen, alpha = 400.0, 0.05
    rho2 = (-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / 100
    inside = math.log(math.sqrt(seen * rho2 + 1) / alpha)
    written = math.sqrt(2 * (seen * rho2 + 1) / (seen**2 * rho2) * inside)
    assert reach(seen) / math.sqrt(seen) == pytest.approx(written)


def test_a_walk_without_drift_looked_at_at_every_step_crosses_it_in_fewer_than_one_of_twenty() -> None:
    steps = np.random.default_rng(5).normal(size=(1000, 2000))
    seen = np.arange(1, 2001)
    sums = np.abs(np.cumsum(steps, axis=1)) / np.sqrt(seen)
    bounds = np.array([reach(float(one)) for one in seen])
    assert (sums > bounds).any(axis=1).mean() <= 0.05
    assert (sums > 1.96).any(axis=1).mean() > 0.5


@given(st.floats(0.001, 0.5), st.floats(0.01, 0.3), st.floats(1, 1000))
def test_after_so_much_growth_the_difference_is_just_clear_of_zero(
    difference: float, error: float, seen: float
) -> None:
    times = growth(difference, error, seen)
    if math.isinf(times):
        assert reach(seen * 2**19) * error / math.sqrt(2**19) >= difference
        return
    half = reach(seen * times) * error / math.sqrt(times)
    assert half < difference
    assert times == 1.0 or half == pytest.approx(difference, rel=0.01)


def test_without_a_difference_nothing_is_ever_clear() -> None:
    assert growth(0.0, 0.1, 50) == math.inf
