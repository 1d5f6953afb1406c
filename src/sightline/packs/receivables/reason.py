"""What is worth a look in receivables: facts, not forecasts."""

from __future__ import annotations

from sightline.kernel.reason.overdue import overdue
from sightline.packs.receivables.predict import PAID_LATE

URGENT_DAYS = 30
"""From a month on most of what is paid at all is paid after somebody was called."""

OVERDUE = overdue(
    "receivables.overdue",
    PAID_LATE,
    urgent=URGENT_DAYS,
    says="Due on {due}, not recorded as paid {days} days after.",
    day="due_on",
    worth="amount",
)
"""An invoice whose due day has passed and whose payment nobody has recorded."""

DETECTORS = (OVERDUE,)
