"""How much of the money at stake in yes answers stands at the top of the list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict._weights import given

TOP = 0.1
"""The share of subjects somebody has time for."""

POINTS = 50
"""Steps of the curve, at equal shares of the subjects."""


def caught(probability: Floats, yes: Floats, worth: Floats, weights: Floats | None = None) -> dict[str, Any] | None:
    """Share of the yes-money in the top tenth: by probability times worth, by worth, by probability, and at random.

    With `curve`: the same at every share of the subjects from 0 to 1. None where nothing was lost. `weights`: for how
    many subjects each one stands; one by default.
    """
    worth, weights = np.nan_to_num(worth, nan=0.0), given(weights, len(yes))
    lost = weights * (worth * yes)
    at_stake = float(lost.sum())
    if at_stake <= 0:
        return None
    many = round(float(weights.sum()))
    top = max(1, round(many * TOP))

    ranks = {"by_expected_loss": probability * worth, "by_worth": worth, "by_probability": probability}
    shares = {name: _shares(rank, lost, weights, many) for name, rank in ranks.items()}
    return {
        "top": TOP,
        "at_stake": at_stake,
        **{name: float(found[top]) for name, found in shares.items()},
        "at_random": top / many,
        "curve": [_point(shares, round(many * step / POINTS), many) for step in range(POINTS + 1)],
    }


def _shares(rank: Floats, lost: Floats, weights: Floats, many: int) -> Floats:
    """Of the money lost, the share among the first n of a ranking, n from 0 to `many`."""
    order = np.argsort(-rank, kind="stable")
    places, sums = (np.r_[0.0, np.cumsum(values[order])] for values in (weights, lost))
    found: Floats = np.interp(np.arange(many + 1), places, sums) / lost.sum()
    return found


def _point(shares: Mapping[str, Floats], first: int, of: int) -> dict[str, float]:
    return {"subjects": first / of, **{name: float(found[first]) for name, found in shares.items()}}
