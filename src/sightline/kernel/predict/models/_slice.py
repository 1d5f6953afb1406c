"""The most recent answers, held back while something is chosen."""

from __future__ import annotations

import numpy as np

from sightline.kernel.predict._matrix import Rows
from sightline.kernel.predict.models.rung import Lessons, Task

SLICE = 0.15
"""Their share."""


def recent(n: int) -> tuple[Rows, Rows]:
    """Positions of the earlier and of the most recent of `n` examples, oldest first; at least one is recent."""
    start = min(int(n * (1 - SLICE)), n - 1)
    return np.arange(start), np.arange(start, n)


def floor_of(task: Task, lessons: Lessons) -> float | None:
    """0 where answers cannot be negative: counts, days, and totals none of which was."""
    whole = task.form in {"count", "next"} or (task.form == "total" and lessons.answers.min(initial=0.0) >= 0)
    return 0.0 if whole else None
