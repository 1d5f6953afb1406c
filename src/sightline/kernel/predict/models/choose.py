"""Which rung is put on duty: the simplest that tells subjects apart and is not worse than the best beyond noise.

What is said of everybody alike is taken only where all others are worse than that beyond noise: where nothing is known
of the level of risk to come, who is at more risk than others may still be.

The one-standard-error rule (Breiman et al. 1984, section 3.4.3) on paired differences of the losses of the same
examples, whose standard error respects clusters: what made an example hard for one rung made it hard for the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict._weights import given, mean, quantile, variance
from sightline.kernel.predict.models._quantiles import LOW, UP
from sightline.kernel.predict.models.rung import Said

PRIOR = "prior"
"""Says the same of everybody."""

EDGE = 1e-4
"""No probability is closer to certain than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """How one rung did."""

    rung: str
    loss: float
    """Weighted mean over the examples judged."""
    worse: float
    """By how much its mean loss is above the best's, on the same examples."""
    error: float
    """Standard error of `worse`."""
    within: bool
    """Whether that is noise."""
    examples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which rung, and how all did."""

    rung: str
    best: str
    contest: tuple[Contest, ...]
    """Simplest first."""


def chance_losses(probability: Floats, answers: Floats) -> Floats:
    """Per example in nats; nan where nothing was said or no answer counts."""
    held = np.clip(probability, EDGE, 1 - EDGE)
    found: Floats = -np.where(answers > 0, np.log(held), np.log(1 - held))
    return np.where(np.isnan(answers), np.nan, found)


def quantity_losses(said: Said, answers: Floats, weights: Floats | None = None) -> Floats:
    """Per example, 1 on average for who always says the mean, the median and the quantiles of all these answers.
    `weights` of the examples, aligned; alike by default.

    The mean of two: the pinball losses of median, 5 % and 95 % (Koenker and Bassett 1978), and the squared error of the
    mean; each over that of the usual.
    """
    known = ~np.isnan(answers) & ~np.isnan(said.score)
    there, heavy = answers[known], given(weights, len(answers))[known]
    if not len(there):
        return np.full(len(answers), np.nan)
    assert said.median is not None
    assert said.low is not None
    assert said.high is not None
    quantiles = (said.low, said.median, said.high)
    usual = [np.full(len(answers), quantile(there, q, heavy)) for q in (LOW, 0.5, UP)]
    pins, plain = _pinballs(quantiles, answers), _pinballs(tuple(usual), answers)
    squares = (answers - said.score) ** 2
    spread = variance(there, heavy) or 1.0
    scale = mean(plain[known], heavy) or 1.0
    return np.where(known, (pins / scale + squares / spread) / 2, np.nan)


def _pinballs(quantiles: tuple[Floats, ...], answers: Floats) -> Floats:
    found = np.zeros(len(answers))
    for q, line in zip((LOW, 0.5, UP), quantiles, strict=True):
        off = answers - line
        found += np.maximum(q * off, (q - 1) * off)
    return found


def choose(losses: Mapping[str, Floats], clusters: Rows, weights: Floats | None = None) -> Choice:
    """The rung to take. `losses`: per rung, simplest first, of each example (nan: it said nothing); `clusters` and
    `weights` (alike by default) aligned.

    A rung that is silent where another speaks is compared where both do; one that never speaks is out. Without any
    example the simplest is taken.
    """
    names = list(losses)
    heard = {name: ~np.isnan(losses[name]) for name in names}
    speaking = [name for name in names if heard[name].any()]
    if not speaking:
        return Choice(rung=names[0], best=names[0], contest=())
    most = max(int(heard[name].sum()) for name in speaking)
    speaking = [name for name in speaking if heard[name].sum() * 2 >= most]
    common = np.logical_and.reduce([heard[name] for name in speaking])
    if not common.any():
        return Choice(rung=speaking[0], best=speaking[0], contest=())
    heavy = given(weights, len(common))[common]
    means = {name: mean(losses[name][common], heavy) for name in speaking}
    best = min(speaking, key=lambda name: means[name])
    contest = []
    for name in speaking:
        worse, error = paired(losses[name][common] - losses[best][common], clusters[common], heavy)
        contest.append(
            Contest(
                rung=name, loss=means[name], worse=worse, error=error, within=worse <= error, examples=int(common.sum())
            )
        )
    within = [one.rung for one in contest if one.within]
    chosen = next((rung for rung in within if rung != PRIOR), PRIOR)
    return Choice(rung=chosen, best=best, contest=tuple(contest))


def paired(differences: Floats, clusters: Rows, weights: Floats | None = None) -> tuple[float, float]:
    """Their mean, and its standard error when members of a cluster share their fate (Liang and Zeger 1986).

    `weights`: how much each counts beside the others; alike by default.
    """
    weights = given(weights, len(differences))
    middle = mean(differences, weights)
    _, member = np.unique(clusters, return_inverse=True)
    sums = np.bincount(member, weights * (differences - middle))
    many = len(sums)
    correction = many / (many - 1) if many > 1 else 1.0
    return middle, float(np.sqrt(correction * (sums**2).sum()) / weights.sum())
