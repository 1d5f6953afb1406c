"""The figures of forecasts of quantities: how far off, how true in all, how often the interval holds the answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from sightline.kernel.predict import metrics, quantity
from sightline.kernel.predict._matrix import Floats
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
    what, (mean, median) = min(naive.items(), key=lambda one: float(quantity.absolute(one[1][1], view.truth).mean()))
    gain = quantity.absolute(median, view.truth) - quantity.absolute(view.median, view.truth)
    squares = quantity.squared(mean, view.truth) - quantity.squared(view.value, view.truth)
    alone = quantity.absolute(view.attributes_median, view.truth) - quantity.absolute(view.median, view.truth)
    low, high = metrics.mean_interval(gain, view.clusters, rng)
    attributes = scores(view, view.attributes, view.attributes_median)
    return {
        "metrics": {
            **empty["metrics"],
            **scores(view, view.value, view.median),
            "mae_interval": list(metrics.mean_interval(quantity.absolute(view.median, view.truth), view.clusters, rng)),
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
            "difference": float(gain.mean()),
            "interval": [low, high],
            "claimed": low > 0,
            "of": "absolute error of the median",
            "squared_error": float(squares.mean()),
            "squared_error_interval": list(metrics.mean_interval(squares, view.clusters, rng)),
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
    seen = view.observed
    return {
        "mae": float(quantity.absolute(median, view.truth).mean()),
        "mae_observed": float(quantity.absolute(median[seen], view.truth[seen]).mean()) if seen.any() else None,
        "rmse": float(np.sqrt(quantity.squared(mean, view.truth).mean())),
        "total_ratio": quantity.total_ratio(mean, view.truth),
        "concordance": quantity.concordance(mean, view.truth),
    }


def reliability(view: View) -> list[dict[str, Any]]:
    """Ten groups of like mean, and what came on average."""
    return [
        {
            "from": float(view.value[b].min()),
            "to": float(view.value[b].max()),
            "mean_forecast": float(view.value[b].mean()),
            "mean_answer": float(view.truth[b].mean()),
            "coverage": float(quantity.covered(view.low[b], view.high[b], view.truth[b], view.observed[b]).mean()),
            "subjects": len(b),
        }
        for b in metrics.bins(view.value)
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
    inside = quantity.covered(view.low, view.high, view.truth, view.observed)
    return {
        "coverage": float(inside.mean()),
        "coverage_promised": 0.9,
        "width": float((view.high - view.low).mean()),
        "pinball": float(quantity.pinball(told, view.truth).mean()),
        "censored": float((~view.observed).mean()),
        "forecast_total": float(view.value.sum()),
        "came_total": float(view.truth.sum()),
    }


def _compared(gain: Floats, view: View, rng: np.random.Generator) -> dict[str, Any]:
    low, high = metrics.mean_interval(gain, view.clusters, rng)
    return {"difference": float(gain.mean()), "interval": [low, high], "claimed": low > 0}
