"""Experiments that are declared: several choices of a playbook drawn by lot, beside each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

LEAST = 0.05
"""The smallest change of a share that is worth finding, unless something else is said."""

SPAN = timedelta(weeks=12)
"""How long parties are drawn, unless something else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A figure that may not get worse: an answer to another question, or an event that is to happen to few."""

    question: str | None = None
    """Either this,"""
    event: str | None = None
    """or this: an event of the subject or of whoever is contacted."""
    good: bool = True
    """Which answer to the question is the good one."""
    within: timedelta = timedelta(days=30)
    """So long after the decision the event counts."""
    margin: float = 0.0
    """By so much (a share) it may be worse."""

    @property
    def name(self) -> str:
        """What it is called by."""
        return self.question or self.event or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """Arms with their shares; the first is what the others are compared with."""

    name: str
    arms: tuple[str, ...]
    """Choices of the playbook."""
    shares: tuple[float, ...]
    """Above 0, together 1."""
    least: float = LEAST
    """The smallest change of success, either way, that is worth finding: the plan is made for it."""
    span: timedelta = SPAN
    """So long parties are drawn, unless it is decided before."""
    guards: tuple[Watched, ...] = ()
    why: str = ""
    """What is expected of it."""

    def __post_init__(self) -> None:
        """Raises ValueError where there are fewer than two arms, or the shares do not fit them."""
        fit = len(self.arms) == len(self.shares) == len(set(self.arms)) and len(self.arms) > 1
        if not fit or min(self.shares) <= 0 or not math.isclose(sum(self.shares), 1.0, abs_tol=1e-9):
            raise ValueError(
                f"{self.name}: arms {list(self.arms)} with shares {list(self.shares)}. Give two arms or more, each with"
                " a name of its own and a share above 0, together 1."
            )

    def share(self, arm: str) -> float:
        """The share of an arm."""
        return self.shares[self.arms.index(arm)]
