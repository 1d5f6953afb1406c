"""How fast recurring events really came after earlier cutoffs, beside what their model said then.

The model takes every subject's rate for steady. Where it is not (a season, a fashion, regular buyers), its total is off
by more the farther it looks. Histories that went on since an earlier cutoff show by how much: fitted as of then, the
time in which the model would have expected the events that came is compared with the time it took, and how to read the
clock from now on is drawn from there towards no correction at all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict.models._dying import History, Process, fit
from sightline.kernel.predict.models.rung import Lessons

ALIKE = (0.5, 0.7, 1.0, 1.4, 2.0)
"""The earlier cutoffs looked back to: those from which the time to now was to the history before as the horizon is to
the whole history, and some to either side. A model that is off when it looks as far ahead as back was so then."""

MIN_SUBJECTS, MIN_EVENTS = 100, 30
"""Fewer subjects, or fewer events that came, say nothing."""

NOISE, LEVEL_SD = 0.2, 0.2
"""Spread of the logarithm for reasons that will not return (a season), and prior spread of what will, around none. Histories
of buyers had both alike: corrected in full, every second forecast was worse for it."""

CLOCK = np.geomspace(0.35, 2.9, 7)
"""Readings tried, as multiples of the time it took."""

LEAST = 0.15
"""Of the whole history, what must lie before such a cutoff."""


def measured(table: Floats, lessons: Lessons, horizon: float, kinds: Sequence[bool]) -> float:
    """The time by the model's clock that a day of ours amounts to, 1 where nothing tells.

    From `table` (count, days since the first and the last, per row of the matrix) at the cutoffs until now. `kinds`: of
    the processes that are averaged, whether each knows stopping after the first event.
    """
    if lessons.subjects is None or lessons.moments is None or not len(lessons.current):
        return 1.0
    now = float(lessons.moments[lessons.current].max())
    rows = np.flatnonzero((table[:, 0] >= 1) & (lessons.moments <= now) & ~np.isnan(table).any(axis=1))
    if len(rows) < MIN_SUBJECTS:
        return 1.0
    begun = float(np.quantile(lessons.moments[rows] - table[rows, 1], 0.01))
    span = max(now - begun, 1e-9)
    shares = sorted({max(LEAST, 1 / (1 + times * horizon / span)) for times in ALIKE})
    found = [
        point
        for share in shares
        if (point := _point(table, lessons.subjects, lessons.moments, rows, begun + share * span, kinds))
    ]
    if not found:
        return 1.0
    reading, came = (float(np.mean(part)) for part in zip(*found, strict=True))
    trust = LEVEL_SD**2 / (LEVEL_SD**2 + NOISE**2 + 1 / came)
    return float(np.exp(trust * reading))


def _point(
    table: Floats, subjects: Rows, moments: Floats, rows: Rows, origin: float, kinds: Sequence[bool]
) -> tuple[float, float] | None:
    """From one origin until now: the logarithm of the clock's reading over the time it took, and what came."""
    start, end = _latest(subjects, moments, rows, origin), _latest(subjects, moments, rows, np.inf)
    if len(start) < MIN_SUBJECTS:
        return None
    seen = table[start]
    end = end[np.searchsorted(subjects[end], subjects[start])]
    took, more = moments[end] - moments[start], table[end, 0] - seen[:, 0]
    history = History(
        repeats=seen[:, 0] - 1, last=np.where(seen[:, 0] > 1, np.clip(seen[:, 1] - seen[:, 2], 0, None), 0.0),
        tenure=np.maximum(seen[:, 1], 0.0),
    )  # fmt: skip
    came = float(more[took > 0].sum())
    if came < MIN_EVENTS:
        return None
    return _reading([fit(history, first=first) for first in kinds], history, took, came), came


def _latest(subjects: Rows, moments: Floats, rows: Rows, at: float) -> Rows:
    """Of each subject its last row by `at`, in the order of subjects."""
    early = rows[moments[rows] <= at]
    order = early[np.lexsort((moments[early], subjects[early]))]
    last = np.r_[subjects[order][1:] != subjects[order][:-1], True] if len(order) else np.zeros(0, bool)
    return order[last]


def _reading(processes: list[Process], history: History, took: Floats, came: float) -> float:
    """The logarithm of the multiple of the time in which as many events as came would have been expected."""
    table = np.column_stack([history.repeats, history.last, history.tenure, took])
    distinct, many = np.unique(table, axis=0, return_counts=True)
    part = History(repeats=distinct[:, 0], last=distinct[:, 1], tenure=distinct[:, 2])
    expected = [
        float(np.mean([many @ process.mean(part, distinct[:, 3] * times) for process in processes])) for times in CLOCK
    ]
    return float(np.interp(np.log(came), np.log(np.maximum(expected, 1e-9)), np.log(CLOCK)))
