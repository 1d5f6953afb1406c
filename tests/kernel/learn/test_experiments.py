"""Experiments: arms by lot, parties planned for, claims beyond doubt only, guards that stop."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.act.propose import drawn
from sightline.kernel.learn.experiments import Experiment, Guard, Results, Verdict, analyse, assigned, lot, plan
from sightline.language.ref import Ref

THREE = Experiment(name="three", arms=("as now", "mail", "call"), shares=(0.5, 0.3, 0.2))
TWO = Experiment(name="two", arms=("as now", "mail"), shares=(0.5, 0.5))


def results(
    rates: tuple[float, ...], parties: int, *, seed: int = 1, shares: tuple[float, ...] | None = None
) -> Results:
    """Parties of one to three subjects, with that share of success by arm."""
    chance = np.random.default_rng(seed)
    arm = chance.choice(len(rates), parties, p=shares)
    size = chance.integers(1, 4, parties)
    hits = chance.binomial(size, np.array(rates)[arm])
    return Results(arm=arm, size=size.astype(float), hits=hits.astype(float), said=np.full(parties, np.nan))


@given(st.text(max_size=20), st.floats(0.01, 0.99))
def test_a_hold_out_is_drawn_by_the_same_lot(key: str, share: float) -> None:
    party = Ref("party", key or "x")
    assert drawn("three", party, share) == (lot("three", party) < share)


def test_arms_are_drawn_by_their_shares_and_one_experiment_tells_nothing_of_another() -> None:
    parties = [Ref("party", str(number)) for number in range(4000)]
    counts = Counter(assigned(THREE, party) for party in parties)
    assert [counts[arm] / 4000 for arm in THREE.arms] == pytest.approx(THREE.shares, abs=0.02)
    mailed = [party for party in parties if assigned(TWO, party) == "mail"]
    assert np.mean([assigned(THREE, party) == "as now" for party in mailed]) == pytest.approx(0.5, abs=0.04)
    assert all(assigned(THREE, party) == assigned(THREE, party) for party in parties[:10])


@pytest.mark.parametrize(
    ("arms", "shares"), [(("a",), (1.0,)), (("a", "a"), (0.5, 0.5)), (("a", "b"), (0.5, 0.6)), (("a", "b"), (0.0, 1.0))]
)
def test_arms_need_names_and_shares_that_fit(arms: tuple[str, ...], shares: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="two arms or more"):
        Experiment(name="x", arms=arms, shares=shares)


def test_with_the_parties_planned_for_the_effect_is_found_as_often_as_planned() -> None:
    planned = plan(TWO, base=0.2, least=0.1, per_week=100)
    found = [
        analyse(TWO, results((0.2, 0.3), planned.parties, seed=seed)).pairs[0].verdict is Verdict.BETTER
        for seed in range(200)
    ]
    # These parties have two subjects on average, and those tell more than one.
    assert np.mean(found) > 0.9
    assert planned.weeks == -(-planned.parties // 100)
    by_two = plan(TWO, base=0.2, least=0.1, size=2.0)
    found = [
        analyse(TWO, results((0.2, 0.3), by_two.parties, seed=seed)).pairs[0].verdict is Verdict.BETTER
        for seed in range(200)
    ]
    assert 0.7 <= np.mean(found) <= 0.9


def test_smaller_effects_more_arms_and_parties_alike_in_themselves_take_more() -> None:
    usual = plan(TWO, base=0.2, least=0.1).parties
    assert plan(TWO, base=0.2, least=0.05).parties > 3 * usual
    assert plan(THREE, base=0.2, least=0.1).parties > usual
    assert plan(TWO, base=0.2, least=0.1, size=5, alike=1.0).parties == usual
    assert plan(TWO, base=0.2, least=0.1, size=5).parties < usual / 3
    with pytest.raises(ValueError, match="between 0 and 1"):
        plan(TWO, base=0.95, least=0.1)


def test_looked_at_again_and_again_no_arm_is_called_better_where_none_is() -> None:
    wrong = 0
    for seed in range(150):
        whole = results((0.3, 0.3, 0.3), 1500, seed=seed, shares=THREE.shares)
        for seen in range(50, 1501, 50):
            some = Results(arm=whole.arm[:seen], size=whole.size[:seen], hits=whole.hits[:seen], said=whole.said[:seen])
            if any(pair.verdict is not Verdict.OPEN for pair in analyse(THREE, some).pairs):
                wrong += 1
                break
    assert wrong / 150 <= 0.05


def test_a_guard_stops_the_arm_that_is_worse_beyond_doubt_and_no_other() -> None:
    main = results((0.3, 0.3, 0.45), 3000, shares=THREE.shares)
    left = results((0.05, 0.05, 0.2), 3000, shares=THREE.shares)
    found = analyse(THREE, main, [Guard(name="complaints", results=left, more_is_better=False)])
    assert found.stopped == {"call": ("complaints",)}
    assert found.words == "Stop call (worse by complaints)."
    tolerant = analyse(THREE, main, [Guard(name="complaints", results=left, more_is_better=False, margin=0.3)])
    assert not tolerant.stopped
    assert tolerant.words.startswith("call is better by 1")


def test_a_broken_split_and_too_little_are_said() -> None:
    assert "broken" in analyse(TWO, results((0.3, 0.3), 2000, shares=(0.7, 0.3))).words
    few = analyse(TWO, results((0.3, 0.9), 6))
    assert few.words == "Nothing can be told apart yet."
    assert few.pairs[0].interval is None
