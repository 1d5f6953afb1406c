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
    """Its exact share, signed: of a chance of the log-odds (positive speaks for yes), of a quantity of the mean."""
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What another choice of one attribute alone would do to a prediction, by the model; not what it would cause."""

    attribute: str
    value: str | float | bool
    """What would be chosen."""
    before: float
    after: float
    """The probability of yes, or the mean."""
    text: str
    """"With shipment mode Air instead of Ocean the chance of 'late' would be 12 % instead of 31 %"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """An answer for one subject, as of one cutoff: the probability of yes, or a quantity. One of the two is None."""

    question: str
    subject: Ref
    cutoff: datetime
    """As of when: nothing known later went into it."""
    deadline: datetime
    """By when it will be answered; the prediction expires then."""
    probability: float | None
    """Of yes, calibrated, 0 to 1."""
    low: float
    high: float
    """An interval. Of a probability 80 %: how far the calibrated share may be off for subjects like this one. Of a
    quantity 90 %: where the answer itself will lie.
    """
    worth: float | None
    """Money at stake, in the question's currency."""
    expected_loss: float | None
    """Probability times worth (of a quantity: the worth): what lists are ranked by."""
    model: str
    """Version of the model that said so."""
    reasons: tuple[Reason, ...] = ()
    quantity: float | None = None
    """The median forecast, in the question's unit (days for `next_`)."""
    mean: float | None = None
    """The mean forecast of a quantity: what adds up over many subjects."""
    outcome: float | None = None
    """What then happened, once known: 1 or 0, or the quantity."""
