"""The evidence that a model answers a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What the proof allows the model to be used for."""

    USE = "use"
    USE_ABOVE = "use_above"
    """Rank and ask; act only beyond the lines that keep the promise."""
    DO_NOT_USE = "do_not_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One predicted side (yes or no) and the line from which the promise holds, if any."""

    side: str
    """`yes` or `no`."""
    called: str
    """How the question calls that side ("late")."""
    promise: float
    """Precision promised, such as .95."""
    line: float | None
    """Probability of that side from which the promise holds; None: never acts by itself on it."""
    precision: float | None
    """Precision beyond the line."""
    bound: float | None
    """Lower confidence bound of that precision, respecting clusters."""
    coverage: float
    """Share of subjects beyond the line."""
    broken: str = ""
    """Why nothing is done beyond the line all the same, by what was seen on duty; empty where it is."""


def beyond(sides: Sequence[Side], probability: float) -> str | None:
    """The side (`yes` or `no`) beyond whose line a probability of yes lies; None between the lines."""
    for side in sides:
        own = probability if side.side == "yes" else 1 - probability
        if side.line is not None and own >= side.line:
            return side.side
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Back-test, calibration, baseline, money and assumptions of one model version. All figures out of time.

    `document` is the JSON-ready whole that `sightline proof NAME --json` prints; the typed members are those
    that decisions read.
    """

    question: str
    model: str
    verdict: Verdict
    sides: tuple[Side, ...]
    document: dict[str, Any]

    @property
    def never_acts(self) -> tuple[str, ...]:
        """The sides (as the question calls them) on which no line keeps the promise."""
        return tuple(s.called for s in self.sides if s.line is None)
