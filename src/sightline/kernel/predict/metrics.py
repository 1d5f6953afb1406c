"""Figures of a back-test, with intervals that respect clusters. Everything takes arrays and a random generator.

`weights` say for how many subjects each one stands; one by default.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict._weights import given, mean

REPEATS = 1000
"""Bootstrap samples."""

BLOCK = 4_000_000
"""Cells of the weight matrix held at a time (32 MB)."""

BINS = 10
"""Bins of equal size for the calibration error."""

SPECK = 1e-9
"""A part of a weight that is no more than rounding."""


def auc(score: Floats, yes: Floats, weights: Floats | None = None) -> float:
    """Probability that a yes is ranked above a no, ties counting half; nan without both."""
    return float(_weighted_auc(score, yes, given(weights, len(yes))[None, :])[0])


def _weighted_auc(score: Floats, yes: Floats, weights: Floats) -> Floats:
    """Per row of `weights` (repeats x subjects)."""
    if not len(yes):
        return np.full(len(weights), np.nan)
    order = np.argsort(score, kind="stable")
    weights, positive = weights[:, order], yes[order] > 0
    starts = np.flatnonzero(np.r_[True, np.diff(score[order]) > 0])
    pos = np.add.reduceat(weights * positive, starts, axis=1)
    neg = np.add.reduceat(weights * ~positive, starts, axis=1)
    below = np.cumsum(neg, axis=1) - neg
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = (pos * (below + neg / 2)).sum(axis=1) / (pos.sum(axis=1) * neg.sum(axis=1))
    return found


def _draws(clusters: Rows, weights: Floats, rng: np.random.Generator, repeats: int = REPEATS) -> Iterator[Floats]:
    """Bootstrap weights of the subjects, whole clusters drawn with replacement, a block of repeats at a time."""
    names, member = np.unique(clusters, return_inverse=True)
    step = max(1, BLOCK // max(1, len(clusters)))
    for at in range(0, repeats, step):
        many = min(step, repeats - at)
        drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=many)[:, member]
        yield drawn * weights


def auc_intervals(
    scores: tuple[Floats, Floats],
    yes: Floats,
    clusters: Rows,
    rng: np.random.Generator,
    weights: Floats | None = None,
) -> dict[str, tuple[float, float]]:
    """95 % cluster-bootstrap intervals: `auc` of the first score, `difference` of the first to the second, paired."""
    if len(np.unique(yes)) < 2:
        return {"auc": (0.0, 1.0), "difference": (-1.0, 1.0)}
    first, second = [], []
    for drawn in _draws(clusters, given(weights, len(yes)), rng):
        first.append(_weighted_auc(scores[0], yes, drawn))
        second.append(_weighted_auc(scores[1], yes, drawn))
    one, two = np.concatenate(first), np.concatenate(second)
    return {"auc": _interval(one), "difference": _interval(one - two)}


def mean_interval(
    values: Floats, clusters: Rows, rng: np.random.Generator, weights: Floats | None = None
) -> tuple[float, float]:
    """95 % cluster-bootstrap interval of a mean."""
    draws = _draws(clusters, given(weights, len(values)), rng)
    means = [(drawn @ values) / drawn.sum(axis=1) for drawn in draws]
    return _interval(np.concatenate(means))


def _interval(found: Floats) -> tuple[float, float]:
    low, high = np.nanquantile(found, (0.025, 0.975))
    return float(low), float(high)


def average_precision(score: Floats, yes: Floats, weights: Floats | None = None) -> float:
    """Area under precision and recall as a step function; equal scores enter together."""
    if not yes.sum():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    heavy = given(weights, len(yes))[order]
    hits, seen = np.cumsum(heavy * yes[order]), np.cumsum(heavy)
    ends = np.r_[np.flatnonzero(np.diff(score[order])), len(yes) - 1]
    gained = np.diff(np.r_[0.0, hits[ends]])
    return float((gained / hits[-1] * hits[ends] / seen[ends]).sum())


def brier(probability: Floats, yes: Floats, weights: Floats | None = None) -> float:
    """Mean squared error of the probability (Brier 1950)."""
    return mean((probability - yes) ** 2, given(weights, len(yes)))


def log_losses(probability: Floats, yes: Floats) -> Floats:
    """Per subject, in nats."""
    found: Floats = -np.log(np.where(yes > 0, probability, 1 - probability))
    return found


def bins(probability: Floats, weights: Floats | None = None) -> list[tuple[Rows, Floats]]:
    """The subjects of each of ten bins of equal size with their weights there, least probable first.

    Who stands for many may be in two bins, with a part of the weight in each.
    """
    order = np.argsort(probability, kind="stable")
    heavy = given(weights, len(order))[order]
    ends = np.cumsum(heavy)
    many = max(1, round(float(ends[-1]))) if len(ends) else 0
    found, low = [], 0.0
    for part in np.array_split(np.arange(many), BINS):
        high = low + len(part) * float(ends[-1]) / many if len(part) else low
        held = np.minimum(ends, high) - np.maximum(ends - heavy, low)
        inside = held > SPECK
        if inside.any():
            found.append((order[inside], held[inside]))
        low = high
    return found


def calibration_error(probability: Floats, yes: Floats, weights: Floats | None = None) -> float:
    """Expected calibration error over ten equal bins: mean distance of the share of yes from the probability."""
    parts = bins(probability, weights)
    off = sum(float(held.sum()) * abs(mean(yes[b], held) - mean(probability[b], held)) for b, held in parts)
    return off / float(given(weights, len(yes)).sum())


def calibration_floor(
    probability: Floats, clusters: Rows, rng: np.random.Generator, weights: Floats | None = None, repeats: int = 300
) -> tuple[float, float]:
    """What a perfectly calibrated model would show for these probabilities: mean of simulated answers.

    First with answers independent of each other, then with one fate per cluster (the truth lies between).
    """
    names, member = np.unique(clusters, return_inverse=True)

    def error(draws: Floats) -> float:
        return calibration_error(probability, np.where(draws < probability, 1.0, 0.0), weights)

    alone = [error(rng.random(len(member))) for _ in range(repeats)]
    shared = [error(rng.random(len(names))[member]) for _ in range(repeats)]
    return float(np.mean(alone)), float(np.mean(shared))
