"""Quantiles of answers, and of answers about a mean forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict._weights import given, kish
from sightline.kernel.predict._weights import mean as mean_of

LOW, MEDIAN, UP = 0.05, 0.5, 0.95
"""A 90 % interval and its middle."""

KNOTS = 12
"""Groups of equal size, by mean forecast, whose answers are looked at together."""

LEAST = 30
"""Answers in a group."""


def quantiles(values: Floats, q: float, weights: Floats | None = None) -> float:
    """The weighted quantile, the smallest value with at least a share `q` at or below; moved outward for few values.

    The level is that of one more value (Vovk, Gammerman and Shafer 2005, section 2): q (n + 1) / n above the middle, n
    being how many values of equal weight they amount to.
    """
    weights = given(weights, len(values))
    n = kish(weights)
    level = q if q == MEDIAN else (min(1.0, q * (n + 1) / n) if q > MEDIAN else max(0.0, (q * (n + 1) - 1) / n))
    order = np.argsort(values, kind="stable")
    held = np.cumsum(weights[order])
    at = int(np.searchsorted(held, level * held[-1] * (1 - 1e-12)))
    return float(values[order][min(at, len(values) - 1)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Median, 5 % and 95 % of the answer given its mean forecast, read off forecasts of answers that were not known."""

    knots: Floats
    """Mean forecasts, ascending."""
    quantiles: Floats
    """3 x knots: low, median, high of the answers there."""
    floor: float | None
    """No answer is below (0 of counts); None: no such bound."""
    ceiling: float | None

    @classmethod
    def fit(
        cls,
        mean: Floats,
        answers: Floats,
        weights: Floats | None = None,
        *,
        floor: float | None,
        ceiling: float | None = None,
    ) -> Around:
        """From at least one forecast and its answer, of weights alike by default; aligned arrays."""
        weights = given(weights, len(answers))
        order = np.argsort(mean, kind="stable")
        parts = np.array_split(order, max(1, min(KNOTS, len(order) // LEAST)))
        knots = np.array([mean_of(mean[part], weights[part]) for part in parts])
        found = np.array([[quantiles(answers[part], q, weights[part]) for part in parts] for q in (LOW, MEDIAN, UP)])
        if floor is not None:
            found = np.maximum.accumulate(found, axis=1)
        knots, kept = np.unique(knots, return_index=True)
        return cls(knots=knots, quantiles=found[:, kept], floor=floor, ceiling=ceiling)

    def __call__(self, mean: Floats) -> tuple[Floats, Floats, Floats]:
        """Low, median and high per mean forecast. Beyond the knots the distance stays, of counts the proportion."""
        inside = np.clip(mean, self.knots[0], self.knots[-1])
        found = np.array([np.interp(inside, self.knots, line) for line in self.quantiles])
        if self.floor is not None:
            found = found * np.where(inside > 0, np.maximum(mean, 0) / np.where(inside > 0, inside, 1), 1.0)
        else:
            found = found + (mean - inside)
        found = np.clip(found, self.floor, self.ceiling)
        low, median, high = np.sort(found, axis=0)
        return low, median, high

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "knots": self.knots.tolist(),
            "quantiles": self.quantiles.tolist(),
            "floor": self.floor,
            "ceiling": self.ceiling,
        }

    @classmethod
    def read(cls, document: dict[str, Any]) -> Around:
        """What `document` gave."""
        return cls(
            knots=np.array(document["knots"], np.float64),
            quantiles=np.array(document["quantiles"], np.float64),
            floor=document["floor"],
            ceiling=document["ceiling"],
        )
