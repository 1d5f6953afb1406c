"""What if: what the model on duty would say about a subject, were some of its attributes others."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe.personal import token_ref
from sightline.kernel.predict import registry
from sightline.kernel.predict.known import known
from sightline.language.catalog import Catalog
from sightline.language.errors import Invalid, NotEnough, NotFound
from sightline.language.kind import Sort
from sightline.language.prediction import Hint, Reason
from sightline.language.question import Question
from sightline.language.ref import Ref

if TYPE_CHECKING:
    from sightline.kernel.predict.facts import Facts
    from sightline.kernel.predict.prepare import Prepared
    from sightline.kernel.predict.registry import Model
    from sightline.kernel.predict.trained import Trained

Scalar = str | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of a subject at a cutoff."""

    cutoff: datetime
    deadline: datetime
    probability: float | None
    quantity: float | None
    mean: float | None
    low: float
    high: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """What is said of a subject as it is, and as it would be."""

    question: Question
    subject: str
    changes: Mapping[str, Scalar]
    now: Said
    then: Said
    hints: tuple[Hint, ...]
    """Which other choices of what is declared actionable would change it most, each alone."""
    notes: tuple[str, ...]
    """What of the changes does not reach the model, in sentences."""


async def what_if(desk: Desk, tenant: Tenant, name: str, subject: Ref, changes: Mapping[str, Scalar]) -> Supposed:
    """What the model on duty says of a subject at its last cutoff by now, and what it would say with `changes`
    (attribute or link to value); nothing is kept. Without changes only the hints are of interest.

    Raises NotFound, Invalid for what is no attribute of it or not of its sort, and NotEnough where the question was
    never trained or does not ask the subject.
    """
    catalog = await desk.catalog(tenant)
    question = catalog.question(name)
    if subject.kind != question.of:
        raise Invalid(f"'{name}' asks about a {question.of}, not about {subject}.", hint=f"Write {question.of}/KEY.")
    given = _checked(catalog, question, changes)
    now = desk.now(tenant)
    async with desk.db.transaction(tenant.number) as tx:
        model = await registry.champion(tx, question)
        if model is None:
            raise await registry.untrained(tx, question, tenant.name)
        ref = await token_ref(tx, desk.vault, subject, catalog.kinds)
        facts = await known(tx, desk.lake, catalog.kinds)
    said, then, hints, notes = await asyncio.to_thread(_supposed, question, model, facts, now, ref, given)
    return Supposed(
        question=question, subject=str(subject), changes=given, now=said, then=then, hints=hints, notes=notes
    )


def _checked(catalog: Catalog, question: Question, changes: Mapping[str, Scalar]) -> dict[str, Scalar]:
    kind = catalog.kinds.get(question.of)
    links = {link.name for link in kind.links} if kind else set()
    checked: dict[str, Scalar] = {}
    for name, value in changes.items():
        declared = kind.attribute(name) if kind else None
        if name in links and isinstance(value, str | None):
            checked[name] = str(Ref.parse(value)) if value else None
        elif declared is None:
            known_ = [one.name for one in kind.attributes] if kind else []
            raise NotFound.named(f"attribute of {question.of}", name, [*known_, *links])
        else:
            checked[name] = _of_sort(name, value, declared.sort)
    return checked


def _of_sort(name: str, value: Scalar, sort: Sort) -> Scalar:
    """The value as its sort has it: a command line sends texts. Raises Invalid."""
    if isinstance(value, str) and sort is Sort.NUMBER:
        with suppress(ValueError):
            value = float(value)
    elif isinstance(value, str) and sort is Sort.FLAG:
        value = {"true": True, "false": False}.get(value, value)
    if not sort.holds(value):
        raise Invalid(f"{str(value)[:40]!r} does not fit {name}.", hint=f"Write {sort.form}; nothing for unknown.")
    return value


def _supposed(
    question: Question, model: Model, facts: Facts, now: datetime, subject: Ref, changes: Mapping[str, Scalar]
) -> tuple[Said, Said, tuple[Hint, ...], tuple[str, ...]]:
    import numpy as np
    import polars as pl

    from sightline.kernel.predict.explain import hints
    from sightline.kernel.predict.prepare import Prepared
    from sightline.kernel.predict.trained import Trained
    from sightline.kernel.predict.what_if import notes

    trained = Trained.load(model.document)
    prepared = Prepared.of(question, facts, now, also_now=True)
    asked = prepared.asked.eligible.filter(key=subject.key)
    first = min(asked["cutoff"].to_list(), default=now)
    if first > now:
        raise NotEnough(
            f"'{question.name}' asks about {subject} on {first:%d %B %Y}, not before.",
            hint="Ask again then: what becomes known until then counts too.",
        )
    asked = asked.filter(pl.col("cutoff") <= now)
    if asked.is_empty():
        raise NotEnough(
            f"'{question.name}' does not ask about {subject}.",
            hint=f"`sightline predictions {question.name}` lists whom it asks, and why not the others.",
        )
    row = int(asked["row"][-1])
    actionable = hints(trained, prepared, np.array([row]))[0]
    now_said, then_said = _said(trained, prepared, row, {}), _said(trained, prepared, row, changes)
    return now_said, then_said, actionable, notes(trained, prepared, changes)


def _said(trained: Trained, prepared: Prepared, row: int, changes: Mapping[str, Scalar]) -> Said:

    from sightline.kernel.predict.explain import explain
    from sightline.kernel.predict.scoring import interval
    from sightline.kernel.predict.what_if import altered

    matrix = altered(prepared, row, changes)
    told = trained.tell(matrix)
    low, high = interval(trained, matrix, told)
    asked, chance = prepared.asked.eligible.row(row, named=True), trained.task.chance
    return Said(
        cutoff=asked["cutoff"],
        deadline=asked["deadline"],
        probability=float(told.value[0]) if chance else None,
        quantity=None if chance else float(told.median[0]),
        mean=None if chance else float(told.value[0]),
        low=float(low[0]),
        high=float(high[0]),
        reasons=explain(trained, prepared.question, prepared.kind, matrix)[0],
    )
