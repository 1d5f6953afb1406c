"""Whether the promise was kept on later data: lines found at each fold's start, applied to that fold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict._weights import mean
from sightline.kernel.predict.backtest import Backtest
from sightline.kernel.predict.promise import effective, sides, wilson
from sightline.language.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of the subjects on which one side would have acted by itself."""

    side: str
    folds: int
    """On how many folds there was a line."""
    subjects: int
    """Beyond the lines."""
    coverage: float
    """Their share of all judged."""
    precision: float | None
    interval: tuple[float, float] | None
    """90 %, respecting clusters; each end is a one-sided 95 % bound."""

    def broken(self, promise: float) -> bool:
        """Whether fewer were right than promised."""
        return self.precision is not None and self.precision < promise

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "folds": self.folds,
            "subjects": self.subjects,
            "coverage": self.coverage,
            "precision": self.precision,
            "interval": list(self.interval) if self.interval else None,
        }


def kept(question: Question, test: Backtest, promise: float) -> dict[str, Kept]:
    """By side. Of a flat table each part's lines come from the other parts."""
    hits: dict[str, list[tuple[Rows, Floats]]] = {"yes": [], "no": []}
    for fold in test.folds:
        earlier = _earlier(test, fold.rows, at=fold.start)
        told, known = test.model.value[earlier], test.clock.answers(fold.start).value[earlier]
        for side in sides(question, told, known, test.clusters[earlier], promise, test.weights[earlier]):
            if side.line is not None:
                p, yes = test.model.value[fold.rows], test.truth[fold.rows]
                own, right = (p, yes) if side.side == "yes" else (1 - p, 1 - yes)
                beyond = own >= side.line
                hits[side.side].append((fold.rows[beyond], right[beyond]))
    return {side: _kept(side, found, test) for side, found in hits.items()}


def _earlier(test: Backtest, asked: Rows, *, at: datetime) -> Rows:
    """The predictions of earlier folds whose answers counted by then."""
    told, known = test.model.value, test.clock.answers(at).value
    heard = ~np.isnan(told) & ~np.isnan(known)
    heard[asked] = False
    return np.flatnonzero(heard)


def _kept(side: str, found: list[tuple[Rows, Floats]], test: Backtest) -> Kept:
    rows = np.concatenate([part for part, _ in found]) if found else np.zeros(0, np.int64)
    right = np.concatenate([part for _, part in found]) if found else np.zeros(0)
    weights = test.weights[rows]
    precision = mean(right, weights) if len(right) else None
    return Kept(
        side=side,
        folds=len(found),
        subjects=len(rows),
        coverage=float(weights.sum()) / float(test.weights[test.judged].sum()) if len(rows) else 0.0,
        precision=precision,
        interval=_interval(right, test.clusters[rows], weights) if len(right) else None,
    )


def _interval(right: Floats, clusters: Rows, weights: Floats) -> tuple[float, float]:
    """Wilson's, for as many answers as these amount to."""
    many = effective(right, clusters, weights)
    share = mean(right, weights)
    return wilson(share, many), 1 - wilson(1 - share, many)
