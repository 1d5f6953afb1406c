"""The verdict: what a back-test must show before a model is used."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict.backtest import Backtest, Fold
from sightline.kernel.predict.calibrate import Calibration, log_odds_of
from sightline.kernel.predict.clock import Clock
from sightline.kernel.predict.contest import Chosen, lessons
from sightline.kernel.predict.duty import Duty, Told
from sightline.kernel.predict.engine import task_of
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.leaks import audited
from sightline.kernel.predict.models.linear import Linear
from sightline.kernel.predict.models.rung import Said
from sightline.kernel.predict.money import caught
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.proof import judge
from sightline.kernel.predict.proof.kept import kept
from sightline.kernel.predict.scaling import Scaling
from sightline.language.proof import Proof, Verdict
from tests.kernel.predict.doubles import COMES, answered, world
from tests.kernel.predict.histories import DONE, KINDS, Row, day, due, frame
from tests.kernel.predict.test_backtest import tried

THINGS = 400


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    """Things of one make, each due on a day of its own."""
    rows = [
        Row(f"{number}", f"{number}", "thing.described", f"t{number}", 0, 0, (("due", due(20 + number)),))
        for number in range(THINGS)
    ]
    return Prepared.of(DONE, Facts.of(frame(rows), KINDS), day(THINGS + 60))


def said(prepared: Prepared, probability: Floats, yes: Floats, judged: Floats | None = None) -> Backtest:
    """A back-test of one fold in which this was said and that came true; the base rate is one half."""
    rows = np.arange(len(yes)) if judged is None else judged.astype(np.int64)
    half, none = np.full(len(yes), 0.5), Told.nothing(len(yes))
    duty = Duty(chance=Calibration(), mean=Scaling(), spread=None, bounds=(None, None))
    return Backtest(
        task=task_of(DONE),
        clock=Clock.of(prepared.asked),
        origin=day(0),
        folds=(
            Fold(
                start=day(0), until=day(9), trained_on=len(yes), rows=rows, rungs=("logistic", "logistic"), features=1,
                duty=duty,
            ),
        ),
        compared=0,
        thinned=False,
        chosen=Chosen(rung="logistic", ladder=("prior", "logistic"), choice=None, untried=(), spoken=()),
        said=Said(score=log_odds_of(probability)),
        model=replace(none, value=probability),
        attributes=replace(none, value=half),
        usual=replace(none, value=half),
        own=none.value,
        champion=None,
        rival=None,
        truth=yes,
        observed=np.ones(len(yes), np.bool_),
        weights=np.ones(len(yes)),
        final=duty,
        recent=rows,
    )  # fmt: skip


def proof(prepared: Prepared, *, high: float, share: float) -> Proof:
    """Half of the things are told `high`, the others the contrary; of either, `share` are told right."""
    tells = np.repeat([1.0, 0.0], THINGS // 2)
    right = np.tile(np.arange(THINGS // 2) < share * THINGS // 2, 2)
    yes = np.where(right, tells, 1 - tells)
    test = said(prepared, np.where(tells > 0, high, 1 - high), yes)
    known = replace(lessons(test.clock, prepared.matrix, day(0), np.arange(THINGS)), answers=yes)
    return judge(prepared, test, Linear().fit(test.task, known), "made")


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


def later_half(prepared: Prepared, yes: Floats) -> Backtest:
    """A back-test that judges the later half of the things."""
    return said(prepared, np.full(THINGS, 0.5), yes, np.arange(THINGS // 2, THINGS))


def test_what_tells_the_answer_alone_is_named(leaking: tuple[Prepared, Floats]) -> None:
    prepared, yes = leaking
    found = audited(prepared, later_half(prepared, yes))
    named = {(one["feature"], one["by"]) for one in found["suspicious"]}
    assert found["checked"] == len(prepared.matrix.specs)
    assert {feature for feature, _ in named} == {"attribute.size", "text.colour"}
    assert ("attribute.size", "value") in named
    assert ("text.colour", "presence") in named


def test_what_tells_nothing_alone_is_not(leaking: tuple[Prepared, Floats]) -> None:
    prepared, _ = leaking
    yes = np.random.default_rng(1).permutation(np.repeat([1.0, 0.0], THINGS // 2))
    found = audited(prepared, later_half(prepared, yes))
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


@pytest.mark.usefixtures("short")
def test_a_side_whose_earlier_lines_did_not_hold_later_has_none() -> None:
    """Of what is said for sure nine of ten come true at first, and half later."""
    things = 1200
    told = np.tile([0.98, 0.02], things // 2)
    yes = np.tile([1.0, 0.0], things // 2)
    late = np.arange(things) >= 700
    yes[late] = np.tile([1.0, 0.0, 0.0, 1.0], 125)
    prepared = answered(world(COMES, things), yes)
    test = tried(prepared)
    test = replace(test, model=replace(test.model, value=told))
    found = kept(COMES, test, 0.9)
    assert found["yes"].folds > 0
    precision, interval = found["yes"].precision, found["yes"].interval
    assert precision is not None
    assert interval is not None
    assert interval[0] <= precision <= interval[1]
    assert found["yes"].broken(0.9)
    assert not found["yes"].broken(0.4)
    assert found["yes"].coverage == pytest.approx(found["yes"].subjects / len(test.judged))
