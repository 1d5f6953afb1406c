"""What somebody is best spoken to by, of several (hours of the day, channels), by what came of speaking so far. Pure.

Messages to one party share its fate, so parties are what is counted: each has one vote at each place, the share of its
messages there that succeeded. Rates by place of everybody shrink towards the rate over all, those of one party towards
everybody's (empirical Bayes with a beta prior: Robbins 1956; Casella 1985), so that few messages move little. A place
is told only where the lower bound of its rate lies above the rate over all (Clopper and Pearson 1934: exact for counts;
that it errs no more often of votes between no and yes is measured, not proved); all places, and the two ways of
telling, share one level of error (Bonferroni). It is advice from what happened to be sent how, and no experiment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEVEL = 0.95
LEAST = 50
"""Messages with an outcome, below which nothing is told."""

OWN = 20.0
"""Days of everybody's that one party's own have to outweigh: its habits show after some tens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A place, and what speaks for it."""

    place: int
    rate: float
    """The share of success expected there; where what is known of the party alone speaks for it, its own so far."""
    low: float
    high: float
    """95 %, for all places together: of everybody, or where these do not speak for it, of the party alone."""
    usual: float
    """The share over all places, of the same."""
    seen: int
    """Messages of everybody's."""
    own: int
    """Days on which the party itself was spoken to, those at one place apart from those at another."""
    by_own: bool
    """Whether what is known of the party alone speaks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How messages by one of the places fared, of everybody."""

    seen: int
    """Messages with an outcome."""
    rate: float
    """Shrunk towards the rate over all."""
    low: float
    high: float
    """95 %, for all places together."""


@dataclass(kw_only=True)
class Counts:
    """What was said by place, and what came of it."""

    seen: npt.NDArray[np.int64]
    """(n,): messages of everybody's."""
    parties: dict[str, Floats] = field(default_factory=dict)
    """(n, 2) of each party: days on which something was said to it there, and the sum of their shares of success: what
    is said on one day shares its fate.
    """

    @classmethod
    def of(cls, places: Sequence[Hashable], told: Iterable[tuple[str, Hashable, date, bool]]) -> Counts:
        """Counted from party, place, day and whether it was a success; what is none of the places counts nowhere."""
        at = {place: row for row, place in enumerate(places)}
        days: dict[tuple[str, int, date], list[bool]] = defaultdict(list)
        for party, place, day, hit in told:
            row = at.get(place)
            if row is not None:
                days[party, row, day].append(hit)
        found = cls(seen=np.zeros(len(places), np.int64))
        for (party, row, _), hits in days.items():
            own = found.parties.setdefault(party, np.zeros((len(places), 2)))
            own[row, 0] += 1
            own[row, 1] += sum(hits) / len(hits)
            found.seen[row] += len(hits)
        return found

    @cached_property
    def votes(self) -> Floats:
        """(n, 2): parties that something was said to there, and the sum of their shares of success."""
        days = np.array(list(self.parties.values())).reshape(-1, len(self.seen), 2)
        shares = days[..., 1] / np.maximum(days[..., 0], 1)
        return np.column_stack([(days[..., 0] > 0).sum(axis=0), shares.sum(axis=0)])

    @property
    def usual(self) -> float | None:
        """The share of success over all places; None: nothing was said."""
        return _usual(self.votes) if self.parties else None

    @cached_property
    def rates(self) -> list[Rate]:
        """How messages by each place fared, of everybody; none where nothing was said."""
        if not self.parties:
            return []
        shrunk, bounds = _shrunk(self.votes).tolist(), [_bounds(vote, len(self.seen)) for vote in self.votes]
        return [
            Rate(seen=seen, rate=min(max(rate, low), high), low=low, high=high)
            for seen, rate, (low, high) in zip(self.seen.tolist(), shrunk, bounds, strict=True)
        ]

    def advised(self, party: str | None, allowed: Sequence[int] | None = None) -> Advice | None:
        """The best place of one party, or of somebody unknown; None: none is better than all together beyond doubt.

        `allowed`: the places that it may be, where not all may.
        """
        own = self.parties.get(party) if party is not None else None
        return self._advised(np.zeros_like(self.votes) if own is None else own, allowed)

    def bests(self) -> Mapping[str, int]:
        """The best place of each party for whom one is told."""
        # Most have few messages, and many the same few.
        known: dict[bytes, Advice | None] = {}
        found = {}
        for party, own in self.parties.items():
            like = own.tobytes()
            if like not in known:
                known[like] = self._advised(own)
            told = known[like]
            if told is not None:
                found[party] = told.place
        return found

    def _advised(self, own: Floats, allowed: Sequence[int] | None = None) -> Advice | None:
        seen = int(self.seen.sum())
        if seen < LEAST or (allowed is not None and not allowed):
            return None
        rates = np.array([one.rate for one in self.rates])
        expected = (own[:, 1] + OWN * rates) / (own[:, 0] + OWN)
        among = list(range(len(rates)) if allowed is None else allowed)
        place = among[int(expected[among].argmax())]
        for table in (self.votes, own):
            low, high = _bounds(table[place], len(rates))
            if low > 0 and low > _usual(table):
                by_own = table is own
                rate = own[place, 1] / own[place, 0] if by_own else expected[place]
                return Advice(
                    place=place, rate=float(rate), low=low, high=high, usual=_usual(table), seen=seen,
                    own=int(own[:, 0].sum()), by_own=by_own,
                )  # fmt: skip
        return None


def _usual(table: Floats) -> float:
    return float(table[:, 1].sum() / table[:, 0].sum())


def _shrunk(votes: Floats) -> Floats:
    """(n,): the rate of each place, with the votes that the rate over all lends to each."""
    usual = _usual(votes)
    strength = _strength(votes, usual)
    return np.asarray((votes[:, 1] + strength * usual) / (votes[:, 0] + strength))


def _strength(votes: Floats, usual: float) -> float:
    """How many votes of an average place each place's own must outweigh: by moments, from how far places differ more
    than chance lets them.
    """
    tried = votes[votes[:, 0] > 0]
    if len(tried) < 2 or not 0 < usual < 1:
        return 1e6
    rates, sizes = tried[:, 1] / tried[:, 0], tried[:, 0]
    chance = float(np.mean(usual * (1 - usual) / sizes))
    between = float(np.mean((rates - usual) ** 2)) - chance
    return usual * (1 - usual) / between - 1 if 0 < between < usual * (1 - usual) else 1e6


def _bounds(vote: Floats, places: int) -> tuple[float, float]:
    """Of the rate at one place, for all of so many places together; `vote` (2,)."""
    from scipy.special import betaincinv

    hits = float(vote[1])
    out, misses = (1 - LEVEL) / places / 2, max(float(vote[0]) - hits, 0.0)
    low = float(betaincinv(hits, misses + 1, out)) if hits else 0.0
    return low, float(betaincinv(hits + 1, misses, 1 - out)) if misses else 1.0
