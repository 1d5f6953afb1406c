"""What is worth a look in receivables: facts, not forecasts."""

from __future__ import annotations

from sightline.language.finding import Finding, Severity
from sightline.language.playbook import Detector, Situation
from sightline.packs.receivables.predict import PAID_LATE

URGENT_DAYS = 30
"""From a month on most of what is paid at all is paid after somebody was called."""


def overdue(situation: Situation) -> Finding | None:
    """An invoice whose due day has passed and whose payment nobody has recorded."""
    due = situation.deadline
    if due is None:
        return None
    late = (situation.now - due).days + 1
    return Finding(
        detector=OVERDUE.name,
        subject=situation.subject,
        severity=Severity.URGENT if late >= URGENT_DAYS else Severity.WARNING,
        text=f"Due on {due:%d %b %Y}, not recorded as paid {late} days after.",
        at=situation.now,
        evidence={"days": late, "due_on": f"{due:%Y-%m-%d}", "amount": situation.worth},
    )


OVERDUE = Detector(name="receivables.overdue", question=PAID_LATE.name, look=overdue)

DETECTORS = (OVERDUE,)
