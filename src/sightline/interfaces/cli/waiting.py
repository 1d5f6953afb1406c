"""Long work: put in hand, followed to its end, stopped by Ctrl-C."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sightline.interfaces.cli.connection import Connection
from sightline.interfaces.cli.refusals import error_of
from sightline.interfaces.cli.session import Out
from sightline.language.errors import Cancelled

if TYPE_CHECKING:
    from rich.progress import Progress

    from sightline_client import models

FIRST, GROWTH = 0.1, 1.5
LONGEST_NEAR, LONGEST_FAR = 0.25, 2.0
"""Seconds between two looks at a job: in this process they cost nothing, a server is asked more seldom."""

UNDER_WAY = frozenset({"waiting", "running"})

Told = Callable[["models.Job"], str]
"""Says how far a job is."""


def bar(out: Out) -> Progress:
    """A progress bar, on standard error."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn(),
        console=out.aside, transient=True,
    )  # fmt: skip


async def done(
    near: Connection, asked: Awaitable[models.Job], out: Out, *, says: Told, stopped: Told
) -> dict[str, Any]:
    """The result of a job, when it is done. `says`: what stands before the bar, `stopped`: what is told of a job that
    Ctrl-C ended.

    Raises what the job failed of, and Cancelled when somebody else cancelled it.
    """
    job = await _ended(near, asyncio.ensure_future(asked), out, says=says, stopped=stopped)
    if job.state == "failed":
        raise error_of(job.problem.model_dump() if job.problem else {})
    if job.state != "done":
        raise Cancelled(f"Job {job.id} was cancelled. {stopped(job)}")
    return job.result or {}


async def _ended(
    near: Connection, asking: asyncio.Future[models.Job], out: Out, *, says: Told, stopped: Told
) -> models.Job:
    try:
        # Whoever is interrupted while it is put in hand must not leave it there.
        job = await asyncio.shield(asking)
    except asyncio.CancelledError:
        job = await near.client.jobs.cancel((await asking).id)
        out.aside.print(f"Stopped. {stopped(job)}")
        raise
    async with near.working(job.id):
        with bar(out) as progress:
            task = progress.add_task(says(job), total=None)

            def heard(now: models.Job) -> None:
                progress.update(task, description=says(now), completed=now.done or 0, total=now.of)

            try:
                return await _followed(near, job, heard)
            except asyncio.CancelledError:
                out.aside.print("Stopping at the next step ...")
                job = await _followed(near, await near.client.jobs.cancel(job.id), heard)
    if job.state != "cancelled":
        # It had come to its end before it heard of it.
        return job
    out.aside.print(f"Stopped. {stopped(job)}")
    raise asyncio.CancelledError


async def _followed(near: Connection, job: models.Job, heard: Callable[[models.Job], None]) -> models.Job:
    pause, longest = FIRST, LONGEST_NEAR if near.near else LONGEST_FAR
    while job.state in UNDER_WAY:
        heard(job)
        await asyncio.sleep(pause)
        pause = min(longest, pause * GROWTH)
        job = await near.client.jobs.get(job.id)
    return job
