"""One prediction at a time, for programs that ask for many: those who ask together are answered by one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.foundation.clock import monotonic
from sightline.foundation.tenants import Tenant
from sightline.kernel.declared import declared
from sightline.kernel.desk.desk import Desk
from sightline.kernel.desk.reading import named
from sightline.kernel.observe.personal import token_ref
from sightline.kernel.predict import listing, registry
from sightline.kernel.predict.listing import Listed
from sightline.language.catalog import Catalog
from sightline.language.question import Question
from sightline.language.ref import Ref

Asked = tuple[str, Ref]
"""A question's name, and a subject as a user writes it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is to say to one who asks."""

    question: Question | None
    """None: there is no such question."""
    catalog: Catalog
    found: Listed | None
    """None: the model on duty says nothing about the subject."""


CATALOG_SECONDS = 2.0
"""So long what is declared is not read again: a question asked just now is found that much later."""


class Lookup:
    """Looks predictions up for one workspace."""

    def __init__(self, desk: Desk, tenant: Tenant) -> None:
        self._desk, self._tenant = desk, tenant
        self._catalog, self._until = Catalog(), 0.0

    async def __call__(self, asked: Sequence[Asked]) -> dict[Asked, Answer]:
        """The newest prediction to each question about each subject."""
        desk = self._desk
        async with desk.db.transaction(self._tenant.number) as tx:
            if monotonic() >= self._until:
                self._catalog, self._until = await declared(tx, desk.registry), monotonic() + CATALOG_SECONDS
            catalog = self._catalog
            known = [(question, await token_ref(tx, desk.vault, ref, catalog.kinds)) for question, ref in asked]
            found = await listing.newest(tx, known, now=desk.now(self._tenant))
            astray = await registry.astray(tx, catalog.questions)
            found = [one for one in found if one.question not in astray]
            shown = await named(desk, tx, found)
        said = {(one.question, one.subject): told for one, told in zip(found, shown, strict=True)}
        return {
            given: Answer(catalog.questions.get(question), catalog, said.get((question, str(ref))))
            for given, (question, ref) in zip(asked, known, strict=True)
        }
