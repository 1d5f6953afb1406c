"""Rolling-origin back-test: what the model would have said, had it been on duty since.

Folds before the origin choose the rung and give the first calibration; from the origin (the 70 % quantile of the
cutoffs) on, the chosen one is trained again at every fold's start on what was mature at that moment, with the answers
as they read then, and asked about the subjects whose cutoffs fall before the next. Calibration at a moment knows only
earlier predictions of this back-test whose answers counted by then. Beside it run the same rung on the subject's own
attributes, what is usual, what the subject itself did so far, and the champion as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict._spec import SUBJECT
from sightline.kernel.predict.clock import Clock, microseconds
from sightline.kernel.predict.contest import (
    Chosen,
    Progress,
    Spoken,
    Work,
    contest,
    fold_seconds,
    gathered,
    side_by_side,
    speak,
)
from sightline.kernel.predict.duty import WINDOW, Duty, Told, in_turn, on_duty, recent
from sightline.kernel.predict.examples import Examples
from sightline.kernel.predict.folds import FEWEST, MOST, Plan, Plans, Schedule, fewer, plans
from sightline.kernel.predict.models.rung import Flags, Said, Task
from sightline.kernel.predict.naive import base_rate, own_rate, typical
from sightline.kernel.predict.stopping import Stopping

BUDGET = 240.0
"""Seconds for choosing and judging, where nothing else is said."""

FITTING = 2.5
"""The budget times this, spread over all fits (two at a time), is what one may take; few take it all."""

STEPS = 5
"""Of the ladder, as the time of one fit is reckoned."""

FEW = 50
"""Answers of the last year below which the usual is that of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """One retraining and the subjects asked until the next."""

    start: datetime
    until: datetime
    trained_on: int
    rows: Rows
    """Positions among the eligible examples."""
    rungs: tuple[str, str]
    """What was fitted: the model, the attributes-only model."""
    features: int
    duty: Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Champion:
    """A model on duty, as it stands."""

    version: str
    as_of: datetime
    """What it learned was known by then: only subjects asked later are news to it."""
    tell: Callable[[Rows], Told]
    """By positions among the eligible examples. It reads its own features, those left out of the new model too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """Out-of-time predictions of the model and of what stands beside it, aligned with the eligible examples."""

    task: Task
    clock: Clock
    origin: datetime
    folds: tuple[Fold, ...]
    """From the origin on."""
    compared: int
    """Folds before the origin."""
    thinned: bool
    """Whether there are fewer folds than there would be with more time."""
    chosen: Chosen
    said: Said
    """By the model, before calibration, before the origin too. nan: not asked."""
    model: Told
    attributes: Told
    usual: Told
    """The base rate; mean and quantiles of the recent answers."""
    own: Floats
    """What the subject's own past goes on to; the usual where it has none. nan: there is no such thing here."""
    champion: Told | None
    rival: Champion | None
    truth: Floats
    """The answers as they read at `now`; nan where they do not count."""
    observed: Flags
    weights: Floats
    """1, or more where an example stands for those that were treated too."""
    final: Duty
    """What a model trained now is calibrated with."""
    recent: Rows
    """The examples it was learned from."""

    @property
    def timeless(self) -> bool:
        """Whether it is of a flat table: folds are random parts."""
        return self.clock.timeless

    @property
    def clusters(self) -> Rows:
        """Whoever shares a number shares its fate."""
        return self.clock.clusters

    @property
    def judged(self) -> Rows:
        """The examples asked from the origin on, oldest first."""
        rows = [fold.rows for fold in self.folds]
        return np.sort(np.concatenate(rows)) if rows else np.zeros(0, np.int64)

    @property
    def yes(self) -> Floats:
        """The answers as one of two: yes or no, of a quantity above its middle or not; nan where they do not count."""
        if self.task.chance:
            return self.truth
        there = self.truth[~np.isnan(self.truth)]
        middle = float(np.median(there)) if len(there) else 0.0
        return np.where(np.isnan(self.truth), np.nan, self.truth > middle)


def backtest(
    asked: Examples,
    matrix: Matrix,
    now: datetime,
    *,
    task: Task,
    whole: Matrix | None = None,
    schedule: Schedule | None = None,
    budget: float = BUDGET,
    champion: Champion | None = None,
    progress: Progress | None = None,
    cancelled: Stopping | None = None,
) -> Backtest:
    """Run it over `asked`, whose rows (eligible, in order) `matrix` holds. Raises Cancelled when told to.

    `whole`: the same rows with the features that were left out of `matrix` (itself by default). The subjects' own past
    is read there: a column that repeats another tells a model nothing new, and what stands beside it may need that one.
    `budget`: seconds; where they do not suffice there are fewer folds and cheaper rungs. While they do, the same seed
    gives the same figures.
    """
    clock = Clock.of(asked)
    folds = plans(clock, now, schedule or Schedule(), task.seed)
    work = Work(
        clock=clock,
        matrix=matrix,
        task=replace(task, budget=budget * FITTING / _fits(folds)),
        budget=budget,
        progress=progress,
        cancelled=cancelled,
        total=2 * len(folds.judged) + len(folds.compared),
    )
    chosen = contest(work, folds, now)
    judged = fewer(clock, now, folds.judged, _most(work, chosen, len(folds.compared)))
    before = folds.compared if chosen.spoken and not clock.timeless else ()
    naive = matrix.only([spec for spec in matrix.specs if spec.group in SUBJECT])
    own = chosen.spoken if clock.timeless and chosen.spoken else _speak(work, judged, chosen, matrix)
    alone = _speak(work, (*before, *judged), chosen, naive)
    said = gathered((*before, *judged), (*(chosen.spoken if before else ()), *own), len(clock.cutoff))
    model, duties = in_turn(task, clock, said, (*before, *judged))
    alike = gathered((*before, *judged), alone, len(clock.cutoff))
    attributes, _ = in_turn(task, clock, alike, (*before, *judged))
    rows = recent(clock, said, now)
    answers = clock.answers(now)
    return Backtest(
        task=task,
        clock=clock,
        origin=folds.origin,
        folds=tuple(
            Fold(
                start=plan.start,
                until=plan.until,
                trained_on=len(plan.train),
                rows=plan.asked,
                rungs=(one.rung, other.rung),
                features=one.features,
                duty=duty,
            )
            for plan, one, other, duty in zip(judged, own, alone[len(before) :], duties[len(before) :], strict=True)
        ),
        compared=len(folds.compared),
        thinned=len(judged) < len(folds.judged),
        chosen=chosen,
        said=said,
        model=model,
        attributes=attributes,
        usual=_usual(work, judged),
        own=_own(work, judged, whole or matrix),
        champion=_rival(work, judged, champion),
        rival=champion,
        truth=answers.value,
        observed=answers.observed,
        weights=answers.weight,
        final=on_duty(task, clock, said, now, rows),
        recent=rows,
    )


def _fits(folds: Plans) -> int:
    """How many models are fitted, the ladder having about so many steps."""
    return max(1, len(folds.compared) * (STEPS + 1) + 2 * len(folds.judged) + 1)


def _most(work: Work, chosen: Chosen, compared: int) -> int:
    """How many judged folds the time left allows."""
    if work.passed > work.budget:
        return FEWEST
    each = fold_seconds(chosen.spoken)
    left = work.budget - work.passed - each * compared / 2
    return int(np.clip(left / each, FEWEST, MOST)) if each > 0 else MOST


def _speak(work: Work, folds: Sequence[Plan], chosen: Chosen, matrix: Matrix) -> list[Spoken]:
    return side_by_side(work, folds, lambda plan: speak(work, plan, chosen.rung, chosen.ladder, matrix))


def _usual(work: Work, folds: Sequence[Plan]) -> Told:
    """The base rate or the usual quantity of the answers of the year before each fold."""
    found = Told.nothing(len(work.clock.cutoff))
    for plan in folds:
        answers, late = work.clock.answers(plan.start), plan.train
        if not work.clock.timeless:
            lately = work.clock.cutoff[plan.train] >= microseconds(plan.start - WINDOW)
            late = plan.train[lately] if lately.sum() >= FEW else plan.train
        if work.task.chance:
            found.value[plan.asked] = base_rate(answers.value[late], answers.weight[late])
        elif len(late):
            said = typical(answers.value[late], len(plan.asked), answers.weight[late])
            assert said.median is not None
            assert said.low is not None
            assert said.high is not None
            found.put(plan.asked, Told(value=said.score, median=said.median, low=said.low, high=said.high))
    return found


def _own(work: Work, folds: Sequence[Plan], whole: Matrix) -> Floats:
    """What the subjects' own past goes on to; where there is none, the usual, and without that nothing at all."""
    found = np.full(len(work.clock.cutoff), np.nan)
    question, usual = work.clock.asked.question, _usual(work, folds)
    for plan in folds:
        rate = own_rate(question.answer, whole, plan.asked, work.task.horizon)
        if rate is not None:
            nothing = work.task.horizon if work.task.form == "next" else 0.0
            rest = np.nan_to_num(usual.median[plan.asked], nan=nothing if nothing is not None else 0.0)
            found[plan.asked] = np.where(np.isnan(rate), rest, rate)
    return found


def _rival(work: Work, folds: Sequence[Plan], champion: Champion | None) -> Told | None:
    """What the champion tells of those asked after all it learned from was known; of a flat table nobody is."""
    if champion is None or work.clock.timeless:
        return None
    found = Told.nothing(len(work.clock.cutoff))
    later = work.clock.since(champion.as_of)
    for plan in folds:
        rows = plan.asked[np.isin(plan.asked, later)]
        if len(rows):
            found.put(rows, champion.tell(rows))
    return found
