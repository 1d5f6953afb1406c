"""The figures of probabilities: how well they rank, how true they are, and where they may act by themselves."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from sightline.kernel.predict import metrics
from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict._weights import mean
from sightline.kernel.predict.money import caught
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.promise import tails
from sightline.kernel.predict.proof.view import View
from sightline.language.proof import Side, Verdict

WRONG = 10
"""How many of the surest wrong predictions are shown."""


def scores(p: Floats, yes: Floats, weights: Floats) -> dict[str, float]:
    """Of one model."""
    return {
        "auc": metrics.auc(p, yes, weights),
        "average_precision": metrics.average_precision(p, yes, weights),
        "brier": metrics.brier(p, yes, weights),
        "log_loss": mean(metrics.log_losses(p, yes), weights),
        "calibration_error": metrics.calibration_error(p, yes, weights),
    }


def figures(view: View, rng: np.random.Generator) -> dict[str, Any]:
    """`metrics`, `baseline` and `lift` of the document."""
    weights = view.weights
    intervals = metrics.auc_intervals((view.p, view.attributes), view.yes, view.clusters, rng, weights)
    own, naive, base = (scores(p, view.yes, weights) for p in (view.p, view.attributes, view.base))
    alone, shared = metrics.calibration_floor(view.p, view.clusters, rng, weights)
    gain = metrics.log_losses(view.base, view.yes) - metrics.log_losses(view.p, view.yes)
    low, high = intervals["difference"]
    return {
        "metrics": {
            **own,
            "auc_interval": list(intervals["auc"]),
            "calibration_floor": shared,
            "calibration_floor_if_independent": alone,
        },
        "baseline": {
            **naive,
            "what": "a model of the subject's own attributes under the same retraining",
            "base_rate": base,
        },
        "lift": {
            "over": "attributes only",
            "difference": own["auc"] - naive["auc"],
            "interval": [low, high],
            "claimed": low > 0,
            "log_loss_over_base_rate": mean(gain, weights),
            "log_loss_over_base_rate_interval": list(metrics.mean_interval(gain, view.clusters, rng, weights)),
        },
    }


def nothing() -> dict[str, Any]:
    """The same where nothing could be measured."""
    names = ("auc", "average_precision", "brier", "log_loss", "calibration_error")
    empty = dict.fromkeys(names)
    return {
        "metrics": {**empty, "auc_interval": None, "calibration_floor": None},
        "baseline": {**empty, "base_rate": empty},
        "lift": {"over": "attributes only", "difference": None, "interval": None, "claimed": False},
    }


def verdict(figures: dict[str, Any] | None, found: tuple[Side, ...]) -> Verdict:
    """No use without a ranking better than chance and a log-loss better than the base rate's, both beyond doubt."""
    if figures is None:
        return Verdict.DO_NOT_USE
    ranks = figures["metrics"]["auc_interval"][0] > 0.5
    knows = figures["lift"]["log_loss_over_base_rate_interval"][0] > 0
    if not (ranks and knows):
        return Verdict.DO_NOT_USE
    return Verdict.USE if all(side.line is not None for side in found) else Verdict.USE_ABOVE


def money(prepared: Prepared, view: View) -> dict[str, Any] | None:
    """How much of what was lost stands at the top of the list; None where nothing is at stake."""
    if prepared.question.worth is None:
        return None
    worth = prepared.asked.eligible["worth"].fill_null(float("nan")).to_numpy()[view.rows]
    return caught(view.p, view.yes, worth, view.weights)


def lines(view: View, promise: float) -> dict[str, list[dict[str, Any]]]:
    """Every line tried on either side, so that a person sees how near the promise was."""
    tried = tails(view.p, view.yes, view.clusters, promise, view.weights)
    return {side: [asdict(tail) for tail in found] for side, found in tried.items()}


def reliability(view: View) -> list[dict[str, Any]]:
    """Ten groups of like probability, and how often they came out yes."""
    return [
        {
            "from": float(view.p[b].min()),
            "to": float(view.p[b].max()),
            "mean_probability": mean(view.p[b], held),
            "share_yes": mean(view.yes[b], held),
            "subjects": round(float(held.sum())),
        }
        for b, held in metrics.bins(view.p, view.weights)
    ]


def wrong(prepared: Prepared, view: View) -> list[dict[str, Any]]:
    """The surest predictions that came out otherwise."""
    eligible = prepared.asked.eligible
    far = np.argsort(-np.abs(view.p - view.yes), kind="stable")[:WRONG]
    found = []
    for i in far:
        row = eligible.row(int(view.rows[i]), named=True)
        answer = prepared.question.yes if view.yes[i] > 0 else prepared.question.no
        found.append(
            {
                "subject": f"{prepared.question.of}/{row['key']}",
                "cutoff": row["cutoff"].isoformat(),
                "probability": float(view.p[i]),
                "answer": answer,
                "worth": row["worth"],
            }
        )
    return found
