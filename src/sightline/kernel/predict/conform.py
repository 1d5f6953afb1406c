"""Intervals of quantities that hold as often as they say, also while the times change.

A model's 5 % and 95 % quantiles are moved by how far answers lay beyond them (conformalized quantile regression,
Romano, Patterson and Candes 2019, each end on its own), in units of the interval's own width, on the most recent
out-of-time forecasts. How many of those must be held is adapted on the way: whenever more answers than promised fell
outside, stricter from then on (Gibbs and Candes 2021); several paces of adapting are run side by side and weighed by
how well each would have done (Gibbs and Candes 2024). Fixed intervals held .83 instead of .90 on invoices that drift.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict._weights import ROUNDING, given, kish, mean, mean_one

MISS = 0.05
"""The share of answers that may lie beyond either end."""

WINDOW = 500
"""The most recent forecasts whose answers say how far an end is moved."""

STEP = 20
"""Answers looked at together before adapting."""

BURN = 40
"""Answers before the first adapting."""

PACES = (0.0, 0.002, 0.005, 0.01, 0.02, 0.04)
"""How far the level is moved per answer, times what was missed. 0: fixed."""

BOLD = 0.5
"""How fast weight moves to the pace that did better, in units of the usual loss."""

SHARE = 0.05
"""Weight given anew to all paces at each step, so that none is forgotten."""

NARROW = 0.5
"""Of the mean width of all intervals, what is added to each when widths are taken for a unit: some have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformal:
    """How far each end of an interval is moved, in units of its width."""

    low: float = 0.0
    high: float = 0.0
    usual: float = 0.0
    """Mean width of the intervals it was learned from."""
    floor: float | None = None
    ceiling: float | None = None
    rows: int = 0
    """How many answers it was learned from."""

    def __call__(self, low: Floats, median: Floats, high: Floats) -> tuple[Floats, Floats]:
        """The 90 % intervals for a model's quantiles; the median lies within."""
        unit = _unit(low, high, self.usual)
        lower, upper = (
            np.clip(end, self.floor, self.ceiling) for end in (low - self.low * unit, high + self.high * unit)
        )
        return np.minimum(lower, median), np.maximum(upper, median)

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "low": self.low,
            "high": self.high,
            "usual": self.usual,
            "floor": self.floor,
            "ceiling": self.ceiling,
            "rows": self.rows,
        }


def conform(
    low: Floats,
    high: Floats,
    answers: Floats,
    weights: Floats | None = None,
    *,
    floor: float | None = None,
    ceiling: float | None = None,
) -> Conformal:
    """From out-of-time quantiles and the answers that followed; aligned arrays, oldest first. Without any: as they are.

    `weights`: how much each counts beside the others; alike by default. `floor`, `ceiling`: bounds no answer crosses
    (0 of counts, the horizon of `next`).
    """
    if not len(answers):
        return Conformal(floor=floor, ceiling=ceiling)
    weights = mean_one(given(weights, len(answers)))
    usual = mean(high - low, weights)
    unit = _unit(low, high, usual)
    below, above = (_moved(beyond, weights) for beyond in ((low - answers) / unit, (answers - high) / unit))
    return Conformal(low=below, high=above, usual=usual, floor=floor, ceiling=ceiling, rows=len(answers))


def _unit(low: Floats, high: Floats, usual: float) -> Floats:
    found = (high - low) + NARROW * usual
    return np.where(found > 0, found, 1.0)


def _moved(beyond: Floats, weights: Floats) -> float:
    """How far an end is moved now, given how far beyond it each answer lay so far."""
    levels, trusts = np.full(len(PACES), MISS), np.full(len(PACES), 1 / len(PACES))
    usual = mean(np.abs(beyond), weights) or 1.0
    for at in range(min(BURN, len(beyond)), len(beyond), STEP):
        seen, now = slice(max(0, at - WINDOW), at), slice(at, at + STEP)
        ends = np.array([_end(beyond[seen], weights[seen], level) for level in levels])
        off, heavy = beyond[now][None, :] - ends[:, None], weights[now]
        losses = (heavy * np.maximum((1 - MISS) * off, -MISS * off)).sum(axis=1) / heavy.sum() / usual
        trusts = trusts * np.exp(-BOLD * heavy.sum() * losses)
        trusts = (1 - SHARE) * trusts / trusts.sum() + SHARE / len(PACES)
        missed = (heavy * (off > 0)).sum(axis=1)
        levels = np.clip(levels + np.array(PACES) * (heavy.sum() * MISS - missed), 0.0, 0.5)
    return _end(beyond[-WINDOW:], weights[-WINDOW:], float(trusts @ levels))


def _end(seen: Floats, weights: Floats, level: float) -> float:
    """The end that a share 1 - `level` of those seen and of the next one does not pass (split conformal).

    With weights (Tibshirani et al. 2019) the next one weighs what one drawn among those they stand for does. Where so
    few were seen that no finite end holds for sure, the farthest, and as far again as it lies from the middle.
    """
    if not len(seen):
        return 0.0
    order = np.argsort(seen, kind="stable")
    ranked, held, many = seen[order], np.cumsum(weights[order]), kish(weights)
    whole = float(held[-1])
    needed = (whole + whole / many) * (1 - level)
    if needed <= whole:
        return float(ranked[np.searchsorted(held, needed)])
    lacking = min(1.0, 1 / (many + 1) / MISS) if level > 0 else 1.0
    half = whole / 2 * (1 - ROUNDING), whole / 2 * (1 + ROUNDING)
    middle = ranked[np.searchsorted(held, half)].mean()
    return float(ranked[-1] + lacking * (ranked[-1] - middle))
