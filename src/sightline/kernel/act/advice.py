"""What somebody is best spoken to by, of several (hours of the day, channels), by what came of speaking so far. Pure.

Rates by place of everybody shrink towards the rate over all, those of one party towards everybody's (empirical Bayes
with a beta prior: Robbins 1956; Casella 1985), so that few messages move little. It is advice from what happened to be
sent how, and no experiment: a place is told only where it is better than all together beyond doubt.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEVEL = 0.95
LEAST = 50
"""Messages with an outcome, below which nothing is told."""

OWN = 20.0
"""Messages of everybody's that one party's own have to outweigh: its habits show after some tens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A place, and what speaks for it."""

    place: int
    rate: float
    """The share of success expected there."""
    low: float
    high: float
    """95 %, for all places together."""
    usual: float
    """The share over all."""
    seen: int
    """Messages it rests on, of everybody."""
    own: int
    """Of them, the party's own."""


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


@dataclass(slots=True)
class Counts:
    """Messages and successes by place, (n, 2): of everybody, and of each party."""

    everybody: Floats
    parties: dict[str, Floats] = field(default_factory=dict)

    @classmethod
    def of(cls, places: Sequence[Hashable], told: Iterable[tuple[str, Hashable, bool]]) -> Counts:
        """Counted from party, place and whether it was a success; what is none of the places counts nowhere."""
        at = {place: row for row, place in enumerate(places)}
        found = cls(np.zeros((len(places), 2)))
        for party, place, hit in told:
            row = at.get(place)
            if row is not None:
                own = found.parties.setdefault(party, np.zeros((len(places), 2)))
                for counted in (found.everybody, own):
                    counted[row] += (1, hit)
        return found

    def advised(self, party: str | None, allowed: Sequence[int] | None = None) -> Advice | None:
        """The best place of one party, or of somebody unknown; see `advised`."""
        own = self.parties.get(party) if party is not None else None
        return advised(self.everybody, np.zeros_like(self.everybody) if own is None else own, allowed)

    def bests(self) -> Mapping[str, int]:
        """The best place of each party for whom one is told."""
        # Most have few messages, and many the same few.
        known: dict[bytes, Advice | None] = {}
        found = {}
        for party, own in self.parties.items():
            like = own.tobytes()
            if like not in known:
                known[like] = advised(self.everybody, own)
            told = known[like]
            if told is not None:
                found[party] = told.place
        return found


def rates(everybody: Floats) -> list[Rate]:
    """How messages by each place fared, of everybody; (n, 2) messages and successes, of which there are some."""
    shape = _shape(everybody)
    return [
        Rate(seen=int(seen), rate=float(hits / (hits + misses)), low=low, high=high)
        for seen, hits, misses in zip(everybody[:, 0], *shape, strict=True)
        for low, high in [_bounds(float(hits), float(misses), len(everybody))]
    ]


def advised(everybody: Floats, own: Floats, allowed: Sequence[int] | None = None) -> Advice | None:
    """The best place of one party; None where none is better than all together beyond doubt.

    Args: (n, 2) each, messages and successes by place: of everybody (the party too), and of the party; `allowed` the
    places that it may be, where not all may.
    """
    seen = float(everybody[:, 0].sum())
    if seen < LEAST or (allowed is not None and not allowed):
        return None
    usual = float(everybody[:, 1].sum()) / seen
    shape = _shape(everybody)
    rate = shape[0] / (shape[0] + shape[1])
    personal = own[:, 1] + OWN * rate, own[:, 0] - own[:, 1] + OWN * (1 - rate)
    expected = personal[0] / (personal[0] + personal[1])
    among = list(range(len(everybody)) if allowed is None else allowed)
    place = among[int(expected[among].argmax())]
    # What is known of everybody speaks for it, or what is known of the party alone does.
    found = [_bounds(float(one[0][place]), float(one[1][place]), len(everybody)) for one in (shape, personal)]
    low, high = max(found)
    if low <= usual:
        return None
    return Advice(
        place=place, rate=float(expected[place]), low=low, high=high, usual=usual, seen=int(seen),
        own=int(own[:, 0].sum()),
    )  # fmt: skip


def _shape(everybody: Floats) -> tuple[Floats, Floats]:
    """(n,) each: successes and failures by place, with those that the rate over all lends to each."""
    usual = float(everybody[:, 1].sum()) / float(everybody[:, 0].sum())
    strength = _strength(everybody, usual)
    return everybody[:, 1] + strength * usual, everybody[:, 0] - everybody[:, 1] + strength * (1 - usual)


def _strength(everybody: Floats, usual: float) -> float:
    """How many messages of an average place each place's own must outweigh: by moments, from how far places differ
    more than chance lets them.
    """
    tried = everybody[everybody[:, 0] > 0]
    if len(tried) < 2 or not 0 < usual < 1:
        return 1e6
    rates_, sizes = tried[:, 1] / tried[:, 0], tried[:, 0]
    chance = float(np.mean(usual * (1 - usual) / sizes))
    between = float(np.mean((rates_ - usual) ** 2)) - chance
    return usual * (1 - usual) / between - 1 if 0 < between < usual * (1 - usual) else 1e6


def _bounds(hits: float, misses: float, places: int) -> tuple[float, float]:
    from scipy.special import betaincinv

    out = (1 - LEVEL) / places / 2
    return float(betaincinv(hits, misses, out)), float(betaincinv(hits, misses, 1 - out))
