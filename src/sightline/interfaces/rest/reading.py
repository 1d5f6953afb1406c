"""The reads: each asks the front desk and gives the answer its shape."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from sightline.interfaces.rest import models
from sightline.interfaces.rest.needs import Reader, RestDep
from sightline.kernel.desk import reading as desk
from sightline.kernel.predict.listing import Rank
from sightline.language.ref import Ref
from sightline.language.time import end_of

MOST = 1_000
"""Predictions on one page."""

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
