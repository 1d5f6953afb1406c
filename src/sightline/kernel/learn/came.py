"""What the model on duty said and what came of it: the answers a watch over it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from sightline.foundation.db.session import Transaction
from sightline.kernel.predict.clock import microseconds
from sightline.language.time import DUSK

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MOST_A_DAY = 500
"""Answers of one day that are looked at, drawn by hash before they are known: of more, nothing new is learned."""

# Of who was asked before the version knew what it learned from, it may have been told. When an answer was read tells
# nothing: one that came early and stays as it was is never read again, and counts as well when it is mature.
_CAME = """
select key, cluster, cutoff, matures_at, probability, quantity, low, high, outcome, censored, treated, held, rival
from (
  select p.key, coalesce(e.links ->> (m.proof -> 'split' ->> 'together'), p.key) as cluster, p.cutoff, p.matures_at,
         p.probability, p.quantity, p.low, p.high, p.outcome, p.censored, r.said as rival,
         exists (select from sightline.decisions d join sightline.actions a on a.tenant = d.tenant and a.key = d.key
           where d.tenant = p.tenant and d.kind = p.kind and d.subject = p.key
             and a.at between p.cutoff and p.deadline) as treated,
         exists (select from sightline.decisions d where d.tenant = p.tenant and d.kind = p.kind and d.subject = p.key
           and d.question = p.question and d.cutoff = p.cutoff and d.playbook = any(:changing)
           and d.arm = 'control') as held,
         row_number() over (partition by date_trunc('day', p.matures_at) order by hashtextextended(p.key, 0)) as place
  from sightline.predictions p
  join sightline.models m on m.tenant = p.tenant and m.question = p.question and m.version = p.model
  left join sightline.entities e on e.tenant = p.tenant and e.kind = p.kind and e.key = p.key
  left join sightline.rivals r on r.tenant = p.tenant and r.question = p.question and r.version = :rival
    and r.key = p.key and r.cutoff = p.cutoff
  where p.tenant = :t and p.question = :q and p.model = :v and p.withdrawn_at is null and p.outcome is not null
    and p.matures_at <= :upto and p.made_at < p.deadline
    and (p.cutoff > :since or p.deadline = :never and p.outcome_at > :since)
) s where place <= :most order by matures_at, cutoff, key
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Answers that count, aligned arrays, in the order in which they came to count; times in microseconds."""

    cluster: Rows
    asked: Rows
    counts: Rows
    said: Floats
    """The probability, or the quantity's median."""
    low: Floats
    high: Floats
    came: Floats
    beyond: Flags
    """Whether the quantity is only known to lie beyond what came."""
    treated: Flags
    """Whether anything was done from the cutoff to the deadline."""
    held: Flags
    """Whether it was kept back by a playbook that is to change the answer."""
    rival: Floats
    """What another version said of it; nan: nothing."""

    def where(self, chosen: Flags) -> Self:
        """Those alone."""
        return type(self)(**{name: getattr(self, name)[chosen] for name in self.__slots__})

    @classmethod
    def of(cls, rows: Sequence[Any]) -> Self:
        """Rows as they are read."""
        names = {row["cluster"]: number for number, row in enumerate(rows)}
        said = [row["quantity"] if row["probability"] is None else row["probability"] for row in rows]
        return cls(
            cluster=np.array([names[row["cluster"]] for row in rows], np.int64),
            asked=np.array([microseconds(row["cutoff"]) for row in rows], np.int64),
            counts=np.array([microseconds(row["matures_at"]) for row in rows], np.int64),
            said=np.array(said, np.float64),
            low=np.array([row["low"] for row in rows], np.float64),
            high=np.array([row["high"] for row in rows], np.float64),
            came=np.array([row["outcome"] for row in rows], np.float64),
            beyond=np.array([row["censored"] for row in rows], np.bool_),
            treated=np.array([row["treated"] for row in rows], np.bool_),
            held=np.array([row["held"] for row in rows], np.bool_),
            rival=np.array([np.nan if row["rival"] is None else row["rival"] for row in rows], np.float64),
        )


async def came(
    tx: Transaction,
    question: str,
    version: str,
    *,
    since: datetime,
    upto: datetime,
    changing: Sequence[str],
    rival: str | None,
) -> Came:
    """Of whom a version spoke as of after `since`; of a flat table, who was answered after.

    `upto`: whose answers count by then, when all of them were read: those read early are a biased sample.
    `changing`: the playbooks that are to change the answer. `rival`: the version that is laid beside it.
    """
    rows = await tx.rows(
        _CAME, t=tx.tenant, q=question, v=version, since=since, upto=upto, changing=list(changing), rival=rival or "",
        most=MOST_A_DAY, never=DUSK,
    )  # fmt: skip
    return Came.of(rows)
