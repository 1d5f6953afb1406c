"""Reading predictions as people and programs want them: ranked, filtered, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.language.ref import Ref


class Rank(StrEnum):
    """What a list is ordered by."""

    MONEY = "money"
    """Probability times money at stake, most first."""
    PROBABILITY = "probability"
    DAY = "day"
    """The deadline, next first."""


_ORDER = {
    Rank.MONEY: "p.expected_loss desc nulls last, p.probability desc, p.key",
    Rank.PROBABILITY: "p.probability desc, p.key",
    Rank.DAY: "p.deadline, p.expected_loss desc nulls last, p.key",
}

_SELECT = """
select p.question, p.kind, p.key, p.cutoff, p.deadline, p.matures_at, p.probability, p.low, p.high, p.worth,
       p.expected_loss, p.model, p.reasons, p.made_at, p.withdrawn_at, p.outcome,
       d.verb, d.because, d.arm, d.playbook
from sightline.predictions p
join sightline.models m on m.tenant = p.tenant and m.question = p.question and m.version = p.model and m.champion
left join lateral (select * from sightline.decisions d where d.tenant = p.tenant and d.question = p.question
  and d.kind = p.kind and d.subject = p.key and d.cutoff = p.cutoff order by d.at desc limit 1) d on true
where p.tenant = :t and p.question = :q and p.withdrawn_at is null
"""

_OPEN = " and p.outcome is null and p.deadline >= :now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A prediction as it stands in a list, with what was decided about it and what came of it."""

    question: str
    subject: str
    cutoff: datetime
    deadline: datetime
    probability: float
    low: float
    high: float
    worth: float | None
    expected_loss: float | None
    reasons: tuple[dict[str, Any], ...]
    model: str
    made_at: datetime
    outcome: bool | None
    settled: bool
    """Whether the outcome is mature; before that it is an early reading."""
    decision: dict[str, Any] | None


async def listed(
    tx: Transaction, question: str, *, now: datetime, rank: Rank = Rank.MONEY, limit: int = 50, offset: int = 0,
    open_only: bool = True,
) -> list[Listed]:  # fmt: skip
    """Predictions of the model on duty, ranked; open ones (deadline ahead, unanswered) unless asked for all."""
    where = _SELECT + (_OPEN if open_only else "")
    rows = await tx.rows(
        f"{where} order by {_ORDER[rank]} limit :limit offset :offset",
        t=tx.tenant, q=question, limit=limit, offset=offset, **({"now": now} if open_only else {}),
    )  # fmt: skip
    return [_listed(row, now) for row in rows]


async def about(tx: Transaction, subject: Ref, *, now: datetime) -> list[Listed]:
    """All predictions about one subject by the models on duty, newest cutoff first."""
    where = _SELECT.replace("p.question = :q", "p.kind = :kind and p.key = :key")
    rows = await tx.rows(f"{where} order by p.question, p.cutoff desc", t=tx.tenant, kind=subject.kind, key=subject.key)
    return [_listed(row, now) for row in rows]


async def counted(tx: Transaction, question: str, *, now: datetime) -> dict[str, int]:
    """How many predictions are open, and how those that met their outcome came out."""
    row = await tx.row(
        "select count(*) filter (where outcome is null and deadline >= :now) as open,"
        " count(*) filter (where outcome) as yes, count(*) filter (where not outcome) as no,"
        " count(*) filter (where outcome is null and deadline < :now) as awaited"
        f" from ({_SELECT}) s",
        t=tx.tenant, q=question, now=now,
    )  # fmt: skip
    return dict(row) if row else {}


def _listed(row: Any, now: datetime) -> Listed:
    decision = {k: row[k] for k in ("verb", "because", "arm", "playbook")} if row["verb"] else None
    return Listed(
        question=row["question"],
        subject=f"{row['kind']}/{row['key']}",
        cutoff=row["cutoff"],
        deadline=row["deadline"],
        probability=row["probability"],
        low=row["low"],
        high=row["high"],
        worth=row["worth"],
        expected_loss=row["expected_loss"],
        reasons=tuple(row["reasons"]),
        model=row["model"],
        made_at=row["made_at"],
        outcome=row["outcome"],
        settled=row["outcome"] is not None and row["matures_at"] <= now,
        decision=decision,
    )
