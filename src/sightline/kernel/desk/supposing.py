"""What if: what the model on duty would say about a subject, were some of its attributes others."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe.personal import token_ref
from sightline.kernel.predict import registry
from sightline.kernel.predict.known import known
from sightline.language.catalog import Catalog
from sightline.language.errors import Invalid, NotEnough, NotFound
from sightline.language.kind import Sort
from sightline.language.prediction import Prediction
from sightline.language.question import Question
from sightline.language.ref import Ref

if TYPE_CHECKING:
    from sightline.kernel.predict.facts import Facts
    from sightline.kernel.predict.registry import Model

Scalar = str | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """What is said of a subject as it is, and as it would be."""

    question: Question
    subject: str
    changes: Mapping[str, Scalar]
    now: Prediction
    then: Prediction


async def what_if(desk: Desk, tenant: Tenant, name: str, subject: Ref, changes: Mapping[str, Scalar]) -> Supposed:
    """What the model on duty says of a subject at its last cutoff, and what it would say with `changes` (attribute to
    value); nothing is kept.

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
        model = await registry.champion(tx, question.name)
        if model is None:
            raise NotEnough(f"'{name}' was never trained.", hint=f"Run `sightline ask {name}`.")
        ref = await token_ref(tx, desk.vault, subject, catalog.kinds)
        facts = await known(tx, desk.lake, catalog.kinds)
    said = await asyncio.to_thread(_said, question, model, facts, now, ref, given)
    return Supposed(question=question, subject=str(subject), changes=given, now=said[0], then=said[1])


def _checked(catalog: Catalog, question: Question, changes: Mapping[str, Scalar]) -> dict[str, Scalar]:
    if not changes:
        raise Invalid("Nothing is changed.", hint="Name attributes with values, such as mode=Air.")
    kind = catalog.kinds.get(question.of)
    known_ = [one.name for one in kind.attributes] if kind else []
    checked: dict[str, Scalar] = {}
    for name, value in changes.items():
        declared = kind.attribute(name) if kind else None
        if declared is None:
            raise NotFound.named(f"attribute of {question.of}", name, known_)
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


def _said(
    question: Question, model: Model, facts: Facts, now: Any, subject: Ref, changes: Mapping[str, Scalar]
) -> tuple[Prediction, Prediction]:
    from sightline.kernel.predict import engine
    from sightline.kernel.predict.prepare import Prepared

    prepared = Prepared.of(question, facts, now)
    asked = prepared.asked.eligible.with_row_index("place").filter(key=subject.key)
    if asked.is_empty():
        raise NotEnough(
            f"'{question.name}' does not ask about {subject}.",
            hint=f"`sightline predictions {question.name}` lists whom it asks, and why not the others.",
        )
    place = int(asked["place"][-1])
    trained, suppose = engine.Trained.load(model.document), cast("Any", engine)
    now_, then = (suppose.what_if(trained, prepared, place, given) for given in ({}, dict(changes)))
    return now_, then
