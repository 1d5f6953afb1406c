"""Undo an import: append retractions, never delete. What imports that stand said stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sightline.foundation.db.session import Database, Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.observe import quarantine, revisions, versions
from sightline.kernel.observe.revisions import Name, State
from sightline.language.errors import Conflict, NotFound

CHUNK = 2_000
"""Facts taken back in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What taking back a batch amounted to."""

    retracted: int
    """Facts that are gone at every as-of date."""
    restored: int
    """Facts that say again what an earlier import said."""
    unstaged: int
    """Facts that had not entered the ledger yet and never will."""

    def plus(self, other: Undone) -> Undone:
        """Both together."""
        return Undone(
            retracted=self.retracted + other.retracted,
            restored=self.restored + other.restored,
            unstaged=self.unstaged + other.unstaged,
        )


async def undo(
    db: Database, tenant: Tenant, batch: str, *, now: datetime, progress: Callable[[Undone], None] = lambda done: None
) -> Undone:
    """Take back what `batch` said: what imports that stand said stands again, at every as-of date, or nothing does.

    What another import said too stays while that one stands. Rows of quarantine that the batch replayed wait again.
    `progress` hears the totals after each chunk, and may end it by raising: the rest waits to be undone.
    Raises NotFound, and Conflict when it was undone before.
    """
    source = await source_of(db, tenant, batch)
    total, after = Undone(retracted=0, restored=0, unstaged=0), ""
    while True:
        async with db.transaction(tenant.number) as tx:
            await revisions.lock(tx, source)
            others = await revisions.others_stand(tx, batch, source)
            found = await revisions.said_by(tx, batch, source, after=after, limit=CHUNK, others=others)
            if not found:
                await quarantine.waits_again(tx, batch)
                await tx.run(
                    "update sightline.batches set undone_at = :now where tenant = :t and id = :b",
                    now=now, t=tenant.number, b=batch,
                )  # fmt: skip
                return total
            left = {name: state.without(batch, others=others) for name, state in found.items()}
            total = total.plus(await _take_back(tx, found, left, now, cause=f"undo:{batch}"))
            _, after = list(found)[-1]
        progress(total)


async def source_of(db: Database, tenant: Tenant, batch: str) -> str:
    """The source of a batch that stands. Raises NotFound, and Conflict when it was undone."""
    async with db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select id, source, undone_at from sightline.batches where tenant = :t order by started_at desc",
            t=tenant.number,
        )
    found = {row["id"]: row for row in rows}
    if batch not in found:
        raise NotFound.named("batch", batch, found, hint="`sightline import list` shows them.")
    if found[batch]["undone_at"]:
        raise Conflict(f"Batch '{batch}' was undone on {found[batch]['undone_at']:%Y-%m-%d %H:%M}.")
    return str(found[batch]["source"])


async def _take_back(
    tx: Transaction, found: Mapping[Name, State], left: Mapping[Name, State], now: datetime, *, cause: str
) -> Undone:
    changed = {name: state for name, state in left.items() if len(state.said) < len(found[name].said)}
    fates = await versions.settle(tx, changed, {}, now=now, cause=cause)
    await versions.write(tx, fates, now=now)
    await revisions.save(tx, {**left, **{name: fate.state for name, fate in fates.items()}})
    told = [fate for fate in fates.values() if fate.events]
    stands = sum(fate.state.word is not None and fate.state.word.digest != revisions.ENDED for fate in told)
    return Undone(
        retracted=len(told) - stands,
        restored=stands,
        unstaged=sum(len(fate.dropped) for fate in fates.values()),
    )
