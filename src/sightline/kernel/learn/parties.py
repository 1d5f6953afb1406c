"""The difference between two arms drawn party by party, as narrow as what was known beforehand allows.

Parties are the units: each has a size (subjects, or money at stake) and the part of it that was a success. What was
expected of a party before anything was decided explains part of its success whichever arm it was drawn into; that part
is taken off both arms alike, so that less is left to chance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sightline.kernel.learn.always import LEVEL, reach

Floats = npt.NDArray[np.float64]
Party = tuple[float, float]
"""One party's size, and how much of it was a success."""

MIN_PARTIES = 5
"""Parties with an outcome in either arm, below which nothing is said: a spread between fewer is a guess."""

PER_STRATUM = 10
"""Parties of the smaller arm for each stratum; with fewer than two such, nothing is taken off."""

MOST_STRATA = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The parties of two arms; arrays of one length."""

    treated: npt.NDArray[np.bool_]
    size: Floats
    """Above 0: subjects, or the money at stake."""
    hits: Floats
    """Of the size: what was a success."""
    said: Floats
    """What was expected beforehand, a mean over the party: the predicted probability, or the worth. NaN: nothing."""

    @property
    def least(self) -> int:
        """Parties of the smaller arm."""
        return int(min(self.treated.sum(), (~self.treated).sum()))

    def where(self, chosen: npt.NDArray[Any]) -> Totals:
        """Only those chosen: a mask or places."""
        return Totals(
            treated=self.treated[chosen], size=self.size[chosen], hits=self.hits[chosen], said=self.said[chosen]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A difference of shares, treated less control."""

    difference: float
    middle: float
    """The same between the guarded shares, about which intervals are drawn."""
    error: float
    """Standard error of the middle; parties are its units. Above 0."""
    seen: float
    """Independent subjects that would tell as much: the variance of one, over the error squared."""

    def interval(self, reaches: float) -> tuple[float, float]:
        """So many standard errors about the middle, widened to hold the difference; between -1 and 1."""
        half = reaches * self.error
        low, high = min(self.middle - half, self.difference), max(self.middle + half, self.difference)
        return max(-1.0, low), min(1.0, high)

    def sequence(self, level: float = LEVEL) -> tuple[float, float]:
        """The interval that may be looked at as often as one likes (see `always`)."""
        return self.interval(reach(self.seen, level))


def of_arms(treated: Sequence[Party], control: Sequence[Party]) -> Totals:
    """Parties of which nothing was known beforehand."""
    both = np.array([*treated, *control], np.float64).reshape(-1, 2)
    arm = np.arange(len(both)) < len(treated)
    return Totals(treated=arm, size=both[:, 0], hits=both[:, 1], said=np.full(len(both), np.nan))


def estimate(totals: Totals) -> Estimate | None:
    """The difference as the parties tell it; None where either arm has fewer than `MIN_PARTIES`."""
    if totals.least < MIN_PARTIES:
        return None
    arms = [totals.where(totals.treated), totals.where(~totals.treated)]
    rates = [float(arm.hits.sum() / arm.size.sum()) for arm in arms]
    (p1, v1), (p0, v0) = (guarded(arm.size, arm.hits) for arm in arms)
    share = guarded(totals.size, totals.hits)[0]
    seen = share * (1 - share) / (v1 + v0)
    return Estimate(difference=rates[0] - rates[1], middle=p1 - p0, error=math.sqrt(v1 + v0), seen=seen)


def guarded(size: Floats, hits: Floats) -> tuple[float, float]:
    """The share of success and its variance, after two imaginary parties of average size: one that always succeeds and
    one that never does.

    With parties of one subject those are the success and the failure that Agresti and Caffo (2000) add to either arm.
    The variance is the delete-one-party jackknife of a ratio (Wolter 2007, chapter 4): it knows nothing of how subjects
    of a party hang together, and unlike the linearised one does not flatter where one party holds most of an arm.
    """
    mean = float(size.mean())
    sizes, successes = np.append(size, (mean, mean)), np.append(hits, (mean, 0.0))
    total = float(sizes.sum())
    share = float(successes.sum()) / total
    moved = (successes - share * sizes) / (total - sizes)
    return share, (len(moved) - 1) / len(moved) * float(moved @ moved)


def adjusted(totals: Totals) -> Totals:
    """The same parties, with what was expected of them beforehand taken off: post-stratified, and CUPED inside.

    Strata are quantile bins of what was said (Miratrix, Sekhon and Yu 2013); inside them the covariate of Deng, Xu,
    Kohavi and Walker (2013) is what was said itself. Both are one linear model of the share of success, fitted to the
    parties of both arms by size, with the arm in it so that the effect is not taken off with the rest. The mean over
    all parties stays as it was. As the arms were drawn by lot this biases nothing in large samples, however wrong the
    model; with fewer than two strata's worth of parties it is left alone.
    """
    strata = min(MOST_STRATA, totals.least // PER_STRATUM)
    known = np.isfinite(totals.said)
    if strata < 2 or not known.any():
        return totals
    said = np.where(known, totals.said, totals.said[known].mean())
    bins = binned(said, strata)
    columns = [*(bins == number for number in np.unique(bins)), said - said.mean()]
    model = np.column_stack(columns).astype(np.float64)
    root = np.sqrt(totals.size)
    design = np.column_stack([model, totals.treated]) * root[:, None]
    fitted = np.linalg.lstsq(design, totals.hits / root, rcond=None)[0]
    expected = model @ fitted[:-1]
    expected -= np.average(expected, weights=totals.size)
    return replace(totals, hits=totals.hits - totals.size * expected)


def binned(values: Floats, bins: int) -> npt.NDArray[np.intp]:
    """The quantile bin of each value, from 0; fewer than `bins` where values repeat."""
    edges = np.unique(np.quantile(values, np.arange(1, bins) / bins))
    return np.searchsorted(edges, values, side="right")


def alike(size: Floats, hits: Floats) -> float:
    """How much subjects of one party share their fate: the intraclass correlation, by the analysis of variance (Donner
    1986), between 0 and 1. 0 where no party has two.
    """
    parties, subjects = len(size), float(size.sum())
    if parties < 2 or subjects <= parties:
        return 0.0
    share = hits / size
    between = float(size @ (share - hits.sum() / subjects) ** 2) / (parties - 1)
    within = float(size @ (share * (1 - share))) / (subjects - parties)
    average = (subjects - float(size @ size) / subjects) / (parties - 1)
    total = between + (average - 1) * within
    return min(max((between - within) / total, 0.0), 1.0) if total > 0 else 0.0
