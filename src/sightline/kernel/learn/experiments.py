"""Experiments: several arms drawn by lot, one figure that decides, others that may not get worse.

Pure throughout. An arm is drawn by hash per contacted party, as a hold-out is, so that it needs no table and stays the
same for ever. What is claimed rests on intervals that may be looked at every day (see `always`), each arm beside the
first, at a level shared among the arms (Bonferroni), so that many arms do not flatter.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np

from sightline.kernel.act.lots import assigned, lot
from sightline.kernel.learn.always import LEVEL, reach
from sightline.kernel.learn.parties import Floats, Totals, adjusted, estimate
from sightline.kernel.learn.split import Split, split
from sightline.language.experiment import Experiment

__all__ = [
    "Analysis", "Experiment", "Guard", "Pair", "Plan", "Results", "Verdict", "analyse", "assigned", "beside",
    "level", "lot", "plan", "strict_level",
]  # fmt: skip

POWER = 0.8
MOST_PARTIES = 10**9


def level(experiment: Experiment) -> float:
    """Of each comparison, so that all of them together hold with `LEVEL`."""
    return 1 - (1 - LEVEL) / (len(experiment.arms) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What it takes to find an effect of that size."""

    parties: int
    """In all arms together."""
    weeks: int | None
    """At the present rate; None where that is unknown."""


def plan(
    experiment: Experiment, *, base: float, least: float, size: float = 1.0, alike: float = 0.0,
    per_week: float | None = None, power: float = POWER,
) -> Plan:  # fmt: skip
    """How many parties it takes until an arm that changes success by `least` is found with `power`, looked at daily.

    Args: `base` the share of success (0 to 1) so far; `least` the smallest difference (not 0) worth finding, of shares;
    `size` decisions per party on average; `alike` how much those of one party share their fate (intraclass correlation,
    0 to 1), which lowers what they tell (design effect: Kish 1965); `per_week` new parties. The normal approximation,
    with the reach of the confidence sequence in the place of the quantile: a little more than is needed, since it may
    be clear on the way already. The smallest arm beside the first decides. Raises ValueError for what cannot be.
    """
    other = base + least
    if not (0 < base < 1 and 0 < other < 1 and least and size > 0 and 0 <= alike <= 1):
        raise ValueError(f"A success of {base:g} changed by {least:g}: both shares have to lie between 0 and 1.")
    first, smallest = experiment.shares[0], min(experiment.shares[1:])
    per_party = (1 + (size - 1) * alike) / size
    spread = per_party * (base * (1 - base) / first + other * (1 - other) / smallest)
    share = (base * first + other * smallest) / (first + smallest)
    beyond = NormalDist().inv_cdf(power)

    def enough(parties: int) -> bool:
        error = math.sqrt(spread / parties)
        return abs(least) / error >= reach(share * (1 - share) / error**2, level(experiment)) + beyond

    low, high = 1, 2
    while not enough(high) and high < MOST_PARTIES:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return Plan(parties=high, weeks=math.ceil(high / per_week) if per_week else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One figure of all parties of an experiment; arrays of one length. An arm by its place in `Experiment.arms`."""

    arm: np.ndarray[tuple[int], np.dtype[np.intp]]
    size: Floats
    """Above 0: decisions, or money."""
    hits: Floats
    """Of the size: what was a success."""
    said: Floats
    """What was expected before (see `parties.Totals`); NaN: nothing."""

    def beside(self, place: int) -> Totals:
        """That arm beside the first."""
        both = (self.arm == place) | (self.arm == 0)
        return Totals(treated=self.arm[both] == place, size=self.size[both], hits=self.hits[both], said=self.said[both])


class Verdict(StrEnum):
    """Of one arm beside the first."""

    BETTER = "better"
    WORSE = "worse"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One arm beside the first. None where either has too few parties."""

    arm: str
    difference: float | None
    interval: tuple[float, float] | None
    """Holds for all arms, at all looks, together with 95 %."""

    @property
    def verdict(self) -> Verdict:
        """Better or worse only beyond doubt."""
        if self.interval is None or self.interval[0] <= 0 <= self.interval[1]:
            return Verdict.OPEN
        return Verdict.BETTER if self.interval[0] > 0 else Verdict.WORSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A figure that may not get worse than the first arm's by more than `margin` (a share, 0 or more)."""

    name: str
    results: Results
    more_is_better: bool = True
    margin: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """How an experiment stands."""

    experiment: str
    pairs: tuple[Pair, ...]
    split: Split
    stopped: Mapping[str, tuple[str, ...]]
    """By arm: the guards that it is worse by beyond doubt."""

    @property
    def words(self) -> str:
        """One sentence."""
        if self.split.broken:
            return "The split is broken, so nothing can be read from this experiment."
        stop = [f"{arm} (worse by {', '.join(guards)})" for arm, guards in self.stopped.items()]
        if stop:
            return f"Stop {'; '.join(stop)}."
        sure = [
            f"{pair.arm} is {pair.verdict.value} by {abs(pair.difference):.1%}"
            for pair in self.pairs
            if pair.verdict is not Verdict.OPEN and pair.difference is not None
        ]
        return f"{'; '.join(sure)}." if sure else "Nothing can be told apart yet."


def analyse(experiment: Experiment, results: Results, guards: Sequence[Guard] = ()) -> Analysis:
    """Every arm beside the first, the split, and the guards; may be called as often as one likes."""
    stopped: dict[str, tuple[str, ...]] = {}
    strict = strict_level(experiment, len(guards))
    for place, arm in enumerate(experiment.arms[1:], 1):
        worse = tuple(guard.name for guard in guards if _worse(guard, place, strict))
        if worse:
            stopped[arm] = worse
    counts = np.bincount(results.arm, minlength=len(experiment.arms))
    return Analysis(
        experiment=experiment.name,
        pairs=beside(experiment, results, level(experiment)),
        split=split(counts.tolist(), experiment.shares),
        stopped=stopped,
    )


def strict_level(experiment: Experiment, guards: int) -> float:
    """Of each of so many guards: all of all arms together raise a false alarm in at most one experiment of twenty."""
    return 1 - (1 - level(experiment)) / max(guards, 1)


def beside(experiment: Experiment, results: Results, sure: float) -> tuple[Pair, ...]:
    """Each arm beside the first, with intervals that hold with the level `sure`."""
    return tuple(_pair(experiment, results, place, sure) for place in range(1, len(experiment.arms)))


def _pair(experiment: Experiment, results: Results, place: int, sure: float) -> Pair:
    found = estimate(adjusted(results.beside(place)))
    return Pair(
        arm=experiment.arms[place],
        difference=found.difference if found else None,
        interval=found.sequence(sure) if found else None,
    )


def _worse(guard: Guard, place: int, level: float) -> bool:
    found = estimate(adjusted(guard.results.beside(place)))
    if found is None:
        return False
    low, high = found.sequence(level)
    return high < -guard.margin if guard.more_is_better else low > guard.margin
