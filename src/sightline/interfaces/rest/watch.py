"""How the models on duty fare: what is seen of each, standing alarms, and taking one back."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from sightline.interfaces.rest import models
from sightline.interfaces.rest.asking import Name
from sightline.interfaces.rest.imports import NO_NUL
from sightline.interfaces.rest.needs import Operator, Reader, RestDep, room
from sightline.kernel.desk import watching

Id = Annotated[str, Path(alias="id", description="Identifier of an alarm.", pattern=NO_NUL, max_length=100)]

router = room("questions")


@router.get("/questions/{name}/watch")
async def get_watch(rest: RestDep, caller: Reader, name: Name) -> models.Watch:
    """What was seen of the model on duty: its promise, what it says, who is asked, another version, and alarms."""
    return models.Watch.model_validate(await watching.watch_of(rest.desk, caller.tenant, name))


@router.get("/alarms")
async def get_alarms(rest: RestDep, caller: Reader) -> models.Alarms:
    """Alarms about the models on duty that stand, of all questions, the newest first."""
    return models.Alarms.model_validate({"alarms": await watching.standing(rest.desk, caller.tenant)})


@router.post("/alarms/{id}/lift")
async def lift_alarm(rest: RestDep, caller: Operator, id_: Id, given: models.ToLift) -> models.Alarm:
    """Take an alarm back, for a reason. Evidence is gathered anew from now on; a side may act by itself again."""
    found = await watching.lift(rest.desk, caller.tenant, id_, by=caller.principal.name, why=given.why)
    return models.Alarm.model_validate(found)
