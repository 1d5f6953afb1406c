"""The model beside the champion, as paired differences on those asked after all the champion learned from."""

from __future__ import annotations

from typing import Any

import numpy as np

from sightline.kernel.predict import metrics, quantity
from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict._weights import mean
from sightline.kernel.predict.backtest import Backtest
from sightline.kernel.predict.limits import MIN_JUDGED


def rival(test: Backtest, rng: np.random.Generator) -> dict[str, Any] | None:
    """`champion` of the document; None without one. A difference above zero speaks for the new model."""
    if test.rival is None:
        return None
    told = test.champion
    rows = _both(test) if told is not None else np.zeros(0, np.int64)
    clusters = test.clusters[rows]
    found: dict[str, Any] = {
        "version": test.rival.version,
        "as_of": test.rival.as_of.isoformat(),
        "judged": len(rows),
        "clusters": len(np.unique(clusters)),
        "of": "log-loss" if test.task.chance else "absolute error of the median",
        "difference": None,
        "interval": None,
        "better": False,
        "worse": False,
    }
    if told is None or found["clusters"] < MIN_JUDGED:
        return {**found, "words": "Too few were asked since the champion was trained to compare with it."}
    gain, weights = _gain(test, rows), test.weights[rows]
    low, high = metrics.mean_interval(gain, clusters, rng, weights)
    words = "Neither is better than the other beyond doubt."
    if low > 0:
        words = "Better than the champion beyond doubt."
    elif high < 0:
        words = "Worse than the champion beyond doubt."
    difference = {"difference": mean(gain, weights), "interval": [low, high], "better": low > 0, "worse": high < 0}
    return {**found, **difference, "words": words}


def _both(test: Backtest) -> Rows:
    assert test.champion is not None
    judged = test.judged
    return judged[~np.isnan(test.champion.value[judged]) & ~np.isnan(test.model.value[judged])]


def _gain(test: Backtest, rows: Rows) -> Floats:
    assert test.champion is not None
    truth = test.truth[rows]
    if test.task.chance:
        return metrics.log_losses(test.champion.value[rows], truth) - metrics.log_losses(test.model.value[rows], truth)
    return quantity.absolute(test.champion.median[rows], truth) - quantity.absolute(test.model.median[rows], truth)
