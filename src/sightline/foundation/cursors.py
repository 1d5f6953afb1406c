"""Where each consumer stands in a tenant's ledger. A cursor moves in the transaction of its consumer's effect."""

from __future__ import annotations

from collections.abc import Sequence

from sightline.foundation.db.session import Transaction

CHANNEL = "sightline_cursors"
"""Where a commit that moved a cursor is announced; the payload is the tenant. A channel of its own: whoever waits for
new events must not be woken by their being read."""


async def hold(tx: Transaction, consumer: str, *, wait: bool = False) -> int | None:
    """Lock a cursor to the end of the transaction and return its position; None when somebody else holds it and we do
    not `wait` for them.
    """
    held = _HOLD if wait else f"{_HOLD} skip locked"
    found = await tx.value(held, t=tx.tenant, c=consumer)
    if found is None and await tx.run(_MAKE, t=tx.tenant, c=consumer):
        found = await tx.value(held, t=tx.tenant, c=consumer)
    return None if found is None else int(found)


_HOLD = "select position from sightline.cursors where tenant = :t and consumer = :c for update"
_MAKE = "insert into sightline.cursors (tenant, consumer) values (:t, :c) on conflict do nothing"


async def move(tx: Transaction, consumer: str, position: int, *, announced: bool = True) -> None:
    """Put a held cursor at `position`, and announce it at the commit."""
    await tx.run(
        "update sightline.cursors set position = :p, moved_at = now() where tenant = :t and consumer = :c"
        " returning case when :announced then pg_notify(:channel, :told) end",
        t=tx.tenant, c=consumer, p=position, announced=announced, channel=CHANNEL, told=str(tx.tenant),
    )  # fmt: skip


async def put(tx: Transaction, consumer: str, position: int) -> None:
    """Put a cursor that nobody holds at `position`, waiting for a turn under way; made when it is not there."""
    await tx.run(
        "insert into sightline.cursors (tenant, consumer, position) values (:t, :c, :p)"
        " on conflict (tenant, consumer) do update set position = excluded.position, moved_at = now()",
        t=tx.tenant, c=consumer, p=position,
    )  # fmt: skip


async def reached(tx: Transaction, consumers: Sequence[str]) -> int:
    """The position that all of these have passed; 0 when one has not begun."""
    found = await tx.value(
        "select coalesce(min(coalesce(c.position, 0)), 0) from unnest(cast(:names as text[])) as w(name)"
        " left join sightline.cursors c on c.tenant = :t and c.consumer = w.name",
        t=tx.tenant, names=list(consumers),
    )  # fmt: skip
    return int(found)


async def positions(tx: Transaction) -> dict[str, int]:
    """Where each consumer stands that has begun."""
    rows = await tx.rows("select consumer, position from sightline.cursors where tenant = :t", t=tx.tenant)
    return {row["consumer"]: int(row["position"]) for row in rows}


async def lags(tx: Transaction) -> dict[str, int]:
    """How many positions each consumer is behind the newest event of its tenant."""
    rows = await tx.rows(
        "select consumer, coalesce((select max(position) from sightline.ledger where tenant = :t), 0) - position as lag"
        " from sightline.cursors where tenant = :t order by consumer",
        t=tx.tenant,
    )
    return {row["consumer"]: max(0, int(row["lag"])) for row in rows}
