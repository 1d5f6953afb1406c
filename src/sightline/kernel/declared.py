"""Everything declared for one tenant: by the packs, and by its own imports and questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.kernel.act import playbook_file, playbooks
from sightline.kernel.act.adopting import with_adopted
from sightline.kernel.observe import mapping_file
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.pack import Pack, Registry
from sightline.kernel.predict import language
from sightline.language.catalog import Broken, Catalog
from sightline.language.errors import Terminal
from sightline.language.kind import Kind
from sightline.language.playbook import Playbook, Success
from sightline.language.question import Question


async def declared(tx: Transaction, registry: Registry) -> Catalog:
    """The catalog of the tenant of this transaction."""
    catalog = await _by_packs_and_imports(tx, registry)
    own = await tx.rows(
        "select name, line, asks, yes, no, unit from sightline.questions where tenant = :t order by name", t=tx.tenant
    )
    asked: dict[str, Question] = {}
    broken: dict[str, Broken] = {}
    for row in own:
        try:
            asked[row["name"]] = _asked(row, catalog)
        except Terminal as error:
            broken[row["name"]] = Broken(line=row["line"], reason=error.message)
    return await _with_playbooks(tx, replace(catalog, questions={**catalog.questions, **asked}, broken=broken))


async def _with_playbooks(tx: Transaction, catalog: Catalog) -> Catalog:
    """With the tenant's own playbooks; those that do not fit any more stand apart."""
    own: dict[str, Playbook] = {}
    successes: dict[str, Success] = {}
    stopped: dict[str, str] = {}
    for kept in await playbooks.newest(tx):
        try:
            (read,) = playbook_file.parse(kept.text, catalog, name=f"version {kept.version}")
        except Terminal as error:
            stopped[kept.name] = error.message
            continue
        own[kept.name] = playbook_file.versioned(read, kept.version)
        if read.success:
            successes[kept.name] = read.success
    return replace(
        catalog,
        playbooks=await with_adopted(tx, {**catalog.playbooks, **own}),
        successes={**catalog.successes, **successes},
        stopped=stopped,
    )


async def kinds_with(tx: Transaction, registry: Registry, mapping: FieldMap, *, source: str) -> Mapping[str, Kind]:
    """The kinds declared for the tenant of this transaction, with another mapping for a source."""
    return (await _by_packs_and_imports(tx, registry, {source: mapping})).kinds


async def mappings(tx: Transaction) -> dict[str, FieldMap]:
    """The mapping each source was last imported with."""
    rows = await tx.rows("select source, text from sightline.mappings where tenant = :t order by source", t=tx.tenant)
    return {row["source"]: mapping_file.parse(row["text"]) for row in rows}


async def _by_packs_and_imports(
    tx: Transaction, registry: Registry, others: Mapping[str, FieldMap] | None = None
) -> Catalog:
    found = {**await mappings(tx), **(others or {})}
    maps = list(found.values())
    imports = Pack(
        name="imports",
        kinds=tuple(kind for one in maps for kind in one.kinds()),
        events=tuple(event for one in maps for event in one.event_kinds()),
    )
    return registry.catalog(imports)


async def declare_question(tx: Transaction, question: Question, *, at: datetime) -> None:
    """Remember a question a user asked."""
    await tx.run(
        "insert into sightline.questions (tenant, name, line, asks, yes, no, unit, made_at)"
        " values (:t, :n, :l, :a, :yes, :no, :unit, :at)"
        " on conflict (tenant, name) do update set line = excluded.line, asks = excluded.asks,"
        " yes = excluded.yes, no = excluded.no, unit = excluded.unit",
        t=tx.tenant,
        n=question.name,
        l=language.canonical(question),
        a=question.asks,
        yes=question.yes,
        no=question.no,
        unit=question.unit,
        at=at,
    )


async def drop_question(tx: Transaction, name: str) -> bool:
    """Forget a question a user asked, with its models and predictions; what the ledger tells of them stays.

    Returns whether there was one.
    """
    dropped = await tx.run("delete from sightline.questions where tenant = :t and name = :n", t=tx.tenant, n=name)
    if dropped:
        for table in ("models", "predictions", "populations", "tallies", "asides", "schedules"):
            await tx.run(f"delete from sightline.{table} where tenant = :t and question = :n", t=tx.tenant, n=name)
    return dropped > 0


class Declarations:
    """Everything declared for the tenant of a transaction, read anew only when something of it has changed."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._known: dict[int | None, tuple[object, Catalog]] = {}

    async def __call__(self, tx: Transaction) -> Catalog:
        """The catalog as of this transaction."""
        driver = await tx.driver()
        stamp = tuple(await driver.fetchrow(_ALL_STAMPS, tx.tenant))
        known = self._known.get(tx.tenant)
        if known is None or known[0] != stamp:
            known = (stamp, await declared(tx, self._registry))
            self._known[tx.tenant] = known
        return known[1]


class Kinds:
    """The declared kinds of the tenant of a transaction, read anew only when its mappings have changed.

    Asked inside the transaction that records, so that a value just declared personal is never kept in the clear.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._known: dict[int | None, tuple[object, Mapping[str, Kind]]] = {}

    async def __call__(self, tx: Transaction) -> Mapping[str, Kind]:
        """The kinds as of this transaction."""
        driver = await tx.driver()
        stamp = await driver.fetchval(_STAMP, tx.tenant)
        known = self._known.get(tx.tenant)
        if known is None or known[0] != stamp:
            known = (stamp, (await _by_packs_and_imports(tx, self._registry)).kinds)
            self._known[tx.tenant] = known
        return known[1]


_STAMP = "select coalesce(sum(hashtextextended(source || text, 0)), 0) from sightline.mappings where tenant = $1"


_ALL_STAMPS = f"""
select ({_STAMP}),
  (select coalesce(sum(hashtextextended(concat_ws(chr(1), name, line, asks, yes, no, unit), 0)), 0)
   from sightline.questions where tenant = $1),
  (select coalesce(sum(hashtextextended(concat_ws(chr(1), name, version, text, dropped_at), 0)), 0)
   from sightline.playbooks where tenant = $1),
  (select coalesce(sum(hashtextextended(concat_ws(chr(1), playbook, adopted), 0)), 0)
   from sightline.experiments where tenant = $1 and adopted is not null)
"""


def _asked(row: Any, catalog: Catalog) -> Question:
    question = language.parse(row["line"], catalog.kinds, catalog.events, name=row["name"])
    return replace(question, asks=row["asks"], yes=row["yes"], no=row["no"], unit=row["unit"] or question.unit)
