"""The parts of a proof that say how it was found: the split, the folds, what was tried, the model."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from sightline.kernel.predict import metrics, quantity
from sightline.kernel.predict._weights import mean
from sightline.kernel.predict.backtest import Backtest, Fold
from sightline.kernel.predict.limits import ORIGIN
from sightline.kernel.predict.models.rung import Fitted
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.proof.view import View


def split(prepared: Prepared, test: Backtest, view: View) -> dict[str, Any]:
    """What was learned from and what was judged."""
    return {
        "how": _how(test),
        "origin": test.origin.isoformat(),
        "until": prepared.now.isoformat(),
        "folds": len(test.folds),
        "judged": len(view.rows),
        "judged_yes": int(view.truth.sum()) if test.task.chance else None,
        "clusters": view.independent,
        "together": prepared.question.together,
        "trained_on": int((~np.isnan(test.truth)).sum()),
    }


def _how(test: Backtest) -> str:
    if test.timeless:
        return (
            f"{len(test.folds)} random parts, whole clusters each; every part is asked once by a model of the others,"
            " of the kind that the others chose. A flat table has no earlier part: the leak audit, the features worth"
            " their time and the two numbers of the calibration were read from all of it"
        )
    days = _days(test)
    return (
        f"rolling origin from the {ORIGIN:.0%} quantile of cutoffs, retrained every {days} days on what was known and"
        f" mature then; {test.compared} folds before it choose the kind of model and give the first calibration"
    )


def _days(test: Backtest) -> int:
    spans = [(fold.until - fold.start).days for fold in test.folds]
    return round(float(np.median(spans))) if spans else 0


def folds(test: Backtest) -> list[dict[str, Any]]:
    """Each retraining with what became of those asked until the next."""
    return [_fold(test, fold) for fold in test.folds]


def _fold(test: Backtest, fold: Fold) -> dict[str, Any]:
    truth, told, naive = (values[fold.rows] for values in (test.truth, test.model.value, test.attributes.value))
    weights = test.weights[fold.rows]
    chance = test.task.chance
    found: dict[str, Any] = {
        "from": fold.start.isoformat(),
        "until": (max(fold.start, fold.until - timedelta(microseconds=1))).isoformat(),
        "trained_on": fold.trained_on,
        "asked": len(fold.rows),
        "yes": int(truth.sum()) if chance else None,
        "auc": metrics.auc(told, truth, weights) if chance else None,
        "auc_attributes": metrics.auc(naive, truth, weights) if chance else None,
        "rung": fold.rungs[0],
        "rung_attributes": fold.rungs[1],
        "features": fold.features,
        "calibration": fold.duty.document(),
    }
    if chance:
        return {**found, "mean_probability": mean(told, weights)}
    medians = [one.median[fold.rows] for one in (test.model, test.attributes, test.usual)]
    inside = quantity.covered(test.model.low[fold.rows], test.model.high[fold.rows], truth, test.observed[fold.rows])
    return {
        **found,
        "mae": mean(quantity.absolute(medians[0], truth), weights),
        "mae_attributes": mean(quantity.absolute(medians[1], truth), weights),
        "mae_baseline": mean(quantity.absolute(medians[2], truth), weights),
        "total_ratio": quantity.total_ratio(told, truth, weights),
        "coverage": mean(inside.astype(np.float64), weights),
    }


def rungs(test: Backtest) -> list[dict[str, Any]]:
    """Which kinds of model were tried before the origin, simplest first, and how they did there.

    `error`: the standard error of how much worse than the best (`worse`), on the same examples.
    """
    choice = test.chosen.choice
    return [
        {
            "rung": one.rung,
            "loss": one.loss,
            "worse": one.worse,
            "error": one.error,
            "within": one.within,
            "examples": one.examples,
            "chosen": one.rung == test.chosen.rung,
        }
        for one in (choice.contest if choice else ())
    ]


def contest(test: Backtest) -> dict[str, Any]:
    """Why the chosen one won, and what the time did not allow to try."""
    return {"chosen": test.chosen.rung, "why": _why(test), "rungs": rungs(test), "untried": list(test.chosen.untried)}


def _why(test: Backtest) -> str:
    choice, rung = test.chosen.choice, test.chosen.rung
    if len(test.chosen.ladder) == 1:
        return "Too few answers for anything but what is usual."
    if choice is None:
        return f"Too few answers before the origin to compare anything: '{rung}' is the first step above what is usual."
    if choice.best == rung:
        return f"'{rung}' was off by the least before the origin, and nothing simpler was within noise of it."
    return f"'{choice.best}' was off by the least before the origin, but '{rung}' is simpler and within noise of it."


def model(test: Backtest, fitted: Fitted, version: str, used: int) -> dict[str, Any]:
    """The model on duty."""
    known = test.truth[~np.isnan(test.truth)]
    return {
        "version": version,
        "rung": fitted.name,
        "trained_on": len(known),
        "yes": int(known.sum()) if test.task.chance else None,
        "boosters": len(fitted.document().get("boosters") or ()),
        "features": used,
        "calibration": test.final.document(),
    }
