"""An answer for one subject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sightline.language.ref import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One ground for a prediction, in words, with what it moved."""

    text: str
    """"3 of this vendor's last 5 shipments to Nigeria were late"."""
    contribution: float
    """Its exact share of the log-odds, signed: positive speaks for yes."""
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The probability that the answer to a question is yes for one subject, as of one cutoff."""

    question: str
    subject: Ref
    cutoff: datetime
    """As of when: nothing known later went into it."""
    deadline: datetime
    """By when it will be answered; the prediction expires then."""
    probability: float
    """Calibrated, 0 to 1."""
    low: float
    high: float
    """An 80 % interval of the probability: how far the calibrated share may be off for subjects like this one."""
    worth: float | None
    """Money at stake, in the question's currency."""
    expected_loss: float | None
    """Probability times worth: what lists are ranked by."""
    model: str
    """Version of the model that said so."""
    reasons: tuple[Reason, ...] = ()
    outcome: bool | None = None
    """What then happened, once known."""
