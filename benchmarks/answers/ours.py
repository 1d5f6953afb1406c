"""What Sightline makes of a question: the engine's own steps, so that every single prediction can be compared."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.answers import real
from sightline.kernel.predict import engine, metrics
from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict.backtest import BUDGET, Backtest, backtest
from sightline.kernel.predict.contest import fit, lessons
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.folds import Schedule
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.proof import judge
from sightline.kernel.predict.teaching import teachable
from sightline.language.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """A trained and proved question."""

    prepared: Prepared
    whole: Matrix
    """Every feature of every example, what was left out of `prepared` too: the peers choose for themselves."""
    test: Backtest
    proof: dict[str, Any]
    wall: float
    """Seconds from the facts to the proof."""
    spent: float
    """Seconds of computing, of all cores together."""

    @property
    def rows(self) -> Rows:
        """The examples judged."""
        return self.test.judged

    @property
    def yes(self) -> Floats:
        """Their answers."""
        return self.test.truth[self.rows]

    @property
    def clusters(self) -> Rows:
        """Theirs."""
        return self.test.clusters[self.rows]

    @property
    def seconds(self) -> str:
        """Of wall clock, and of computing in brackets."""
        return f"{self.wall:.0f} ({self.spent:.0f})"

    @property
    def split(self) -> str:
        """In words."""
        test = self.test
        many = f"{len(test.folds)} folds{' (thinned)' if test.thinned else ''}, {len(self.rows):,} judged"
        return f"random parts, {many}" if test.timeless else f"from {test.origin:%Y-%m-%d}, {many}"


def ours(
    question: Question, facts: Facts, schedule: Schedule | None = None, *, budget: float = BUDGET, seed: int = 0
) -> Ours:
    """Prepare, back-test, fit and prove, as `engine.train` does, keeping the back-test."""
    began, spent, now = time.perf_counter(), time.process_time(), real.end(facts)
    origin = (schedule.starts[0] if schedule.starts else schedule.origin) if schedule else None
    prepared = teachable(question, facts, now, seed=seed, origin=origin)
    found = proved(prepared, schedule, budget=budget, seed=seed, since=(began, spent))
    return replace(found, whole=prepared.whole or prepared.matrix)


def proved(
    prepared: Prepared, schedule: Schedule | None, *, budget: float, seed: int, since: tuple[float, float]
) -> Ours:
    """Of what is prepared; `since`: wall clock and computing when that began."""
    now = prepared.now
    task = engine.task_of(prepared.question, seed)
    whole = prepared.whole or prepared.matrix
    test = backtest(prepared.asked, prepared.matrix, now, task=task, whole=whole, schedule=schedule, budget=budget)
    taught = lessons(test.clock, prepared.matrix, now, np.flatnonzero(~np.isnan(test.truth)))
    with threadpool_limits(1):
        model = fit(test.task, taught, test.chosen.rung, test.chosen.ladder)
    proof = judge(prepared, test, model, "bench", seed=seed).document
    found = Ours(
        prepared=prepared,
        whole=prepared.matrix,
        test=test,
        proof=proof,
        wall=time.perf_counter() - since[0],
        spent=time.process_time() - since[1],
    )
    told(found)
    return found


def told(found: Ours) -> None:
    """Print what was chosen and why, for whoever looks on."""
    test = found.test
    print(f"  {found.prepared.question.name}: {found.split}; {len(found.prepared.matrix.specs)} features;"
          f" ladder {', '.join(test.chosen.ladder)}; chosen {test.chosen.rung}; {found.seconds} s")  # fmt: skip
    print(f"  {found.proof['headline']}", flush=True)


def calibration(found: Ours) -> str:
    """The error beside what a perfect model would show."""
    own = found.proof["metrics"]
    return (f"calibration error {own['calibration_error']:.3f} (a perfect model"
            f" {own['calibration_floor_if_independent']:.3f} to {own['calibration_floor']:.3f})")  # fmt: skip


def blocks(found: Ours, said: Floats) -> list[float]:
    """AUC fold by fold; nan where all answered alike."""
    return [metrics.auc(said[fold.rows], found.test.truth[fold.rows]) for fold in found.test.folds]
