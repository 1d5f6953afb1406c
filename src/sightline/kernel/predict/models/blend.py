"""The mean of what the better rungs say: errors that differ cancel, and no weight is learned that drift would undo.

Log-odds are averaged, of quantities means and quantiles. Members fitted already are taken as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sightline.kernel.predict._matrix import Floats, Matrix
from sightline.kernel.predict.models.rung import Fitted, Lessons, Rung, Said, Task

Reader = Callable[[dict[str, Any]], Fitted]


BLEND = "blend"


def mean(said: Sequence[Said]) -> Said:
    """Of log-odds, or of means and quantiles."""
    if any(one.median is None for one in said):
        return Said(score=np.mean([one.score for one in said], axis=0))
    parts = {
        part: np.asarray(np.mean([getattr(one, part) for one in said], axis=0), np.float64)
        for part in ("score", "low", "median", "high")
    }
    return Said(**parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """Of its members, each counting the same."""

    members: tuple[Fitted, ...]

    @property
    def name(self) -> str:
        """`blend`."""
        return BLEND

    def say(self, matrix: Matrix) -> Said:
        """The mean of log-odds, or of means and quantiles."""
        return mean([member.say(matrix) for member in self.members])

    def contributions(self, matrix: Matrix) -> tuple[tuple[str, ...], Floats]:
        """The mean of the members' shares, feature by feature."""
        told = [member.contributions(matrix) for member in self.members]
        names = tuple(dict.fromkeys(name for known, _ in told for name in known))
        at = {name: place for place, name in enumerate(names)}
        found = np.zeros((len(matrix.values), len(names) + 1))
        for known, shares in told:
            found[:, [*(at[name] for name in known), len(names)]] += shares / len(told)
        return names, found

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"rung": self.name, "members": [member.document() for member in self.members]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """The mean of the rungs in `of` that suit; without two of them there is nothing to blend."""

    of: tuple[Rung, ...]

    @property
    def name(self) -> str:
        """`blend`."""
        return BLEND

    def suits(self, task: Task, lessons: Lessons) -> bool:
        """Where at least two of its members do."""
        return sum(rung.suits(task, lessons) for rung in self.of) > 1

    def fit(self, task: Task, lessons: Lessons) -> Mean:
        """Fit each member."""
        return Mean(members=tuple(rung.fit(task, lessons) for rung in self.of if rung.suits(task, lessons)))


def reader(read: Reader) -> Reader:
    """What gives a blend back, by what gives its members."""

    def back(document: dict[str, Any]) -> Mean:
        return Mean(members=tuple(read(member) for member in document["members"]))

    return back
