"""What could be asked of what was imported: lines to start from, made from the mappings alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe import mapping_file
from sightline.kernel.observe.mapping import Mapping
from sightline.kernel.predict import language
from sightline.language.kind import Sort
from sightline.language.question import Absent, AttributeOf, Question, absent, attribute, before

LEAD = timedelta(days=7)
"""Short enough for things that come into being not long before the day they are asked about."""

MOST = 3
"""Lines per mapping."""


async def suggestions(desk: Desk, tenant: Tenant) -> list[str]:
    """Canonical lines whose event and deadline no question of the workspace joins yet; valid as they are."""
    catalog = await desk.catalog(tenant)
    absences = [q.answer for q in catalog.questions.values() if isinstance(q.answer, Absent)]
    asked = {(answer.event, answer.until) for answer in absences if answer.until}
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows("select text from sightline.mappings where tenant = :t order by source", t=tx.tenant)
    found = [islice(_of(mapping_file.parse(row["text"]), asked), MOST) for row in rows]
    return [language.canonical(question) for few in found for question in few]


def _of(mapping: Mapping, asked: set[tuple[str, str]]) -> Iterator[Question]:
    """Each day a thing names against each event that ends it."""
    days = [one.name for one in mapping.columns if not one.link and one.sort in {Sort.DAY, Sort.INSTANT}]
    endings = [one.type for one in mapping.events_ if not one.begins]
    for day in days:
        for event in endings:
            if (event, day) not in asked:
                yield Question(
                    name="own.suggested", of=mapping.kind, asks="", when=before(attribute(day), LEAD),
                    answer=absent(event, until=attribute(day)), worth=_worth(mapping),
                )  # fmt: skip


def _worth(mapping: Mapping) -> AttributeOf | None:
    money = [one.name for one in mapping.columns if not one.link and one.sort is Sort.NUMBER and one.unit]
    return attribute(money[0]) if money else None
