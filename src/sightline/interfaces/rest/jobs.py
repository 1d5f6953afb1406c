"""Long work: how far it is, and stopping it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query

from sightline.foundation import jobs
from sightline.interfaces.rest import models
from sightline.interfaces.rest.needs import Operator, Reader, RestDep, room
from sightline.interfaces.rest.paging import USUAL, After, Limit, decode, page
from sightline.kernel.desk import jobs as work

JobId = Annotated[str, Path(description="Job.", pattern="^[0-9a-f]{1,64}$", examples=["9f86d081884c7d65"])]

router = room("jobs")


@router.get("/jobs")
async def get_jobs(
    rest: RestDep,
    caller: Reader,
    state: Annotated[models.State | None, Query(description="Only those in this state.")] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> models.Jobs:
    """Long work, newest first. What ended is kept 30 days."""
    behind = decode(after, (datetime, str)) if after else None
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        found = await jobs.listed(tx, state=state, after=behind, limit=limit + 1)
        some, more = page(found, limit, lambda one: (one.made_at, one.id))
        told = await work.shown(rest.desk, tx, some)
    return models.Jobs(jobs=[models.Job.told(one) for one in told], next=more)


@router.get("/jobs/{id}")
async def get_job(rest: RestDep, caller: Reader, id: JobId) -> models.Job:  # noqa: A002 - the parameter's public name
    """One piece of long work."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        (told,) = await work.shown(rest.desk, tx, [await jobs.get(tx, id)])
    return models.Job.told(told)


@router.post("/jobs/{id}/cancel", status_code=202)
async def cancel_job(rest: RestDep, caller: Operator, id: JobId) -> models.Job:  # noqa: A002 - as above
    """Ask it to stop: an import between two chunks of rows, a training between two folds. What it did stands."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        return models.Job.told(await jobs.cancel(tx, id))
