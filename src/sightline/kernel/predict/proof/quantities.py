"""The figures of forecasts of quantities: how far off, how true in all, how often the interval holds the answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from sightline.kernel.predict import metrics, quantity
from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict._weights import mean as mean_of
from sightline.kernel.predict.backtest import Backtest
from sightline.kernel.predict.limits import MIN_JUDGED
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.proof import chances
from sightline.kernel.predict.proof.view import View
from sightline.language.proof import Verdict

BINS = 10
WRONG = 10
"""How many of the forecasts farthest off are shown."""

USUAL, OWN = "what is usual: mean and median of the recent answers", "what the subject's own past goes on to"

NAMES = ("mae", "rmse", "total_ratio", "coverage", "width", "pinball", "concordance")


def figures(test: Backtest, view: View, rng: np.random.Generator) -> dict[str, Any]:
    """`metrics`, `baseline` and `lift` of the document; those of a chance in it are null.

    The baseline is the better one (by absolute error) of what is usual and of what the subject's own past goes on to.
    """
    empty = chances.nothing()
    naive = _naive(test, view)
    weights = view.weights
    what, (mean, median) = min(naive.items(), key=lambda one: _off(view, one[1][1]))
    gain = quantity.absolute(median, view.truth) - quantity.absolute(view.median, view.truth)
    squares = quantity.squared(mean, view.truth) - quantity.squared(view.value, view.truth)
    alone = quantity.absolute(view.attributes_median, view.truth) - quantity.absolute(view.median, view.truth)
    low, high = metrics.mean_interval(gain, view.clusters, rng, weights)
    attributes = scores(view, view.attributes, view.attributes_median)
    return {
        "metrics": {
            **empty["metrics"],
            **scores(view, view.value, view.median),
            "mae_interval": list(
                metrics.mean_interval(quantity.absolute(view.median, view.truth), view.clusters, rng, weights)
            ),
            **_spread(view),
        },
        "baseline": {
            **empty["baseline"],
            **scores(view, mean, median),
            "what": what,
            "naive": {name: scores(view, *told) for name, told in naive.items()},
            "attributes": attributes,
        },
        "lift": {
            "over": what,
            "difference": mean_of(gain, weights),
            "interval": [low, high],
            "claimed": low > 0,
            "of": "absolute error of the median",
            "squared_error": mean_of(squares, weights),
            "squared_error_interval": list(metrics.mean_interval(squares, view.clusters, rng, weights)),
            "over_attributes": _compared(alone, view, rng),
        },
    }


def nothing() -> dict[str, Any]:
    """The same where nothing could be measured."""
    empty = chances.nothing()
    none = dict.fromkeys(NAMES)
    return {
        "metrics": {**empty["metrics"], **none},
        "baseline": {**empty["baseline"], **none},
        "lift": {**empty["lift"], "over": USUAL},
    }


def verdict(figures: dict[str, Any] | None, view: View) -> Verdict:
    """To be used where its median or its mean is off by less than the baseline's beyond doubt, and neither by more.

    The mean counts too: where most answers are nothing the median of everybody is nothing, and all the same some are
    worth ten times as much as others.
    """
    if figures is None or view.independent < MIN_JUDGED:
        return Verdict.DO_NOT_USE
    median, mean = figures["lift"]["interval"], figures["lift"]["squared_error_interval"]
    better = median[0] > 0 or mean[0] > 0
    worse = median[1] < 0 or mean[1] < 0
    return Verdict.USE if better and not worse else Verdict.DO_NOT_USE


def scores(view: View, mean: Floats, median: Floats) -> dict[str, float | None]:
    """Of one forecast of the judged."""
    seen, truth, weights = view.observed, view.truth, view.weights
    return {
        "mae": _off(view, median),
        "mae_observed": mean_of(quantity.absolute(median, truth)[seen], weights[seen]) if seen.any() else None,
        "rmse": float(np.sqrt(mean_of(quantity.squared(mean, truth), weights))),
        "total_ratio": quantity.total_ratio(mean, truth, weights),
        "concordance": quantity.concordance(mean, truth, weights),
    }


def _off(view: View, median: Floats) -> float:
    """By how much a median is off on average."""
    return mean_of(quantity.absolute(median, view.truth), view.weights)


def reliability(view: View) -> list[dict[str, Any]]:
    """Ten groups of like mean, and what came on average."""
    inside = quantity.covered(view.low, view.high, view.truth, view.observed)
    return [
        {
            "from": float(view.value[b].min()),
            "to": float(view.value[b].max()),
            "mean_forecast": mean_of(view.value[b], held),
            "mean_answer": mean_of(view.truth[b], held),
            "coverage": mean_of(inside[b].astype(np.float64), held),
            "subjects": round(float(held.sum())),
        }
        for b, held in metrics.bins(view.value, view.weights)
    ]


def wrong(prepared: Prepared, view: View) -> list[dict[str, Any]]:
    """The answers farthest outside their intervals."""
    outside = np.maximum(np.where(view.observed, view.low - view.truth, 0), view.truth - view.high)
    eligible, found = prepared.asked.eligible, []
    for i in np.argsort(-outside, kind="stable")[:WRONG]:
        if outside[i] <= 0:
            break
        row = eligible.row(int(view.rows[i]), named=True)
        found.append(
            {
                "subject": f"{prepared.question.of}/{row['key']}",
                "cutoff": row["cutoff"].isoformat(),
                "quantity": float(view.median[i]),
                "low": float(view.low[i]),
                "high": float(view.high[i]),
                "came": float(view.truth[i]),
                "worth": row["worth"],
            }
        )
    return found


def _naive(test: Backtest, view: View) -> dict[str, tuple[Floats, Floats]]:
    """Mean and median of what is told without a model. Where nothing was usual yet it is nothing at all."""
    mean, median = (np.nan_to_num(values[view.rows]) for values in (test.usual.value, test.usual.median))
    found = {USUAL: (mean, median)}
    own = test.own[view.rows]
    if not np.isnan(own).any():
        found[OWN] = (own, own)
    return found


def _spread(view: View) -> dict[str, Any]:
    told = (view.low, view.median, view.high)
    inside, weights = quantity.covered(view.low, view.high, view.truth, view.observed), view.weights
    return {
        "coverage": mean_of(inside.astype(np.float64), weights),
        "coverage_promised": 0.9,
        "width": mean_of(view.high - view.low, weights),
        "pinball": mean_of(quantity.pinball(told, view.truth), weights),
        "censored": mean_of((~view.observed).astype(np.float64), weights),
        "forecast_total": float((weights * view.value).sum()),
        "came_total": float((weights * view.truth).sum()),
    }


def _compared(gain: Floats, view: View, rng: np.random.Generator) -> dict[str, Any]:
    low, high = metrics.mean_interval(gain, view.clusters, rng, view.weights)
    return {"difference": mean_of(gain, view.weights), "interval": [low, high], "claimed": low > 0}
