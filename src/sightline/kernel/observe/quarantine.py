"""Quarantine: what could not be read is kept, with the reason, and can be mended and replayed.

The raw text is sealed by the vault, since nobody knows what personal data an unreadable row holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.foundation.vault import Vault
from sightline.language.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One row in quarantine."""

    number: int
    batch: str | None
    source: str
    line: int | None
    reason: str
    at: datetime
    replayed_at: datetime | None


async def hold(
    tx: Transaction, vault: Vault, rows: Sequence[tuple[int, str, str]], *, source: str, batch: str | None, at: datetime
) -> None:
    """Keep rows given as (line, raw text, reason)."""
    driver = await tx.driver()
    await driver.execute(
        "insert into sightline.quarantine (tenant, batch, source, line, reason, sealed, at)"
        " select $1, $2, $3, l, r, s, $7 from unnest($4::bigint[], $5::text[], $6::bytea[]) as q(l, r, s)",
        tx.tenant, batch, source,
        [line for line, _, _ in rows],
        [reason for _, _, reason in rows],
        [vault.seal(raw.encode()) for _, raw, _ in rows],
        at,
    )  # fmt: skip


async def held(tx: Transaction, *, source: str | None = None) -> list[Held]:
    """What waits to be mended, oldest first."""
    rows = await tx.rows(
        "select id as number, batch, source, line, reason, at, replayed_at from sightline.quarantine"
        " where tenant = :t and replayed_at is null and (cast(:s as text) is null or source = :s) order by id",
        t=tx.tenant, s=source,
    )  # fmt: skip
    return [Held(**row) for row in rows]


async def count(tx: Transaction) -> int:
    """How many rows wait to be mended."""
    waiting = "select count(*) from sightline.quarantine where tenant = :t and replayed_at is null"
    return int(await tx.value(waiting, t=tx.tenant))


async def show(tx: Transaction, vault: Vault, number: int) -> tuple[Held, str]:
    """One row with its raw text. Raises NotFound."""
    row: Any = await tx.row(
        "select id as number, batch, source, line, reason, at, replayed_at, sealed from sightline.quarantine"
        " where tenant = :t and id = :n",
        t=tx.tenant, n=number,
    )  # fmt: skip
    if row is None:
        raise NotFound(
            f"Nothing in quarantine has the number {number}.", hint="`sightline quarantine list` shows them."
        )
    fields = {name: value for name, value in row.items() if name != "sealed"}
    return Held(**fields), vault.unseal(row["sealed"]).decode()


async def released(tx: Transaction, numbers: Sequence[int], *, at: datetime) -> None:
    """Mark rows as replayed: they have been read by now."""
    await tx.run(
        "update sightline.quarantine set replayed_at = :at where tenant = :t and id = any(:n)",
        t=tx.tenant, n=list(numbers), at=at,
    )  # fmt: skip


async def still_wrong(tx: Transaction, number: int, reason: str) -> None:
    """Replace the reason of a row that was tried again in vain."""
    await tx.run(
        "update sightline.quarantine set reason = :r where tenant = :t and id = :n", t=tx.tenant, n=number, r=reason
    )
