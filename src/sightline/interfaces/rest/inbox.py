"""What people are asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Query

from sightline.interfaces.rest import models
from sightline.interfaces.rest.context import Caller, Rest
from sightline.interfaces.rest.decisions import with_outcomes
from sightline.interfaces.rest.imports import NO_NUL
from sightline.interfaces.rest.needs import Operator, Reader, RestDep, room
from sightline.interfaces.rest.paging import USUAL, After, Limit, decode, page
from sightline.kernel.act import inbox as kept
from sightline.kernel.desk import inbox as desk
from sightline.kernel.desk.inbox import Person

Id = Annotated[str, Path(description="What is asked.", pattern="^ask_[0-9a-f]{32}$", examples=["ask_" + "9f" * 16])]

router = room("inbox")


@router.get("/inbox")
async def get_inbox(
    rest: RestDep,
    caller: Reader,
    state: Annotated[models.Stage | None, Query(description="Only what is in this state.")] = None,
    assignee: Annotated[str | None, Query(max_length=256, pattern=NO_NUL, description="Only this user's.")] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> models.Inbox:
    """What people are asked, the most expected money first."""
    behind = decode(after, (float, str)) if after else None
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        found = await kept.listed(tx, state=state, assignee=assignee, after=behind, limit=limit + 1)
        some, more = page(found, limit, lambda one: (one.value, one.id))
        told = await desk.shown(rest.desk, tx, some)
        many = await kept.count(tx, state=state, assignee=assignee)
    return models.Inbox(asked=await _items(rest, caller, told), count=many, next=more)


@router.get("/inbox/{id}")
async def get_asked(rest: RestDep, caller: Reader, id: Id) -> models.Item:  # noqa: A002 - public name
    """One of them."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        (told,) = await desk.shown(rest.desk, tx, [await kept.get(tx, id)])
    return await _item(rest, caller, told)


@router.post("/inbox/{id}/approve")
async def approve(
    rest: RestDep, caller: Operator, id: Id, given: models.Approve  # noqa: A002 - public name
) -> models.Item:  # fmt: skip
    """Yes, as drafted or mended; it is done by the loop, once. What has ended is answered no more (409)."""
    told = await desk.answer(rest.desk, caller.tenant, id, yes=True, by=_person(caller), text=given.text, why=given.why)
    return await _item(rest, caller, told)


@router.post("/inbox/{id}/reject")
async def reject(
    rest: RestDep, caller: Operator, id: Id, given: models.Reject  # noqa: A002 - public name
) -> models.Item:  # fmt: skip
    """No, and why."""
    told = await desk.answer(rest.desk, caller.tenant, id, yes=False, by=_person(caller), why=given.why)
    return await _item(rest, caller, told)


@router.post("/inbox/{id}/snooze")
async def snooze(
    rest: RestDep, caller: Operator, id: Id, given: models.Snooze  # noqa: A002 - public name
) -> models.Item:  # fmt: skip
    """Put it off; its deadline stays."""
    return await _item(rest, caller, await desk.snooze(rest.desk, caller.tenant, id, given.until, by=_person(caller)))


@router.post("/inbox/{id}/delegate")
async def delegate(
    rest: RestDep, caller: Operator, id: Id, given: models.Delegate  # noqa: A002 - public name
) -> models.Item:  # fmt: skip
    """Let it be somebody's."""
    return await _item(rest, caller, await desk.delegate(rest.desk, caller.tenant, id, given.to, by=_person(caller)))


@router.post("/inbox/answers")
async def answer_all(rest: RestDep, caller: Operator, given: models.AnswerAll) -> models.Answered:
    """One answer to several, each by itself: what could not be taken is named with its reason."""
    taken, refused = await desk.answer_all(
        rest.desk, caller.tenant, given.ids, yes=given.yes, by=_person(caller), why=given.why
    )
    return models.Answered(
        taken=await _items(rest, caller, taken),
        refused=[models.Refused.model_validate(one) for one in refused],
    )


async def _items(rest: Rest, caller: Caller, found: Sequence[kept.Item]) -> list[models.Item]:
    return [models.Item.model_validate(one) for one in await with_outcomes(rest, caller, found)]


async def _item(rest: Rest, caller: Caller, found: kept.Item) -> models.Item:
    (told,) = await _items(rest, caller, [found])
    return told


def _person(caller: Caller) -> Person:
    return Person(name=caller.principal.name, role=caller.standing.role)
