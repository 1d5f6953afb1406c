"""Files in: proposed, imported, mended, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe import mapping_file, quarantine
from sightline.kernel.observe import undo as taking_back
from sightline.kernel.observe.imports import Imported, Importer, Read
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.observe.quarantine import Held
from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.undo import Undone
from sightline.kernel.pack import Pack
from sightline.language.errors import NotFound
from sightline.language.kind import Kind


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
    importer = Importer(desk.db, tenant, desk.vault, mapping, kinds_with(desk, mapping), now=desk.now(tenant))
    done = await importer.run(rows, file=file, mapping_text=mapping_file.text_of(mapping), progress=progress)
    await desk.go_round(tenant)
    return done


def kinds_with(desk: Desk, mapping: FieldMap) -> Mapping[str, Kind]:
    """What is declared once the mapping is."""
    extra = Pack(name="imports", kinds=mapping.kinds(), events=mapping.event_kinds())
    return desk.registry.catalog(extra).kinds


async def undo(desk: Desk, tenant: Tenant, batch: str) -> Undone:
    """Take a batch back, then go round the loop."""
    undone = await taking_back.undo(desk.db, tenant, batch, now=desk.now(tenant))
    await desk.go_round(tenant)
    return undone


async def discard(desk: Desk, tenant: Tenant, numbers: Sequence[int]) -> int:
    """Set quarantined rows aside that nobody will mend; returns how many waited."""
    async with desk.db.transaction(tenant.number) as tx:
        return await quarantine.discard(tx, numbers, at=desk.now(tenant))


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
