"""Which rung of the ladder goes on duty: all that suit are tried on the folds before the origin, the simplest first.

What the judged folds hold decides nothing here. Where the folds before the origin know no answers, or too few for
anything but the prior, the first step above it is taken untested; the judged folds then say what it is worth.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from threadpoolctl import threadpool_limits

from sightline.kernel.predict import models
from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict.clock import Clock
from sightline.kernel.predict.duty import in_turn
from sightline.kernel.predict.examples import Answers
from sightline.kernel.predict.folds import FEWEST, Plan, Plans
from sightline.kernel.predict.models import choose
from sightline.kernel.predict.models.blend import BLEND, Blend, mean
from sightline.kernel.predict.models.rung import Fitted, Lessons, Rung, Said, Task
from sightline.kernel.predict.stopping import Stopping, check

WORKERS = 2
"""Folds trained side by side, each in one thread: the threads of LightGBM and of BLAS stall where cores are shared."""

TRYING = 0.45
"""The share of the budget that may have passed when another rung is begun."""

DAY = 86_400e6
"""Microseconds."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a model fitted for one fold said of those asked there."""

    said: Said
    rung: str
    """The one fitted: a simpler one where the chosen one does not suit the fold."""
    features: int
    seconds: float
    """Of computing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was tried, and what won."""

    rung: str
    ladder: tuple[str, ...]
    """All that suit what is known at the end, simplest first."""
    choice: choose.Choice | None
    """None where nothing could be compared."""
    untried: tuple[str, ...]
    """Left out because the time did not allow."""
    spoken: tuple[Spoken, ...]
    """What the chosen one said on the folds compared; empty where it was not tried. Of a flat table each part's own."""


@dataclass(slots=True, kw_only=True)
class Work:
    """Everything a fold is trained with, and how far the work is."""

    clock: Clock
    matrix: Matrix
    task: Task
    budget: float
    """Seconds."""
    progress: Progress | None = None
    cancelled: Stopping | None = None
    passed: float = 0.0
    """Seconds the folds took so far on a machine that does nothing else: what else it does changes no model."""
    done: int = 0
    total: int = 1

    def stepped(self, steps: int = 1) -> None:
        """Tell that so much more is done."""
        self.done = min(self.total, self.done + steps)
        if self.progress is not None:
            self.progress(self.done, self.total)

    def check(self) -> None:
        """Raises Cancelled when somebody wants it to stop."""
        check(self.cancelled)


def lessons(clock: Clock, matrix: Matrix, at: datetime, rows: Rows) -> Lessons:
    """What `rows` teach with the answers as they read at `at`."""
    answers = clock.answers(at)
    return Lessons(
        matrix=matrix,
        rows=rows,
        answers=answers.value[rows],
        observed=answers.observed[rows],
        weights=answers.weight[rows],
        current=clock.current(at),
        subjects=clock.subject,
        moments=clock.cutoff / DAY,
    )


def side_by_side(work: Work, plans: Sequence[Plan], speak: Callable[[Plan], Spoken]) -> list[Spoken]:
    """`speak` for every fold, in order. Folds know nothing of each other."""
    found = []
    with threadpool_limits(1), ThreadPoolExecutor(WORKERS) as pool:
        for spoken in pool.map(speak, plans):
            found.append(spoken)
            work.passed += spoken.seconds / WORKERS
            work.stepped()
    return found


def speak(work: Work, plan: Plan, rung: str, ladder: Sequence[str], matrix: Matrix) -> Spoken:
    """Fit `rung`, or the next simpler one that suits, and ask it about the fold's subjects."""
    work.check()
    began = time.thread_time()
    fitted = fit(work.task, lessons(work.clock, matrix, plan.start, plan.train), rung, ladder)
    said = fitted.say(matrix.rows(plan.asked))
    return Spoken(said=said, rung=fitted.name, features=features_of(fitted, matrix), seconds=time.thread_time() - began)


def fit(task: Task, taught: Lessons, rung: str, ladder: Sequence[str]) -> Fitted:
    """Of the rungs up to `rung` in `ladder` the last that suits."""
    suited = {one.name: one for one in models.ladder(task, taught)}
    allowed = [name for name in ladder[: ladder.index(rung) + 1] if name in suited] if rung in ladder else []
    chosen: Rung = suited[allowed[-1]] if allowed else next(iter(suited.values()))
    if isinstance(chosen, Blend):
        # Of those compared: on few rows some suit that are too slow for all.
        chosen = Blend(of=tuple(one for one in chosen.of if one.name in ladder))
    return chosen.fit(task, taught)


def features_of(fitted: Fitted, matrix: Matrix) -> int:
    """How many features it reads."""
    return len(fitted.contributions(matrix.rows(np.arange(min(1, len(matrix.values)))))[0])


def contest(work: Work, plans: Plans, now: datetime) -> Chosen:
    """Try the ladder on the folds compared, with the answers as they read at the origin, and choose."""
    known = np.flatnonzero(~np.isnan(work.clock.answers(now).value))
    ladder = tuple(one.name for one in models.ladder(work.task, lessons(work.clock, work.matrix, now, known)))
    work.total += len(plans.compared) * len(ladder)
    answers = work.clock.answers(plans.origin)
    # In time the first fold only calibrates the others: on duty everything is calibrated.
    first = int(not work.clock.timeless and len(plans.compared) > 2)
    asked = [plan.asked for plan in plans.compared[first:]]
    rows = np.concatenate(asked) if asked else np.zeros(0, np.int64)
    rows = rows[~np.isnan(answers.value[rows])]
    if not len(rows):
        return _untested(ladder)
    tried: dict[str, list[Spoken]] = {}
    losses: dict[str, Floats] = {}
    for name in ladder:
        if tried and work.passed > work.budget * TRYING:
            break
        found = _heard(work, plans.compared, name, ladder, tried)
        if any(one.rung == name for one in found):
            tried[name] = found
            losses[name] = _losses(work, plans, found, answers)[rows]
    afforded = {name: values for name, values in losses.items() if _afforded(work, tried[name])}
    afforded = afforded or {ladder[0]: losses[ladder[0]]}
    choice = choose.choose(afforded, work.clock.clusters[rows], answers.weight[rows])
    untried = tuple(name for name in ladder if name not in tried)
    work.stepped(len(plans.compared) * len(untried))
    if list(tried) == [ladder[0]]:
        return _untested(ladder)
    crossed = _crossed(work, plans, tried, afforded, rows, answers.weight)
    return Chosen(
        rung=choice.rung,
        ladder=ladder,
        choice=choice,
        untried=untried,
        spoken=tuple(crossed if work.clock.timeless else tried[choice.rung]),
    )


def _crossed(
    work: Work, plans: Plans, tried: dict[str, list[Spoken]], losses: dict[str, Floats], rows: Rows, weights: Floats
) -> Iterator[Spoken]:
    """What each part of a flat table is told by the rung that the other parts choose: those compared are those judged,
    and no part may choose for itself.
    """
    for place, plan in enumerate(plans.compared):
        others = ~np.isin(rows, plan.asked)
        there = rows[others]
        choice = choose.choose(
            {name: values[others] for name, values in losses.items()}, work.clock.clusters[there], weights[there]
        )
        yield tried[choice.rung][place]


def _heard(
    work: Work, plans: Sequence[Plan], name: str, ladder: Sequence[str], tried: dict[str, list[Spoken]]
) -> list[Spoken]:
    """What one rung says of each fold."""
    if name != BLEND:
        return side_by_side(work, plans, lambda plan: speak(work, plan, name, ladder, work.matrix))
    work.stepped(len(plans))
    return [_blended(said) for said in zip(*tried.values(), strict=True)]


def _blended(spoken: Sequence[Spoken]) -> Spoken:
    """What the blend of the rungs tried says of a fold: fitting them again would tell the same."""
    members = [one for one in spoken if one.rung in {rung.name for rung in models.BLENDED}]
    if len(members) < 2:
        return spoken[-1]
    return Spoken(
        said=mean([one.said for one in members]),
        rung=BLEND,
        features=max(one.features for one in members),
        seconds=sum(one.seconds for one in members),
    )


def _afforded(work: Work, spoken: Sequence[Spoken]) -> bool:
    """Whether the fewest judged folds can be trained in what is left of the time."""
    return FEWEST * fold_seconds(spoken) <= work.budget - work.passed


def fold_seconds(spoken: Sequence[Spoken]) -> float:
    """What a judged fold will take, by what those before the origin took: it learns from more, and there are two models
    of it, the attributes-only one being the quicker.
    """
    return 2.5 * max(one.seconds for one in spoken) / WORKERS if spoken else 0.0


def _untested(ladder: tuple[str, ...]) -> Chosen:
    """The first step above the prior, where there is one."""
    rung = ladder[min(1, len(ladder) - 1)]
    return Chosen(rung=rung, ladder=ladder, choice=None, untried=ladder[1:], spoken=())


def _losses(work: Work, plans: Plans, spoken: Sequence[Spoken], answers: Answers) -> Floats:
    """Of every example, of what would have been told on duty; nan where nothing was said."""
    truth = answers.value
    told, _ = in_turn(work.task, work.clock, gathered(plans.compared, spoken, len(truth)), plans.compared)
    if work.task.chance:
        return np.where(np.isnan(told.value), np.nan, choose.chance_losses(told.value, truth))
    said = Said(score=told.value, median=told.median, low=told.low, high=told.high)
    return choose.quantity_losses(said, truth, answers.weight)


def gathered(plans: Sequence[Plan], spoken: Sequence[Spoken], length: int) -> Said:
    """What was said over several folds, as arrays of all examples; nan where nothing was."""
    found = {name: np.full(length, np.nan) for name in ("score", "median", "low", "high")}
    for plan, one in zip(plans, spoken, strict=True):
        for name, values in found.items():
            part = getattr(one.said, name)
            if part is not None:
                values[plan.asked] = part
    return Said(**found)
