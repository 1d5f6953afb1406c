"""Buying till you die, on histories drawn from the model itself and from one whose dead come back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from sightline.kernel.predict import models
from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.models import _dying
from sightline.kernel.predict.models._dying import History, Process
from sightline.kernel.predict.models.dying import Dying
from sightline.kernel.predict.models.rung import Lessons, Task
from sightline.kernel.predict.tasks import task_of
from sightline.language.question import Question, count, days, every, total, where

TRUE = Process(r=0.8, alpha=40.0, a=0.8, b=2.5, first=False)
"""Days."""

SUBJECTS, UNTIL, MORE = 4000, 360.0, 180.0


@dataclass(frozen=True)
class World:
    """Days of every subject's events, from its first on, until UNTIL + MORE."""

    events: list[Floats]

    @classmethod
    def drawn(cls, after: float = 0.0, seed: int = 1) -> World:
        chance = np.random.default_rng(seed)
        found = []
        for _ in range(SUBJECTS):
            rate = chance.gamma(TRUE.r, 1 / TRUE.alpha)
            stops = chance.beta(TRUE.a, TRUE.b)
            at, days, active = float(chance.uniform(0, 90)), [], True
            while at < UNTIL + MORE:
                days.append(at)
                active = active and (len(days) == 1 or chance.random() >= stops)
                speed = rate if active else rate * after
                at = at + chance.exponential(1 / speed) if speed > 1e-9 else np.inf
            found.append(np.array(days))
        return cls(found)

    def table(self, at: float) -> tuple[Rows, Floats]:
        """The subjects by then, and count, hours since the first and since the last."""
        rows = [(i, days[days <= at]) for i, days in enumerate(self.events)]
        known = [(i, days) for i, days in rows if len(days)]
        table = [(len(days), (at - days[0]) * 24, (at - days[-1]) * 24) for _, days in known]
        return np.array([i for i, _ in known]), np.array(table)

    def later(self, days: float = MORE) -> Floats:
        return np.array([((e > UNTIL) & (e <= UNTIL + days)).sum() for e in self.events], np.float64)

    def lessons(self) -> Lessons:
        """Every subject at six cutoffs, the last of which is now; no answer is known."""
        cutoffs = np.linspace(UNTIL / 6, UNTIL, 6)
        tables = [self.table(at) for at in cutoffs]
        moments = np.concatenate([np.full(len(who), at) for (who, _), at in zip(tables, cutoffs, strict=True)])
        specs = tuple(
            Spec(name=f"own.x.{measure}", group=Group.OWN, of=("x",), measure=measure)
            for measure in ("count", "since_first", "since_last")
        )
        values = np.concatenate([table for _, table in tables]).astype(np.float32)
        none = np.zeros(0)
        return Lessons(
            matrix=Matrix(specs=specs, values=values, vocabulary={}), rows=none.astype(np.int64), answers=none,
            observed=none.astype(bool), weights=none, current=np.flatnonzero(moments == UNTIL),
            subjects=np.concatenate([who for who, _ in tables]), moments=moments,
        )  # fmt: skip


def asked(form: str) -> Task:
    return Task(chance=form in {"happens", "absent"}, form=form, event="x", horizon=MORE)


@pytest.fixture(scope="module")
def world() -> World:
    return World.drawn()


def test_the_parameters_are_found_again(world: World) -> None:
    _, table = world.table(UNTIL)
    count, first, last = table.T / np.array([[1], [24], [24]])
    found = _dying.fit(History(repeats=count - 1, last=first - last, tenure=first), first=False)
    assert (found.r, found.alpha) == (pytest.approx(TRUE.r, rel=0.15), pytest.approx(TRUE.alpha, rel=0.2))
    assert found.a / (found.a + found.b) == pytest.approx(TRUE.a / (TRUE.a + TRUE.b), rel=0.2)


def test_what_is_expected_is_what_the_distribution_says() -> None:
    history = History(repeats=np.array([0.0, 1, 4, 9]), last=np.array([0.0, 30, 90, 170]), tenure=np.full(4, 180.0))
    ahead = np.full(4, MORE)
    for process in (TRUE, Process(r=0.8, alpha=40.0, a=1.0, b=2.5, first=True, after=0.0)):
        spread = process.distribution(history, ahead)
        assert spread.sum(axis=1) == pytest.approx(np.ones(4))
        assert spread @ np.arange(spread.shape[1]) == pytest.approx(process.mean(history, ahead), rel=1e-3)
        assert spread[:, 0] == pytest.approx(process.silent(history, ahead))


def test_the_total_and_the_share_that_stays_come_true(world: World) -> None:
    lessons = world.lessons()
    fitted = Dying().fit(asked("count"), lessons)
    later = world.later()
    said = fitted.say(lessons.matrix.rows(lessons.current))
    assert said.score.sum() == pytest.approx(later.sum(), rel=0.06)
    assert fitted.process.after < 0.05
    assert said.low is not None
    assert said.high is not None
    assert ((later >= said.low) & (later <= said.high)).mean() >= 0.9
    absent = Dying().fit(asked("absent"), lessons).say(lessons.matrix.rows(lessons.current)).score
    assert (1 / (1 + np.exp(-absent))).mean() == pytest.approx((later == 0).mean(), abs=0.02)


def test_those_who_come_back_are_expected_back() -> None:
    """Taken for good, whoever was taken for lost would be expected to have next to nothing."""
    world = World.drawn(after=0.3, seed=2)
    lessons = world.lessons()
    fitted = Dying().fit(asked("happens"), lessons)
    assert fitted.process.after > 0.05
    current, later = lessons.matrix.rows(lessons.current), world.later() > 0
    for_good = replace(fitted, process=replace(fitted.process, after=0.0))
    losses = [np.logaddexp(0, (1 - 2 * later) * one.say(current).score).mean() for one in (fitted, for_good)]
    assert losses[0] < losses[1] - 0.005


def test_it_needs_the_history_of_its_event(world: World) -> None:
    lessons = world.lessons()
    other = Task(chance=False, form="count", event="y", horizon=MORE)
    assert Dying().suits(asked("next"), lessons)
    assert not Dying().suits(other, lessons)
    assert not Dying().suits(Task(chance=False, form="value"), lessons)
    assert [rung.name for rung in models.ladder(asked("count"), lessons)] == ["prior", "buy till you die"]


CHEAP, DEAR = 2.5, 40.0
"""What every event says of either of its numbers."""

SUM = Task(chance=False, form="total", event="x", amount="dear", horizon=MORE)


def taught(world: World, *amounts: str) -> Lessons:
    """The same histories with a column for the mean of each of these amounts, and all answers of now."""
    lessons = world.lessons()
    said = {"cheap": CHEAP, "dear": DEAR}
    specs = (Spec(name=f"own.x.{one}.mean", group=Group.OWN, of=("x", one), measure="mean") for one in amounts)
    means = np.tile([said[one] for one in amounts], (len(lessons.matrix.values), 1)).astype(np.float32)
    matrix = replace(
        lessons.matrix, specs=(*lessons.matrix.specs, *specs), values=np.hstack([lessons.matrix.values, means])
    )
    who = lessons.subjects
    assert who is not None
    answers = DEAR * world.later()[who[lessons.current]]
    return replace(
        lessons, matrix=matrix, rows=lessons.current, answers=answers, observed=np.ones(len(answers), bool),
        weights=np.ones(len(answers)),
    )  # fmt: skip


def test_a_total_is_of_the_amount_that_is_asked_for(world: World) -> None:
    lessons = taught(world, "cheap", "dear")
    current = lessons.matrix.rows(lessons.current)
    often = Dying().fit(asked("count"), lessons).say(current).score
    assert Dying().suits(SUM, lessons)
    for name, one in (("dear", DEAR), ("cheap", CHEAP)):
        fitted = Dying().fit(replace(SUM, amount=name), lessons)
        back = models.read(fitted.document())
        for told in (fitted, back):
            assert told.say(current).score == pytest.approx(one * often)
            assert told.contributions(current)[0][-1] == f"own.x.{name}.mean"


def test_a_total_of_an_amount_nobody_reads_is_for_others(world: World) -> None:
    assert not Dying().suits(SUM, taught(world, "cheap"))
    assert Dying().suits(asked("count"), taught(world, "cheap"))


@pytest.mark.parametrize("form", ["happens", "absent", "count", "total", "next"])
def test_what_meets_a_filter_has_no_history(world: World, form: str) -> None:
    task, lessons = replace(asked(form), amount="dear"), taught(world, "dear")
    assert Dying().suits(task, lessons)
    assert not Dying().suits(replace(task, filtered=True), lessons)


def test_a_task_knows_the_amount_and_the_filter_of_its_question() -> None:
    often = Question(name="lab.x", of="it", asks="?", when=every(days(9)), answer=count("x", within=days(MORE)))
    much = replace(often, answer=total("x", "dear", within=days(MORE), where=(where("dear", "above", 3),)))
    assert task_of(often) == asked("count")
    assert task_of(much) == replace(SUM, filtered=True)
