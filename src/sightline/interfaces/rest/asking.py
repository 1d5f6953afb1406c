"""Asking: what a line would come to, questions of one's own, training."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Path

from sightline.interfaces.rest import models
from sightline.interfaces.rest.needs import Operator, Reader, RestDep, room
from sightline.kernel.desk import asking, checking, jobs
from sightline.kernel.desk.reading import form, unit_of
from sightline.kernel.desk.suggesting import suggestions
from sightline.kernel.desk.training import Training
from sightline.kernel.predict import language

Name = Annotated[str, Path(description="Question.", max_length=256, pattern=r"^[^\x00]*$",
                           examples=["own.absent_line_delivered_by_promised_on"])]  # fmt: skip

ASKED = models.ToTrain()
"""As it is trained where nothing more is said."""

router = room("questions")


@router.post("/questions/check")
async def check_question(rest: RestDep, caller: Operator, given: models.Line) -> models.Checked:
    """What asking a line would come to: whom it concerns and whether there is enough to learn from. Trains nothing."""
    async with rest.looking:
        found = await checking.check(rest.desk, caller.tenant, given.line)
    question, counted = found.question, found.standing
    return models.Checked(
        line=language.canonical(question),
        of=question.of,
        asks=question.asks,
        name=question.name,
        form=form(question),
        unit=unit_of(question, await rest.desk.catalog(caller.tenant)),
        eligible=counted.eligible,
        examples=counted.examples,
        yes=counted.yes,
        open=counted.open,
        later=counted.later,
        excluded=counted.excluded,
        enough=counted.enough,
        words=counted.words,
    )


@router.get("/questions/suggested")
async def get_suggested(rest: RestDep, caller: Reader) -> models.Suggested:
    """Lines to start from, made from what was imported; valid as they are."""
    return models.Suggested(lines=await suggestions(rest.desk, caller.tenant))


@router.post("/questions", status_code=202)
async def post_question(rest: RestDep, caller: Operator, given: models.Ask) -> models.Job:
    """Remember a question of your own, train and prove it, as a job. Its result: question, verdict, headline."""
    catalog = await rest.desk.catalog(caller.tenant)
    read = asking.read_line(catalog, given.line, name=given.name)
    question = asking.worded(read, asks=given.asks, yes=given.yes, no=given.no, unit=given.unit)
    return models.Job.told(await jobs.submit_question(rest.desk, caller.tenant, question, by=caller.principal.name))


@router.post("/questions/{name}/train", status_code=202)
async def train_question(
    rest: RestDep, caller: Operator, name: Name, given: Annotated[models.ToTrain, Body()] = ASKED
) -> models.Job:
    """Train and prove a question again on all that is known, as a job. What is on duty stays there until the end."""
    training = Training(reason=given.reason, on_duty=given.on_duty, admitted=given.admit)
    return models.Job.told(
        await jobs.submit_training(rest.desk, caller.tenant, name, by=caller.principal.name, training=training)
    )


@router.put("/questions/{name}")
async def put_question(rest: RestDep, caller: Operator, name: Name, given: models.Declare) -> models.Declared:
    """Remember a question of your own, in the place of one of the same name. Trains nothing; what is on duty stays."""
    read = asking.read_line(await rest.desk.catalog(caller.tenant), given.line, name=name)
    question = asking.worded(read, asks=given.asks, yes=given.yes, no=given.no, unit=given.unit)
    await asking.declare(rest.desk, caller.tenant, question)
    return models.Declared(name=question.name, line=language.canonical(question), of=question.of, asks=question.asks)


@router.delete("/questions/{name}", status_code=204)
async def delete_question(rest: RestDep, caller: Operator, name: Name) -> None:
    """Forget a question of your own, its models and its predictions."""
    await jobs.drop_question(rest.desk, caller.tenant, name)
