"""Import: read rows through a mapping into the ledger, chunk by chunk, each chunk one transaction.

Whatever dies in the middle, running the same import again adds exactly what is missing: facts have ids of their own
and are compared with what they said when last read.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from sightline.foundation import ledger
from sightline.foundation.db.session import Database, Transaction
from sightline.foundation.tenants import Tenant
from sightline.foundation.vault import Vault
from sightline.kernel.observe import quarantine, revisions, staging, versions
from sightline.kernel.observe.intake import Kinds
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.observe.personal import shield
from sightline.kernel.observe.quarantine import Unfit
from sightline.kernel.observe.rows import Misfit, RowReader
from sightline.kernel.observe.table import BrokenRow, Row
from sightline.language.errors import Conflict
from sightline.language.event import Event

ROWS = 2_000
"""Rows per transaction: enough to be set-based, little enough to lose or to wait for."""

SAID = (1 << 28) - 1
"""Bits kept of what a row said: two rows with one key that differ are told apart but once in 268 million."""

Read = Row | BrokenRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did, so far or in all."""

    batch: str
    rows: int = 0
    events: int = 0
    """New and changed facts, staged ones included."""
    repeated: int = 0
    revised: int = 0
    staged: int = 0
    """Facts that enter the ledger once the clock reaches the day they became known."""
    quarantined: int = 0

    def plus(self, other: Imported) -> Imported:
        """Both together."""
        names = ("rows", "events", "repeated", "revised", "staged", "quarantined")
        return replace(self, **{name: getattr(self, name) + getattr(other, name) for name in names})


class Importer:
    """One import into one tenant."""

    def __init__(
        self, db: Database, tenant: Tenant, vault: Vault, mapping: FieldMap, kinds: Kinds, *, now: datetime,
        overrules: bool = False, batch: str | None = None, live: bool = False, reader: RowReader | None = None,
    ) -> None:  # fmt: skip
        """`kinds`: all that is declared once the mapping is. `overrules`: see `revisions.sort_out`.

        `batch`: one that was begun is gone on with behind what is recorded of it, given the same rows; one that was not
        is begun under that name. Without it a new one is begun.
        `live`: the rows come as things happen, so nothing they say was known before now. `reader`: of the mapping,
        where it was made ready before.
        """
        self._db, self._tenant, self._vault = db, tenant, vault
        self._mapping, self._kinds, self._now, self._overrules = mapping, kinds, now, overrules
        self._live = live
        self._reader = reader or RowReader(mapping, vault.pepper)
        self._said = tuple(mapping.used())
        self._seen: dict[int, int] = {}
        self.batch = batch or new_batch(now)

    async def run(
        self, rows: Iterable[Read], *, file: str, mapping_text: str,
        progress: Callable[[Imported], None] = lambda done: None,
    ) -> Imported:  # fmt: skip
        """Read all rows; `progress` hears the totals after each chunk, and may end the import by raising: what is
        recorded by then stays as a batch, to be gone on with or undone. `mapping_text` is kept with the batch.
        """
        total = await self._open(file, mapping_text)
        passed, known = 0, total.rows
        for chunk in _chunks(rows, ROWS):
            passed += len(chunk)
            if passed <= known:
                # Recorded before: read again only for what later rows may contradict.
                self._map(chunk)
                await asyncio.sleep(0)
            else:
                total = total.plus(await self._chunk(chunk))
            progress(total)
        await self._close()
        return total

    async def _open(self, file: str, mapping_text: str) -> Imported:
        async with self._db.transaction(self._tenant.number) as tx:
            await self.begin(tx, file, mapping_text)
            await declare(tx, self._mapping.source, mapping_text, now=self._now)
            counts: Any = await tx.row(
                f"select {', '.join(_COUNTS)} from sightline.batches where tenant = :t and id = :id",
                t=tx.tenant, id=self.batch,
            )  # fmt: skip
            return Imported(batch=self.batch, **counts)

    async def begin(self, tx: Transaction, file: str, mapping_text: str) -> None:
        """Have a row for the batch, where there is none."""
        await tx.run(
            "insert into sightline.batches (tenant, id, source, file, mapping, started_at)"
            " values (:t, :id, :source, :file, :mapping, clock_timestamp()) on conflict (tenant, id) do nothing",
            t=tx.tenant, id=self.batch, source=self._mapping.source, file=file, mapping=mapping_text,
        )  # fmt: skip

    async def _close(self) -> None:
        async with self._db.transaction(self._tenant.number) as tx:
            await self.end(tx)

    async def end(self, tx: Transaction) -> None:
        """Note that the batch is done, for now."""
        await tx.run(
            "update sightline.batches set finished_at = clock_timestamp() where tenant = :t and id = :id",
            t=tx.tenant, id=self.batch,
        )  # fmt: skip

    async def _chunk(self, rows: list[Read]) -> Imported:
        async with self._db.transaction(self._tenant.number) as tx:
            return await self.take(tx, rows)

    async def take(self, tx: Transaction, rows: list[Read]) -> Imported:
        """Record rows of a batch that was begun, in the transaction of whoever has them."""
        events, wrong = self._map(rows)
        return await self.record(tx, len(rows), events, wrong)

    def alone(self, rows: list[Read]) -> tuple[list[Event], list[Unfit]]:
        """The events of rows that are a file of their own, and what does not fit, to be recorded with those of others:
        no two events of one id.
        """
        self._seen.clear()
        return self._map(rows)

    async def record(self, tx: Transaction, rows: int, events: list[Event], wrong: list[Unfit]) -> Imported:
        """Record what so many rows were read as."""
        await self._vault.hold_off_erasures(tx)
        sifted = await self._keep(tx, events)
        source, now = self._mapping.source, self._now
        held = await quarantine.hold(tx, self._vault, wrong, source=source, batch=self.batch, at=now)
        found = replace(sifted, rows=rows, quarantined=held)
        # In the transaction of what they count: an import that is cut off goes on behind them.
        await tx.run(
            f"update sightline.batches set {_ADD_COUNTS} where tenant = :t and id = :id",
            t=tx.tenant, id=self.batch, **{name: getattr(found, name) for name in _COUNTS},
        )  # fmt: skip
        return found

    def _map(self, rows: list[Read]) -> tuple[list[Event], list[Unfit]]:
        """Rows into events, and those that do not fit."""
        events: list[Event] = []
        wrong: list[Unfit] = []
        for row in rows:
            if isinstance(row, BrokenRow):
                wrong.append(Unfit(row.line, as_raw(row), row.reason))
                continue
            read = self._reader.events(row)
            reason = read.reason if isinstance(read, Misfit) else self._repeats(row)
            if reason is None and not isinstance(read, Misfit):
                # What comes as it happens tells what it tells: what it leaves out still stands.
                events += read if self._live else [*read, *self._reader.unsaid(read)]
            else:
                wrong.append(Unfit(row.line, as_raw(row, lined=self._mapping.by_place), reason or ""))
        return events, wrong

    def _repeats(self, row: Row) -> str | None:
        """Why a row contradicts an earlier one of this file with the same key; None when it repeats or is new."""
        if self._mapping.rows == "events" and not self._mapping.row:
            return None
        key = self._reader.key_of(row)
        said = hash(tuple(row.cells.get(name, "") for name in self._said)) & SAID
        # One number instead of a pair: a file of millions of rows has millions of them.
        first, before = divmod(self._seen.setdefault(hash(key), row.line * (SAID + 1) + said), SAID + 1)
        if before == said:
            return None
        if self._mapping.row:
            return f"Line {first} has the same {', '.join(self._mapping.row)}. Add a column to `row` in the mapping."
        named = "The key of this row" if self._mapping.person else f"The key '{key}'"
        return f"{named} stands in line {first} too. Keys must be unique: add a column to `key` in the mapping."

    async def _keep(self, tx: Transaction, events: list[Event]) -> Imported:
        await revisions.lock(tx, self._mapping.source)
        await self._still_wanted(tx)
        shielded = await shield(tx, self._vault, events, await self._kinds(tx))
        before = await revisions.load(tx, ((e.source, e.id) for e in shielded))
        sifted = revisions.sort_out(shielded, before, now=self._now, batch=self.batch, overrules=self._overrules)
        if self._live:
            sifted.learnt_at(self._now)
        fresh = [e.but(batch=self.batch) for e in sifted.fresh.values()]
        later = [e for e in fresh if e.known_at > self._now]
        await staging.stage(tx, later)
        ledger.record(tx, [e for e in fresh if e.known_at <= self._now], at=self._now)
        fates = await self._change(tx, sifted, before)
        await revisions.save(tx, {**sifted.states, **{name: fate.state for name, fate in fates.items()}})
        return Imported(
            batch=self.batch,
            events=len(fresh) + len(fates),
            repeated=sifted.repeated,
            revised=sifted.revised,
            staged=len(later) + sum(fate.waits is not None for fate in fates.values()),
        )

    async def _still_wanted(self, tx: Transaction) -> None:
        """Raises Conflict when this import was taken back while it ran."""
        undone = "select undone_at from sightline.batches where tenant = :t and id = :b"
        if await tx.value(undone, t=tx.tenant, b=self.batch):
            raise Conflict(f"Batch '{self.batch}' was taken back while it was read.", hint="Import the file again.")

    async def _change(
        self, tx: Transaction, sifted: revisions.Sorted, before: Mapping[revisions.Name, revisions.State]
    ) -> dict[revisions.Name, versions.Fate]:
        """What becomes of facts that were read before and are read otherwise now."""
        fates: dict[revisions.Name, versions.Fate] = {}
        rest: dict[revisions.Name, revisions.State] = {}
        for name, event in sifted.changed.items():
            state = sifted.states[name]
            quick = versions.quickly(before[name], state, event, now=self._now, batch=self.batch)
            if quick:
                fates[name] = quick
            else:
                rest[name] = state
        if rest:
            read = {name: sifted.changed[name] for name in rest}
            fates |= await versions.settle(tx, rest, read, now=self._now, batch=self.batch)
        await versions.write(tx, fates, now=self._now)
        return fates


async def declare(tx: Transaction, source: str, mapping_text: str, *, now: datetime) -> None:
    """Remember what a source is read with; what it declares is declared from the commit on."""
    await tx.run(
        "insert into sightline.mappings (tenant, source, text, updated_at) values (:t, :source, :text, :now)"
        " on conflict (tenant, source) do update set text = excluded.text, updated_at = excluded.updated_at",
        t=tx.tenant, source=source, text=mapping_text, now=now,
    )  # fmt: skip


_COUNTS = ("rows", "events", "repeated", "revised", "staged", "quarantined")
BATCH = ("id", "source", "file", "started_at", "finished_at", "undone_at", *_COUNTS)
"""What a listing tells of an import."""

_ADD_COUNTS = ", ".join(f"{name} = {name} + :{name}" for name in _COUNTS)


def new_batch(now: datetime, token: str | None = None) -> str:
    """The name of an import begun at `now`; `token`: what tells it from the others of the day."""
    return f"{now:%Y%m%d}-{token or secrets.token_hex(3)}"


def as_raw(row: Read, *, lined: bool = False) -> str:
    """How a row is kept in quarantine: its cells by column, or the text that could not be split.

    `lined`: with its line, where that is part of what the row is.
    """
    said = {"raw": row.raw} if isinstance(row, BrokenRow) else {"cells": row.cells}
    return msgspec.json.encode({"line": row.line, **said} if lined else said).decode()


def from_raw(text: str, line: int, changes: Mapping[str, str]) -> Row | None:
    """The row a kept text holds, with `changes` to its cells; None when it could not be split and nothing is given."""
    found: dict[str, Any] = msgspec.json.decode(text)
    cells = {**found.get("cells", {}), **changes}
    return Row(line=found.get("line", line), cells=cells) if cells else None


async def batches(
    tx: Transaction, *, after: tuple[datetime, str] | None = None, limit: int | None = None
) -> list[dict[str, Any]]:
    """The imports of a tenant, newest first; `after`: those behind one (when it started, its id)."""
    at, id_ = after or (None, None)
    rows = await tx.rows(
        f"select {', '.join(BATCH)} from sightline.batches where tenant = :t"
        " and (cast(:at as timestamptz) is null or (started_at, id) < (:at, :id))"
        " order by started_at desc, id desc limit :limit",
        t=tx.tenant, at=at, id=id_, limit=limit,
    )  # fmt: skip
    return [dict(row) for row in rows]


def _chunks(rows: Iterable[Read], size: int) -> Iterator[list[Read]]:
    it = iter(rows)
    while chunk := list(islice(it, size)):
        yield chunk
