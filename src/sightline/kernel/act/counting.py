"""How much a party was sent today, and is being sent, by destinations that count it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sightline.foundation.db.session import Transaction
from sightline.kernel.act.channels.policy import day_began
from sightline.language.action import Destination
from sightline.language.ref import Ref

# One statement: what ends meanwhile is under way or done, never both or neither.
_SENT = """
select receiver, sum(done)::int as done, sum(sending)::int as sending from (
  select a.receiver, 1 as done, 0 as sending from sightline.actions a
    join sightline.deliveries d on d.tenant = a.tenant and d.key = a.key
    where a.tenant = :t and a.receiver = any(:r) and a.at >= :since and d.destination = :n
  union all
  select receiver, 0, 1 from sightline.deliveries
    where tenant = :t and destination = :n and state = 'sending' and receiver = any(:r)
) each_of_them group by receiver
"""


async def counted(tx: Transaction, these: Sequence[tuple[Destination, Ref]], at: datetime) -> list[tuple[int, int]]:
    """Of each that was just claimed: what its party was sent today, and what else it is being sent, by the destination.

    Of those claimed together each counts the ones before it.
    """
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for to in {to.name: to for to, _ in these if to.policy.per_day is not None}.values():
        receivers = sorted({str(ref) for one, ref in these if one.name == to.name})
        found |= {(to.name, receiver): sent for receiver, sent in (await _sent(tx, to, receivers, at)).items()}
    names = [(to.name, str(ref)) for to, ref in these]
    mine, seen, told = Counter(names), Counter[tuple[str, str]](), []
    for name in names:
        done, sending = found.get(name, (0, 0))
        told.append((done, max(0, sending - mine[name]) + seen[name]))
        seen[name] += 1
    return told


async def _sent(tx: Transaction, to: Destination, receivers: Sequence[str], at: datetime) -> dict[str, tuple[int, int]]:
    rows = await tx.rows(_SENT, t=tx.tenant, n=to.name, r=list(receivers), since=day_began(at, to.policy))
    return {row["receiver"]: (row["done"], row["sending"]) for row in rows}
