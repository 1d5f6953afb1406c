"""Moments that something waits for: rows, not sleeping processes. Whoever keeps time lets them ring, once each, into
the ledger; who set one reads it there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sightline.foundation.db.session import Transaction


async def put(tx: Transaction, moments: Mapping[str, datetime]) -> None:
    """Let timers ring at their moments; one of a name that stands is moved."""
    if moments:
        await tx.run(
            "insert into sightline.timers (tenant, name, due_at)"
            " select :t, * from unnest(cast(:names as text[]), cast(:moments as timestamptz[]))"
            " on conflict (tenant, name) do update set due_at = excluded.due_at",
            t=tx.tenant, names=list(moments), moments=list(moments.values()),
        )  # fmt: skip


async def stop(tx: Transaction, names: Collection[str]) -> None:
    """Let timers not ring; those that do not stand are none."""
    if names:
        await tx.run("delete from sightline.timers where tenant = :t and name = any(:n)", t=tx.tenant, n=list(names))


async def ring(tx: Transaction, now: datetime) -> list[tuple[str, datetime]]:
    """Take down those that are due by `now`; returns their names and moments, the earliest first."""
    rows = await tx.rows(
        "delete from sightline.timers where tenant = :t and due_at <= :now returning name, due_at",
        t=tx.tenant, now=now,
    )  # fmt: skip
    return sorted(((row["name"], row["due_at"]) for row in rows), key=lambda one: (one[1], one[0]))
