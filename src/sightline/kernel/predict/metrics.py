"""Figures of a back-test, with intervals that respect clusters. Everything takes arrays and a random generator."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sightline.kernel.predict._matrix import Floats, Rows

REPEATS = 1000
"""Bootstrap samples."""

BLOCK = 4_000_000
"""Cells of the weight matrix held at a time (32 MB)."""

BINS = 10
"""Bins of equal size for the calibration error."""


def auc(score: Floats, yes: Floats) -> float:
    """Probability that a yes is ranked above a no, ties counting half; nan without both."""
    return float(_weighted_auc(score, yes, np.ones((1, len(yes))))[0])


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


def _draws(clusters: Rows, rng: np.random.Generator, repeats: int = REPEATS) -> Iterator[Floats]:
    """Bootstrap weights of the subjects, whole clusters drawn with replacement, a block of repeats at a time."""
    names, member = np.unique(clusters, return_inverse=True)
    step = max(1, BLOCK // max(1, len(clusters)))
    for at in range(0, repeats, step):
        many = min(step, repeats - at)
        yield rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=many)[:, member].astype(np.float64)


def auc_intervals(
    scores: tuple[Floats, Floats], yes: Floats, clusters: Rows, rng: np.random.Generator
) -> dict[str, tuple[float, float]]:
    """95 % cluster-bootstrap intervals: `auc` of the first score, `difference` of the first to the second, paired."""
    if len(np.unique(yes)) < 2:
        return {"auc": (0.0, 1.0), "difference": (-1.0, 1.0)}
    first, second = [], []
    for weights in _draws(clusters, rng):
        first.append(_weighted_auc(scores[0], yes, weights))
        second.append(_weighted_auc(scores[1], yes, weights))
    one, two = np.concatenate(first), np.concatenate(second)
    return {"auc": _interval(one), "difference": _interval(one - two)}


def mean_interval(values: Floats, clusters: Rows, rng: np.random.Generator) -> tuple[float, float]:
    """95 % cluster-bootstrap interval of a mean."""
    means = [(weights @ values) / weights.sum(axis=1) for weights in _draws(clusters, rng)]
    return _interval(np.concatenate(means))


def _interval(found: Floats) -> tuple[float, float]:
    low, high = np.nanquantile(found, (0.025, 0.975))
    return float(low), float(high)


def average_precision(score: Floats, yes: Floats) -> float:
    """Area under precision and recall as a step function; equal scores enter together."""
    if not yes.sum():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(yes[order])
    ends = np.r_[np.flatnonzero(np.diff(score[order])), len(yes) - 1]
    gained = np.diff(np.r_[0.0, hits[ends]])
    return float((gained / yes.sum() * hits[ends] / (ends + 1)).sum())


def brier(probability: Floats, yes: Floats) -> float:
    """Mean squared error of the probability (Brier 1950)."""
    return float(((probability - yes) ** 2).mean())


def log_losses(probability: Floats, yes: Floats) -> Floats:
    """Per subject, in nats."""
    found: Floats = -np.log(np.where(yes > 0, probability, 1 - probability))
    return found


def bins(probability: Floats) -> list[Rows]:
    """The subjects of each of ten bins of equal size, least probable first."""
    order = np.argsort(probability, kind="stable")
    return [part for part in np.array_split(order, BINS) if len(part)]


def calibration_error(probability: Floats, yes: Floats) -> float:
    """Expected calibration error over ten equal bins: mean distance of the share of yes from the probability."""
    return sum(len(b) * abs(float(yes[b].mean() - probability[b].mean())) for b in bins(probability)) / len(yes)


def calibration_floor(
    probability: Floats, clusters: Rows, rng: np.random.Generator, repeats: int = 300
) -> tuple[float, float]:
    """What a perfectly calibrated model would show for these probabilities: mean of simulated answers.

    First with answers independent of each other, then with one fate per cluster (the truth lies between).
    """
    names, member = np.unique(clusters, return_inverse=True)

    def error(draws: Floats) -> float:
        return calibration_error(probability, np.where(draws < probability, 1.0, 0.0))

    alone = [error(rng.random(len(member))) for _ in range(repeats)]
    shared = [error(rng.random(len(names))[member]) for _ in range(repeats)]
    return float(np.mean(alone)), float(np.mean(shared))
