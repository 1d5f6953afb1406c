"""The back-test: nothing recorded later reaches what is said before, folds are whole, figures repeat."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.kernel.predict import engine, metrics, quantity
from sightline.kernel.predict._matrix import Matrix
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.backtest import Backtest, backtest
from sightline.kernel.predict.clock import Clock
from sightline.kernel.predict.folds import FEWEST, MOST, Schedule, plans
from sightline.kernel.predict.naive import own_rate
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.proof.quantities import OWN
from sightline.language.errors import Cancelled
from sightline.language.question import Count, Next, Total, count, days, next_, total, where
from tests.kernel.predict.doubles import BEGIN, COMES, FLAT, OFTEN, SOON, revise, world

pytestmark = pytest.mark.usefixtures("short")

PATIENT = 1e6
"""Seconds that always suffice."""


def tried(prepared: Prepared, schedule: Schedule | None = None, budget: float = PATIENT) -> Backtest:
    task = engine.task_of(prepared.question, 0)
    return backtest(prepared.asked, prepared.matrix, prepared.now, task=task, schedule=schedule, budget=budget)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.sampled_from([COMES, OFTEN, SOON]))
def test_an_answer_corrected_after_a_fold_starts_changes_nothing_said_in_it(data: st.DataObject, question) -> None:  # type: ignore[no-untyped-def]
    prepared = world(question, 260)
    plain = tried(prepared)
    moment = BEGIN + days(data.draw(st.integers(190, 260)))
    rows = data.draw(st.lists(st.integers(0, 259), min_size=1, max_size=40, unique=True))
    later = moment + timedelta(microseconds=1)
    changed = tried(
        revise(prepared, {row: (later, 1.0 - prepared.asked.answers(prepared.now).value[row]) for row in rows})
    )
    earlier = [fold for fold in plain.folds if fold.start <= moment]
    assert plain.origin <= moment or not earlier
    for one, other in zip(plain.folds, changed.folds, strict=True):
        if one.start <= moment:
            assert one.duty == other.duty
            assert np.array_equal(plain.model.value[one.rows], changed.model.value[other.rows])
            assert np.array_equal(plain.usual.value[one.rows], changed.usual.value[other.rows])


@pytest.mark.parametrize("question", [COMES, OFTEN, SOON, FLAT])
def test_the_same_seed_says_the_same(question) -> None:  # type: ignore[no-untyped-def]
    one, two = (tried(world(question, 300)) for _ in range(2))
    for name in ("value", "median", "low", "high"):
        assert np.array_equal(getattr(one.model, name), getattr(two.model, name), equal_nan=True)
    assert one.final == two.final
    assert one.chosen.choice == two.chosen.choice


@settings(max_examples=30, deadline=None)
@given(things=st.integers(1, 400), hours=st.integers(1, 100), blocks=st.none() | st.integers(1, 20))
def test_every_judged_example_is_asked_once_after_all_it_was_learned_from(
    things: int, hours: int, blocks: int | None
) -> None:
    prepared = world(COMES, things, gap=timedelta(hours=hours))
    clock = Clock.of(prepared.asked)
    found = plans(clock, prepared.now, Schedule(blocks=blocks), 0)
    asked = np.concatenate([plan.asked for plan in (*found.compared, *found.judged)])
    assert len(np.unique(asked)) == len(asked)
    assert asked.max() == things - 1
    assert len(found.judged) <= (blocks or MOST)
    if blocks is None and things >= 50:
        assert len(found.judged) >= FEWEST - 1
    cutoffs = prepared.asked.eligible["cutoff"]
    for plan in (*found.compared, *found.judged):
        assert plan.start <= cutoffs[int(plan.asked.min())]
        if len(plan.train):
            assert prepared.asked.eligible["matures_at"][int(plan.train.max())] <= plan.start


def test_blocks_may_be_said_by_their_starts() -> None:
    prepared = world(COMES, 300)
    starts = tuple(BEGIN + days(150 + 30 * at) for at in range(5))
    found = tried(prepared, Schedule(starts=starts))
    assert [fold.start for fold in found.folds] == list(starts)
    assert found.origin == starts[0]


def test_a_flat_table_is_judged_in_parts_of_whole_clusters() -> None:
    found = tried(world(FLAT, 300, together=3))
    assert found.timeless
    assert len(found.folds) == 5
    parts = [set(found.clusters[fold.rows]) for fold in found.folds]
    assert sum(len(part) for part in parts) == len(set().union(*parts)) == 100
    assert all(fold.trained_on + len(fold.rows) == 300 for fold in found.folds)
    assert metrics.auc(found.model.value[found.judged], found.truth[found.judged]) > 0.75


def test_what_tells_is_chosen_and_nothing_clever_where_nothing_does() -> None:
    assert tried(world(COMES, 500)).chosen.rung == "logistic"
    assert {tried(world(COMES, 500, signal=0.0, seed=seed)).chosen.rung for seed in range(5)} <= {"prior", "logistic"}


@pytest.mark.parametrize("question", [OFTEN, SOON])
def test_intervals_of_quantities_hold_the_answer_as_often_as_they_say(question) -> None:  # type: ignore[no-untyped-def]
    found = tried(world(question, 1500))
    rows = found.judged
    told = found.model
    inside = quantity.covered(told.low[rows], told.high[rows], found.truth[rows], found.observed[rows])
    assert 0.86 <= inside.mean() <= 0.97
    assert 0.9 <= quantity.total_ratio(told.value[rows], found.truth[rows]) <= 1.1
    assert np.all((told.low[rows] <= told.median[rows]) & (told.median[rows] <= told.high[rows]))


def test_little_time_means_fewer_folds_and_rungs_and_it_is_said() -> None:
    found = tried(world(COMES, 900, gap=days(2)), budget=1e-9)
    assert len(found.folds) <= FEWEST
    assert found.thinned
    assert found.chosen.untried


def test_it_stops_when_it_is_told_to() -> None:
    prepared = world(COMES, 300)
    task = engine.task_of(COMES, 0)
    with pytest.raises(Cancelled):
        backtest(prepared.asked, prepared.matrix, prepared.now, task=task, cancelled=lambda: True)


def test_progress_never_goes_back_and_ends_whole() -> None:
    prepared, told = world(COMES, 300), []
    task = engine.task_of(COMES, 0)
    backtest(
        prepared.asked, prepared.matrix, prepared.now, task=task, budget=PATIENT,
        progress=lambda done, of: told.append((done, of)),
    )  # fmt: skip
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]


HELD = 7.0
"""What every column of the past holds, of counts, of sums and of hours alike."""


def whole(prepared: Prepared) -> Matrix:
    """Its matrix, and the history that pruning left out."""
    of = {("thing.came",): ("count_30", "gap_mean"), ("thing.came", "n"): ("sum_30",)}
    specs = tuple(
        Spec(name=".".join(("own", *about, measure)), group=Group.OWN, of=about, measure=measure)
        for about, measures in of.items()
        for measure in measures
    )
    past = np.full((len(prepared.matrix.values), len(specs)), HELD, np.float32)
    return replace(
        prepared.matrix, specs=(*prepared.matrix.specs, *specs), values=np.hstack([prepared.matrix.values, past])
    )


def test_what_the_own_past_goes_on_to_is_read_where_the_model_does_not_see_it() -> None:
    prepared = world(OFTEN, 300)
    task = engine.task_of(OFTEN, 0)
    found = backtest(prepared.asked, prepared.matrix, prepared.now, task=task, budget=PATIENT, whole=whole(prepared))
    assert (found.own[found.judged] == HELD).all()
    assert set(found.chosen.ladder) == {"prior", "logistic"}
    assert np.isnan(tried(prepared).own).all()


@pytest.mark.parametrize("left_out", [True, False])
def test_the_proof_compares_with_the_own_past_or_says_that_it_cannot(left_out: bool) -> None:
    prepared = world(OFTEN, 300)
    given = replace(prepared, whole=whole(prepared)) if left_out else prepared
    proof = engine.train(given, budget=PATIENT).proof
    assert proof is not None
    assert (OWN in proof.document["baseline"]["naive"]) == left_out
    assert ("the subjects' own past" in " ".join(proof.document["notes"])) != left_out


@pytest.mark.parametrize(
    ("answer", "rate"),
    [
        (count("thing.came", within=days(30)), HELD),
        (total("thing.came", "n", within=days(30)), HELD),
        (next_("thing.came", within=days(30)), HELD / 24),
    ],
    ids=["count", "total", "next"],
)
def test_the_past_says_nothing_of_events_that_meet_a_filter(answer: Count | Total | Next, rate: float) -> None:
    known, rows = whole(world(OFTEN, 10)), np.arange(10)
    assert own_rate(answer, known, rows, 30.0) == pytest.approx(np.full(10, rate))
    assert own_rate(replace(answer, where=(where("n", "above", 3),)), known, rows, 30.0) is None
