"""Subjects as a detector or a playbook is told about them, read from what is known now."""

from __future__ import annotations

from datetime import datetime

from sightline.foundation.db.session import Transaction
from sightline.language.playbook import Situation
from sightline.language.question import Question
from sightline.language.ref import Ref
from sightline.language.time import end_of

_OVERDUE = """
select e.key, e.attributes, e.links from sightline.entities e
where e.tenant = :t and e.kind = :kind and e.attributes ->> :deadline < :today
  and not exists (select from sightline.occurrences o where o.tenant = e.tenant and o.kind = e.kind and o.key = e.key
                  and o.type = :event and o.known_until is null)
order by e.attributes ->> :deadline, e.key
"""


async def overdue(tx: Transaction, question: Question, now: datetime) -> list[Situation]:
    """Subjects whose deadline has passed while the awaited event is still unknown: facts, not forecasts."""
    rows = await tx.rows(
        _OVERDUE,
        t=tx.tenant, kind=question.of, deadline=question.deadline, event=question.answer.event,
        today=now.date().isoformat(),
    )  # fmt: skip
    found = []
    for row in rows:
        attributes = row["attributes"]
        deadline = end_of(attributes[question.deadline])
        if deadline < now:
            found.append(
                Situation(
                    subject=Ref(question.of, row["key"]),
                    now=now,
                    deadline=deadline,
                    attributes=attributes,
                    links=row["links"],
                    worth=attributes.get(question.worth.name) if question.worth else None,
                )
            )
    return found
