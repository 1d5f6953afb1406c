"""The verdict: what a back-test must show before a model is used."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict.backtest import Backtest, Fold, Voice
from sightline.kernel.predict.calibrate import Calibration, log_odds_of
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.model import fit
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.proof import judge
from sightline.language.proof import Proof, Verdict
from tests.kernel.predict.histories import DONE, KINDS, Row, day, due, frame

THINGS = 400


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    """Things of one make, each due on a day of its own."""
    rows = [
        Row(f"{number}", f"{number}", "thing.described", f"t{number}", 0, 0, (("due", due(20 + number)),))
        for number in range(THINGS)
    ]
    return Prepared.of(DONE, Facts.of(frame(rows), KINDS), day(THINGS + 60))


def said(probability: Floats, yes: Floats) -> Backtest:
    """A back-test of one fold in which this was said and that came true; the base rate is one half."""
    rows, half = np.arange(len(yes)), np.full(len(yes), 0.5)
    return Backtest(
        origin=day(0),
        folds=(Fold(day(0), len(yes), rows, (1, 1), Calibration()),),
        model=Voice(log_odds=log_odds_of(probability), probability=probability),
        attributes=Voice(log_odds=log_odds_of(half), probability=half),
        base_rate=half,
        yes=yes,
        clusters=rows,
        final=Calibration(),
        recent=rows,
    )


def proof(prepared: Prepared, *, high: float, share: float) -> Proof:
    """Half of the things are told `high`, the others the contrary; of either, `share` are told right."""
    tells = np.repeat([1.0, 0.0], THINGS // 2)
    right = np.tile(np.arange(THINGS // 2) < share * THINGS // 2, 2)
    yes = np.where(right, tells, 1 - tells)
    model = fit(prepared.matrix, np.arange(THINGS), yes, seed=0)
    return judge(prepared, said(np.where(tells > 0, high, 1 - high), yes), model, "made")


def test_a_better_log_loss_must_be_beyond_doubt(prepared: Prepared) -> None:
    found = proof(prepared, high=0.67, share=0.6)
    lift = found.document["lift"]
    assert found.document["metrics"]["auc_interval"][0] > 0.5
    assert lift["log_loss_over_base_rate"] > 0 > lift["log_loss_over_base_rate_interval"][0]
    assert found.verdict is Verdict.DO_NOT_USE
    assert "no lift over the base rate beyond doubt" in found.document["headline"]


def test_beyond_doubt_it_is_used_above_its_lines_or_everywhere(prepared: Prepared) -> None:
    assert proof(prepared, high=0.8, share=0.8).verdict is Verdict.USE_ABOVE
    assert proof(prepared, high=0.99, share=0.99).verdict is Verdict.USE
