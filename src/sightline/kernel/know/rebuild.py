"""Rebuild the projections from the ledger beside those in use, then swap: the same state, without a pause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple

from sightline.foundation.db.session import Database, Transaction
from sightline.kernel.know.project import Tables, project_span

SPAN = 50_000
"""Positions per step: small enough to report progress, large enough to be set-based."""

CURSOR = "know"
"""The consumer whose tables these are."""


async def rebuild(owner: Database, *, progress: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Fill shadow tables for every tenant, catch up under the cursors' locks, swap. Returns events projected.

    Runs as the owner (tables are made and renamed), so every statement names its tenant itself.
    """
    async with owner.transaction(None) as tx:
        await _make_shadows(tx)
    reached: dict[int, int] = {}
    done = 0
    async with owner.transaction(None) as tx:
        total = int(await tx.value("select count(*) from sightline.ledger") or 0)
        tenants = [row["tenant"] for row in await tx.rows("select tenant from sightline.tenants order by tenant")]
    for tenant in tenants:
        reached[tenant] = 0
        while step := await _step(owner, tenant, reached[tenant]):
            reached[tenant], rows = step
            done += rows
            progress(done, total)
    async with owner.transaction(None) as tx:
        await _have_cursors(tx)
        done += await _catch_up(tx, reached)
        await _swap(tx)
    return done


async def _step(owner: Database, tenant: int, after: int) -> tuple[int, int] | None:
    async with owner.transaction(tenant) as tx:
        row = await tx.row(
            "select max(position) as last, count(*) as rows from (select position from sightline.ledger"
            " where tenant = :t and position > :after order by position limit :n) s",
            t=tenant, after=after, n=SPAN,
        )  # fmt: skip
        if row is None or row["last"] is None:
            return None
        await project_span(tx, Tables.shadow(), tenant, after, row["last"])
        return row["last"], row["rows"]


async def _have_cursors(tx: Transaction) -> None:
    """A tenant whose first turn is still to come has no cursor to lock yet."""
    await tx.run(
        "insert into sightline.cursors (tenant, consumer) select tenant, :c from sightline.tenants"
        " on conflict do nothing",
        c=CURSOR,
    )  # fmt: skip


async def _catch_up(tx: Transaction, reached: dict[int, int]) -> int:
    """Under the consumers' locks the live tables stand still: bring the shadows exactly as far."""
    rows = await tx.rows("select tenant, position from sightline.cursors where consumer = :c for update", c=CURSOR)
    done = 0
    for row in rows:
        after = reached.get(row["tenant"], 0)
        if row["position"] > after:
            await project_span(tx, Tables.shadow(), row["tenant"], after, row["position"])
            done += 1
        elif row["position"] < after:
            await tx.run(
                "update sightline.cursors set position = :p where tenant = :t and consumer = :c",
                p=after, t=row["tenant"], c=CURSOR,
            )  # fmt: skip
    return done


async def _make_shadows(tx: Transaction) -> None:
    for live, shadow in zip(astuple(Tables()), astuple(Tables.shadow()), strict=True):
        await tx.run(f"drop table if exists {shadow}")
        await tx.run(f"create table {shadow} (like {live} including all)")
        await tx.run(f"select sightline.guard('{shadow}')")


async def _swap(tx: Transaction) -> None:
    for live, shadow in zip(astuple(Tables()), astuple(Tables.shadow()), strict=True):
        name = live.partition(".")[2]
        await tx.run(f"drop table {live}")
        await tx.run(f"alter table {shadow} rename to {name}")
