"""When questions are trained again without being told to: by the calendar, or when what came is not what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sightline.foundation.db.session import Transaction
from sightline.kernel.predict.alarms import drifted
from sightline.kernel.predict.registry import Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a question is trained again."""

    question: str
    every_days: int | None
    """None: not by the calendar."""
    on_drift: bool
    by: str
    """Who said so."""
    at: datetime
    tried_at: datetime | None
    """When it was last put in hand for this schedule."""
    last_trained: datetime | None = None
    """When the newest version was trained, for whatever reason."""


async def set_schedule(tx: Transaction, given: Schedule) -> None:
    """Remember a schedule in the place of the one before; one that asks for nothing is forgotten."""
    if given.every_days is None and not given.on_drift:
        await tx.run(
            "delete from sightline.schedules where tenant = :t and question = :q", t=tx.tenant, q=given.question
        )
        return
    await tx.run(
        "insert into sightline.schedules (tenant, question, every_days, on_drift, by, at)"
        " values (:t, :q, :days, :drift, :by, :at) on conflict (tenant, question) do update set"
        " every_days = excluded.every_days, on_drift = excluded.on_drift, by = excluded.by, at = excluded.at",
        t=tx.tenant, q=given.question, days=given.every_days, drift=given.on_drift, by=given.by, at=given.at,
    )  # fmt: skip


async def schedules(tx: Transaction) -> dict[str, Schedule]:
    """By question."""
    rows = await tx.rows(
        "select s.question, s.every_days, s.on_drift, s.by, s.at, s.tried_at, (select max(m.trained_at)"
        " from sightline.models m where m.tenant = s.tenant and m.question = s.question) as last_trained"
        " from sightline.schedules s where s.tenant = :t order by s.question",
        t=tx.tenant,
    )
    return {row["question"]: Schedule(**row) for row in rows}


async def due(tx: Transaction, *, now: datetime) -> dict[str, Why]:
    """Questions to be trained again at `now`, and why. One that was never trained waits until somebody asks it.

    Drift is what an alarm stands about that says that what was said does not come, or that who is asked is not as it
    was, and that nothing was trained for yet (see `alarms`).
    """
    found: dict[str, Why] = {}
    known = await schedules(tx)
    adrift = await drifted(tx, list(known), now=now)
    for one in known.values():
        last = max((at for at in (one.last_trained, one.tried_at) if at), default=None)
        if one.last_trained is None or last is None or now - last < timedelta(days=1):
            continue
        if one.every_days is not None and now - last >= timedelta(days=one.every_days):
            found[one.question] = Why.SCHEDULE
        elif one.on_drift and one.question in adrift:
            found[one.question] = Why.DRIFT
    return found


async def tried(tx: Transaction, question: str, *, at: datetime) -> None:
    """Remember that a question was put in hand for its schedule."""
    await tx.run(
        "update sightline.schedules set tried_at = :at where tenant = :t and question = :q",
        t=tx.tenant, q=question, at=at,
    )  # fmt: skip
