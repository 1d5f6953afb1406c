"""Bets against what was said: their gains are evidence that may be looked at every day.

Somebody begins with one unit of money and bets, before each answer, that what was said is wrong. Where it is right no
way of betting gains on average, so the money ever exceeds 1/a with a chance of at most a (Ville 1939), however often
it is looked at and whenever one stops: it is a test martingale, its value an e-value (Ramdas, Gruenwald, Vovk and
Shafer 2023, "Game-theoretic statistics and safe anytime-valid inference"). Bounded shares are bet on as Waudby-Smith
and Ramdas do (2024, "Estimating means of bounded random variables by betting"): by a factor linear in what came.

Three things keep it honest. Who shares a fate is bet on at once, by the mean of the members' factors, which is right
however they hang together (Vovk and Wang 2021). A cluster is bet on again only about what was said after its last
answer counted (`rounds`), for until then a second answer is no news. And the money is spread beforehand over several
alternatives and over all moments at which things may have gone wrong: a mixture of such bets is one (Robbins 1970), and
without the moments a good year would have to be lost again before a bad month shows.

One thing is assumed: that clusters come apart from each other, so that a probability is right for each of those asked
whatever came of the others. Where something that nobody could know moves all that are asked at one time together, what
is said may be right on average over the years and yet raise alarms, for each such spell is many answers to the bets and
one to the world: of 100 clusters a month for two years, said rightly to come with .2, with a shock to each month's
log-odds, an alarm came in 0 % of 200 replays at a standard deviation of .25, in about 20 % at .5 and 80 % at .8. To bet
but once on all who are asked before the first of them counts would forgive that, but where twice as many come as were
said it would take 22 such months (median) to notice, where now it takes one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from sightline.kernel.predict.alarms import DOUBT

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

WORSE = (1.5, 2.0, 3.0, 5.0, 8.0)
"""How many times as many as allowed may be wrong: the alternatives to a promise."""

SHIFTS = (-2.0, -1.0, -0.5, 0.5, 1.0, 2.0)
"""Log-odds by which what comes may lie off: the alternatives to a probability."""

SLOPES = (0.4, 2.0)
"""By which its log-odds may have to be stretched: said too boldly, said too timidly."""

STAKES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Per unit of difference, bet on one forecaster of two."""

MOST_STAKED = 0.9
"""Of the money, at most so much is lost in one round."""

CERTAIN = 1e-4
"""No probability is taken for nearer to 0 or 1."""

FULL = 1e200
"""Beyond this nothing is added up any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Answers that are bet on together: of one cluster, counting from the same moment."""

    at: int
    """When they count, in microseconds."""
    members: Rows


def rounds(cluster: Rows, asked: Rows, counts: Rows) -> list[Round]:
    """Whom to bet on, in the order in which answers count.

    Args: per answer its cluster's number, when it was asked and when it counts (microseconds). A cluster's answers that
    count at the same moment are one round. What was asked before its last round counted is left out.
    """
    found: list[Round] = []
    heard: dict[int, int] = {}
    order = np.lexsort((asked, cluster, counts))
    edges = np.flatnonzero(np.diff(cluster[order]) | np.diff(counts[order])) + 1
    for members in np.split(order, edges) if len(order) else ():
        name, at = int(cluster[members[0]]), int(counts[members[0]])
        news = members[asked[members] >= heard.get(name, np.iinfo(np.int64).min)]
        if len(news):
            heard[name] = at
            found.append(Round(at=at, members=news))
    return found


def money(factors: Floats, told: list[Round]) -> Floats:
    """The natural logarithm of the money after each round.

    Args: `factors` answers x alternatives, each at least 0 and with a mean of at most 1 where what was said is right.
    """
    held = np.zeros(factors.shape[1] if factors.ndim > 1 else 0)
    path = np.zeros(len(told))
    for number, one in enumerate(told, 1):
        # So much was laid aside for things going wrong from here on; with all that is to come it adds up to 1.
        begun = 1 / (number * (number + 1))
        held = np.minimum((held + begun) * factors[one.members].mean(axis=0), FULL)
        path[number - 1] = math.log(float(held.mean()) + 1 / (number + 1))
    return path


def of_promise(right: Floats, promise: float) -> Floats:
    """Factors against "at least so many are right". `right`: 1 or 0; `promise` above 0 and below 1.

    A cluster counts as one, by its share: half of ten wrong is half a miss. Answers x alternatives.
    """
    wrong = np.array([share for times in WORSE if (share := (1 - promise) * times) < 1] or [1 - promise / 2])
    return np.asarray(np.where(right[:, None] > 0.5, (1 - wrong) / promise, wrong / (1 - promise)))


def of_chances(said: Floats, came: Floats, off: float = 0.0) -> Floats:
    """Factors against "it comes with the probability that was said", give or take `off` in log-odds (at least 0).

    Each alternative is held against the nearest probability that is still allowed, which none that is allowed beats on
    average. Answers x alternatives: `SHIFTS`, then `SLOPES`.
    """
    odds = logit(np.clip(said, CERTAIN, 1 - CERTAIN))[:, None]
    others = np.concatenate([odds + np.array(SHIFTS), odds * np.array(SLOPES)], axis=1)
    nearest = np.clip(others, odds - off, odds + off)
    yes = came[:, None] > 0.5
    return np.asarray(np.where(yes, expit(others) / expit(nearest), expit(-others) / expit(-nearest)))


def of_share(came: Floats, most: float, off: float = 0.0) -> Floats:
    """Factors against "it comes of at most such a share", give or take `off` in log-odds; that it comes of fewer is no
    evidence. `came`: 1 or 0; `most` above 0 and below 1. Answers x alternatives: the upward ones of `SHIFTS`.
    """
    odds = float(logit(most))
    others = odds + np.array([shift for shift in SHIFTS if shift > off])
    yes = came[:, None] > 0.5
    return np.asarray(np.where(yes, expit(others) / expit(odds + off), expit(-others) / expit(-odds - off)))


def of_two(gain: Floats, most: Floats) -> Floats:
    """Factors against "the second is no better than the first", by how much better it was each time.

    Args: `gain` the first's loss less the second's; `most` how large its size can become, known before the answer. As
    Choe and Ramdas compare forecasters (2023, "Comparing sequential forecasters"). Answers x alternatives.
    """
    stakes = np.minimum(np.array(STAKES), MOST_STAKED / np.maximum(most, 1e-9)[:, None])
    return np.asarray(1 + stakes * gain[:, None])


def doubtless(path: Floats, level: float = DOUBT) -> bool:
    """Whether the money ever reached what a right saying lets it reach with a chance of at most `level`."""
    return bool(len(path)) and float(path.max()) >= -math.log(level)
