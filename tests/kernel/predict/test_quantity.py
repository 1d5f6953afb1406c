"""Figures of quantities, and the calibration of their means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.predict import quantity
from sightline.kernel.predict.naive import own_rate, typical
from sightline.kernel.predict.scaling import FACTORS, scale
from tests.kernel.predict.doubles import COMES, OFTEN, world

SMALL = st.integers(0, 6).map(float)


@given(st.lists(st.tuples(SMALL, SMALL), min_size=2, max_size=40))
def test_concordance_is_the_share_of_pairs_in_the_right_order(pairs: list[tuple[float, float]]) -> None:
    told, truth = np.array(pairs).T
    found, right, compared = quantity.concordance(told, truth), 0.0, 0
    for i in range(len(truth)):
        for j in range(len(truth)):
            if truth[i] < truth[j]:
                compared += 1
                right += 1.0 if told[i] < told[j] else 0.5 if told[i] == told[j] else 0.0
    if compared:
        assert found == pytest.approx(right / compared)
    else:
        assert np.isnan(found)


def test_an_interval_that_reaches_the_horizon_holds_whatever_lies_beyond() -> None:
    truth, seen = np.array([5.0, 30.0, 30.0]), np.array([True, False, False])
    held = quantity.covered(np.array([1.0, 35.0, 0.0]), np.array([9.0, 40.0, 29.0]), truth, seen)
    assert held.tolist() == [True, True, False]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=50), st.floats(0, 100))
def test_pinball_is_least_at_the_quantiles(answers: list[float], other: float) -> None:
    truth = np.array(answers)
    said = typical(truth, len(truth))
    best = quantity.pinball((np.full(len(truth), np.quantile(truth, 0.05, method="inverted_cdf")),
                             np.full(len(truth), np.quantile(truth, 0.5, method="inverted_cdf")),
                             np.full(len(truth), np.quantile(truth, 0.95, method="inverted_cdf"))), truth)  # fmt: skip
    same = np.full(len(truth), other)
    assert best.mean() <= quantity.pinball((same, same, same), truth).mean() + 1e-9
    assert said.median is not None


def test_many_answers_scale_the_mean_few_and_shared_ones_hardly() -> None:
    rng = np.random.default_rng(0)
    mean = rng.gamma(2, 2, 4000)
    truth = rng.poisson(mean * 1.2).astype(float)
    many = scale(mean, truth, np.arange(4000), positive=True)
    assert many.factor == pytest.approx(1.2, abs=0.03)
    few = scale(mean[:20], truth[:20], np.arange(20), positive=True)
    assert abs(few.factor - 1) < abs(truth[:20].sum() / mean[:20].sum() - 1)
    shared = scale(mean, np.repeat(truth[::500] / mean[::500], 500) * mean, np.arange(4000) // 500, positive=True)
    assert FACTORS[0] <= shared.factor <= FACTORS[1]
    assert shared.rows == 4000


def test_what_may_be_below_zero_is_shifted() -> None:
    rng = np.random.default_rng(1)
    mean = rng.normal(0, 3, 4000)
    found = scale(mean, mean + 2 + rng.normal(size=4000), np.arange(4000), positive=False)
    assert found.factor == 1.0
    assert found(mean) == pytest.approx(mean + 2, abs=0.4)


def test_one_cluster_or_nothing_forecast_moves_nothing() -> None:
    assert scale(np.ones(9), np.zeros(9), np.zeros(9, np.int64), positive=True).factor == 1.0
    assert scale(np.zeros(9), np.ones(9), np.arange(9), positive=True).factor == 1.0


def test_the_own_rate_goes_on() -> None:
    prepared = world(OFTEN, 10)
    rate = own_rate(OFTEN.answer, prepared.matrix, np.arange(10), 30.0)
    assert rate is None  # counts over 30 days are not among its features
    rate = own_rate(OFTEN.answer, prepared.matrix, np.arange(10), 45.0)
    assert rate == pytest.approx(prepared.matrix.values[:, 2] / 2)
    assert own_rate(COMES.answer, prepared.matrix, np.arange(10), 30.0) is None
