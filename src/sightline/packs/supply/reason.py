"""What is worth a look in supply: facts, not forecasts."""

from __future__ import annotations

from sightline.language.finding import Finding, Severity
from sightline.language.playbook import Detector, Situation
from sightline.packs.supply.predict import ARRIVES_LATE

URGENT_DAYS = 14
"""From two weeks on a recording lag (three weeks at most, nearly always) stops being the likelier explanation."""


def overdue(situation: Situation) -> Finding | None:
    """A line whose promised day has passed and whose delivery nobody has recorded."""
    due = situation.deadline
    if due is None:
        return None
    late = (situation.now - due).days + 1
    return Finding(
        detector=OVERDUE.name,
        subject=situation.subject,
        severity=Severity.URGENT if late >= URGENT_DAYS else Severity.WARNING,
        text=f"Promised for {due:%d %b %Y}, not recorded as delivered {late} days after.",
        at=situation.now,
        evidence={"days": late, "promised_on": f"{due:%Y-%m-%d}", "value": situation.worth},
    )


OVERDUE = Detector(name="supply.overdue", question=ARRIVES_LATE.name, look=overdue)

DETECTORS = (OVERDUE,)
