"""What a tenant has declared itself, by importing files and by asking questions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sightline.foundation.db.session import Transaction
from sightline.kernel.observe import mapping_file
from sightline.kernel.pack import Pack, Registry
from sightline.kernel.predict import language as questions
from sightline.language.catalog import Catalog
from sightline.language.question import Question


@dataclass(frozen=True, slots=True)
class Declared:
    """The packs, and what the database holds for one tenant."""

    registry: Registry

    async def catalog(self, tx: Transaction) -> Catalog:
        """Everything that is declared for the tenant of this transaction."""
        rows = await tx.rows("select text from sightline.mappings where tenant = :t order by source", t=tx.tenant)
        maps = [mapping_file.parse(row["text"]) for row in rows]
        imports = Pack(
            name="imports",
            kinds=tuple(kind for one in maps for kind in one.kinds()),
            events=tuple(event for one in maps for event in one.event_kinds()),
        )
        catalog = self.registry.catalog(imports)
        own = await tx.rows(
            "select name, line, asks from sightline.questions where tenant = :t order by name", t=tx.tenant
        )
        asked = {
            row["name"]: replace(questions.parse(row["line"], catalog, name=row["name"]), asks=row["asks"])
            for row in own
        }
        return replace(catalog, questions={**catalog.questions, **asked})


async def add_question(tx: Transaction, question: Question, *, at: datetime) -> None:
    """Remember a question a user asked."""
    await tx.run(
        "insert into sightline.questions (tenant, name, line, asks, made_at) values (:t, :n, :l, :a, :at)"
        " on conflict (tenant, name) do update set line = excluded.line, asks = excluded.asks",
        t=tx.tenant, n=question.name, l=questions.canonical(question), a=question.asks, at=at,
    )  # fmt: skip
