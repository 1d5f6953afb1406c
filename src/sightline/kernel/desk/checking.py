"""What asking a question would come to, before anything is trained."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import asking
from sightline.kernel.desk.desk import Desk
from sightline.kernel.predict.known import known
from sightline.language.question import Question

if TYPE_CHECKING:
    from sightline.kernel.predict.enough import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A question that can be asked, and what it has to go on."""

    question: Question
    standing: Standing


async def check(desk: Desk, tenant: Tenant, line: str) -> Checked:
    """Read a line and count its examples as of now, without training.

    Raises Unparsable, pointing at the word, and NotFound for what is not declared.
    """
    catalog = await desk.catalog(tenant)
    question, now = asking.read_line(catalog, line), desk.now(tenant)
    async with desk.db.transaction(tenant.number) as tx:
        facts = [await known(tx, desk.lake, catalog.kinds)]

    def count() -> Standing:
        from sightline.kernel.predict import enough
        from sightline.kernel.predict.examples import examples
        from sightline.kernel.predict.population import population

        until = facts.pop().until(now)
        asked = examples(question, until)
        return enough.standing(asked, population(asked, until, now), now)

    return Checked(question=question, standing=await asyncio.to_thread(count))
