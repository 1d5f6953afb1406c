"""What happened to one thing, added up: every measure of `_happenings` at any moment in a few binary searches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sightline.kernel.predict._happenings import WINDOWS
from sightline.kernel.predict._queries import LARGEST, SCALE
from sightline.kernel.predict.live._strands import Occurrences, Whole
from sightline.kernel.predict.live._time import BEGINNING, DAY, END, HOUR, hours

NO_HOUR = -(1 << 62)

LONGEST_GAP = 1_000_000
"""Hours; longer gaps are cut before they are squared."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Running sums of what begins and of what ends to be known."""

    begins: Whole
    begun: Sequence[Whole]
    """Per sum, its value after so many beginnings; the first is 0."""
    ends: Whole
    ended: Sequence[Whole]

    @classmethod
    def of(cls, since: Whole, until: Whole, *values: Whole) -> Steps:
        """Sums of `values`, each counted from `since` until `until`."""
        over = until < END
        first, last = np.argsort(since, kind="stable"), np.argsort(until[over], kind="stable")
        return cls(
            since[first], [_running(value[first]) for value in values],
            until[over][last], [_running(value[over][last]) for value in values],
        )  # fmt: skip

    def at(self, at: int) -> list[int]:
        """Every sum at a moment."""
        begun = int(self.begins.searchsorted(at, "right"))
        ended = int(self.ends.searchsorted(at, "right")) if len(self.ends) else 0
        return [int(b[begun]) - int(e[ended]) for b, e in zip(self.begun, self.ended, strict=True)]


@dataclass(frozen=True, slots=True)
class Highs:
    """Running maxima from `begins` on."""

    begins: Whole
    highest: Whole

    @classmethod
    def of(cls, since: Whole, values: Whole) -> Highs:
        """Of values, each from its `since` on."""
        order = np.argsort(since, kind="stable")
        return cls(since[order], np.maximum.accumulate(values[order]) if len(order) else values[order])

    def at(self, at: int) -> int | None:
        """The highest by a moment."""
        begun = int(self.begins.searchsorted(at, "right"))
        return int(self.highest[begun - 1]) if begun else None


@dataclass(slots=True)
class Timeline:
    """One stream of one thing."""

    counts: Steps
    """How many, gaps, their sum, the sum of their squares."""
    latest: Highs
    """Hours of occurrences that stand for good."""
    earliest: Highs
    """The same negated."""
    longest: Highs
    passing: Sequence[tuple[int, int, int]]
    """since, until, hour of those that ended to be known."""
    amounts: dict[str, Amount] = field(default_factory=dict)
    commonest: dict[str, Commonest] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Occurrences) -> Timeline:
        """Of all its occurrences."""
        order = np.lexsort((found.until, found.position, found.time, found.since))
        since, until, time = found.since[order], found.until[order], found.time[order]
        dated = time > BEGINNING
        hour = np.where(dated, time // HOUR, NO_HOUR)
        gap = np.full(len(order), -1, np.int64)
        if len(order) > 1:
            gap[1:] = np.where(dated[1:] & dated[:-1], np.abs(hour[1:] - hour[:-1]), -1)
        there, long = gap >= 0, np.maximum(gap, 0)
        squares = np.minimum(long, LONGEST_GAP) ** 2
        counts = Steps.of(since, until, np.ones(len(order), np.int64), there.astype(np.int64), long, squares)
        stays, gone = dated & (until == END), dated & (until < END)
        return cls(
            counts=counts,
            latest=Highs.of(since[stays], hour[stays]),
            earliest=Highs.of(since[stays], -hour[stays]),
            longest=Highs.of(since[there], gap[there]),
            passing=_passing(since[gone], until[gone], hour[gone]),
        )

    def measures(self, at: int, windows: Sequence[int] = WINDOWS) -> dict[str, float | None]:
        """Every measure that needs no member of the events; None where it is unknown."""
        n, many, gaps, squares = self.counts.at(at)
        before = {window: self.counts.at(at - window * DAY)[0] for window in windows}
        now, (first, last) = hours(at), _extremes(self.passing, self.latest, self.earliest, at)
        span = (last - first) / (n - 1) if last is not None and first is not None and n > 1 else None
        found: dict[str, float | None] = {f"count_{window}": float(n - had) for window, had in before.items()}
        found |= {
            "count": float(n),
            "since_last": None if last is None else float(now - last),
            "since_first": None if last is None or first is None else float(now - first),
            "gap_mean": span,
            "gap_longest": _float(self.longest.at(at)),
            "gap_spread": _spread(many, gaps, squares),
            "lateness": (now - last) / span if last is not None and span is not None and span > 0 else None,
        }
        if 90 in before and n > before[365]:
            found["trend"] = float(n - before[90]) / (n - before[365])
        return found


@dataclass(frozen=True, slots=True)
class Amount:
    """What one member of a stream's events adds up to."""

    sums: Steps
    """The sum in 1/10,000, and how often it was said."""
    highest: Highs
    lowest: Highs
    """Negated."""
    passing: Sequence[tuple[int, int, int]]
    """since, until, whole of those that ended to be known."""

    @classmethod
    def of(cls, found: Occurrences) -> Amount:
        """Of the occurrences that say a number."""
        there = ~np.isnan(found.number)
        since, until = found.since[there], found.until[there]
        whole = np.rint(np.clip(found.number[there], -LARGEST, LARGEST) * SCALE).astype(np.int64)
        stays, gone = until == END, until < END
        return cls(
            Steps.of(since, until, whole, np.ones(len(whole), np.int64)),
            Highs.of(since[stays], whole[stays]),
            Highs.of(since[stays], -whole[stays]),
            _passing(since[gone], until[gone], whole[gone]),
        )

    def measures(self, at: int, windows: Sequence[int] = WINDOWS) -> dict[str, float | None]:
        """Every measure of the member."""
        total, said = self.sums.at(at)
        low, high = _extremes(self.passing, self.highest, self.lowest, at)
        before = {window: self.sums.at(at - window * DAY) for window in windows}
        found: dict[str, float | None] = {f"sum_{window}": (total - had) / SCALE for window, (had, _) in before.items()}
        lately = said - before[365][1]
        return found | {
            "sum": total / SCALE,
            "mean": total / SCALE / said if said > 0 else None,
            "max": None if high is None else high / SCALE,
            "min": None if low is None else low / SCALE,
            "mean_365": (total - before[365][0]) / SCALE / lately if lately > 0 else None,
        }


@dataclass(frozen=True, slots=True)
class Commonest:
    """Which text of one member was said most often so far; of equals the first by the alphabet."""

    begins: list[int]
    texts: list[str]

    @classmethod
    def of(cls, found: Occurrences) -> Commonest:
        """Of the occurrences that say a text, whether or not they were taken back."""
        said = sorted((s, t) for s, t in zip(found.since.tolist(), found.text, strict=True) if t is not None)
        often: dict[str, int] = {}
        begins, texts, top = [], [], ""
        for since, text in said:
            often[text] = often.get(text, 0) + 1
            most = often.get(top, 0)
            top = text if often[text] > most or (often[text] == most and text < top) else top
            begins.append(since)
            texts.append(top)
        return cls(begins, texts)

    def at(self, at: int) -> str | None:
        """The commonest by a moment."""
        begun = int(np.searchsorted(self.begins, at, "right"))
        return self.texts[begun - 1] if begun else None


def _passing(since: Whole, until: Whole, values: Whole) -> Sequence[tuple[int, int, int]]:
    return list(zip(since.tolist(), until.tolist(), values.tolist(), strict=True))


def _extremes(
    passing: Sequence[tuple[int, int, int]], highest: Highs, lowest: Highs, at: int
) -> tuple[int | None, int | None]:
    """The least and the most of what stands at a moment: for good, or until it was corrected later."""
    stood = [value for since, until, value in passing if since <= at < until]
    high, negated = highest.at(at), lowest.at(at)
    lows = [*stood, *([] if negated is None else [-negated])]
    return min(lows, default=None), max([*stood, *([] if high is None else [high])], default=None)


def _running(values: Whole) -> Whole:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])


def _float(value: int | None) -> float | None:
    return None if value is None else float(value)


def _spread(many: int, gaps: int, squares: int) -> float | None:
    if many <= 1:
        return None
    mean = gaps / many
    variance: Any = max(squares / many - mean * mean, 0.0)
    return float(variance**0.5)
