"""The groups of linked examples, summed when first asked for and kept up from then on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from sightline.kernel.predict._linked import ITSELF
from sightline.kernel.predict.live._arrows import Arrows, Held, Links, Target, targets
from sightline.kernel.predict.live._groups import Group, Members, Sums
from sightline.kernel.predict.live._members import Floats, Store, Whole, spread
from sightline.kernel.predict.live._subjects import Subjects
from sightline.kernel.predict.live._time import END

Key = tuple[Target, ...]
"""What a group points at: one target, or two; nothing for everybody."""

EVERYBODY: Key = ()

MOST_GROUPS = 20_000
"""Groups kept summed; beyond it all are summed anew when next asked for."""


@dataclass(slots=True)
class Histories:
    """The groups of one question."""

    store: Store
    subjects: Subjects
    arrows: Arrows
    _groups: dict[Key, Group] = field(default_factory=dict)

    def sums(self, key: Key, at: int) -> Sums:
        """What a group adds up to at a moment."""
        group = self._groups.get(key)
        found = group.read(at) if group else None
        if found is None:
            made = Group.of(self.store, self.members(key), at, self._key, self._rank)
            if group is None or group.at <= at:
                if len(self._groups) >= MOST_GROUPS:
                    self._groups.clear()
                self._groups[key] = made
            found = made.read(at)
        assert found is not None, "just summed for this moment"
        return found

    def held(self, key: Key) -> Held:
        """The subjects that point at all targets of a group, while they do."""
        first = self.arrows.held(key[0])
        return first.beside(self.arrows.held(key[1])) if len(key) > 1 else first

    def members(self, key: Key) -> Members:
        """The examples of a group."""
        if key == EVERYBODY or key[0][0] == ITSELF:
            rows = self.subjects.rows(self.subjects.number[key[0][1]]) if key else self._all()
            return Members(rows, self.store.cutoff.values[rows], np.full(len(rows), END, np.int64))
        held = self.held(key)
        of, rows = spread(self.subjects.first.values[held.subject], self.subjects.many.values[held.subject])
        return Members(rows, held.since[of], held.until[of])

    def siblings(self, key: Key, deadline: int, at: int) -> int:
        """Examples of a group with the very same deadline that were asked by a moment, each linked when it was."""
        members = self.members(key)
        cutoff = self.store.cutoff.values[members.rows]
        linked = (members.since <= cutoff) & (cutoff < members.until)
        return int((linked & (cutoff <= at) & (self.store.deadline.values[members.rows] == deadline)).sum())

    def replace(self, number: int, old: Whole, before: Links, new: Whole, links: Links) -> None:
        """Another word about one subject: in every group that is kept summed its examples change places."""
        itself: Key = ((ITSELF, self.subjects.keys[number]),)
        keys = {*_keys(before), *_keys(links), EVERYBODY, itself}
        for key in keys & self._groups.keys() if len(keys) > len(self._groups) else keys:
            group = self._groups.get(key)
            if group is not None:
                group.replace(self._part(key, old, before), self._part(key, new, links))

    def _part(self, key: Key, rows: Whole, links: Links) -> Members:
        """One subject's examples in one group."""
        if key == EVERYBODY or key[0][0] == ITSELF:
            return Members(rows, self.store.cutoff.values[rows], np.full(len(rows), END, np.int64))
        spans = _spans(key, links)
        parts = np.array(spans, np.int64).reshape(-1, 2)
        many = len(spans)
        return Members(np.tile(rows, many), np.repeat(parts[:, 0], len(rows)), np.repeat(parts[:, 1], len(rows)))

    def _all(self) -> Whole:
        _, rows = spread(self.subjects.first.values, self.subjects.many.values)
        return rows

    def _key(self, row: int) -> str:
        return self.subjects.keys[int(self.store.subject.values[row])]

    def _rank(self, rows: Whole) -> Floats:
        found: Floats = self.subjects.rank[self.store.subject.values[rows]]
        return found


def of_links(roles: tuple[str, ...], links: Links, at: int) -> Key | None:
    """The group a subject belongs to in some roles at a moment; None where it points nowhere in one of them."""
    found = []
    for role in roles:
        here = [to for since, until, to in links.get(role, ()) if since <= at < until]
        if not here:
            return None
        found.append((role, here[0]))
    return tuple(found)


def _keys(links: Links) -> Iterator[Key]:
    all_targets = sorted(targets(links))
    yield from ((target,) for target in all_targets)
    yield from ((one, two) for one, two in combinations(all_targets, 2) if one[0] != two[0])


def _spans(key: Key, links: Links) -> list[tuple[int, int]]:
    first, *rest = ([(since, until) for since, until, where in links.get(role, ()) if where == to] for role, to in key)
    for other in rest:
        cut = [(max(a, c), min(b, d)) for a, b in first for c, d in other]
        first = [one for one in cut if one[0] < one[1]]
    return first
