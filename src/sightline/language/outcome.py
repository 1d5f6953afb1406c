"""What then happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sightline.language.ref import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer to one prediction as read at one moment; a late record corrects it."""

    question: str
    subject: Ref
    cutoff: datetime
    answer: bool
    probability: float
    verb: str | None
    """What was decided about it, if anything."""
    arm: str | None
    read_at: datetime
