"""How much of the money at stake in yes answers stands at the top of the list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sightline.kernel.predict._matrix import Floats

TOP = 0.1
"""The share of subjects somebody has time for."""

POINTS = 50
"""Steps of the curve, at equal shares of the subjects."""


def caught(probability: Floats, yes: Floats, worth: Floats) -> dict[str, Any] | None:
    """Share of the yes-money in the top tenth: by probability times worth, by worth, by probability, and at random.

    With `curve`: the same at every share of the subjects from 0 to 1. None where nothing was lost.
    """
    worth = np.nan_to_num(worth, nan=0.0)
    at_stake = float((worth * yes).sum())
    if at_stake <= 0:
        return None
    top = max(1, round(len(yes) * TOP))

    ranks = {"by_expected_loss": probability * worth, "by_worth": worth, "by_probability": probability}
    shares = {name: _shares(rank, worth * yes) for name, rank in ranks.items()}
    return {
        "top": TOP,
        "at_stake": at_stake,
        **{name: float(found[top]) for name, found in shares.items()},
        "at_random": top / len(yes),
        "curve": [_point(shares, round(len(yes) * step / POINTS), len(yes)) for step in range(POINTS + 1)],
    }


def _shares(rank: Floats, lost: Floats) -> Floats:
    """Of the money lost, the share among the first n of a ranking, n from 0."""
    found: Floats = np.r_[0.0, np.cumsum(lost[np.argsort(-rank, kind="stable")])] / lost.sum()
    return found


def _point(shares: Mapping[str, Floats], first: int, of: int) -> dict[str, float]:
    return {"subjects": first / of, **{name: float(found[first]) for name, found in shares.items()}}
