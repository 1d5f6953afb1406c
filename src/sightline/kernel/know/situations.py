"""Subjects as a detector or a playbook is told about them, read from what is known now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.language.kind import Kind, Sort
from sightline.language.playbook import Situation
from sightline.language.question import AttributeOf, Question
from sightline.language.ref import Ref
from sightline.language.time import end_of, is_moment

_OVERDUE = """
select e.key, e.attributes, e.links from sightline.entities e
where e.tenant = :t and e.kind = :kind and e.attributes ->> :deadline < :today
  and not exists (select from sightline.occurrences o where o.tenant = e.tenant and o.kind = e.kind and o.key = e.key
                  and o.type = :event and o.known_until is null)
order by e.attributes ->> :deadline, e.key
"""


async def overdue(tx: Transaction, question: Question, kind: Kind | None, now: datetime) -> list[Situation]:
    """Subjects (of `kind`) whose deadline has passed while the awaited event is still unknown: facts, not forecasts.

    `question`: one by which something can be overdue (see `Catalog`).
    """
    rows = await tx.rows(
        _OVERDUE,
        t=tx.tenant, kind=question.of, deadline=question.deadline, event=question.event,
        today=now.date().isoformat(),
    )  # fmt: skip
    found = []
    for row in rows:
        attributes = readable(kind, row["attributes"])
        deadline = deadline_of(question, attributes)
        if deadline is not None and deadline < now:
            found.append(
                Situation(
                    subject=Ref(question.of, row["key"]),
                    now=now,
                    deadline=deadline,
                    attributes=attributes,
                    links=row["links"],
                    worth=worth_of(question, attributes),
                )
            )
    return found


def deadline_of(question: Question, attributes: Mapping[str, Any]) -> datetime | None:
    """By when the answer is due, where an attribute names the day and is known."""
    promised = attributes.get(question.deadline) if question.deadline else None
    return end_of(promised) if isinstance(promised, str) and is_moment(promised) else None


def readable(kind: Kind | None, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as policy may read them: what is not of its declared sort counts as unknown."""
    return kind.readable(attributes) if kind else dict(attributes)


def worth_of(question: Question, attributes: Mapping[str, Any]) -> float | None:
    """What the question says is at stake, where that is an attribute and a number."""
    worth = attributes.get(question.worth.name) if isinstance(question.worth, AttributeOf) else None
    return float(worth) if Sort.NUMBER.holds(worth) and worth is not None else None
