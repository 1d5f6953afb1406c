"""What became of examples linked to the same things: the sums of `_linked` of one group, kept up.

A group is summed over all its members once. Until the next few hours are over only those few are looked at again whose
part changes meanwhile; a subject that an event touches is taken out and put in anew.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sightline.kernel.predict._linked import LAST
from sightline.kernel.predict.live._members import Store, Whole
from sightline.kernel.predict.live._time import DAY, END

AHEAD = DAY // 4
"""How far ahead of the moment it is summed at a group is prepared."""

MOST_MOVING = 2_000
"""Where more than so many move sooner, it is prepared until then only."""

TAIL = 64
"""Of the last mature answers and of the last turns to yes so many are kept, should some be taken back."""


@dataclass(frozen=True, slots=True)
class Members:
    """Examples of a group, and since and until when their subject's link to it is known; aligned."""

    rows: Whole
    since: Whole
    until: Whole

    def only(self, kept: np.ndarray[Any, np.dtype[np.bool_]]) -> Members:
        """Those where `kept` is true."""
        return Members(self.rows[kept], self.since[kept], self.until[kept])

    def at(self, at: int) -> Whole:
        """The examples of those linked at a moment."""
        return self.rows[(self.since <= at) & (at < self.until)]

    def also(self, more: Members) -> Members:
        """With these too."""
        return Members(*(np.concatenate([getattr(self, n), getattr(more, n)]) for n in ("rows", "since", "until")))


@dataclass(slots=True)
class Tail:
    """The last of some tuples: all from `least` on."""

    held: list[tuple[Any, ...]]
    least: tuple[Any, ...] | None
    """None: all there are."""

    def put(self, one: tuple[Any, ...]) -> None:
        """One more, unless it lies before what is kept."""
        if self.least is None or one >= self.least:
            insort(self.held, one)

    def drop(self, one: tuple[Any, ...]) -> None:
        """One fewer."""
        place = bisect_left(self.held, one)
        if place < len(self.held) and self.held[place] == one:
            del self.held[place]

    def last(self, at: int, many: int) -> list[tuple[Any, ...]] | None:
        """The last `many` by a moment, the latest last; None where not enough are kept to say."""
        end = bisect_right(self.held, (at + 1,))
        if end < many and self.least is not None:
            return None
        return self.held[max(0, end - many) : end]


@dataclass(frozen=True, slots=True)
class Sums:
    """A group at a moment."""

    sums: Whole
    """By `MEASURES`."""
    yes_at: int | None
    """When an answer last turned to yes."""
    last: dict[int, int]
    """Of the last so many mature answers, what they add up to."""


Rank = Callable[[Whole], Any]
"""Rows to the order of their keys."""


@dataclass(slots=True)
class Group:
    """One group, summed at one moment and good for some hours."""

    store: Store
    key: Callable[[int], str]
    """The key of an example's subject."""
    at: int
    upto: int
    still: Whole
    """The sums of those whose part stays as it is."""
    moving: Members
    entries: Tail
    """entry, cutoff, key, until, row of each mature answer."""
    turns: Tail
    """moment, row."""

    @classmethod
    def of(cls, store: Store, members: Members, at: int, key: Callable[[int], str], rank: Rank) -> Group:
        """Sum them at a moment."""
        moves = _moves(store, members, at)
        upto = at + AHEAD
        if len(moves) > MOST_MOVING:
            upto = max(at, min(upto, int(np.partition(moves, MOST_MOVING)[MOST_MOVING]) - 1))
        still = store.sums(members.only(moves > upto).at(at), at)
        moving = members.only(moves <= upto)
        entries, turns = _entries(store, members, upto, at, key, rank), _turned(store, members, upto, at)
        return cls(store, key, at, upto, still, moving, entries, turns)

    def read(self, at: int) -> Sums | None:
        """The sums at a moment; None where the group has to be summed anew for it."""
        if not self.at <= at <= self.upto:
            return None
        turn, most = self.turns.last(at, 1), self.entries.last(at, max(LAST))
        if turn is None or most is None:
            return None
        sums = self.still + self.store.sums(self.moving.at(at), at)
        values = [self.store.yes(row, at) if at < until else 0 for _, _, _, until, row in most]
        return Sums(sums, turn[0][0] if turn else None, {k: sum(values[-k:]) for k in LAST})

    def replace(self, old: Members, new: Members) -> None:
        """Take some examples out and put others in."""
        self.moving = self.moving.only(~np.isin(self.moving.rows, old.rows))
        for members, sign in ((old, -1), (new, 1)):
            moving = _moves(self.store, members, self.at) <= self.upto
            self.still = self.still + sign * self.store.sums(members.only(~moving).at(self.at), self.at)
            for tail, found in (
                (self.entries, _all_entries(self.store, members, self.upto, self.key)),
                (self.turns, _all_turns(self.store, members, self.upto)),
            ):
                for one in found:
                    (tail.put if sign > 0 else tail.drop)(one)
            if sign > 0:
                self.moving = self.moving.also(members.only(moving))


def _moves(store: Store, members: Members, after: int) -> Whole:
    """When each next counts otherwise, by itself or because its subject is linked anew."""
    found = store.moves(members.rows, after)
    for part in (members.since, members.until):
        np.minimum(found, np.where(part > after, part, END), out=found)
    return found


def _entry(store: Store, members: Members, upto: int) -> tuple[Members, Whole]:
    """When each counts among the mature answers, of those that do by then."""
    entry = np.maximum(store.matures.values[members.rows], members.since)
    counts = (entry < members.until) & (entry <= upto)
    return members.only(counts), entry[counts]


def _named(store: Store, members: Members, entry: Whole, key: Callable[[int], str]) -> list[tuple[Any, ...]]:
    rows = members.rows.tolist()
    cutoffs, keys = store.cutoff.values[members.rows].tolist(), [key(row) for row in rows]
    return list(zip(entry.tolist(), cutoffs, keys, members.until.tolist(), rows, strict=True))


def _all_entries(store: Store, members: Members, upto: int, key: Callable[[int], str]) -> list[tuple[Any, ...]]:
    return _named(store, *_entry(store, members, upto), key)


def _entries(store: Store, members: Members, upto: int, at: int, key: Callable[[int], str], rank: Rank) -> Tail:
    members, entry = _entry(store, members, upto)
    passed = int((entry <= at).sum())
    if passed <= TAIL:
        return Tail(sorted(_named(store, members, entry, key)), None)
    least = np.partition(entry, passed - TAIL)[passed - TAIL]
    late = entry >= least
    members, entry = members.only(late), entry[late]
    order = np.lexsort((rank(members.rows), store.cutoff.values[members.rows], entry))
    passed = int((entry <= at).sum())
    order = order[passed - TAIL :]
    chosen = Members(members.rows[order], members.since[order], members.until[order])
    held = sorted(_named(store, chosen, entry[order], key))
    return Tail(held, held[0])


def _all_turns(store: Store, members: Members, upto: int) -> list[tuple[Any, ...]]:
    place, at = store.turns(members.rows)
    at = np.maximum(at, members.since[place])
    counts = (at < members.until[place]) & (at <= upto)
    return list(zip(at[counts].tolist(), members.rows[place[counts]].tolist(), strict=True))


def _turned(store: Store, members: Members, upto: int, at: int) -> Tail:
    place, moment = store.turns(members.rows)
    moment = np.maximum(moment, members.since[place])
    counts = (moment < members.until[place]) & (moment <= upto)
    rows, moment = members.rows[place[counts]], moment[counts]
    passed = int((moment <= at).sum())
    least = None
    if passed > TAIL:
        least = np.partition(moment, passed - TAIL)[passed - TAIL]
        rows, moment = rows[moment >= least], moment[moment >= least]
    held = sorted(zip(moment.tolist(), rows.tolist(), strict=True))
    return Tail(held, None if least is None else (int(least),))
