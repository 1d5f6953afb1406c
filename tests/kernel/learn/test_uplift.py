"""Whom acting helps is found where somebody is helped more than others, and not claimed where nobody is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sightline.kernel.learn.uplift import Floats, Trial, apart, qini, robust, scores

Learner = Callable[[Trial, Floats], Floats]


def trial(seed: int, rows: int, *, helped: float = 0.0, everybody: float = 0.0) -> Trial:
    """A lot of one half; success is likelier for whom the first feature is high, and there acting adds `helped`."""
    chance = np.random.default_rng(seed)
    features = chance.normal(size=(rows, 3))
    treated = chance.random(rows) < 0.5
    effect = everybody + helped * (features[:, 0] > 0.5)
    likely = 0.2 + 0.1 * (features[:, 1] > 0) + effect * treated
    return Trial(
        features=features, treated=treated, came=(chance.random(rows) < likely).astype(float),
        propensity=np.full(rows, 0.5),
    )  # fmt: skip


@pytest.mark.parametrize("learner", [apart, robust])
def test_those_who_are_helped_are_found(learner: Learner) -> None:
    found = qini(judged := trial(2, 6000, helped=0.3), learner(trial(1, 6000, helped=0.3), judged.features))
    assert found.beats_chance
    assert found.top > 0.2
    assert found.top_error < 0.05


@pytest.mark.parametrize("learner", [apart, robust])
def test_where_all_are_helped_alike_no_order_is_claimed(learner: Learner) -> None:
    claimed = 0
    for seed in range(6):
        judged = trial(100 + seed, 1000, everybody=0.1)
        claimed += qini(judged, learner(trial(seed, 1000, everybody=0.1), judged.features)).beats_chance
    assert claimed <= 1


def test_scores_are_the_effect_on_average() -> None:
    made = trial(5, 8000, everybody=0.2)
    assert scores(made).mean() == pytest.approx(0.2, abs=0.025)


def test_an_order_that_says_nothing_is_worth_nothing() -> None:
    assert qini(trial(1, 500, helped=0.3), np.zeros(500)).area == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("came", [0.0, 1.0])
def test_where_all_came_out_alike_there_is_no_effect(came: float) -> None:
    made = trial(1, 1000)
    alike = Trial(features=made.features, treated=made.treated, came=np.full(1000, came), propensity=made.propensity)
    assert apart(alike, made.features).tolist() == [0.0] * 1000
    assert np.isfinite(robust(alike, made.features)).all()
    assert qini(alike, made.features[:, 0]).top == 0
