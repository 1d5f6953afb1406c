"""Everything declared for one tenant: by the packs, and by its own imports and questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sightline.foundation.db.session import Transaction
from sightline.kernel.observe import mapping_file
from sightline.kernel.pack import Pack, Registry
from sightline.kernel.predict import language
from sightline.language.catalog import Catalog
from sightline.language.question import Question


async def declared(tx: Transaction, registry: Registry) -> Catalog:
    """The catalog of the tenant of this transaction."""
    rows = await tx.rows("select text from sightline.mappings where tenant = :t order by source", t=tx.tenant)
    maps = [mapping_file.parse(row["text"]) for row in rows]
    imports = Pack(
        name="imports",
        kinds=tuple(kind for one in maps for kind in one.kinds()),
        events=tuple(event for one in maps for event in one.event_kinds()),
    )
    catalog = registry.catalog(imports)
    own = await tx.rows("select name, line, asks from sightline.questions where tenant = :t order by name", t=tx.tenant)
    asked = {row["name"]: _asked(row["name"], row["line"], row["asks"], catalog) for row in own}
    return replace(catalog, questions={**catalog.questions, **asked})


async def declare_question(tx: Transaction, question: Question, *, at: datetime) -> None:
    """Remember a question a user asked."""
    await tx.run(
        "insert into sightline.questions (tenant, name, line, asks, made_at) values (:t, :n, :l, :a, :at)"
        " on conflict (tenant, name) do update set line = excluded.line, asks = excluded.asks",
        t=tx.tenant,
        n=question.name,
        l=language.canonical(question),
        a=question.asks,
        at=at,
    )


def _asked(name: str, line: str, asks: str, catalog: Catalog) -> Question:
    return replace(language.parse(line, catalog.kinds, catalog.events, name=name), asks=asks)
