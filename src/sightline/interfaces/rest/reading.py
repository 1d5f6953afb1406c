"""The reads: each asks the front desk and gives the answer its shape."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Security
from fastapi.security import HTTPBearer
from starlette.responses import HTMLResponse

from sightline.foundation.identity import Right
from sightline.interfaces.rest import models, proof_file
from sightline.interfaces.rest.context import Caller, Rest, rest_of
from sightline.kernel.desk import reading as desk
from sightline.kernel.predict.listing import Rank
from sightline.language.ref import Ref
from sightline.language.time import end_of

BEARER = HTTPBearer(auto_error=False, description="`sightline token` shows the owner's.")

MOST = 1_000
"""Predictions on one page."""

AS_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
"""The other form of a proof."""


class Form(StrEnum):
    """How a proof is written."""

    JSON = "json"
    HTML = "html"


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


Reader = Annotated[Caller, Depends(reader)]
QuestionName = Annotated[str, Path(description="Question.", examples=["supply.arrives_late"])]

router = APIRouter(prefix="/v1")


@router.get("/entities/{kind}/{key:path}", tags=["knowledge"])
async def get_entity(
    rest: RestDep,
    caller: Reader,
    kind: Annotated[str, Path(description="Kind.", examples=["line"])],
    key: Annotated[str, Path(description="Key; it may contain slashes.", examples=["82108"])],
    as_of: Annotated[
        str | None, Query(description="Day or moment: as it was known then.", examples=["2014-06-30"])
    ] = None,
) -> models.Entity:
    """A thing as it is, or was, known."""
    at = end_of(as_of) if as_of else None
    found = await desk.thing(rest.desk, caller.tenant, Ref.parse(f"{kind}/{key}"), as_of=at)
    return models.Entity(
        ref=str(found.ref),
        as_of=found.as_of,
        exists_from=found.exists_from,
        attributes=found.attributes,
        links=found.links,
        linked_from=found.linked_from,
        timeline=[models.Occurrence.model_validate(one) for one in found.timeline],
    )


@router.get("/questions", tags=["questions"])
async def get_questions(rest: RestDep, caller: Reader) -> models.Questions:
    """What can be asked, and how each model stands."""
    found = await desk.questions(rest.desk, caller.tenant)
    broken = await desk.broken(rest.desk, caller.tenant)
    return models.Questions.model_validate({"questions": found, "broken": broken})


@router.get("/questions/{name}/predictions", tags=["questions"])
async def get_predictions(
    rest: RestDep,
    caller: Reader,
    name: QuestionName,
    rank: Annotated[Rank, Query(description="What to rank by.")] = Rank.MONEY,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Predictions on the page.")] = 50,
    offset: Annotated[int, Query(ge=0, le=2**31, description="Predictions before the page.")] = 0,
    everything: Annotated[bool, Query(alias="all", description="Answered and expired ones too.")] = False,
) -> models.Predictions:
    """The answers of a question, ranked."""
    found = await desk.predictions(
        rest.desk, caller.tenant, name, rank=rank, limit=limit, offset=offset, open_only=not everything
    )
    listed = [models.Prediction.model_validate(one) for one in found]
    return models.Predictions(question=name, rank=rank.value, limit=limit, offset=offset, predictions=listed)


@router.get("/questions/{name}/population", tags=["questions"])
async def get_population(rest: RestDep, caller: Reader, name: QuestionName) -> models.Population:
    """Who is asked later, who is overdue, who is not asked and why."""
    return models.Population.model_validate(await desk.population(rest.desk, caller.tenant, name))


@router.get("/questions/{name}/proof", tags=["questions"], response_model=models.Proof, responses=AS_FILE)
async def get_proof(
    request: Request,
    rest: RestDep,
    caller: Reader,
    name: QuestionName,
    form: Annotated[Form | None, Query(description="`html`: as one file; else by the header `Accept`.")] = None,
) -> Any:
    """How far the model on duty can be trusted."""
    found = await desk.proof(rest.desk, caller.tenant, name)
    if (form or _accepted(request)) is Form.JSON:
        return models.Proof.model_validate(found)
    page = await asyncio.to_thread(proof_file.html, found, await desk.worth_unit(rest.desk, caller.tenant, name))
    headers = {"Content-Security-Policy": proof_file.POLICY, "Content-Disposition": f'inline; filename="{name}.html"'}
    return HTMLResponse(page, headers={**headers, "Vary": "Accept", "X-Content-Type-Options": "nosniff"})


def _accepted(request: Request) -> Form:
    """What a caller that names no form gets: a browser that opens the address asks for text/html by name."""
    return Form.HTML if "text/html" in request.headers.get("accept", "").lower() else Form.JSON


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
