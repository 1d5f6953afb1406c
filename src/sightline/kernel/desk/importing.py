"""Files in: proposed, imported, mended, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from sightline.foundation.tenants import Tenant
from sightline.kernel.declared import Kinds, mappings
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe import mapping_file, quarantine, revisions
from sightline.kernel.observe import undo as taking_back
from sightline.kernel.observe.imports import Imported, Importer, Read
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.observe.quarantine import Held
from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.undo import Undone
from sightline.language.errors import Invalid, NotFound
from sightline.language.kind import Kind, Sort

LOOSE = frozenset((Sort.CATEGORY, Sort.TEXT))
"""Sorts that differ in nothing but how they are learned from."""


async def import_file(
    desk: Desk,
    tenant: Tenant,
    path: Path,
    mapping: FieldMap,
    *,
    limit: int | None = None,
    progress: Callable[[Imported], None] = lambda done: None,
    file: str | None = None,
    batch: str | None = None,
) -> Imported:
    """Record a file through a mapping, then go round the loop. Reads at most `limit` rows when given.

    `file`: what it is called, where that is not its name on the disk. `batch`: see `Importer`.
    Raises Invalid when the file lacks a column the mapping reads.
    """
    table = open_table(path, mapping.dialect)
    mapping.check(table.columns)
    rows: Iterable[Read] = table.rows()
    if limit is not None:
        rows = (row for row, _ in zip(rows, range(limit), strict=False))
    return await import_rows(desk, tenant, rows, mapping, file=file or path.name, progress=progress, batch=batch)


async def import_rows(
    desk: Desk,
    tenant: Tenant,
    rows: Iterable[Read],
    mapping: FieldMap,
    *,
    file: str,
    progress: Callable[[Imported], None] = lambda done: None,
    overrules: bool = False,
    batch: str | None = None,
    live: bool = False,
) -> Imported:
    """Record rows through a mapping, then go round the loop. `overrules`: in the place of what they contradict.
    `live`: see `Importer`.

    Raises Invalid when the mapping does not fit what other imports, or earlier ones of this source, declared.
    """
    await check(desk, tenant, mapping)
    kinds, now = Kinds(desk.registry), desk.now(tenant)
    importer = Importer(
        desk.db, tenant, desk.vault, mapping, kinds, now=now, overrules=overrules, batch=batch, live=live
    )
    done = await importer.run(rows, file=file, mapping_text=mapping_file.text_of(mapping), progress=progress)
    await desk.go_round(tenant)
    return done


async def check(desk: Desk, tenant: Tenant, mapping: FieldMap) -> None:
    """Raises Invalid when a mapping does not fit what other imports, or earlier ones of its source, declared."""
    async with desk.db.transaction(tenant.number) as tx:
        known = {source: one for source, one in (await mappings(tx)).items() if await revisions.any_stand(tx, source)}
    before = known.pop(mapping.source, None)
    if before:
        _check_told_apart(before, mapping)
    _check_sorts(mapping, "a pack", desk.registry.catalog().kinds.values())
    for source, other in known.items():
        _check_sorts(mapping, f"source '{source}'", other.kinds())


def _check_sorts(mapping: FieldMap, whose: str, kinds: Iterable[Kind]) -> None:
    """One attribute has one sort, whoever brings it: policy would take values of another for unknown."""
    own = mapping.kinds()[0]
    sorts = {one.name: one.sort for kind in kinds if kind.name == own.name for one in kind.attributes}
    for attribute in own.attributes:
        sort = sorts.get(attribute.name, attribute.sort)
        if sort != attribute.sort and not {sort, attribute.sort} <= LOOSE:
            raise Invalid(
                f"Mapping '{mapping.source}': '{attribute.name}' of a {own.name} would be a {attribute.sort}, and is a"
                f" {sort} for {whose}.",
                hint='Give it that sort, or another name: "Column" = { name = "...", sort = "..." }.',
            )


def _check_told_apart(before: FieldMap, mapping: FieldMap) -> None:
    """Rows told apart otherwise than before would all be recorded a second time."""

    def how(one: FieldMap) -> tuple[object, ...]:
        return one.kind, one.key, one.told_apart_by(), bool(one.private().intersection(one.told_apart_by()))

    if {before.rows, mapping.rows} == {"events"} and how(before) != how(mapping):
        columns = ", ".join(f'"{name}"' for name in before.told_apart_by())
        raise Invalid(
            f"Mapping '{mapping.source}' tells rows apart otherwise than before: all would be recorded again.",
            hint=f"They were told apart by row = [{columns}] of each {before.kind}, none of them newly personal."
            " Keep to that, or undo the earlier imports first.",
        )


async def undo(
    desk: Desk, tenant: Tenant, batch: str, *, progress: Callable[[Undone], None] = lambda done: None
) -> Undone:
    """Take a batch back, then go round the loop. `progress` hears the totals, and may end it by raising."""
    undone = await taking_back.undo(desk.db, tenant, batch, now=desk.now(tenant), progress=progress)
    await desk.go_round(tenant)
    return undone


async def discard(desk: Desk, tenant: Tenant, numbers: Sequence[int]) -> int:
    """Set quarantined rows aside that nobody will mend; returns how many waited."""
    async with desk.db.transaction(tenant.number) as tx:
        return await quarantine.discard(tx, numbers, at=desk.now(tenant))


async def mapping_of(desk: Desk, tenant: Tenant, source: str) -> FieldMap:
    """The mapping a source was last imported with. Raises NotFound."""
    async with desk.db.transaction(tenant.number) as tx:
        found = await mappings(tx)
    if source not in found:
        raise NotFound.named("source", source, found)
    return found[source]


async def waiting(desk: Desk, tenant: Tenant, source: str | None = None) -> list[Held]:
    """What is in quarantine."""
    async with desk.db.transaction(tenant.number) as tx:
        return await quarantine.held(tx, source=source)
