"""Examples as columns: when each counts in which sum of `_linked`, for as many at once as one likes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sightline.kernel.predict._linked import DUE, MAX_DELAY, MEASURES, MONTH
from sightline.kernel.predict.live._asked import Ask, Reading
from sightline.kernel.predict.live._time import DAY, END, HOUR

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

PLACE = {name: at for at, name in enumerate(MEASURES)}


class Column:
    """Whole numbers that grow at the end."""

    __slots__ = ("_held", "size")

    def __init__(self, values: Whole) -> None:
        self._held, self.size = np.array(values, np.int64), len(values)

    @property
    def values(self) -> Whole:
        """All of them."""
        return self._held[: self.size]

    def add(self, values: Sequence[int]) -> None:
        """More at the end."""
        wanted = self.size + len(values)
        if wanted > len(self._held):
            grown = np.empty(max(wanted, len(self._held) * 5 // 4 + 64), np.int64)
            grown[: self.size] = self.values
            self._held = grown
        self._held[self.size : wanted] = values
        self.size = wanted


def column() -> Column:
    """An empty one."""
    return Column(np.empty(0, np.int64))


@dataclass(slots=True)
class Store:
    """Every example, its readings, and (of answers by a day) how far its event lay from the deadline."""

    subject: Column = field(default_factory=column)
    cutoff: Column = field(default_factory=column)
    deadline: Column = field(default_factory=column)
    matures: Column = field(default_factory=column)
    read: Column = field(default_factory=column)
    """Its first reading; the next example's follow."""
    reads: Column = field(default_factory=column)
    """How many."""
    late: Column = field(default_factory=column)
    lates: Column = field(default_factory=column)
    since: Column = field(default_factory=column)
    until: Column = field(default_factory=column)
    answered: Column = field(default_factory=column)
    whole: Column = field(default_factory=column)
    late_since: Column = field(default_factory=column)
    late_until: Column = field(default_factory=column)
    late_hours: Column = field(default_factory=column)

    def add(self, subject: int, ask: Ask, readings: Sequence[Reading], occurred: Sequence[tuple[int, int, int]]) -> int:
        """One example more; returns its row. `occurred`: time, since, until of its event."""
        row = self.cutoff.size
        counted = ((self.subject, subject), (self.cutoff, ask.cutoff), (self.deadline, ask.deadline),
                   (self.matures, ask.matures), (self.read, self.since.size), (self.reads, len(readings)),
                   (self.late, self.late_since.size), (self.lates, len(occurred)))  # fmt: skip
        for where, value in counted:
            where.add([value])
        self.since.add([one.since for one in readings])
        self.until.add([one.until for one in readings])
        self.answered.add([int(one.answered) for one in readings])
        self.whole.add([one.whole for one in readings])
        self.late_since.add([since for _, since, _ in occurred])
        self.late_until.add([until for _, _, until in occurred])
        self.late_hours.add([delay(time, ask.deadline) for time, _, _ in occurred])
        return row

    def sums(self, rows: Whole, at: int) -> Whole:
        """What these examples add up to at a moment, a number per measure."""
        found = np.zeros(len(MEASURES), np.int64)
        rows = rows[self.cutoff.values[rows] <= at]
        if not len(rows):
            return found
        cutoff, deadline, matures = (part.values[rows] for part in (self.cutoff, self.deadline, self.matures))
        found[PLACE["asked"]] = len(rows)
        found[PLACE["asked_lately"]] = (at < cutoff + MONTH * DAY).sum()
        found[PLACE["due"]] = ((deadline <= at) & (at < deadline + DUE * DAY)).sum()
        ripe = matures <= at
        for name, window in (("n", None), ("n_90", 90), ("n_365", 365)):
            found[PLACE[name]] = (ripe if window is None else ripe & (at < matures + window * DAY)).sum()
        self._read_at(rows, at, found)
        if self.late_since.size:
            self._late_at(rows, at, found)
        return found

    def _read_at(self, rows: Whole, at: int, found: Whole) -> None:
        of, flat = spread(self.read.values[rows], self.reads.values[rows])
        stands = (self.since.values[flat] <= at) & (at < self.until.values[flat])
        mine, flat = rows[of[stands]], flat[stands]
        silent = self.answered.values[flat] == 0
        deadline, matures = self.deadline.values[mine], self.matures.values[mine]
        passed = silent & (deadline <= at)
        found[PLACE["open"]] = (silent & (deadline > at)).sum()
        found[PLACE["overdue"]] = passed.sum()
        found[PLACE["overdue_lately"]] = (passed & (at < deadline + DUE * DAY)).sum()
        whole, ripe = self.whole.values[flat], matures <= at
        for name, window in (("yes", None), ("yes_90", 90), ("yes_365", 365)):
            found[PLACE[name]] = whole[ripe if window is None else ripe & (at < matures + window * DAY)].sum()

    def _late_at(self, rows: Whole, at: int, found: Whole) -> None:
        of, flat = spread(self.late.values[rows], self.lates.values[rows])
        matures = self.matures.values[rows[of]]
        counts = (np.maximum(self.late_since.values[flat], matures) <= at) & (at < self.late_until.values[flat])
        counts &= at < matures + 365 * DAY
        found[PLACE["delay"]] = self.late_hours.values[flat][counts].sum()
        found[PLACE["delays"]] = counts.sum()

    def moves(self, rows: Whole, after: int) -> Whole:
        """When each of these examples next counts otherwise than at `after`; END where it never does."""
        cutoff, deadline, matures = (part.values[rows] for part in (self.cutoff, self.deadline, self.matures))
        found = np.full(len(rows), END, np.int64)
        for at in (
            cutoff,
            cutoff + MONTH * DAY,
            deadline,
            deadline + DUE * DAY,
            matures,
            matures + 90 * DAY,
            matures + 365 * DAY,
        ):
            np.minimum(found, np.where(at > after, at, END), out=found)
        for first, many, parts in (
            (self.read, self.reads, (self.since, self.until)),
            (self.late, self.lates, (self.late_since, self.late_until)),
        ):
            of, flat = spread(first.values[rows], many.values[rows])
            for part in parts:
                at = part.values[flat]
                later = at > after
                np.minimum.at(found, of[later], at[later])
        return found

    def yes(self, row: int, at: int) -> int:
        """What the mature answer of one example reads at a moment, 0 where it counts for nothing."""
        if self.matures.values[row] > at:
            return 0
        first = int(self.read.values[row])
        for place in range(first, first + int(self.reads.values[row])):
            if self.since.values[place] <= at < self.until.values[place]:
                return int(self.whole.values[place])
        return 0

    def is_answered(self, row: int, at: int) -> bool:
        """Whether the answer of one example is known at a moment."""
        first = int(self.read.values[row])
        places = range(first, first + int(self.reads.values[row]))
        stands = (one for one in places if self.since.values[one] <= at < self.until.values[one])
        return any(self.answered.values[one] for one in stands)

    def turns(self, rows: Whole) -> tuple[Whole, Whole]:
        """Place among `rows` and moment of every step up of a mature answer."""
        of, flat = spread(self.read.values[rows], self.reads.values[rows])
        since = np.maximum(self.since.values[flat], self.matures.values[rows[of]])
        until, whole = self.until.values[flat], self.whole.values[flat]
        counts = (whole != 0) & (since < until)
        of, since, until, whole = of[counts], since[counts], until[counts], whole[counts]
        places = np.concatenate([of, of])
        at, step = np.concatenate([since, until]), np.concatenate([whole, -whole])
        order = np.lexsort((at, places))
        places, at, step = places[order], at[order], step[order]
        first = np.flatnonzero(np.append(True, (np.diff(places) != 0) | (np.diff(at) != 0))) if len(at) else of
        total = np.add.reduceat(step, first) if len(at) else step
        return places[first][total > 0], at[first][total > 0]


def delay(time: int, deadline: int) -> int:
    """Hours from the deadline, cut."""
    apart = time - deadline
    seconds = apart // 1_000_000 if apart >= 0 else -(-apart // 1_000_000)
    limit = MAX_DELAY * 24
    return min(max(seconds * 1_000_000 // HOUR, -limit), limit)


def spread(first: Whole, many: Whole) -> tuple[Whole, Whole]:
    """For every place of these stretches: which stretch it is of, and the place."""
    of = np.repeat(np.arange(len(first)), many)
    before = np.cumsum(many) - many
    return of, np.repeat(first - before, many) + np.arange(int(many.sum()))
