"""From which line on a predicted side is right as often as promised: where acting by itself is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict._weights import ROUNDING, given, independent, kish, mean
from sightline.language.proof import Side
from sightline.language.question import Question

PROMISE = 0.95
"""Precision promised beyond the line, by default."""

Z = 1.6448536269514722
"""One-sided 95 %."""

STEPS = 50
"""Lines tried, at equal shares of the subjects, from the strictest inwards."""


@dataclass(frozen=True, slots=True)
class Tail:
    """What was right beyond one line."""

    line: float
    precision: float
    bound: float
    """Lower one-sided 95 % bound of the precision, respecting clusters."""
    coverage: float
    """Share of the subjects beyond the line."""
    enough: bool
    """Whether there are clusters enough that the promise would be proved with one of them wrong: where a single miss
    breaks it, a line is judged by luck. How many there are depends on no answer, so that this flatters nothing."""


def sides(
    question: Question,
    probability: Floats,
    yes: Floats,
    clusters: Rows,
    promise: float = PROMISE,
    weights: Floats | None = None,
) -> tuple[Side, ...]:
    """Both sides with their lines, on pooled out-of-time predictions. `weights`: alike by default."""
    found = tails(probability, yes, clusters, promise, weights)
    return tuple(
        _side(side, called, found[side], promise) for side, called in (("yes", question.yes), ("no", question.no))
    )


def tails(
    probability: Floats, yes: Floats, clusters: Rows, promise: float = PROMISE, weights: Floats | None = None
) -> dict[str, list[Tail]]:
    """By side, what was right beyond each line, the strictest first. `weights`: alike by default."""
    pairs = {"yes": (probability, yes), "no": (1 - probability, 1 - yes)}
    heavy = given(weights, len(yes))
    return {
        side: [_tail(line, p, right, clusters, heavy, promise) for line in _lines(p, heavy)]
        for side, (p, right) in pairs.items()
    }


def _side(side: str, called: str, tried: Sequence[Tail], promise: float) -> Side:
    kept = None
    for tail in tried:
        if not tail.enough:
            continue
        if tail.bound < promise:
            break
        kept = tail
    return Side(
        side=side,
        called=called,
        promise=promise,
        line=kept.line if kept else None,
        precision=kept.precision if kept else None,
        bound=kept.bound if kept else None,
        coverage=kept.coverage if kept else 0.0,
    )


def _lines(p: Floats, weights: Floats) -> list[float]:
    """The strictest first; a line below one half would act against its own prediction."""
    if not len(p):
        return []
    order = np.argsort(-p, kind="stable")
    ranked, held = p[order], np.cumsum(weights[order])
    shares = float(held[-1]) * np.arange(1, STEPS + 1) / STEPS
    at = np.maximum(np.searchsorted(held, shares * (1 + ROUNDING), side="right") - 1, 0)
    return sorted({float(ranked[i]) for i in at if ranked[i] >= 0.5}, reverse=True)


def _could_pass(clusters: Rows, weights: Floats, promise: float) -> bool:
    n = independent(clusters, weights)
    return n > 0 and wilson(1 - 1 / n, n) >= promise


def _tail(line: float, p: Floats, right: Floats, clusters: Rows, weights: Floats, promise: float) -> Tail:
    beyond = p >= line
    hits, fates, heavy = right[beyond], clusters[beyond], weights[beyond]
    precision = mean(hits, heavy)
    return Tail(
        line=line,
        precision=precision,
        bound=wilson(precision, effective(hits, fates, heavy)),
        coverage=mean(beyond.astype(np.float64), weights),
        enough=_could_pass(fates, heavy, promise),
    )


def effective(hits: Floats, clusters: Rows, weights: Floats) -> float:
    """How many independent answers these amount to: their number over the design effect of the clusters (Kish 1965).

    Of unequal weights it is the effective number over the design effect of the weighted answers, and never more than
    without weights: to count for others makes nobody surer.
    """
    alike = np.ones(len(hits))
    found = _effective(hits, clusters, weights)
    return found if (weights == 1).all() else min(found, _effective(hits, clusters, alike))


def _effective(hits: Floats, clusters: Rows, weights: Floats) -> float:
    n, share = kish(weights), mean(hits, weights)
    names, member = np.unique(clusters, return_inverse=True)
    if share in {0.0, 1.0} or len(names) < 2:
        return independent(clusters, weights)
    sums = np.bincount(member, weights * (hits - share))
    variance = float((sums**2).sum()) / weights.sum() ** 2 * len(names) / (len(names) - 1)
    plain = share * (1 - share) / n
    return float(n / max(1.0, variance / plain))


def wilson(share: float, n: float) -> float:
    """Lower one-sided 95 % bound of a share of `n` (Wilson 1927)."""
    if n <= 0:
        return 0.0
    middle = share + Z**2 / (2 * n)
    spread = Z * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return float((middle - spread) / (1 + Z**2 / n))
