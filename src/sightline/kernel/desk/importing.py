"""Files in: proposed, imported, mended, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe import imports, mapping_file, quarantine
from sightline.kernel.observe import undo as taking_back
from sightline.kernel.observe.imports import Imported, Importer, Read
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.observe.quarantine import Held
from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.rows import Misfit, RowReader
from sightline.kernel.observe.table import Row
from sightline.kernel.observe.undo import Undone
from sightline.kernel.pack import Pack
from sightline.language.errors import Invalid, NotFound


async def import_file(
    desk: Desk,
    tenant: Tenant,
    path: Path,
    mapping: FieldMap,
    *,
    limit: int | None = None,
    progress: Callable[[Imported], None] = lambda done: None,
) -> Imported:
    """Record a file through a mapping, then go round the loop. Reads at most `limit` rows when given.

    Raises Invalid when the file lacks a column the mapping reads.
    """
    table = open_table(path, mapping.dialect)
    mapping.check(table.columns)
    rows: Iterable[Read] = table.rows()
    if limit is not None:
        rows = (row for row, _ in zip(rows, range(limit), strict=False))
    return await import_rows(desk, tenant, rows, mapping, file=path.name, progress=progress)


async def import_rows(
    desk: Desk,
    tenant: Tenant,
    rows: Iterable[Read],
    mapping: FieldMap,
    *,
    file: str,
    progress: Callable[[Imported], None] = lambda done: None,
) -> Imported:
    """Record rows through a mapping, then go round the loop."""
    extra = Pack(name="imports", kinds=mapping.kinds(), events=mapping.event_kinds())
    kinds = desk.registry.catalog(extra).kinds
    importer = Importer(desk.db, tenant, desk.vault, mapping, kinds, now=desk.now(tenant))
    done = await importer.run(rows, file=file, mapping_text=mapping_file.text_of(mapping), progress=progress)
    await desk.go_round(tenant)
    return done


async def undo(desk: Desk, tenant: Tenant, batch: str) -> Undone:
    """Take a batch back, then go round the loop."""
    undone = await taking_back.undo(desk.db, tenant, batch, now=desk.now(tenant))
    await desk.go_round(tenant)
    return undone


async def replay(
    desk: Desk, tenant: Tenant, numbers: Sequence[int], changes: Mapping[str, str], given: FieldMap | None = None
) -> tuple[Imported | None, list[Held]]:
    """Try quarantined rows again, with `changes` to their cells (column to value), under the mapping as it is now
    (or the one `given`).

    Returns what was recorded (None: nothing) and the rows that still do not fit, with their new reasons.
    """
    fit: dict[str, list[Row]] = {}
    wrong: list[Held] = []
    replayed: list[int] = []
    maps: dict[str, FieldMap] = {given.source: given} if given else {}
    for number in numbers:
        async with desk.db.transaction(tenant.number) as tx:
            held, raw = await quarantine.show(tx, desk.vault, number)
        if held.source not in maps:
            maps[held.source] = await mapping_of(desk, tenant, held.source)
        mapping = maps[held.source]
        row = imports.from_raw(raw, changes)
        reason = _reason(mapping, row)
        if row is None or reason is not None:
            async with desk.db.transaction(tenant.number) as tx:
                await quarantine.still_wrong(tx, number, reason or held.reason)
            wrong.append(replace(held, reason=reason or held.reason))
        else:
            fit.setdefault(held.source, []).append(row)
            replayed.append(number)
    done: Imported | None = None
    for source, rows in fit.items():
        more = await import_rows(desk, tenant, rows, maps[source], file="quarantine")
        done = more if done is None else done.plus(more)
    async with desk.db.transaction(tenant.number) as tx:
        await quarantine.released(tx, replayed, at=desk.now(tenant))
    return done, wrong


async def mapping_of(desk: Desk, tenant: Tenant, source: str) -> FieldMap:
    """The mapping a source was last imported with. Raises NotFound."""
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows("select source, text from sightline.mappings where tenant = :t", t=tx.tenant)
    texts = {row["source"]: row["text"] for row in rows}
    if source not in texts:
        raise NotFound.named("source", source, texts)
    return mapping_file.parse(texts[source])


async def waiting(desk: Desk, tenant: Tenant, source: str | None = None) -> list[Held]:
    """What is in quarantine."""
    async with desk.db.transaction(tenant.number) as tx:
        return await quarantine.held(tx, source=source)


def changes_of(texts: Sequence[str]) -> dict[str, str]:
    """`column=value` texts as a mapping. Raises Invalid."""
    pairs = [text.partition("=") for text in texts]
    for name, equals, _ in pairs:
        if not equals or not name:
            raise Invalid(f"'{name}' is no change.", hint="Write COLUMN=VALUE, for example 'Order Date=2015-01-31'.")
    return {name: value for name, _, value in pairs}


def _reason(mapping: FieldMap, row: Row | None) -> str | None:
    if row is None:
        return "This row could not be split into cells; mend the file and import it again."
    read = RowReader(mapping).events(row)
    return read.reason if isinstance(read, Misfit) else None
