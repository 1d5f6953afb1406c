"""The reads that are about the workspace as a whole."""

from __future__ import annotations

from sightline.interfaces.rest import models
from sightline.interfaces.rest.needs import Reader, RestDep, room
from sightline.kernel.desk import reading as desk

router = room()


@router.get("/findings", tags=["knowledge"])
async def get_findings(rest: RestDep, caller: Reader) -> models.Findings:
    """What is worth a look."""
    return models.Findings.model_validate({"findings": await desk.findings(rest.desk, caller.tenant)})


@router.get("/invariants", tags=["operation"])
async def get_invariants(rest: RestDep, caller: Reader) -> models.Invariants:
    """What must always be true of what is decided and done, looked at now; on duty it is looked at each day."""
    found = await desk.invariants(rest.desk, caller.tenant)
    return models.Invariants(invariants=[models.Invariant.model_validate(one) for one in found])


@router.get("/status", tags=["operation"])
async def get_status(rest: RestDep, caller: Reader) -> models.Status:
    """How the workspace stands: clock, counts, lags, what waits."""
    found = await desk.status(rest.desk, caller.tenant)
    # The names of other workspaces are none of the caller's business.
    return models.Status.model_validate({name: value for name, value in found.items() if name != "workspaces"})
