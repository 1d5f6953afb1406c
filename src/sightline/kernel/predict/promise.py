"""From which line on a predicted side is right as often as promised: where acting by itself is allowed."""

from __future__ import annotations

from collections.abc import Sequence
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
    question: Question, probability: Floats, yes: Floats, clusters: Rows, promise: float = PROMISE
) -> tuple[Side, ...]:
    """Both sides with their lines, on pooled out-of-time predictions."""
    found = tails(probability, yes, clusters, promise)
    return tuple(
        _side(side, called, found[side], promise) for side, called in (("yes", question.yes), ("no", question.no))
    )


def tails(probability: Floats, yes: Floats, clusters: Rows, promise: float = PROMISE) -> dict[str, list[Tail]]:
    """By side, what was right beyond each line, the strictest first."""
    pairs = {"yes": (probability, yes), "no": (1 - probability, 1 - yes)}
    return {
        side: [_tail(line, p, right, clusters, promise) for line in _lines(p)] for side, (p, right) in pairs.items()
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


def _lines(p: Floats) -> list[float]:
    """The strictest first; a line below one half would act against its own prediction."""
    ranked = np.sort(p)[::-1]
    at = {max(0, int(len(p) * step / STEPS) - 1) for step in range(1, STEPS + 1)} if len(p) else set()
    return sorted({float(ranked[i]) for i in at if ranked[i] >= 0.5}, reverse=True)


def _could_pass(beyond: np.typing.NDArray[np.bool_], clusters: Rows, promise: float) -> bool:
    n = len(np.unique(clusters[beyond]))
    return n > 0 and wilson(1 - 1 / n, n) >= promise


def _tail(line: float, p: Floats, right: Floats, clusters: Rows, promise: float) -> Tail:
    beyond = p >= line
    hits = right[beyond]
    precision = float(hits.mean())
    return Tail(
        line=line,
        precision=precision,
        bound=wilson(precision, effective(hits, clusters[beyond])),
        coverage=float(beyond.mean()),
        enough=_could_pass(beyond, clusters, promise),
    )


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
