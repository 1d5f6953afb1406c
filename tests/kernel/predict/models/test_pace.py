"""What a budget allows boosted trees: fewer rounds at a higher rate, and more boosters only with what is left."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.predict.models import _boosting
from sightline.kernel.predict.models.boosted import CELLS_A_SECOND, FASTEST, LEAST, RUNGS, SEEDS, Boosted, Trees
from sightline.testing import lessons as teach

ROWS = 1_000
ENDLESS, TIGHT = None, 40
"""Rounds of one booster, in all."""


def fitted(rung: Boosted, rounds: int | None) -> Trees:
    """Fitted with a budget for so many rounds."""
    asked, known = teach.task("happens"), teach.matrix(ROWS)
    budget = None if rounds is None else rounds * known.values.size / CELLS_A_SECOND
    return rung.fit(replace(asked, budget=budget), teach.lessons(asked, known, teach.answers(asked, known)))


@pytest.mark.parametrize("rung", RUNGS, ids=lambda rung: rung.name)
def test_what_is_left_goes_into_more_boosters(rung: Boosted) -> None:
    assert len(fitted(rung, ENDLESS).boosters) == SEEDS
    assert len(fitted(rung, TIGHT).boosters) < SEEDS


@pytest.mark.parametrize("rung", RUNGS, ids=lambda rung: rung.name)
def test_fewer_rounds_learn_faster(rung: Boosted) -> None:
    tight = fitted(rung, TIGHT)
    assert tight.rounds <= max(TIGHT // 2, round(rung.least * _boosting.RATE / FASTEST))
    assert f"[learning_rate: {FASTEST}]" in tight.boosters[0].model_to_string()
    assert f"[learning_rate: {_boosting.RATE}]" in fitted(rung, ENDLESS).boosters[0].model_to_string()


@pytest.mark.parametrize("rung", RUNGS, ids=lambda rung: rung.name)
@given(cells=st.integers(1, 10**9), seconds=st.floats(0.001, 1e4), form=st.sampled_from(["happens", "count"]))
def test_a_pace_keeps_to_its_budget(rung: Boosted, cells: int, seconds: float, form: str) -> None:
    pace = rung._pace(replace(teach.task(form), budget=seconds), cells)
    assert 1 <= pace.least <= rung.least
    assert LEAST <= pace.most <= rung.most
    assert _boosting.RATE <= pace.rate <= FASTEST
    for rounds in (pace.least, pace.most):
        seeds = pace.seeds(rounds, cells)
        spent = min(pace.most, rounds + _boosting.PATIENCE) + rounds * seeds
        assert seeds == 1 or spent <= pace.possible
