"""What those still do who were taken to have stopped for good.

In the BG/NBD model whoever stopped never comes back. Histories that went on since an earlier cutoff tell whether that
is so: of buyers taken for lost with four chances in five, three times as many bought as the model said, and the farther
one looks the more of what comes is theirs. So a share of its own rate is left to who stopped: the one by which what
came after some earlier cutoffs is most likely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize_scalar

from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict.models._dying import History, Process, fit
from sightline.kernel.predict.models.rung import Lessons

ALIKE = (0.5, 0.7, 1.0, 1.4, 2.0)
"""The earlier cutoffs looked back to: those from which the time to now was to the history before as the horizon is to
the whole history, and some to either side."""

MIN_SUBJECTS, MIN_EVENTS = 100, 30
"""Fewer subjects, or fewer events that came, say nothing."""

AFTER, MOST_AFTER = 0.1, 0.8
"""Mean of an exponential prior of the share of its rate that one who stopped keeps, and the most it can be."""

LEAST = 0.15
"""Of the whole history, what must lie before such a cutoff."""


@dataclass(frozen=True, slots=True)
class _Past:
    """One earlier cutoff and what came from then until now; aligned arrays of distinct histories."""

    history: History
    took: Floats
    """The time until now."""
    many: Floats
    """Subjects with this history."""
    came: Floats
    """Events of them all until now."""

    def expected(self, process: Process) -> Floats:
        """Events of them all by the model."""
        return self.many * process.mean(self.history, self.took)


def coming_back(process: Process, table: Floats, lessons: Lessons, horizon: float) -> Process:
    """The process with what those who stopped still do; as it was where nothing tells.

    From `table` (count, days since the first and the last, per row of the matrix) at the cutoffs until now.
    """
    pasts = _pasts(table, lessons, horizon)
    if not pasts:
        return process
    return replace(process, after=_after(pasts, [fit(_repeated(past), first=process.first) for past in pasts]))


def _pasts(table: Floats, lessons: Lessons, horizon: float) -> list[_Past]:
    if lessons.subjects is None or lessons.moments is None or not len(lessons.current):
        return []
    now = float(lessons.moments[lessons.current].max())
    rows = np.flatnonzero((table[:, 0] >= 1) & (lessons.moments <= now) & ~np.isnan(table).any(axis=1))
    if len(rows) < MIN_SUBJECTS:
        return []
    begun = float(np.quantile(lessons.moments[rows] - table[rows, 1], 0.01))
    span = max(now - begun, 1e-9)
    shares = sorted({max(LEAST, 1 / (1 + times * horizon / span)) for times in ALIKE})
    found = [_past(table, lessons.subjects, lessons.moments, rows, begun + share * span) for share in shares]
    return [past for past in found if past is not None]


def _past(table: Floats, subjects: Rows, moments: Floats, rows: Rows, origin: float) -> _Past | None:
    """What is known of the subjects of an origin, and what came after; None where that is too little."""
    start, end = _latest(subjects, moments, rows, origin), _latest(subjects, moments, rows, np.inf)
    if len(start) < MIN_SUBJECTS:
        return None
    seen = table[start]
    end = end[np.searchsorted(subjects[end], subjects[start])]
    took, more = moments[end] - moments[start], np.maximum(table[end, 0] - seen[:, 0], 0.0)
    went_on = took > 0
    if more[went_on].sum() < MIN_EVENTS:
        return None
    tenure = np.maximum(seen[:, 1], 0.0)
    last = np.where(seen[:, 0] > 1, np.clip(tenure - seen[:, 2], 0.0, tenure), 0.0)
    rows_of = np.column_stack([seen[:, 0] - 1, last, tenure, took])[went_on]
    distinct, which, many = np.unique(rows_of, axis=0, return_inverse=True, return_counts=True)
    return _Past(
        history=History(repeats=distinct[:, 0], last=distinct[:, 1], tenure=distinct[:, 2]), took=distinct[:, 3],
        many=many.astype(np.float64), came=np.bincount(which.ravel(), more[went_on]).astype(np.float64),
    )  # fmt: skip


def _repeated(past: _Past) -> History:
    """Each subject's history on its own."""
    many = past.many.astype(np.int64)
    parts = past.history
    return History(
        repeats=np.repeat(parts.repeats, many), last=np.repeat(parts.last, many), tenure=np.repeat(parts.tenure, many)
    )


def _after(pasts: Sequence[_Past], fitted: Sequence[Process]) -> float:
    """The share by which who had the events that came is most likely (Poisson, the total of each past given), held by a
    faint prior.

    The totals themselves are left out: seasons move them, and corrected by them every second forecast was worse.
    """
    parts = []
    for past, process in zip(pasts, fitted, strict=True):
        full, part = past.expected(replace(process, after=1.0)), past.expected(replace(process, after=0.0))
        parts.append((past.came, part, full - part))

    def loss(after: float) -> float:
        total = after / AFTER
        for came, part, rest in parts:
            said = part + after * rest
            total -= float(came @ np.log(np.maximum(said, 1e-300))) - float(came.sum() * np.log(said.sum()))
        return total

    return float(minimize_scalar(loss, bounds=(0.0, MOST_AFTER), method="bounded", options={"xatol": 1e-4}).x)


def _latest(subjects: Rows, moments: Floats, rows: Rows, at: float) -> Rows:
    """Of each subject its last row by `at`, in the order of subjects."""
    early = rows[moments[rows] <= at]
    order = early[np.lexsort((moments[early], subjects[early]))]
    last = np.r_[subjects[order][1:] != subjects[order][:-1], True] if len(order) else np.zeros(0, bool)
    return order[last]
