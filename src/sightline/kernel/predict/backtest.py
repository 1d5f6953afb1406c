"""Rolling-origin back-test: what the model would have said, had it been on duty since.

From the 70 % quantile of the cutoffs on, every 60 days a model is trained on what was mature at that moment, with the
answers as they read then, and asked about the subjects whose cutoffs fall in the next 60 days. Calibration at a moment
knows only earlier predictions of this back-test that were mature by then; a few folds before the origin exist for that
alone. The attributes-only model and the base rate run beside it under the same retraining.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict._spec import SUBJECT
from sightline.kernel.predict.calibrate import Calibration, calibrate
from sightline.kernel.predict.examples import Examples
from sightline.kernel.predict.limits import origin_of
from sightline.kernel.predict.model import fit
from sightline.language.errors import Cancelled

STEP = timedelta(days=60)
"""How often it is trained again."""

BURN_IN = 3
"""Folds before the origin, predicted only to calibrate the first ones after it."""

WINDOW = timedelta(days=365)
"""How far back calibration and the base rate look."""

WORKERS = 2
"""Folds trained side by side."""

Progress = Callable[[int, int], None]
Stopping = Callable[[], bool]
"""Whether somebody wants it to stop."""


_Spoken = tuple[Floats, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Fold:
    """One retraining and the subjects asked until the next."""

    start: datetime
    trained_on: int
    rows: Rows
    """Positions among the eligible subjects."""
    rounds: tuple[int, ...]
    """Trees per booster of the model and of the attributes-only model."""
    calibration: Calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What one model said about the subjects, before and after calibration. nan: not asked."""

    log_odds: Floats
    probability: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """Out-of-time predictions of the model and of its two baselines, aligned with the eligible subjects."""

    origin: datetime
    folds: tuple[Fold, ...]
    """From the origin on."""
    model: Voice
    attributes: Voice
    base_rate: Floats
    yes: Floats
    """The answers as they read at `now`; nan where not mature."""
    clusters: Rows
    final: Calibration
    """What a model trained now is calibrated with."""
    recent: Rows
    """The subjects it was learned from."""

    @property
    def judged(self) -> Rows:
        """The subjects asked from the origin on, oldest first."""
        rows = [fold.rows for fold in self.folds]
        return np.concatenate(rows) if rows else np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class _Plan:
    start: datetime
    rows: Rows
    train: Rows
    yes: Floats


@dataclass(frozen=True, slots=True)
class _Clock:
    """The eligible subjects' moments as numbers, and their answers as of any moment."""

    asked: Examples
    keys: pl.DataFrame
    cutoff: Rows
    matures_at: Rows

    @classmethod
    def of(cls, asked: Examples) -> _Clock:
        eligible = asked.eligible
        moments = [eligible[name].dt.timestamp("us").to_numpy() for name in ("cutoff", "matures_at")]
        return cls(asked, eligible.select("key"), *moments)

    def yes(self, at: datetime) -> Floats:
        """1, 0, or nan where no answer counts yet at `at`."""
        read = self.keys.join(self.asked.answer(at).select("key", "yes"), on="key", how="left", maintain_order="left")
        answers = read["yes"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return np.where(self.matures_at <= microseconds(at), answers, np.nan)


def microseconds(at: datetime) -> int:
    """Since the epoch, exactly."""
    return (at - datetime(1970, 1, 1, tzinfo=at.tzinfo)) // timedelta(microseconds=1)


def backtest(
    asked: Examples,
    matrix: Matrix,
    now: datetime,
    *,
    seed: int = 0,
    origin: datetime | None = None,
    progress: Progress | None = None,
    cancelled: Stopping | None = None,
) -> Backtest:
    """Run it over `asked`, whose rows (eligible, in order) `matrix` holds. Raises Cancelled when told to."""
    clock = _Clock.of(asked)
    begin = origin or origin_of(asked, now) or now
    naive = matrix.only([spec for spec in matrix.specs if spec.group in SUBJECT])
    plans = _plans(clock, begin, now)
    spoken = _speak(clock, (matrix, naive), plans, seed, progress, cancelled)
    said = np.full((2, len(clock.cutoff)), np.nan)
    for plan, (log_odds, _) in zip(plans, spoken, strict=True):
        said[:, plan.rows] = log_odds
    clusters = asked.eligible["cluster"].rank("dense").cast(pl.Int64).to_numpy()
    probability, base_rate = np.full_like(said, np.nan), np.full(len(clock.cutoff), np.nan)
    folds = []
    for plan, (_, rounds) in zip(plans, spoken, strict=True):
        found = [_calibration(clock, voice, clusters, plan.start)[0] for voice in said]
        for voice, calibration in enumerate(found):
            probability[voice, plan.rows] = calibration(said[voice, plan.rows])
        base_rate[plan.rows] = _base_rate(clock, plan.start)
        folds.append(Fold(plan.start, len(plan.train), plan.rows, rounds, found[0]))
    final, recent = _calibration(clock, said[0], clusters, now)
    return Backtest(
        origin=begin,
        folds=tuple(f for f in folds if f.start >= begin),
        model=Voice(log_odds=said[0], probability=probability[0]),
        attributes=Voice(log_odds=said[1], probability=probability[1]),
        base_rate=base_rate,
        yes=clock.yes(now),
        clusters=clusters,
        final=final,
        recent=recent,
    )


def _plans(clock: _Clock, origin: datetime, now: datetime) -> list[_Plan]:
    """The retrainings with somebody to ask before the next, and what each may learn from."""
    mature = clock.matures_at <= microseconds(now)
    last = int(clock.cutoff[mature].max()) if mature.any() else 0
    found = []
    for start in _starts(origin, last):
        inside = (clock.cutoff >= microseconds(start)) & (clock.cutoff < microseconds(start + STEP)) & mature
        if inside.any():
            yes = clock.yes(start)
            train = np.flatnonzero(~np.isnan(yes))
            found.append(_Plan(start, np.flatnonzero(inside), train, yes[train]))
    return found


def _speak(
    clock: _Clock,
    matrices: tuple[Matrix, Matrix],
    plans: list[_Plan],
    seed: int,
    progress: Progress | None,
    cancelled: Stopping | None,
) -> list[_Spoken]:
    """Per plan the log-odds (2 models x subjects asked) and the rounds. Folds know nothing of each other, so they run
    side by side, each in one thread: LightGBM's own threads stall where cores are shared.
    """

    def one(plan: _Plan) -> _Spoken:
        if cancelled is not None and cancelled():
            raise Cancelled("Training was cancelled; the model on duty is unchanged.")
        models = [fit(matrix, plan.train, plan.yes, seed=seed) for matrix in matrices]
        spoken = [m.log_odds(matrix.rows(plan.rows)) for m, matrix in zip(models, matrices, strict=True)]
        return np.array(spoken), tuple(m.rounds for m in models)

    found = []
    with ThreadPoolExecutor(WORKERS) as pool:
        for done, result in enumerate(pool.map(one, plans), start=1):
            found.append(result)
            if progress is not None:
                progress(done, len(plans))
    return found


def _starts(origin: datetime, last: int) -> list[datetime]:
    starts = [origin - STEP * back for back in range(BURN_IN, 0, -1)]
    while microseconds(origin) <= last:
        starts.append(origin)
        origin += STEP
    return starts


def _calibration(clock: _Clock, said: Floats, clusters: Rows, at: datetime) -> tuple[Calibration, Rows]:
    """From the log-odds said over the last year about subjects mature at `at`."""
    yes = clock.yes(at)
    late = clock.cutoff >= microseconds(at - WINDOW)
    rows = np.flatnonzero(~np.isnan(yes) & ~np.isnan(said) & late)
    return calibrate(said[rows], yes[rows], effective=len(np.unique(clusters[rows]))), rows


def _base_rate(clock: _Clock, at: datetime) -> float:
    yes = clock.yes(at)
    mature = ~np.isnan(yes)
    late = mature & (clock.cutoff >= microseconds(at - WINDOW))
    known = yes[late] if late.sum() >= 50 else yes[mature]
    return float((known.sum() + 0.5) / (len(known) + 1))
