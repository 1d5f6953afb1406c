"""Rolling-origin back-test: what the model would have said, had it been on duty since.

From the 70 % quantile of the cutoffs on, every 60 days a model is trained on what was mature at that moment, with the
answers as they read then, and asked about the subjects whose cutoffs fall in the next 60 days. Calibration at a moment
knows only earlier predictions of this back-test that were mature by then; a few folds before the origin exist for that
alone. The attributes-only model and the base rate run beside it under the same retraining.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict._spec import SUBJECT
from sightline.kernel.predict.calibrate import Calibration, calibrate, log_odds_of
from sightline.kernel.predict.examples import Examples
from sightline.kernel.predict.model import Model, fit
from sightline.language.errors import Terminal

ORIGIN = 0.7
"""The quantile of cutoffs from which on the model is judged."""

STEP = timedelta(days=60)
"""How often it is trained again."""

BURN_IN = 3
"""Folds before the origin, predicted only to calibrate the first ones after it."""

WINDOW = timedelta(days=365)
"""How far back calibration and the base rate look."""

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class Stopped(Terminal):
    """Training was cancelled before it came to an end; nothing was kept."""

    status = 409
    code = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """One retraining and the subjects asked until the next."""

    start: datetime
    trained_on: int
    rows: Rows
    """Positions among the eligible subjects."""
    rounds: int
    attributes_rounds: int
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


def origin_of(asked: Examples, now: datetime) -> datetime | None:
    """The 70 % quantile of the cutoffs of the subjects mature at `now`; None when there are none."""
    mature = asked.eligible.filter(pl.col("matures_at") <= now)["cutoff"].sort()
    found: datetime | None = mature[int(ORIGIN * len(mature))] if len(mature) else None
    return found


def backtest(
    asked: Examples,
    matrix: Matrix,
    now: datetime,
    *,
    seed: int = 0,
    origin: datetime | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Backtest:
    """Run it over `asked`, whose rows (eligible, in order) `matrix` holds. Raises Stopped when `cancelled` says so."""
    clock = _Clock.of(asked)
    answers = clock.yes(now)
    begin = origin or origin_of(asked, now) or now
    clusters = asked.eligible["cluster"].rank("dense").cast(pl.Int64).to_numpy()
    naive = matrix.only([spec for spec in matrix.specs if spec.group in SUBJECT])
    count = len(answers)
    voices = [Voice(log_odds=np.full(count, np.nan), probability=np.full(count, np.nan)) for _ in range(2)]
    base_rate = np.full(count, np.nan)
    mature_now = ~np.isnan(answers)
    last = int(clock.cutoff[mature_now].max()) if mature_now.any() else 0
    starts = _starts(begin, last)
    folds = []
    for done, start in enumerate(starts):
        if cancelled is not None and cancelled():
            raise Stopped("Training was cancelled; the model on duty is unchanged.")
        inside = (clock.cutoff >= microseconds(start)) & (clock.cutoff < microseconds(start + STEP)) & mature_now
        rows = np.flatnonzero(inside)
        if len(rows):
            fold = _fold(clock, (matrix, naive), voices, clusters, start, rows, seed)
            base_rate[rows] = _base_rate(clock, start)
            folds.append(fold)
        if progress is not None:
            progress(done + 1, len(starts))
    final, recent = _calibration(clock, voices[0], clusters, now)
    return Backtest(
        origin=begin,
        folds=tuple(f for f in folds if f.start >= begin),
        model=voices[0],
        attributes=voices[1],
        base_rate=base_rate,
        yes=answers,
        clusters=clusters,
        final=final,
        recent=recent,
    )


def _starts(origin: datetime, last: int) -> list[datetime]:
    starts = [origin - STEP * back for back in range(BURN_IN, 0, -1)]
    while microseconds(origin) <= last:
        starts.append(origin)
        origin += STEP
    return starts


def _fold(
    clock: _Clock,
    matrices: tuple[Matrix, Matrix],
    voices: list[Voice],
    clusters: Rows,
    start: datetime,
    rows: Rows,
    seed: int,
) -> Fold:
    """Train both models as of `start` and write what they say about `rows` into their voices."""
    yes = clock.yes(start)
    train = np.flatnonzero(~np.isnan(yes))
    models: list[Model] = []
    for matrix, voice in zip(matrices, voices, strict=True):
        calibration, _ = _calibration(clock, voice, clusters, start)
        model = replace(fit(matrix, train, yes[train], seed=seed), calibration=calibration)
        voice.log_odds[rows] = model.log_odds(matrix.rows(rows))
        voice.probability[rows] = calibration(voice.log_odds[rows])
        models.append(model)
    return Fold(
        start=start,
        trained_on=len(train),
        rows=rows,
        rounds=models[0].rounds,
        attributes_rounds=models[1].rounds,
        calibration=models[0].calibration,
    )


def _calibration(clock: _Clock, voice: Voice, clusters: Rows, at: datetime) -> tuple[Calibration, Rows]:
    """From what the voice said over the last year about subjects mature at `at`."""
    yes = clock.yes(at)
    late = clock.cutoff >= microseconds(at - WINDOW)
    rows = np.flatnonzero(~np.isnan(yes) & ~np.isnan(voice.log_odds) & late)
    return calibrate(voice.log_odds[rows], yes[rows], effective=len(np.unique(clusters[rows]))), rows


def _base_rate(clock: _Clock, at: datetime) -> float:
    yes = clock.yes(at)
    mature = ~np.isnan(yes)
    late = mature & (clock.cutoff >= microseconds(at - WINDOW))
    known = yes[late] if late.sum() >= 50 else yes[mature]
    return float((known.sum() + 0.5) / (len(known) + 1))


def base_log_odds(test: Backtest) -> Floats:
    """The base rate as log-odds, for the subjects judged."""
    return log_odds_of(test.base_rate[test.judged])
