"""What is said without any model: what the answers were of late, and what the subject itself did so far."""

from __future__ import annotations

import numpy as np

from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict._spec import Group
from sightline.kernel.predict._weights import given, mean, quantile
from sightline.kernel.predict.models.rung import Said
from sightline.language.question import Answer, Count, Next, Total

QUANTILES = (0.05, 0.5, 0.95)

HOURS = 24.0

WINDOWS = (30, 90, 365)
"""Days over which a subject's own events are counted (`_spec.Spec.measure`)."""

LEAST_AGE = 30.0
"""Days below which a rate so far says nothing about days to come: what is younger counts as so old."""


def base_rate(yes: Floats, weights: Floats) -> float:
    """The share of yes, held away from never and always."""
    return float((yes @ weights + 0.5) / (weights.sum() + 1))


def typical(answers: Floats, rows: int, weights: Floats | None = None) -> Said:
    """Of `rows` subjects the mean and the quantiles of `answers` (one or more), of weights alike by default."""
    weights = given(weights, len(answers))
    low, median, high = (quantile(answers, level, weights) for level in QUANTILES)
    return Said(
        score=np.full(rows, mean(answers, weights)),
        median=np.full(rows, median),
        low=np.full(rows, low),
        high=np.full(rows, high),
    )


def own_rate(answer: Answer, matrix: Matrix, rows: Rows, horizon: float | None) -> Floats | None:
    """What the subject's own past goes on to: so often, so much, or so long between two. nan without a past.

    `horizon`: days. None where the answer has no past of its own (an attribute, no fixed time), and where it has a
    filter: what is counted of the past knows none, and would go on to events that are not asked about.
    """
    if not isinstance(answer, Count | Total | Next) or answer.where:
        return None
    if isinstance(answer, Next):
        gap = _column(matrix, rows, (answer.event,), "gap_mean")
        if gap is None:
            return None
        return np.asarray(np.clip(gap / HOURS, 0, horizon if horizon is not None else np.inf))
    if horizon is None:
        return None
    stem, of = ("count", (answer.event,)) if isinstance(answer, Count) else ("sum", (answer.event, answer.amount))
    days = next((window for window in WINDOWS if window >= horizon), WINDOWS[-1])
    found = _column(matrix, rows, of, f"{stem}_{days}")
    if found is None:
        return None
    age = _column(matrix, rows, ("age",), "age")
    lived = np.full(len(rows), float(days)) if age is None else np.clip(age / HOURS, LEAST_AGE, days)
    rate: Floats = found / np.where(np.isnan(lived), days, lived) * horizon
    return rate


def _column(matrix: Matrix, rows: Rows, of: tuple[str, ...], measure: str) -> Floats | None:
    for at, spec in enumerate(matrix.specs):
        if spec.group is Group.OWN and spec.of == of and spec.measure == measure:
            return np.asarray(matrix.values[rows, at], np.float64)
    return None
