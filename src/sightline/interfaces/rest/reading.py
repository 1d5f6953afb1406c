"""Who may read and who may change things, and the reads that are about the workspace as a whole."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Security
from fastapi.security import HTTPBearer

from sightline.foundation.identity import Right
from sightline.interfaces.rest import models
from sightline.interfaces.rest.context import Caller, Rest, rest_of
from sightline.kernel.desk import reading as desk

BEARER = HTTPBearer(auto_error=False, description="`sightline token` shows the owner's.")

RestDep = Annotated[Rest, Depends(rest_of)]


async def reader(
    request: Request,
    rest: RestDep,
    _: Annotated[Any, Security(BEARER)],
    workspace: Annotated[
        str | None, Header(alias="Sightline-Workspace", description="Workspace; the server's own when absent.")
    ] = None,
) -> Caller:
    """Whoever may read in the workspace."""
    return await rest.admit(request, Right.READ)


async def operator(
    request: Request,
    rest: RestDep,
    _: Annotated[Any, Security(BEARER)],
    workspace: Annotated[
        str | None, Header(alias="Sightline-Workspace", description="Workspace; the server's own when absent.")
    ] = None,
) -> Caller:
    """Whoever may change what is done in the workspace."""
    return await rest.admit(request, Right.WRITE)


Reader = Annotated[Caller, Depends(reader)]
Operator = Annotated[Caller, Depends(operator)]

router = APIRouter(prefix="/v1")


@router.get("/findings", tags=["knowledge"])
async def get_findings(rest: RestDep, caller: Reader) -> models.Findings:
    """What is worth a look."""
    return models.Findings.model_validate({"findings": await desk.findings(rest.desk, caller.tenant)})


@router.get("/status", tags=["operation"])
async def get_status(rest: RestDep, caller: Reader) -> models.Status:
    """How the workspace stands: clock, counts, lags, what waits."""
    found = await desk.status(rest.desk, caller.tenant)
    # The names of other workspaces are none of the caller's business.
    return models.Status.model_validate({name: value for name, value in found.items() if name != "workspaces"})
