"""Where each consumer stands in a tenant's ledger. A cursor moves in the transaction of its consumer's effect."""

from __future__ import annotations

from sightline.foundation.db.session import Transaction


async def hold(tx: Transaction, consumer: str) -> int | None:
    """Lock a cursor to the end of the transaction and return its position; None when somebody else holds it."""
    await tx.run(
        "insert into sightline.cursors (tenant, consumer) values (:t, :c) on conflict do nothing",
        t=tx.tenant, c=consumer,
    )  # fmt: skip
    found = await tx.value(
        "select position from sightline.cursors where tenant = :t and consumer = :c for update skip locked",
        t=tx.tenant, c=consumer,
    )  # fmt: skip
    return None if found is None else int(found)


async def move(tx: Transaction, consumer: str, position: int) -> None:
    """Put a held cursor at `position`."""
    await tx.run(
        "update sightline.cursors set position = :p, moved_at = now() where tenant = :t and consumer = :c",
        t=tx.tenant, c=consumer, p=position,
    )  # fmt: skip


async def lags(tx: Transaction) -> dict[str, int]:
    """How many positions each consumer is behind the newest event of its tenant."""
    rows = await tx.rows(
        "select consumer, coalesce((select max(position) from sightline.ledger where tenant = :t), 0) - position as lag"
        " from sightline.cursors where tenant = :t order by consumer",
        t=tx.tenant,
    )
    return {row["consumer"]: max(0, int(row["lag"])) for row in rows}
