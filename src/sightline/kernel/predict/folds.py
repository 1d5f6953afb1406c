"""Which examples are asked when in a back-test, and what could have been learned from by then.

In time order a fold is a retraining and whoever is asked until the next. Folds before the origin choose the model and
calibrate the first folds after it; from the origin on everything is judged. A flat table has no time: its folds are
random parts, whole clusters each, and every part is asked once by a model of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from sightline.kernel.predict._matrix import Rows
from sightline.kernel.predict.clock import Clock, microseconds
from sightline.kernel.predict.limits import ORIGIN

STEP = timedelta(days=60)
"""How often it is trained again, where the history is neither very long nor very short."""

FEWEST, MOST = 5, 14
"""Judged folds: fewer say little about how it goes on, more take long and say the same."""

EARLIEST = 0.4
"""The quantile of cutoffs from which on models are compared with each other, where the origin lies at the usual one;
with another origin as large a part of what lies before it.
"""

COMPARED = 5
"""Folds before the origin, the first of which only calibrates the others."""

PARTS = 5
"""Folds of a flat table."""

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Where a back-test begins and how often it trains again. What is left out follows from the history."""

    origin: datetime | None = None
    """From when on it is judged; the 70 % quantile of the cutoffs by default."""
    blocks: int | None = None
    """How many judged folds of equal length there are."""
    starts: tuple[datetime, ...] = ()
    """When each judged fold starts, ascending: instead of the two above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One retraining."""

    start: datetime
    """What is learned, with the answers as they read then."""
    until: datetime
    """Before which the subjects asked have their cutoffs."""
    asked: Rows
    train: Rows
    """Whose answers counted by `start`, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """All folds of a back-test."""

    origin: datetime
    compared: tuple[Plan, ...]
    """Before the origin, in time order; of a flat table the judged ones themselves."""
    judged: tuple[Plan, ...]


def plans(clock: Clock, now: datetime, schedule: Schedule, seed: int) -> Plans:
    """The folds of the examples whose answers count at `now`; folds without anybody to ask are left out."""
    known = np.flatnonzero(~np.isnan(clock.answers(now).value))
    if clock.timeless:
        parts = _parts(clock, known, now, seed)
        return Plans(origin=now, compared=parts, judged=parts)
    if not len(known):
        return Plans(origin=schedule.origin or now, compared=(), judged=())
    moments = np.sort(clock.cutoff[known])
    starts = schedule.starts or _starts(moments, now, schedule)
    before = int(np.searchsorted(moments, microseconds(starts[0])))
    earliest = _moment(int(moments[min(int(EARLIEST / ORIGIN * before), len(moments) - 1)]), now)
    compared = _evenly(earliest, starts[0], COMPARED) if earliest < starts[0] else ()
    after = _moment(int(moments[-1]), now) + INSTANT
    return Plans(
        origin=starts[0],
        compared=_in_time(clock, known, (*compared, starts[0])),
        judged=_in_time(clock, known, (*starts, max(after, starts[-1] + INSTANT))),
    )


def fewer(clock: Clock, now: datetime, judged: tuple[Plan, ...], most: int) -> tuple[Plan, ...]:
    """The same span in at most `most` folds, neighbours taken together; a flat table keeps its own."""
    if clock.timeless or len(judged) <= most:
        return judged
    known = np.flatnonzero(~np.isnan(clock.answers(now).value))
    kept = [judged[len(judged) * at // most] for at in range(most)]
    return _in_time(clock, known, (*(plan.start for plan in kept), judged[-1].until))


def _starts(moments: Rows, now: datetime, schedule: Schedule) -> tuple[datetime, ...]:
    """When the judged folds start: at most 60 days apart, or as far as makes neither too many nor too few of them."""
    origin = schedule.origin or _moment(int(moments[int(ORIGIN * len(moments))]), now)
    span = _moment(int(moments[-1]), now) + INSTANT - origin
    if span <= timedelta(0):
        return (origin,)
    return _evenly(origin, origin + span, schedule.blocks or min(max(-(-span // STEP), FEWEST), MOST))


def _evenly(begin: datetime, end: datetime, parts: int) -> tuple[datetime, ...]:
    return tuple(begin + (end - begin) * at / parts for at in range(parts))


def _in_time(clock: Clock, known: Rows, borders: tuple[datetime, ...]) -> tuple[Plan, ...]:
    found = []
    for start, until in pairwise(borders):
        cutoff = clock.cutoff[known]
        asked = known[(cutoff >= microseconds(start)) & (cutoff < microseconds(until))]
        if len(asked):
            train = np.flatnonzero(~np.isnan(clock.answers(start).value))
            found.append(Plan(start=start, until=until, asked=asked, train=train))
    return tuple(found)


def _parts(clock: Clock, known: Rows, now: datetime, seed: int) -> tuple[Plan, ...]:
    """Random parts of about equal size, whole clusters each."""
    names, member = np.unique(clock.clusters[known], return_inverse=True)
    count = min(PARTS, len(names))
    if count < 2:
        return ()
    part = np.random.default_rng(seed).permutation(len(names))[member] % count
    return tuple(Plan(start=now, until=now, asked=known[part == at], train=known[part != at]) for at in range(count))


def _moment(at: int, like: datetime) -> datetime:
    return datetime(1970, 1, 1, tzinfo=like.tzinfo) + timedelta(microseconds=at)
