"""The interval of a probability: as wide as the independent answers near it allow, and true as often as it says."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit
from scipy.stats import norm

from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict.spread import Recent

CLUSTERS = 500


Curve = Callable[[Floats], Floats]
"""From normal values to what is told of them, or from what is told to what is true."""


def history(chance: np.random.Generator, told: Curve, truth: Curve, fate: float) -> Recent:
    """Predictions in clusters of 1 to 20, `told` of normal values; `fate`: how much of its luck a cluster shares."""
    cluster = np.repeat(np.arange(CLUSTERS), chance.choice([1, 1, 1, 2, 3, 6, 20], CLUSTERS))
    probability = told(_shared(chance, cluster, 0.5))
    lucky = norm.cdf(_shared(chance, cluster, fate)) < truth(probability)
    return Recent.of(probability, lucky.astype(np.float64), cluster)


def drifted(chance: np.random.Generator) -> Curve:
    """A model that is off by the same in log-odds everywhere."""
    drift = chance.normal(0, 0.35)
    return lambda probability: np.asarray(expit(logit(probability) + drift))


def _rising(normal: Floats) -> Floats:
    return np.asarray(expit(-1.8 + 1.3 * normal))


def _flat(chance: np.random.Generator, off: float) -> tuple[Curve, Curve]:
    about, error = chance.choice([0.15, 0.3, 0.5, 0.8]), chance.choice([-off, off])
    return lambda normal: about + 0.02 * normal, lambda told: np.clip(told + error, 0.001, 0.999)


def judged(chance: np.random.Generator, told: Curve, truth: Curve, fate: float) -> tuple[Floats, Floats]:
    """Of a hundred intervals: whether each holds the truth, and whether its probability is at its edge."""
    asked = told(chance.normal(size=100))
    low, high = history(chance, told, truth, fate).interval(asked)
    true = truth(asked)
    return ((low <= true) & (true <= high)).astype(np.float64), ((low == asked) | (high == asked)).astype(np.float64)


def _shared(chance: np.random.Generator, cluster: np.typing.NDArray[np.int64], share: float) -> Floats:
    """Standard normal values of which each cluster has a share in common."""
    common = chance.normal(size=CLUSTERS)[cluster]
    found: Floats = np.sqrt(share) * common + np.sqrt(1 - share) * chance.normal(size=len(cluster))
    return found


@pytest.mark.parametrize("fate", [0.0, 0.4, 0.7])
def test_four_of_five_intervals_hold_the_truth(fate: float) -> None:
    chance = np.random.default_rng(11)
    found = [judged(chance, _rising, drifted(chance), fate) for _ in range(200)]
    held, edges = np.mean(found, axis=(0, 2))
    assert 0.8 <= held <= 0.95
    assert edges <= 0.05


@pytest.mark.parametrize("fate", [0.0, 0.4, 0.7])
@pytest.mark.parametrize(("off", "least"), [(0.05, 0.85), (0.1, 0.75)])
def test_where_the_model_is_off_the_interval_knows(off: float, least: float, fate: float) -> None:
    """All that is asked is told about the same, and the truth lies `off` above or below it."""
    chance = np.random.default_rng(11)
    found = [judged(chance, *_flat(chance, off), fate) for _ in range(120)]
    held, edges = np.mean(found, axis=(0, 2))
    assert held >= least
    assert edges <= 0.05


def test_answers_that_share_their_fate_count_as_one() -> None:
    chance = np.random.default_rng(3)
    probability = np.full(300, 0.3)
    alone = Recent.of(probability, (chance.random(300) < 0.3).astype(np.float64), np.arange(300))
    yes = np.repeat(chance.random(20) < 0.3, 15).astype(np.float64)
    together = Recent.of(probability, yes, np.repeat(np.arange(20), 15))
    assert alone.alike < 0.1
    assert together.alike > 0.7
    widths = [float(np.diff(np.array(one.interval(np.array([0.3]))).ravel())[0]) for one in (alone, together)]
    assert widths[0] == pytest.approx(2.56 * np.sqrt(0.3 * 0.7 / 150), rel=0.2)
    assert widths[1] > 2 * widths[0]


def test_none_among_many_is_not_never() -> None:
    recent = Recent.of(np.full(200, 0.001), np.zeros(200), np.arange(200))
    low, high = recent.interval(np.array([0.001]))
    assert 0 < low[0] <= 0.001 < 0.005 < high[0] < 0.03


@given(
    st.lists(st.tuples(st.floats(0.0001, 0.9999), st.booleans(), st.integers(0, 9)), max_size=400),
    st.lists(st.floats(0.0001, 0.9999), min_size=1, max_size=5),
)
def test_it_holds_its_probability_and_survives_being_stored(
    known: list[tuple[float, bool, int]], asked: list[float]
) -> None:
    probability, yes, clusters = (np.array([row[part] for row in known], np.float64) for part in range(3))
    recent = Recent.of(probability, yes, clusters.astype(np.int64))
    low, high = recent.interval(np.array(asked))
    assert all(0 <= a <= p <= b <= 1 for a, p, b in zip(low, asked, high, strict=True))
    assert all(a < b for a, b in zip(low, high, strict=True))
    stored = Recent.read(json.loads(json.dumps(recent.document())))
    assert np.array_equal(np.array(stored.interval(np.array(asked))), np.array([low, high]))


def test_without_any_answer_little_is_known() -> None:
    nothing = Recent.of(np.zeros(0), np.zeros(0), np.zeros(0, np.int64))
    low, high = nothing.interval(np.array([0.2]))
    assert low[0] < 0.1
    assert high[0] > 0.6
