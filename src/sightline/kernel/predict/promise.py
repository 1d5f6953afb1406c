"""From which line on a predicted side is right as often as promised: where acting by itself is allowed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sightline.kernel.predict._matrix import Floats, Rows
from sightline.language.proof import Side
from sightline.language.question import Question

PROMISE = 0.95
"""Precision promised beyond the line, by default."""

Z = 1.6448536269514722
"""One-sided 95 %."""

STEPS = 50
"""Lines tried, at equal shares of the subjects, from the strictest inwards."""


@dataclass(frozen=True, slots=True)
class _Tail:
    line: float
    precision: float
    bound: float
    coverage: float


def sides(
    question: Question, probability: Floats, yes: Floats, clusters: Rows, promise: float = PROMISE
) -> tuple[Side, ...]:
    """Both sides with their lines, on pooled out-of-time predictions."""
    pairs = (("yes", question.yes, probability, yes), ("no", question.no, 1 - probability, 1 - yes))
    return tuple(_side(name, called, p, right, clusters, promise) for name, called, p, right in pairs)


def _side(side: str, called: str, p: Floats, right: Floats, clusters: Rows, promise: float) -> Side:
    kept = None
    for line in _lines(p):
        tail = _tail(line, p, right, clusters)
        if tail is None or not _could_pass(p >= line, clusters, promise):
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


def _lines(p: Floats) -> list[float]:
    """The strictest first; a line below one half would act against its own prediction."""
    ranked = np.sort(p)[::-1]
    at = {max(0, int(len(p) * step / STEPS) - 1) for step in range(1, STEPS + 1)} if len(p) else set()
    return sorted({float(ranked[i]) for i in at if ranked[i] >= 0.5}, reverse=True)


def _could_pass(beyond: np.typing.NDArray[np.bool_], clusters: Rows, promise: float) -> bool:
    """Whether there are clusters enough that an unbroken row of right answers would prove the promise."""
    n = len(np.unique(clusters[beyond]))
    return wilson(1.0, n) >= promise


def _tail(line: float, p: Floats, right: Floats, clusters: Rows) -> _Tail | None:
    beyond = p >= line
    if not beyond.any():
        return None
    hits = right[beyond]
    precision = float(hits.mean())
    bound = wilson(precision, effective(hits, clusters[beyond]))
    return _Tail(line, precision, bound, float(beyond.mean()))


def effective(hits: Floats, clusters: Rows) -> float:
    """How many independent answers these amount to: their number over the design effect of the clusters (Kish 1965)."""
    n, share = len(hits), float(hits.mean())
    names, member = np.unique(clusters, return_inverse=True)
    if share in {0.0, 1.0} or len(names) < 2:
        return float(len(names))
    sums = np.bincount(member, hits - share)
    variance = float((sums**2).sum()) / n**2 * len(names) / (len(names) - 1)
    plain = share * (1 - share) / n
    return n / max(1.0, variance / plain)


def wilson(share: float, n: float) -> float:
    """Lower one-sided 95 % bound of a share of `n` (Wilson 1927)."""
    if n <= 0:
        return 0.0
    middle = share + Z**2 / (2 * n)
    spread = Z * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return float((middle - spread) / (1 + Z**2 / n))
