"""Choices are drawn as often as they are likely to be best, and never below the floor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.kernel.predict.choosing import Belief, choose, propensities


def beliefs(seed: int, choices: int = 3, rows: int = 40) -> list[Belief]:
    """After some rewards of each choice, each with coefficients of its own; two features."""
    chance = np.random.default_rng(seed)
    made = []
    for _ in range(choices):
        features = chance.normal(size=(rows, 2))
        rewards = features @ chance.normal(size=2) * 0.3 + chance.normal(size=rows)
        made.append(Belief.prior(2, spread=1.0).seen(features, rewards))
    return made


def test_chances_are_those_of_drawing_from_what_is_believed() -> None:
    """Coefficients and variances drawn 40,000 times from the normal-inverse-gamma distributions themselves."""
    chance, made, features = np.random.default_rng(2), beliefs(4), np.array([0.5, -1.0])
    drawn = []
    for belief in made:
        mean, scale = belief.of(features[None, :])
        inverse = 1 / chance.gamma(belief.shape, 1.0, 40_000)
        deviation = scale[0] * np.sqrt(belief.shape * inverse)
        drawn.append(mean[0] + deviation * chance.normal(size=40_000))
    counted = np.bincount(np.argmax(drawn, axis=0), minlength=3) / 40_000
    assert propensities(made, features[None, :], floor=0.0)[0] == pytest.approx(counted, abs=0.01)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 5), st.floats(0, 0.2))
def test_chances_sum_to_one_and_keep_the_floor(seed: int, choices: int, floor: float) -> None:
    features = np.random.default_rng(seed).normal(size=(7, 2)) * 10
    found = propensities(beliefs(seed, choices), features, floor=floor)
    assert found.sum(axis=1) == pytest.approx(np.ones(7))
    assert (found >= floor - 1e-12).all()


def test_learning_takes_any_order_and_any_portions() -> None:
    chance = np.random.default_rng(1)
    features, rewards = chance.normal(size=(50, 3)), chance.normal(size=50)
    whole = Belief.prior(3).seen(features, rewards)
    bits = Belief.prior(3).seen(features[30:], rewards[30:]).seen(features[:30], rewards[:30])
    assert bits.mean == pytest.approx(whole.mean)
    assert bits.of(features)[1] == pytest.approx(whole.of(features)[1])


def test_what_costs_more_than_it_brings_is_left_to_the_floor() -> None:
    chance = np.random.default_rng(3)
    features = np.ones((2000, 1))
    good = Belief.prior(1).seen(features, (chance.random(2000) < 0.6).astype(float))
    poor = Belief.prior(1).seen(features, (chance.random(2000) < 0.4).astype(float))
    assert propensities([good, poor], features[:1])[0] == pytest.approx([0.95, 0.05], abs=0.001)
    assert propensities([good, poor], features[:1], costs=[0.5, 0.0])[0] == pytest.approx([0.05, 0.95], abs=0.001)


def test_one_lot_gives_one_choice_and_lots_give_choices_by_their_chances() -> None:
    made = dict(zip(("a", "b", "c"), beliefs(8), strict=True))
    features = np.array([1.0, 0.3])
    lots = (np.arange(1000) + 0.5) / 1000
    drawn = [choose(made, features, lot=float(lot)) for lot in lots]
    for name in made:
        chances = {one.propensity for one in drawn if one.choice == name}
        assert [sum(one.choice == name for one in drawn) / 1000] == pytest.approx(list(chances), abs=0.002)
    assert choose(made, features, lot=0.4) == choose(made, features, lot=0.4)
    assert choose(made, features, lot=1.0).choice == "c"


def test_a_floor_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at most one in all"):
        propensities(beliefs(1), np.ones((1, 2)), floor=0.4)
