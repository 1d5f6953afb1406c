"""Policy that packs declare: what to look out for, and what to do about it. Declarations and pure functions only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sightline.language.finding import Finding
from sightline.language.ref import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a detector or a playbook is told about one subject: facts as known now, nothing to look up."""

    subject: Ref
    now: datetime
    deadline: datetime
    """By when the question's answer was due."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    """Role to reference text."""
    probability: float | None = None
    """Calibrated probability of yes, where a forecast woke it."""
    quantity: float | None = None
    """The median forecast in the question's unit, where a forecast of a quantity woke it."""
    low: float | None = None
    high: float | None = None
    """The interval of the forecast."""
    worth: float | None = None
    reasons: tuple[str, ...] = ()
    finding: str | None = None
    """The finding's text, where a finding woke it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """Looks at subjects whose deadline has passed while the awaited event is still unknown: facts, not forecasts."""

    name: str
    question: str
    """Whose overdue subjects it looks at."""
    look: Callable[[Situation], Finding | None]
    """Pure: a situation in, a finding or nothing out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """What to do when a prediction is made or a finding appears."""

    name: str
    question: str
    """The question its subjects were asked; its outcome tells whether acting helped."""
    wakes_on: str
    """The question's name (a prediction wakes it) or a detector's name (a finding does)."""
    choice: str
    """What it would do, in a word or two."""
    party: str
    """The link that leads to whoever is contacted; hold-outs are drawn per party."""
    channel: str
    write: Callable[[Situation], str]
    """Pure: the text that would be sent; every figure in it comes from the situation."""
    cost: float
    """Money one use costs, in the question's currency."""
    saves: float
    """Share of the worth that acting in time is assumed to save."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """What counts as success for a playbook: the answer of its question that acting is meant to bring about."""

    playbook: str
    answer: bool

    @property
    def name(self) -> str:
        """One per playbook."""
        return self.playbook
