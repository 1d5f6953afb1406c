"""The plainest detector: a day that was named has passed, and what was awaited by then is not recorded."""

from __future__ import annotations

from sightline.language.finding import Finding, Severity
from sightline.language.playbook import Detector, Situation
from sightline.language.question import Question


def overdue(name: str, question: Question, *, urgent: int, says: str, day: str, worth: str) -> Detector:
    """A detector of what is overdue by the deadline of a question.

    Args: `urgent`: from so many days on; `says`: the sentence, with `{due}` and `{days}`; `day` and `worth`: what the
    deadline and the money at stake are called among the evidence.
    """

    def look(situation: Situation) -> Finding | None:
        due = situation.deadline
        if due is None:
            return None
        days = (situation.now - due).days + 1
        return Finding(
            detector=name,
            subject=situation.subject,
            severity=Severity.URGENT if days >= urgent else Severity.WARNING,
            text=says.format(due=f"{due:%d %b %Y}", days=days),
            at=situation.now,
            evidence={"days": days, day: f"{due:%Y-%m-%d}", worth: situation.worth},
        )

    return Detector(name=name, question=question.name, look=look)
