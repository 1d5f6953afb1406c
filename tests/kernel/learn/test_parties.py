"""What is taken off both arms narrows the difference and moves it nowhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.learn.parties import Totals, adjusted, binned, estimate, of_arms


def drawn(seed: int, parties: int, *, effect: float = 0.0, share: float = 0.1, tells: float = 0.9) -> Totals:
    """Parties of uneven size whose probability of success is known beforehand about as well as `tells`."""
    chance = np.random.default_rng(seed)
    said = chance.beta(0.8, 0.8, parties)
    treated = chance.random(parties) >= share
    likely = np.clip(tells * said + (1 - tells) * chance.random(parties) + effect * treated, 0, 1)
    size = chance.geometric(0.4, parties)
    return Totals(treated=treated, size=size.astype(float), hits=chance.binomial(size, likely).astype(float), said=said)


def test_what_was_known_beforehand_narrows_the_interval() -> None:
    totals = drawn(1, 2000)
    plain, less = estimate(totals), estimate(adjusted(totals))
    assert plain is not None
    assert less is not None
    assert less.error < 0.8 * plain.error


def test_the_effect_itself_is_not_taken_off() -> None:
    """On average over lots, also with so few parties that the strata fit much of what there is."""
    found = [estimate(adjusted(drawn(seed, 250, effect=0.2, tells=0.5))) for seed in range(200)]
    plain = [estimate(drawn(seed, 250, effect=0.2, tells=0.5)) for seed in range(200)]
    difference = np.mean([one.difference for one in found if one])
    assert difference == pytest.approx(np.mean([one.difference for one in plain if one]), abs=0.01)


def test_adjusted_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    found = [estimate(adjusted(drawn(seed, 400))) for seed in range(300)]
    held = [one is not None and one.interval(1.96)[0] <= 0 <= one.interval(1.96)[1] for one in found]
    assert 0.91 <= np.mean(held) <= 0.99


@given(st.integers(0, 10_000), st.integers(1, 400))
def test_nothing_is_lost_and_no_figure_is_missing(seed: int, parties: int) -> None:
    totals = drawn(seed, parties)
    less = adjusted(totals)
    assert less.hits.sum() == pytest.approx(totals.hits.sum())
    found = estimate(less)
    assert (found is None) == (totals.least < 5)
    assert found is None or np.isfinite([found.difference, found.error, found.seen, *found.sequence()]).all()


@pytest.mark.parametrize("hits", [0.0, 1.0])
def test_all_or_no_success_is_no_certainty(hits: float) -> None:
    found = estimate(of_arms([(1, hits)] * 90, [(1, hits)] * 10))
    assert found is not None
    low, high = found.sequence()
    assert found.difference == 0
    assert low < -0.2 < 0 < high


def test_one_huge_party_claims_nothing() -> None:
    found = estimate(of_arms([(10_000, 10_000), *[(1, 0)] * 200], [(1, 0)] * 200))
    assert found is not None
    low, high = found.sequence()
    assert found.difference > 0.9
    assert low < 0 < high


def test_what_nobody_said_or_everybody_heard_alike_changes_nothing() -> None:
    totals = drawn(3, 600)
    nothing = replace(totals, said=np.full(600, np.nan))
    assert adjusted(nothing) is nothing
    alike = adjusted(replace(totals, said=np.full(600, 0.4)))
    assert alike.hits == pytest.approx(totals.hits)


def test_bins_are_of_like_size_and_equal_values_stay_together() -> None:
    counts = np.bincount(binned(np.random.default_rng(1).random(1000), 10))
    assert counts.tolist() == [100] * 10
    assert set(binned(np.array([0.0] * 90 + [1.0] * 10), 10)) == {1, 2} or len(set(binned(np.zeros(10), 5))) == 1
