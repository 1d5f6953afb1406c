"""What is worth a look in supply: facts, not forecasts."""

from __future__ import annotations

from sightline.kernel.reason.overdue import overdue
from sightline.packs.supply.predict import ARRIVES_LATE

URGENT_DAYS = 14
"""From two weeks on a recording lag (three weeks at most, nearly always) stops being the likelier explanation."""

OVERDUE = overdue(
    "supply.overdue",
    ARRIVES_LATE,
    urgent=URGENT_DAYS,
    says="Promised for {due}, not recorded as delivered {days} days after.",
    day="promised_on",
    worth="value",
)
"""A line whose promised day has passed and whose delivery nobody has recorded."""

DETECTORS = (OVERDUE,)
