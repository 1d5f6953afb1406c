"""Training again without being told to: schedules, and putting in hand what is due."""

from __future__ import annotations

from sightline.foundation import jobs as queue
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import jobs
from sightline.kernel.desk.desk import Desk
from sightline.kernel.desk.training import Training
from sightline.kernel.predict import schedules
from sightline.kernel.predict.schedules import Schedule
from sightline.language.errors import Busy, Conflict, NotFound

BY = "schedule"
"""Whose jobs these are."""


async def schedule_of(desk: Desk, tenant: Tenant, name: str) -> Schedule | None:
    """When a question is trained again; None: when somebody says so. Raises NotFound."""
    question = (await desk.catalog(tenant)).question(name)
    async with desk.db.transaction(tenant.number) as tx:
        return (await schedules.schedules(tx)).get(question.name)


async def reschedule(
    desk: Desk, tenant: Tenant, name: str, *, every_days: int | None, on_drift: bool, by: str
) -> Schedule | None:
    """Train a question again every so many days, or on drift; neither: only when somebody says so. Raises NotFound."""
    question = (await desk.catalog(tenant)).question(name)
    given = Schedule(
        question=question.name, every_days=every_days, on_drift=on_drift, by=by, at=desk.clock.now(), tried_at=None
    )
    async with desk.db.transaction(tenant.number) as tx:
        await schedules.set_schedule(tx, given)
    return await schedule_of(desk, tenant, name)


async def submit_due(desk: Desk, tenant: Tenant) -> list[str]:
    """Put in hand what is due by its schedule and not in hand already; returns the questions."""
    now = desk.clock.now()
    async with desk.db.transaction(tenant.number) as tx:
        due = await schedules.due(tx, now=now)
        under_way = {job.about for job in await queue.unfinished(tx, what=jobs.TRAIN)} if due else set()
    put = []
    for name, why in due.items():
        if name in under_way:
            continue
        try:
            await jobs.submit_training(desk, tenant, name, by=BY, training=Training(why=why))
        except (NotFound, Conflict, Busy):
            # Not declared any more, or broken, or the queue is full: it is looked at again an hour later.
            continue
        async with desk.db.transaction(tenant.number) as tx:
            await schedules.tried(tx, name, at=now)
        put.append(name)
    return put
