"""How much of the money at stake in yes answers stands at the top of the list."""

from __future__ import annotations

from typing import Any

import numpy as np

from sightline.kernel.predict._matrix import Floats

TOP = 0.1
"""The share of subjects somebody has time for."""


def caught(probability: Floats, yes: Floats, worth: Floats) -> dict[str, Any] | None:
    """Share of the yes-money in the top tenth: by probability times worth, by worth, by probability, and at random."""
    worth = np.nan_to_num(worth, nan=0.0)
    at_stake = float((worth * yes).sum())
    if at_stake <= 0:
        return None
    top = max(1, round(len(yes) * TOP))

    def share(rank: Floats) -> float:
        chosen = np.argsort(-rank, kind="stable")[:top]
        return float((worth * yes)[chosen].sum()) / at_stake

    return {
        "top": TOP,
        "at_stake": at_stake,
        "by_expected_loss": share(probability * worth),
        "by_worth": share(worth),
        "by_probability": share(probability),
        "at_random": top / len(yes),
    }
