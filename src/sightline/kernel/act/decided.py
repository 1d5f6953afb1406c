"""Decisions as they are kept: what was made of each proposal, and why."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

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

# Only what is asked for stands in the statement: what holds of any value no index helps to find.
_ALL = f"select {_COLUMNS} from sightline.decisions where tenant = :t"
_NEWEST_FIRST = " order by at desc, key limit :limit"
_ABOUT = " and kind = :kind and subject = :subject"
_OF_PLAYBOOK = " and playbook = :playbook"
_OF_VERB = " and verb = :verb"
_BEHIND = " and at <= :at and (at < :at or key > :key)"


async def listed(
    tx: Transaction, *, subject: Ref | None = None, playbook: str | None = None, verb: str | None = None,
    after: tuple[datetime, str] | None = None, limit: int,
) -> list[Decided]:  # fmt: skip
    """Decisions, newest first. `after`: behind one (its moment, its key)."""
    asked: dict[str, dict[str, Any] | None] = {
        _ABOUT: {"kind": subject.kind, "subject": subject.key} if subject else None,
        _OF_PLAYBOOK: None if playbook is None else {"playbook": playbook},
        _OF_VERB: None if verb is None else {"verb": verb},
        _BEHIND: {"at": after[0], "key": after[1]} if after else None,
    }
    given = {part: named for part, named in asked.items() if named is not None}
    named = {name: value for one in given.values() for name, value in one.items()}
    rows = await tx.rows("".join((_ALL, *given, _NEWEST_FIRST)), t=tx.tenant, limit=limit, **named)
    return [Decided(**{name: row[name] for name in _FIELDS}) for row in rows]


async def any_of(tx: Transaction, playbook: str) -> bool:
    """Whether a playbook ever decided anything."""
    sql = "select exists (select from sightline.decisions where tenant = :t and playbook = :p)"
    return bool(await tx.value(sql, t=tx.tenant, p=playbook))
