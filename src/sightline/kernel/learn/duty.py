"""What answers say about the model on duty: its promise, what it says, and another version beside it. Pure.

Each is held against by bets that may be looked at every day (see `betting`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from sightline.kernel.learn.betting import (
    doubtless,
    money,
    of_chances,
    of_promise,
    of_share,
    of_two,
    rounds,
)
from sightline.kernel.learn.came import Came
from sightline.kernel.predict.alarms import DOUBT
from sightline.language.proof import Side

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

OFF = 0.2
"""Log-odds by which probabilities may lie off and be right enough: 35 % where 31 % were said."""

MISSES = 0.1
"""The share of quantities that is said to lie outside their intervals, at most."""

POINTS = 100
"""Of a path that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """How clear something was after the answers of a day."""

    at: datetime
    evidence: float
    """Against what was said: below 1 none; `1 / DOUBT` raises the alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One thing that is watched, so far."""

    what: str
    answers: int
    """Those that were bet on, all of a cluster at once."""
    clusters: int
    said: float | None
    """The mean of what was said: of a promise what was promised, of quantities the share outside the intervals; of two
    versions the loss of the one on duty."""
    came: float | None
    """The mean of what came; of two versions the loss of the other."""
    evidence: float
    """The strongest so far."""
    alarm: bool
    since: datetime | None
    """When what raised the alarm began, so far as that can be told."""
    path: tuple[Point, ...]


def promise(side: Side, found: Came, *, what: str, held_back: bool) -> Watched:
    """Whether as many are right beyond the line as promised. `held_back`: only those tell that were kept back, and that
    nobody else acted upon.
    """
    assert side.line is not None
    own = found.said if side.side == "yes" else 1 - found.said
    tell = found.held & ~found.treated if held_back else np.ones(len(own), np.bool_)
    tail = found.where((own >= side.line) & tell)
    right = tail.came if side.side == "yes" else 1 - tail.came
    return _watched(what, tail, of_promise(right, side.promise), np.full(len(right), side.promise), right)


def calibration(found: Came, *, what: str, chance: bool) -> Watched:
    """Whether what comes is what was said, of those that nothing was done about.

    Of a quantity: whether more lie outside its intervals than said, or more than half above its median, or below. What
    is exact may well have fewer: whole numbers lie on the median and on the ends of intervals. Of what is only known to
    lie beyond the time waited for it is not said that it lies below anything.
    """
    alone = found.where(~found.treated)
    if chance:
        return _watched(what, alone, of_chances(alone.said, alone.came, OFF), alone.said, alone.came)
    outside = ((alone.came < alone.low) & ~alone.beyond | (alone.came > alone.high)).astype(np.float64)
    above = (alone.came > alone.said).astype(np.float64)
    below = ((alone.came < alone.said) & ~alone.beyond).astype(np.float64)
    factors = np.hstack([of_share(outside, MISSES, OFF), of_share(above, 0.5, OFF), of_share(below, 0.5, OFF)])
    return _watched(what, alone, factors, np.full(len(outside), MISSES), outside)


def rival(found: Came, *, what: str, chance: bool) -> Watched:
    """Whether another version does better on the same subjects: by Brier's score, of quantities by who is nearer."""
    both = found.where(~found.treated & ~np.isnan(found.rival))
    if chance:
        losses = [(said - both.came) ** 2 for said in (both.said, both.rival)]
        most = np.maximum(np.abs(both.said**2 - both.rival**2), np.abs((1 - both.said) ** 2 - (1 - both.rival) ** 2))
        return _watched(what, both, of_two(losses[0] - losses[1], most), losses[0], losses[1])
    losses = [np.abs(said - both.came) for said in (both.said, both.rival)]
    nearer = np.sign(losses[0] - losses[1])
    return _watched(what, both, of_two(nearer, np.ones(len(nearer))), losses[0], losses[1])


def _watched(what: str, found: Came, factors: Floats, said: Floats, came: Floats) -> Watched:
    told = rounds(found.cluster, found.asked, found.counts)
    path = money(factors, told)
    heard = np.concatenate([one.members for one in told]) if told else np.zeros(0, np.int64)
    alarm = doubtless(path)
    begun = _begun(path) if alarm else None
    return Watched(
        what=what,
        answers=len(heard),
        clusters=len(told),
        said=float(said[heard].mean()) if len(heard) else None,
        came=float(came[heard].mean()) if len(heard) else None,
        evidence=float(np.exp(min(path.max(), 100.0))) if len(path) else 1.0,
        alarm=alarm,
        since=_moment(told[begun].at) if begun is not None else None,
        path=tuple(Point(at=_moment(told[at].at), evidence=float(np.exp(min(path[at], 100.0)))) for at in _some(path)),
    )


def _begun(path: Floats) -> int:
    """The round from which on the money only grew to the alarm: after its lowest before it."""
    reached = int(np.flatnonzero(path >= -np.log(DOUBT))[0])
    return min(reached, int(path[: reached + 1].argmin()) + 1)


def _some(path: Floats) -> list[int]:
    if len(path) <= POINTS:
        return list(range(len(path)))
    return [int(at) for at in np.unique(np.linspace(0, len(path) - 1, POINTS).astype(int))]


def _moment(at: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)
