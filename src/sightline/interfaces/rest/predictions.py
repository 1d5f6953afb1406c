"""Questions, the answers to them, and how far these can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Query
from starlette.responses import Response

from sightline.interfaces.rest import models, paging
from sightline.interfaces.rest.context import Caller, Rest
from sightline.interfaces.rest.needs import Operator, Reader, RestDep, room
from sightline.interfaces.rest.paging import USUAL, After, Limit
from sightline.kernel.desk import asides
from sightline.kernel.desk import reading as desk
from sightline.kernel.predict.listing import Aside, Listed, Rank, Stage, Wanted, keys_of
from sightline.language.catalog import Catalog
from sightline.language.ref import MAX_KEY, Ref
from sightline.language.time import parse_instant

router = room("questions")

QuestionName = Annotated[str, Path(description="Question.", examples=["supply.arrives_late"])]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which predictions, in which order, which page."""

    subject: Annotated[str | None, Query(description="Only about this thing.", examples=["line/82108"])] = None
    rank: Annotated[Rank, Query(description="What to rank by.")] = Rank.MONEY
    verb: Annotated[Stage | None, Query(description="Only those about which this was decided last.")] = None
    q: Annotated[
        str | None,
        Query(min_length=1, max_length=MAX_KEY, description="Text in the subject's key; of persons the whole key."),
    ] = None
    min_probability: Annotated[float | None, Query(ge=0, le=1, description="At least this likely.")] = None
    deadline_before: Annotated[
        str | None, Query(description="Day or moment before which the deadline lies.", examples=["2015-02-01"])
    ] = None
    everything: Annotated[bool, Query(alias="all", description="Answered and expired ones too.")] = False
    aside: Annotated[Aside, Query(description="Whether to list what was set aside.")] = Aside.NO
    after: After = None
    limit: Limit = USUAL

    def wanted(self, question: str | None) -> Wanted:
        """As the kernel reads them."""
        return Wanted(
            question=question,
            subject=Ref.parse(self.subject) if self.subject else None,
            verb=self.verb,
            containing=self.q,
            min_probability=self.min_probability,
            deadline_before=parse_instant(self.deadline_before) if self.deadline_before else None,
            open_only=not self.everything,
            aside=self.aside,
        )


Filtered = Annotated[Filters, Depends()]


@router.get("/questions")
async def get_questions(rest: RestDep, caller: Reader) -> models.Questions:
    """What can be asked, and how each model stands."""
    found = await desk.questions(rest.desk, caller.tenant)
    broken = await desk.broken(rest.desk, caller.tenant)
    return models.Questions.model_validate({"questions": found, "broken": broken})


@router.get("/predictions")
async def get_all_predictions(
    rest: RestDep,
    caller: Reader,
    filters: Filtered,
    question: Annotated[str | None, Query(description="Only answers to this one.")] = None,
) -> models.Predictions:
    """The answers of all questions, ranked together."""
    return await _page(rest, caller, filters, question)


@router.get("/questions/{name}/predictions")
async def get_predictions(rest: RestDep, caller: Reader, name: QuestionName, filters: Filtered) -> models.Predictions:
    """The answers of a question, ranked."""
    return await _page(rest, caller, filters, name)


async def _page(rest: Rest, caller: Caller, filters: Filters, question: str | None) -> models.Predictions:
    types = [sort for _, sort in keys_of(filters.rank)]
    after = paging.decode(filters.after, types) if filters.after else None
    page = await desk.ranking(
        rest.desk, caller.tenant, filters.wanted(question), rank=filters.rank, limit=filters.limit, after=after
    )
    catalog = await rest.desk.catalog(caller.tenant)
    return models.Predictions(
        predictions=[shown(one, catalog) for one in page.found],
        next=paging.encode(page.next) if page.next else None,
    )


def shown(one: Listed, catalog: Catalog) -> models.Prediction:
    """A prediction as everybody is told of it; without its question (dropped just now) by plain words."""
    question = catalog.questions.get(one.question)
    members = {name: getattr(one, name) for name in _MEMBERS}
    return models.Prediction(
        **members,
        yes=question.yes if question else "yes",
        no=question.no if question else "no",
        form="quantity" if one.probability is None else "chance",
        unit=desk.unit_of(question, catalog) if question else None,
    )


_MEMBERS = tuple(name for name in models.Prediction.model_fields if name not in ("yes", "no", "form", "unit"))


@router.get("/questions/{name}/population")
async def get_population(rest: RestDep, caller: Reader, name: QuestionName) -> models.Population:
    """Who is asked later, who is overdue, who is not asked and why."""
    return models.Population.model_validate(await desk.population(rest.desk, caller.tenant, name))


@router.put("/asides")
async def put_aside(rest: RestDep, caller: Operator, given: models.ToSetAside) -> models.SetAside:
    """Set a prediction aside: it is not listed any more until it is taken up. Again: the same id."""
    made = await asides.set_aside(
        rest.desk, caller.tenant, given.question, Ref.parse(given.subject), parse_instant(given.cutoff),
        by=caller.principal.name,
    )  # fmt: skip
    return models.SetAside(id=made)


@router.delete("/asides/{id}", status_code=204)
async def delete_aside(
    rest: RestDep, caller: Operator, id_: Annotated[str, Path(alias="id", description="As setting aside gave it.")]
) -> Response:
    """Take up again what was set aside."""
    await asides.take_up(rest.desk, caller.tenant, id_)
    return Response(status_code=204)
