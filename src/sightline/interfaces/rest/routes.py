"""Who is asked what a playbook puts into the inbox."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Path

from sightline.interfaces.rest import models
from sightline.interfaces.rest.imports import NO_NUL
from sightline.interfaces.rest.needs import Administrator, Reader, RestDep, room
from sightline.kernel.desk import routing
from sightline.kernel.desk.routing import New, Stands

Name = Annotated[str, Path(description="Route.", max_length=200, pattern=NO_NUL, examples=["elders"])]

router = room("inbox")


@router.get("/routes")
async def get_routes(rest: RestDep, caller: Reader) -> models.Routes:
    """Who is asked what, in the order in which routes are tried."""
    found = await routing.listed(rest.desk, caller.tenant)
    return models.Routes(routes=[_told(one) for one in found])


@router.put("/routes/{name}")
async def put_route(rest: RestDep, caller: Administrator, name: Name, given: models.NewRoute) -> models.MadeRoute:
    """Say who is asked what a playbook puts into the inbox from now on; one of that name is changed, in its place."""
    new = New(name=name, playbook=given.playbook, whom=given.whom, to=given.to)
    made = await routing.put(
        rest.desk, caller.tenant, new, by=caller.principal.name, waiting=given.waiting, dry=given.dry_run
    )
    return models.MadeRoute(
        route=_told(made.stands), waiting=made.waiting, goes=dict(made.goes), nobody=made.nobody
    )  # fmt: skip


@router.delete("/routes/{name}", status_code=204)
async def delete_route(rest: RestDep, caller: Administrator, name: Name) -> None:
    """Forget it. What somebody has stays theirs."""
    await routing.remove(rest.desk, caller.tenant, name)


def _told(one: Stands) -> models.Route:
    return models.Route.model_validate({**asdict(one.route), "gone": one.gone, "stopped": one.stopped})
