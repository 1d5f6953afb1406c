"""Versions of models: which there are, which is on duty, when one is trained again; and what one would say if."""

from __future__ import annotations

from sightline.interfaces.rest import models
from sightline.interfaces.rest.asking import Name
from sightline.interfaces.rest.needs import Operator, Reader, RestDep, room
from sightline.kernel.desk import retraining, supposing, versions
from sightline.kernel.desk.reading import form, unit_of
from sightline.language.ref import Ref

router = room("questions")


@router.get("/questions/{name}/versions")
async def get_versions(rest: RestDep, caller: Reader, name: Name) -> models.Versions:
    """Every version of the model that is kept, with its verdict and figures, and when it is trained again."""
    found = await versions.versions(rest.desk, caller.tenant, name)
    again = await retraining.schedule_of(rest.desk, caller.tenant, name)
    return models.Versions.model_validate({"question": name, "versions": found, "schedule": again})


@router.post("/questions/{name}/promote")
async def promote_version(rest: RestDep, caller: Operator, name: Name, given: models.ToPromote) -> models.OnDuty:
    """Put a version on duty. One that cannot be read is refused, and what is on duty stays there."""
    return models.OnDuty(question=name, version=await versions.promote(rest.desk, caller.tenant, name, given.version))


@router.post("/questions/{name}/rollback")
async def roll_back(rest: RestDep, caller: Operator, name: Name) -> models.OnDuty:
    """Put the version before the one on duty back there; again: the one before that."""
    return models.OnDuty(question=name, version=await versions.rollback(rest.desk, caller.tenant, name))


@router.put("/questions/{name}/schedule")
async def put_schedule(rest: RestDep, caller: Operator, name: Name, given: models.ToSchedule) -> models.Versions:
    """Have it trained again every so many days or on drift; with neither only when somebody says so."""
    await retraining.reschedule(
        rest.desk, caller.tenant, name, every_days=given.every_days, on_drift=given.on_drift, by=caller.principal.name
    )
    return await get_versions(rest, caller, name)


@router.post("/questions/{name}/what-if")
async def what_if(rest: RestDep, caller: Operator, name: Name, given: models.ToSuppose) -> models.WhatIf:
    """What would be said of a subject, were some of its attributes others. Nothing of it is kept."""
    async with rest.looking:
        found = await supposing.what_if(rest.desk, caller.tenant, name, Ref.parse(given.subject), given.changes)
    catalog = await rest.desk.catalog(caller.tenant)
    return models.WhatIf(
        question=name,
        form=form(found.question),
        unit=unit_of(found.question, catalog),
        subject=found.subject,
        changes=dict(found.changes),
        now=models.Supposed.model_validate(found.now),
        then=models.Supposed.model_validate(found.then),
        hints=[models.Hint.model_validate(one) for one in found.hints],
        notes=list(found.notes),
    )
