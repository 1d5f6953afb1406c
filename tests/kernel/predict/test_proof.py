"""The verdict: what a back-test must show before a model is used."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict.backtest import Backtest, Fold, Voice
from sightline.kernel.predict.calibrate import Calibration, log_odds_of
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.leaks import audited
from sightline.kernel.predict.model import fit
from sightline.kernel.predict.money import caught
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


@pytest.fixture(scope="module")
def leaking() -> tuple[Prepared, Floats]:
    """Things whose size is the answer itself, whose colour is filled in only for a yes; and the answers."""
    yes = np.tile([1.0, 0.0, 0.0, 1.0], THINGS // 4)
    rows = []
    for number, answer in enumerate(yes):
        told = (("due", due(20 + number)), ("size", 5 + answer), *((("colour", "red"),) if answer else ()))
        rows.append(Row(f"{number}", f"{number}", "thing.described", f"t{number:03}", 0, 0, told))
    return Prepared.of(DONE, Facts.of(frame(rows), KINDS), day(THINGS + 60)), yes


def later_half(probability: Floats, yes: Floats) -> Backtest:
    """A back-test that judges the later half of the things."""
    whole = said(probability, yes)
    return replace(whole, folds=(replace(whole.folds[0], rows=whole.folds[0].rows[THINGS // 2 :]),))


def test_what_tells_the_answer_alone_is_named(leaking: tuple[Prepared, Floats]) -> None:
    prepared, yes = leaking
    found = audited(prepared, later_half(np.full(THINGS, 0.5), yes))
    named = {(one["feature"], one["by"]) for one in found["suspicious"]}
    assert found["checked"] == len(prepared.matrix.specs)
    assert {feature for feature, _ in named} == {"attribute.size", "text.colour"}
    assert ("attribute.size", "value") in named
    assert ("text.colour", "presence") in named


def test_what_tells_nothing_alone_is_not(leaking: tuple[Prepared, Floats]) -> None:
    prepared, _ = leaking
    yes = np.random.default_rng(1).permutation(np.repeat([1.0, 0.0], THINGS // 2))
    found = audited(prepared, later_half(np.full(THINGS, 0.5), yes))
    assert found["suspicious"] == []
    assert all(0.5 <= one["auc"] < 0.7 for one in found["strongest"])


def test_the_curve_of_money_begins_at_nothing_ends_at_all_and_never_falls() -> None:
    rng = np.random.default_rng(2)
    yes, worth = rng.integers(0, 2, 333).astype(float), rng.gamma(1, 100, 333)
    found = caught(np.clip(yes * 0.4 + rng.random(333) * 0.6, 0, 1), yes, worth)
    assert found is not None
    for rank in ("by_expected_loss", "by_worth", "by_probability"):
        shares = [point[rank] for point in found["curve"]]
        assert (shares[0], round(shares[-1], 9)) == (0.0, 1.0)
        assert shares == sorted(shares)
        tenth = next(point for point in found["curve"] if point["subjects"] >= found["at_random"])
        assert tenth[rank] == found[rank]


def test_every_line_that_was_tried_is_told_with_what_it_held(prepared: Prepared) -> None:
    document = proof(prepared, high=0.8, share=0.8).document
    for side in document["sides"]:
        lines = document["lines"][side["side"]]
        assert all(line["precision"] == pytest.approx(0.8) and line["bound"] < 0.8 for line in lines)
        assert [line["line"] for line in lines] == sorted((line["line"] for line in lines), reverse=True)
        assert side["line"] is None
