"""Whether who is asked, or what is said of them, moved more than it ordinarily does.

No business stands still, so the question is not whether two windows differ but whether the newest differs from those
before it by more than windows ever did. Each window's histogram is laid beside that of the windows just before it
(Hellinger's distance), and its distance is ranked among those of all windows so far. While windows move as they did,
every rank is as likely as any other, and betting on high ranks gains nothing: a conformal test martingale (Vovk,
Nouretdinov and Gammerman 2003, "Testing exchangeability on-line"; Vovk 2021, "Testing randomness online"). One account
is held per series, and the alarm rests on their mean, so that many series are no reason for more alarms.

The one thing it rests on is that distances of the past are as good as in any order. Where movement comes in spells that
last many windows, a spell unlike any before looks like what it is: with twelve windows to a spell, each with a mean of
its own half a standard deviation off, 5 of 40 histories raised an alarm in which nothing else had changed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sightline.kernel.learn.betting import FULL
from sightline.kernel.predict.windows import FEWEST, Reference, Series

Floats = npt.NDArray[np.float64]

ALARM = 0.05
"""The chance that a population which moves as it used to ever raises an alarm, over the life of a version."""

BEFORE = 40
"""Windows that one is laid beside: about a fifth of the past."""

EVEN = 0.1
"""Share of either side that is taken for evenly spread: an empty part is no proof that there is nobody. The same on
both sides, however many they hold, so that what never changes is never far apart.
"""

POWERS = (0.05, 0.1, 0.2, 0.35, 0.6)
"""Bets: the smaller, the more is staked on ranks near the top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How the windows since the training compare with those before."""

    evidence: Floats
    """After each window, the natural logarithm of the money of all series together."""
    accounts: Floats
    """series x windows: of each alone."""
    names: tuple[str, ...]
    """The series that could be compared."""

    @property
    def alarm(self) -> int | None:
        """The window at whose end it was beyond doubt."""
        found = np.flatnonzero(self.evidence >= -math.log(ALARM))
        return int(found[0]) if len(found) else None

    def strongest(self, upto: int) -> list[str]:
        """Series by what they tell at the end of a window, the clearest first."""
        order = np.argsort(-self.accounts[:, upto], kind="stable")
        return [self.names[at] for at in order if self.accounts[at, upto] > 0]

    def since(self, name: str, upto: int) -> int:
        """The window with which a series began to tell: after the one at which it told least."""
        return min(upto, int(self.accounts[self.names.index(name), : upto + 1].argmin()) + 1)


def moved(kept: Reference, later: Sequence[Floats]) -> Moved:
    """Compare windows. `later`: of each series, windows x parts."""
    compared = [(one, new) for one, new in zip(kept.series, later, strict=True) if len(one.past) >= FEWEST]
    accounts = [_account(np.concatenate([one.past, new]), len(one.past)) for one, new in compared]
    length = len(later[0]) if later else 0
    held = np.array(accounts).reshape(len(accounts), length)
    mean = held.mean(axis=0) if len(held) else np.ones(length)
    return Moved(
        evidence=np.log(mean),
        accounts=np.log(held),
        names=tuple(one.name for one, _ in compared),
    )


def distances(windows: Floats) -> Floats:
    """Of each window to those before it, at most `BEFORE`; nan of the first, which have too few. Between 0 and 1."""
    parts, least = windows.shape[1], min(BEFORE, len(windows) // 3) // 2
    upto = np.vstack([np.zeros(parts), np.cumsum(windows, axis=0)])
    found = np.full(len(windows), np.nan)
    for at in range(max(1, least), len(windows)):
        before = upto[at] - upto[max(0, at - BEFORE)]
        found[at] = max(0.0, 1 - np.sqrt(_shares(before) * _shares(windows[at])).sum())
    return found


def _shares(counts: Floats) -> Floats:
    return np.asarray((1 - EVEN) * counts / max(float(counts.sum()), 1e-9) + EVEN / len(counts))


def _account(windows: Floats, past: int) -> Floats:
    """The money after each window since the training, from 1."""
    far = distances(windows)
    power, held = np.array(POWERS), np.zeros(len(POWERS))
    path = np.ones(len(windows) - past)
    for number, at in enumerate(range(past, len(windows)), 1):
        known = far[: at + 1]
        known = known[~np.isnan(known)]
        rank = float((known >= known[-1] - 1e-12).mean()) if len(known) else 1.0
        begun = 1 / (number * (number + 1))
        held = np.minimum((held + begun) * power * rank ** (power - 1), FULL)
        path[number - 1] = float(held.mean()) + 1 / (number + 1)
    return path


def said(series: Series, before: Floats, now: Floats) -> str:
    """By how much it moved, as the part of a sentence: the part of the range whose share changed most.

    Args: clusters per part, before and now.
    """
    old, new = before / max(before.sum(), 1e-9), now / max(now.sum(), 1e-9)
    at = int(np.abs(new - old).argmax())
    return f"{_part(series, at)} {new[at]:.0%} instead of {old[at]:.0%}"


def _part(series: Series, at: int) -> str:
    parts = series.parts
    if series.spec is not None and at == len(parts) + 1:
        return "not known of"
    if series.spec is not None and series.spec.category:
        return f"'{parts[at]}' of" if at < len(parts) else "something else of"
    if not parts:
        return "known of"
    if at == 0:
        return f"below {_figure(parts[0])} of"
    if at == len(parts):
        return f"{_figure(parts[-1])} or more of"
    return f"from {_figure(parts[at - 1])} to {_figure(parts[at])} of"


def _figure(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.4g}"
