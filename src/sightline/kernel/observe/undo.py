"""Undo an import: append retractions, never delete. What an earlier import said stands again."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sightline.foundation import ledger
from sightline.foundation.db.session import Database, Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.observe.revisions import State, digest_of, save
from sightline.language.derived import RETRACTED
from sightline.language.errors import Conflict, NotFound
from sightline.language.event import Event

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


async def undo(db: Database, tenant: Tenant, batch: str, *, now: datetime) -> Undone:
    """Take back what `batch` brought and no later import has replaced.

    A retraction carries the `known_at` of what it retracts, so the wrong fact vanishes at every as-of date.
    Raises NotFound, and Conflict when it was undone before.
    """
    gone = {batch, *await _undone(db, tenant, batch)}
    retracted = restored = 0
    async with db.transaction(tenant.number) as tx:
        unstaged = await _unstage(tx, batch)
    while True:
        async with db.transaction(tenant.number) as tx:
            back = await _take_back(tx, batch, gone, now)
            if not back:
                await tx.run(
                    "update sightline.batches set undone_at = :now where tenant = :t and id = :b",
                    now=now, t=tenant.number, b=batch,
                )  # fmt: skip
                return Undone(retracted=retracted, restored=restored, unstaged=unstaged)
        retracted += sum(event.retracts for event in back)
        restored += sum(not event.retracts for event in back)


async def _undone(db: Database, tenant: Tenant, batch: str) -> list[str]:
    """The batches undone before, of which this must not be one."""
    async with db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select id, undone_at from sightline.batches where tenant = :t order by started_at desc", t=tenant.number
        )
    found = {row["id"]: row["undone_at"] for row in rows}
    if batch not in found:
        raise NotFound.named("batch", batch, found, hint="`sightline import list` shows them.")
    if found[batch]:
        raise Conflict(f"Batch '{batch}' was undone on {found[batch]:%Y-%m-%d %H:%M}.")
    return [name for name, at in found.items() if at]


async def _unstage(tx: Transaction, batch: str) -> int:
    await tx.run(
        "update sightline.imported i set digest = '', batch = '', retracted = s.event ->> 'revises' is null"
        " from sightline.staged s"
        " where s.tenant = :t and s.batch = :b and i.tenant = s.tenant and i.source = s.source"
        " and i.id = coalesce(s.event ->> 'revises', s.id)",
        t=tx.tenant, b=batch,
    )  # fmt: skip
    return await tx.run("delete from sightline.staged where tenant = :t and batch = :b", t=tx.tenant, b=batch)


async def _take_back(tx: Transaction, batch: str, gone: AbstractSet[str], now: datetime) -> list[Event]:
    rows = await tx.rows(
        "select source, id, revision from sightline.imported where tenant = :t and batch = :b and not retracted"
        " order by source, id limit :n for update",
        t=tx.tenant, b=batch, n=CHUNK,
    )  # fmt: skip
    versions = await _versions(tx, rows)
    back: list[Event] = []
    states: dict[tuple[str, str], State] = {}
    for row in rows:
        name = (row["source"], row["id"])
        event = _back(versions[name], batch, gone, row["revision"] + 1)
        back.append(event)
        digest = b"" if event.retracts else digest_of(_as_read(event, versions[name]))
        states[name] = State(digest, row["revision"] + 1, retracted=event.retracts)
    if back:
        ledger.record(tx, back, at=now)
        await save(tx, states, batch="")
    return back


def _as_read(restored: Event, versions: Sequence[Event]) -> Event:
    """A fact that stands again, as the file said it: known when it first was, not when a change or undo was noticed."""
    return restored.but(id=versions[0].id, revises=None, known_at=versions[0].known_at)


async def _versions(tx: Transaction, rows: Sequence[Any]) -> dict[tuple[str, str], list[Event]]:
    """All versions of each fact that the ledger has, oldest first; their ids follow from the number of revisions."""
    root_of = {
        (row["source"], row["id"] if n == 0 else f"{row['id']}~{n}"): row["id"]
        for row in rows
        for n in range(row["revision"] + 1)
    }
    found = await tx.rows(
        "select l.* from unnest(cast(:sources as text[]), cast(:ids as text[])) as w(source, id)"
        " join sightline.event_keys k on k.tenant = :t and k.source = w.source and k.id = w.id"
        " join sightline.ledger l on l.tenant = :t and l.position = k.position order by l.position",
        t=tx.tenant, sources=[source for source, _ in root_of], ids=[id_ for _, id_ in root_of],
    )  # fmt: skip
    versions: dict[tuple[str, str], list[Event]] = {(row["source"], row["id"]): [] for row in rows}
    for row in found:
        versions[row["source"], root_of[row["source"], row["id"]]].append(ledger.event_of(row))
    return versions


def _back(versions: Sequence[Event], batch: str, gone: AbstractSet[str], revision: int) -> Event:
    """The event that takes the batch's version back: what a batch that still stands said before, or a retraction."""
    last = versions[-1]
    root = versions[0].id
    standing = next((v for v in reversed(versions) if v.batch is not None and v.batch not in gone), None)
    if standing is not None:
        return standing.but(
            id=f"{root}~{revision}", revises=root, known_at=last.known_at, batch=None, position=None,
            cause=f"undo:{batch}",
        )  # fmt: skip
    return last.but(
        id=f"{root}~{revision}", revises=root, type=RETRACTED, data={}, batch=None, position=None,
        cause=f"undo:{batch}",
    )  # fmt: skip
