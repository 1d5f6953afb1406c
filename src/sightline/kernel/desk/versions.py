"""The versions of a question's model: which there are, and which of them is on duty."""

from __future__ import annotations

import asyncio
from typing import Any

from sightline.foundation import ledger
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.predict import language, registry
from sightline.kernel.predict.registry import Model, Version
from sightline.language import derived
from sightline.language.errors import Conflict, Unprovable
from sightline.language.event import Event
from sightline.language.question import Question
from sightline.language.ref import Ref


async def versions(desk: Desk, tenant: Tenant, name: str) -> list[Version]:
    """Every version that is kept, the newest first. Raises NotFound for a question that is not declared."""
    question = (await desk.catalog(tenant)).question(name)
    async with desk.db.transaction(tenant.number) as tx:
        return await registry.versions(tx, question.name)


async def promote(desk: Desk, tenant: Tenant, name: str, version: str) -> str:
    """Put a version on duty and let the loop score with it; returns which it is.

    Raises NotFound, and Conflict where it cannot be read or was trained for another line: what is on duty then stays
    there.
    """
    question = (await desk.catalog(tenant)).question(name)
    async with desk.db.transaction(tenant.number) as tx:
        model = await registry.version(tx, question.name, version)
    await _fit(model, question)
    async with desk.db.transaction(tenant.number) as tx:
        await registry.promote(tx, question.name, version, at=desk.clock.now())
        ledger.record(tx, [_told(desk, tenant, question.name, version)], at=desk.now(tenant))
    await desk.go_round(tenant)
    return version


async def rollback(desk: Desk, tenant: Tenant, name: str) -> str:
    """Put the version before the one on duty back there; returns which it is.

    Raises NotFound, and Conflict where there is none, it cannot be read or was trained for another line: what is on
    duty then stays there.
    """
    question = (await desk.catalog(tenant)).question(name)
    async with desk.db.transaction(tenant.number) as tx:
        await registry.alone(tx, question.name)
        before = await registry.before_it(tx, question.name)
        await _fit(await registry.version(tx, question.name, before), question)
        version = await registry.rollback(tx, question.name, at=desk.clock.now())
        ledger.record(tx, [_told(desk, tenant, question.name, version)], at=desk.now(tenant))
    await desk.go_round(tenant)
    return version


async def _fit(model: Model, question: Question) -> None:
    """Raises Conflict where nothing could be forecast with it, or something else than is asked."""
    from sightline.kernel.predict import engine

    if model.line != language.canonical(question):
        raise Conflict(
            f"Version '{model.version}' of '{model.question}' was trained for another line: '{model.line}'."
            " The version on duty stays there.",
            hint=f"Train it again: `sightline ask {model.question}`.",
        )
    try:
        await asyncio.to_thread(engine.Trained.load, model.document)
    except Unprovable as error:
        raise Conflict(
            f"Version '{model.version}' of '{model.question}' cannot be read: {error.message}"
            " The version on duty stays there.",
            hint=f"Train it again: `sightline ask {model.question}`.",
        ) from error


def _told(desk: Desk, tenant: Tenant, question: str, version: str) -> Event:
    now = desk.now(tenant)
    data: dict[str, Any] = {"question": question, "version": version}
    return Event(
        id=f"promoted:{question}:{version}:{desk.clock.now().isoformat()}",
        source=derived.SOURCE,
        type=derived.PROMOTED,
        subject=Ref(derived.SELF, "models"),
        time=now,
        known_at=now,
        data=data,
    )
