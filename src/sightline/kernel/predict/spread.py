"""How far off a probability may be: read from the answers of the out-of-time predictions nearest to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict._weights import given

LIKE = 150
"""How many predictions nearest to a probability speak for it."""

INTERVAL = (0.1, 0.9)
"""An 80 % interval."""

JEFFREYS = 0.5
"""What is added to either answer, so that none among many is not read as never (Brown, Cai and DasGupta 2001)."""

TINY = 1e-12
"""Keeps a division from failing where both are never or always, and the distance is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """The calibrated out-of-time predictions of the last year, ascending, with their answers; aligned arrays."""

    probability: Floats
    yes: Floats
    clusters: Rows
    """From 0 on; whoever shares a number shares its fate."""
    weights: Floats
    """How much each counts beside the others."""

    @classmethod
    def of(cls, probability: Floats, yes: Floats, clusters: Rows, weights: Floats | None = None) -> Recent:
        """In the order kept, whatever the order given. Equal probabilities are in no order of their answers."""
        _, member = np.unique(clusters, return_inverse=True)
        weights = given(weights, len(yes))
        order = np.lexsort((weights, yes, member, probability))
        return cls(
            probability=probability[order].round(9),
            yes=yes[order],
            clusters=member[order].astype(np.int64),
            weights=weights[order],
        )

    @classmethod
    def read(cls, document: list[list[float]]) -> Recent:
        """What `document` gave."""
        probability, yes, clusters, *weights = document
        return cls(
            probability=np.array(probability, np.float64),
            yes=np.array(yes, np.float64),
            clusters=np.array(clusters, np.int64),
            weights=np.array(weights[0], np.float64) if weights else np.ones(len(yes)),
        )

    def document(self) -> list[list[float]]:
        """JSON-ready: probabilities, answers, clusters, and weights where any is not one."""
        parts = [self.probability, self.yes, self.clusters, *([] if (self.weights == 1).all() else [self.weights])]
        return [part.tolist() for part in parts]

    def interval(self, probability: Floats) -> tuple[Floats, Floats]:
        """Lower and upper ends of an 80 % interval of each calibrated probability, which lies within.

        Beta quantiles around the middle of two that may be wrong: the probability (the model may err just here) and
        the share of yes among the nearest answers (chance may have made it). The variance has two parts. One is that of
        so many independent answers: their number (of unequal weights the effective one) over the design effect of the
        clusters among them (Kish 1965, sections 11.7 and 5.4). The other is a quarter of the squared distance of the
        two, which is the variance of what is as likely to be the one as the other; without it the interval would be
        narrow exactly where the model is off. The probability itself adds none, since it was calibrated on these.
        Without any answer the interval is as wide as after one.

        In simulations (tests/kernel/predict/test_spread.py) three of four intervals hold the truth where the model is
        off by .10 throughout a neighbourhood, and 93 % where it drifts by a third in log-odds. Without the second part
        it is 38 % and 85 %; centred on the share, the probability would too often stand at the edge.
        """
        take = min(LIKE, len(self.probability))
        ends = [np.searchsorted(self.probability, probability, side) for side in ("left", "right")]
        start = np.clip((ends[0] + ends[1] - take) // 2, 0, len(self.probability) - take)
        yes, whole, squares = (_over(v, start, take) for v in (self.weights * self.yes, self.weights, self.weights**2))
        share = yes / whole if take else probability
        answers = whole**2 / squares / (1 + self.alike * (_mates(self.clusters, take)[start] - 1)) if take else 1.0
        middle = (probability + share) / 2
        torn = (probability - share) ** 2 / 4
        answers = answers / (1 + answers * torn / np.maximum(middle * (1 - middle), TINY))
        low, high = (beta.ppf(q, middle * answers + JEFFREYS, (1 - middle) * answers + JEFFREYS) for q in INTERVAL)
        return np.minimum(low, probability), np.maximum(high, probability)

    @property
    def alike(self) -> float:
        """How much the answers of one cluster resemble each other, from 0 (not at all) to 1 (one fate).

        The correlation of residuals within clusters, by moments over all pairs (after Liang and Zeger 1986, section 4).
        """
        spread = np.sqrt(self.probability * (1 - self.probability))
        pairs = _pairs(spread, self.clusters)
        return float(np.clip(_pairs(self.yes - self.probability, self.clusters) / pairs, 0, 1)) if pairs > 0 else 0.0


def _over(values: Floats, start: Rows, take: int) -> Floats:
    """For each of `start` the sum over `take` neighbours from there."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    found: Floats = total[start + take] - total[start]
    return found


def _pairs(values: Floats, clusters: Rows) -> float:
    """The sum of products over all ordered pairs of different members of one cluster."""
    alone = np.bincount(clusters) == 1
    sums = np.where(alone, 0.0, np.bincount(clusters, values) ** 2 - np.bincount(clusters, values**2))
    return float(sums.sum())


def _mates(clusters: Rows, take: int) -> Floats:
    """For each run of `take` neighbours: how many of them, itself included, share a member's fate, on average."""
    found, counts, squares = [], [0] * (int(clusters.max()) + 1), 0
    names = clusters.tolist()
    for at, joins in enumerate(names):
        squares += 2 * counts[joins] + 1
        counts[joins] += 1
        if at >= take:
            leaves = names[at - take]
            squares -= 2 * counts[leaves] - 1
            counts[leaves] -= 1
        if at >= take - 1:
            found.append(squares / take)
    return np.array(found)
