"""One prediction at a time, for programs that ask for many: those who ask together are answered by one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.foundation.tenants import Tenant
from sightline.kernel.declared import declared
from sightline.kernel.desk.desk import Desk
from sightline.kernel.desk.reading import named
from sightline.kernel.observe.personal import token_ref
from sightline.kernel.predict import listing
from sightline.kernel.predict.listing import Listed
from sightline.language.question import Question
from sightline.language.ref import Ref

Asked = tuple[str, Ref]
"""A question's name, and a subject as a user writes it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is to say to one who asks."""

    question: Question | None
    """None: there is no such question."""
    found: Listed | None
    """None: the model on duty says nothing about the subject."""


async def newest(desk: Desk, tenant: Tenant, asked: Sequence[Asked]) -> dict[Asked, Answer]:
    """The newest prediction to each question about each subject."""
    async with desk.db.transaction(tenant.number) as tx:
        catalog = await declared(tx, desk.registry)
        known = [(question, await token_ref(tx, desk.vault, ref, catalog.kinds)) for question, ref in asked]
        found = await listing.newest(tx, known, now=desk.now(tenant))
        said = {
            (one.question, one.subject): told for one, told in zip(found, await named(desk, tx, found), strict=True)
        }
    return {
        given: Answer(catalog.questions.get(question), said.get((question, str(ref))))
        for given, (question, ref) in zip(asked, known, strict=True)
    }
