"""Ask a question: read it, count whom it concerns, train, prove, score."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from sightline.foundation.tenants import Tenant
from sightline.kernel.declared import declare_question, drop_question
from sightline.kernel.desk.desk import Desk
from sightline.kernel.desk.training import USUAL, Training, train
from sightline.kernel.predict import language, question_file, registry
from sightline.kernel.predict.question_file import OWN
from sightline.kernel.predict.registry import Model
from sightline.language.catalog import Catalog
from sightline.language.errors import Invalid, NotFound, Unparsable
from sightline.language.question import Question

LONGEST_WORD = 40
"""Characters of what people call an answer, or a unit."""

NAME = rf"{OWN}\.{question_file.NAME.pattern}"
"""How the name of a question that a user asks is written: none of theirs can take the place of a pack's."""


def named(catalog: Catalog, name: str) -> Question:
    """The question of that name. Raises NotFound that tells how one is asked, Conflict for one that is broken."""
    if name in catalog.questions or name in catalog.broken:
        return catalog.question(name)
    raise NotFound.named("question", name, catalog.questions, hint=language.hint())


def read_line(catalog: Catalog, text: str, *, name: str | None = None) -> Question:
    """The question a line states, called `name` where it has one.

    Raises Unparsable that teaches, and Invalid for a name that is not a user's to give.
    """
    if name is not None and not re.fullmatch(NAME, name):
        raise Invalid(f"'{name}' cannot name a question of yours.", hint=f"Write {OWN}.something (a-z, 0-9 and _).")
    try:
        question = language.parse(text, catalog.kinds, catalog.events, name=name or "own.question")
    except Unparsable as error:
        shown = [language.canonical(one) for one in catalog.questions.values()][:1]
        hint = "\n".join([error.hint or "", *(f"For example: {line}" for line in shown)])
        raise Unparsable(error.message, hint=hint, at=error.at, length=error.length, allowed=error.allowed) from None
    return replace(question, name=name or own_name(question))


def worded(
    question: Question, *, asks: str | None = None, yes: str | None = None, no: str | None = None,
    unit: str | None = None,
) -> Question:  # fmt: skip
    """A question of the user's own as people put it, with what they call its answers. Raises Invalid."""
    if asks is None and yes is None and no is None and unit is None:
        return question
    if not question.name.startswith(f"{OWN}."):
        raise Invalid(f"The words of '{question.name}' are its pack's.", hint="Give them with a line of your own.")
    made = replace(
        question, asks=asks or question.asks, yes=yes or question.yes, no=no or question.no, unit=unit or question.unit
    )
    for word, what in ((made.yes, "an answer"), (made.no, "an answer"), (made.unit or "days", "a unit")):
        if not word.strip() or len(word) > LONGEST_WORD or not word.isprintable():
            raise Invalid(f"{word[:60]!r} cannot name {what}.", hint=f"Write one to {LONGEST_WORD} characters.")
    if made.yes == made.no:
        raise Invalid(f"Both answers would be called '{made.yes}'.", hint="Give another word for one of them.")
    return made


async def ask(
    desk: Desk,
    tenant: Tenant,
    question: Question,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    training: Training = USUAL,
) -> Model:
    """Remember a question (where it is a user's own), train and prove it, and score whoever is open.

    Raises Cancelled when `cancelled()` says so; the model on duty, if there is one, stays there.
    """
    catalog = await desk.catalog(tenant)
    if question.name not in catalog.questions or question.name.startswith(f"{OWN}."):
        await declare(desk, tenant, question)
    return await train(desk, tenant, question, progress=progress, cancelled=cancelled, training=training)


async def declare(desk: Desk, tenant: Tenant, question: Question) -> None:
    """Remember a question of a user's own, in the place of one of the same name; nothing is trained, and what was said
    of the one before and is not settled is taken back.
    """
    async with desk.db.transaction(tenant.number) as tx:
        await declare_question(tx, question, at=desk.now(tenant))
        await registry.disown(tx, question, at=desk.now(tenant))


async def drop(desk: Desk, tenant: Tenant, name: str) -> None:
    """Forget a question of the user's own, its models and its predictions. Raises NotFound, Invalid for a pack's."""
    catalog = await desk.catalog(tenant)
    if name in catalog.questions and not name.startswith(f"{OWN}."):
        raise Invalid(f"'{name}' is declared by a pack.", hint=f"Questions of your own begin with {OWN}.")
    async with desk.db.transaction(tenant.number) as tx:
        if not await drop_question(tx, name):
            raise NotFound.named("question", name, [*catalog.questions, *catalog.broken])


def own_name(question: Question) -> str:
    """A name for a question nobody named: `own.absent_line_delivered_by_promised_on`."""
    return f"{OWN}.{language.slug(question)}"
