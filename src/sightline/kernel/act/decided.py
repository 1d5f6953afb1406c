"""Decisions as they are kept: what was made of each proposal, and why."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sightline.foundation.db.session import Transaction
from sightline.language.ref import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One decision."""

    key: str
    playbook: str
    version: str
    choice: str
    channel: str
    channel_propensity: float | None
    """The chance there was of this channel, where its choice goes by one of several."""
    subject: str
    party: str
    verb: str
    arm: str
    because: str
    value: float
    """Money it was expected to bring, its cost taken off."""
    worth: float | None
    """Money at stake."""
    question: str | None
    cutoff: datetime | None
    """Of the forecast it rests on; None: plain facts called for it."""
    probability: float | None
    experiment: str | None
    """Of which its choice was an arm."""
    at: datetime


_FIELDS = tuple(one.name for one in fields(Decided))
_COLUMNS = ", ".join("kind || '/' || subject as subject" if name == "subject" else name for name in _FIELDS)

_LISTED = f"""
select {_COLUMNS} from sightline.decisions where tenant = :t
  and (cast(:kind as text) is null or kind = :kind and subject = :subject)
  and (cast(:playbook as text) is null or playbook = :playbook) and (cast(:verb as text) is null or verb = :verb)
  and (cast(:at as timestamptz) is null or at < :at or at = :at and key > :key)
order by at desc, key limit :limit
"""


async def listed(
    tx: Transaction, *, subject: Ref | None = None, playbook: str | None = None, verb: str | None = None,
    after: tuple[datetime, str] | None = None, limit: int,
) -> list[Decided]:  # fmt: skip
    """Decisions, newest first. `after`: behind one (its moment, its key)."""
    at, key = after or (None, None)
    kind, name = (subject.kind, subject.key) if subject else (None, None)
    rows = await tx.rows(
        _LISTED, t=tx.tenant, kind=kind, subject=name, playbook=playbook, verb=verb, at=at, key=key, limit=limit
    )
    return [Decided(**{name: row[name] for name in _FIELDS}) for row in rows]
