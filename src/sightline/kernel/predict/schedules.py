"""When questions are trained again without being told to: by the calendar, or when what came is not what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sightline.foundation.db.session import Transaction
from sightline.kernel.predict.registry import Why

LOOKED_AT = 300
"""Settled predictions of the model on duty that drift is looked for in, the newest."""

ENOUGH = 50
"""Of these at least so many."""

FAR = 4.0
"""Standard errors between what was said and what came, from which on that is drift: by chance once in 16,000 looks,
were the subjects independent. They are not quite, which this leaves room for.
"""

OUTSIDE = 0.25
"""Share of quantities outside their 90 % intervals from which on that is drift."""


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
    """Questions to be trained again at `now`, and why. One that was never trained waits until somebody asks it."""
    found: dict[str, Why] = {}
    for one in (await schedules(tx)).values():
        last = max((at for at in (one.last_trained, one.tried_at) if at), default=None)
        if one.last_trained is None or last is None or now - last < timedelta(days=1):
            continue
        if one.every_days is not None and now - last >= timedelta(days=one.every_days):
            found[one.question] = Why.SCHEDULE
        elif one.on_drift and await drifted(tx, one.question):
            found[one.question] = Why.DRIFT
    return found


async def tried(tx: Transaction, question: str, *, at: datetime) -> None:
    """Remember that a question was put in hand for its schedule."""
    await tx.run(
        "update sightline.schedules set tried_at = :at where tenant = :t and question = :q",
        t=tx.tenant, q=question, at=at,
    )  # fmt: skip


_CAME = """
select count(*) as n, sum(outcome - probability) as off, sum(probability * (1 - probability)) as spread,
       avg((outcome < low or outcome > high)::int) filter (where quantity is not null and not censored) as outside
from (
  select p.outcome, p.probability, p.quantity, p.low, p.high, p.censored from sightline.predictions p
  join sightline.models m on m.tenant = p.tenant and m.question = p.question and m.version = p.model and m.champion
  where p.tenant = :t and p.question = :q and p.withdrawn_at is null and p.outcome is not null
    and p.matures_at <= p.outcome_at and p.made_at < p.deadline
    and not exists (
      select 1 from sightline.decisions d join sightline.actions a on a.tenant = d.tenant and a.key = d.key
      where d.tenant = p.tenant and d.kind = p.kind and d.subject = p.key and a.at between p.cutoff and p.deadline)
  order by p.matures_at desc limit :most) newest
"""


async def drifted(tx: Transaction, question: str) -> bool:
    """Whether what the model on duty said, and what came of it, lie far apart: the sum of its probabilities beside the
    sum of the answers (Spiegelhalter 1986), or the coverage of its intervals.

    Only of subjects that were left alone from cutoff to deadline: where acting helps, what was said does not come.
    """
    row = await tx.row(_CAME, t=tx.tenant, q=question, most=LOOKED_AT)
    if row is None or row["n"] < ENOUGH:
        return False
    if row["spread"] is None:
        return bool((row["outside"] or 0.0) > OUTSIDE)
    return bool(abs(row["off"]) > FAR * max(row["spread"], 1e-9) ** 0.5)
