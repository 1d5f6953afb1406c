"""Forecasts of whoever is open, the most expected loss first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.special import expit

from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict.duty import Told
from sightline.kernel.predict.explain import explain
from sightline.kernel.predict.population import Population
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.trained import Trained
from sightline.language.prediction import Prediction, Reason
from sightline.language.question import Question
from sightline.language.ref import Ref

TOP = 500
"""How many of the first are explained at once; the others are when they are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What is forecast at one moment, and where everybody else stands."""

    predictions: list[Prediction]
    population: dict[str, Any]
    """JSON-ready: now, counts, later and overdue (subjects with their days), excluded."""


def score(trained: Trained, prepared: Prepared, *, usable: bool = True, reasons_for_top: int | None = TOP) -> Scored:
    """Predict every open subject as of its own cutoff; the most expected loss first.

    `usable`: whether the proof lets the model be used; if not, nobody is forecast and only the population is told.
    `reasons_for_top`: explain only so many of the first (`why` does the others on reading); None: all.
    """
    told = standing_document(prepared.question, prepared.population)
    rows = open_rows(prepared) if usable else np.zeros(0, np.int64)
    if not len(rows):
        return Scored(predictions=[], population=told)
    value = trained.tell(prepared.matrix.rows(rows))
    rows, value = _known(rows, value)
    low, high = interval(trained, prepared.matrix.rows(rows), value)
    order = _ranked(trained, prepared, rows, value)
    top = order if reasons_for_top is None else order[:reasons_for_top]
    first = prepared.matrix.rows(rows[np.array(top, np.int64)])
    why = dict(zip(top, explain(trained, prepared.question, prepared.kind, first), strict=True))
    asked = prepared.asked.eligible[rows]
    predictions = [
        _prediction(trained, prepared.question, asked.row(i, named=True), value, (low[i], high[i]), i, why.get(i, ()))
        for i in order
    ]
    return Scored(predictions=predictions, population=told)


def open_rows(prepared: Prepared) -> Rows:
    """The positions of those who are open, among the eligible."""
    at = ["key", "cutoff"]
    where = prepared.asked.eligible.select(*at).with_row_index("position")
    return where.join(prepared.population.open.select(*at), on=at, how="semi")["position"].to_numpy().astype(np.int64)


def _known(rows: Rows, told: Told) -> tuple[Rows, Told]:
    """Without those of whom nothing can be told: a quantity of which no answer was ever known."""
    there = ~np.isnan(told.value)
    parts = {name: getattr(told, name)[there] for name in ("value", "median", "low", "high")}
    return rows[there], Told(**parts)


def interval(trained: Trained, matrix: Matrix, told: Told) -> tuple[Floats, Floats]:
    """Where the calibrated share of subjects like these may lie, or a quantity itself: from and to."""
    if trained.recent is None:
        return told.low, told.high
    said = trained.model.say(matrix)
    if not len(trained.recent.probability) and said.low is not None and said.high is not None:
        # Nothing was ever forecast and answered: the prior knows how few answers it is made of.
        return np.minimum(expit(said.low), told.value), np.maximum(expit(said.high), told.value)
    return trained.recent.interval(told.value)


def _ranked(trained: Trained, prepared: Prepared, rows: Rows, told: Told) -> list[int]:
    asked = prepared.asked.eligible[rows]
    worth = asked["worth"].fill_null(0.0).to_numpy()
    lost = told.value * worth if trained.task.chance else worth
    keys, cutoffs = asked["key"].to_list(), asked["cutoff"].to_list()
    return sorted(range(len(rows)), key=lambda i: (-lost[i], -told.value[i], keys[i], cutoffs[i]))


def _prediction(
    trained: Trained,
    question: Question,
    asked: dict[str, Any],
    told: Told,
    interval: tuple[float, float],
    i: int,
    why: tuple[Reason, ...],
) -> Prediction:
    chance, value, worth = trained.task.chance, float(told.value[i]), asked["worth"]
    lost = None if worth is None else value * worth if chance else worth
    return Prediction(
        question=question.name,
        subject=Ref(question.of, asked["key"]),
        cutoff=asked["cutoff"],
        deadline=asked["deadline"],
        probability=value if chance else None,
        low=float(interval[0]),
        high=float(interval[1]),
        worth=worth,
        expected_loss=lost,
        model=trained.version,
        reasons=why,
        quantity=None if chance else float(told.median[i]),
        mean=None if chance else value,
    )


def standing_document(question: Question, population: Population) -> dict[str, Any]:
    """Where everybody stands who is not forecast, as JSON."""

    def told(frame: pl.DataFrame) -> list[dict[str, Any]]:
        columns = ("key", "cutoff", "deadline", "worth")
        return [
            {
                "subject": f"{question.of}/{key}",
                "cutoff": cutoff.isoformat(),
                "deadline": deadline.isoformat(),
                "worth": worth,
            }
            for key, cutoff, deadline, worth in frame.select(columns).iter_rows()
        ]

    return {
        "now": population.now.isoformat(),
        "counts": population.counts(),
        "later": told(population.later),
        "overdue": told(population.overdue),
    }
