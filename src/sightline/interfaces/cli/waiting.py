"""Long work: put in hand, followed to its end, stopped by Ctrl-C."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sightline.interfaces.cli.connection import Connection
from sightline.interfaces.cli.refusals import error_of
from sightline.interfaces.cli.session import Out
from sightline.language.errors import Cancelled, Unavailable

if TYPE_CHECKING:
    from rich.progress import Progress

    import sightline_client
    from sightline_client import models

FIRST, GROWTH = 0.1, 1.5
LONGEST_NEAR, LONGEST_FAR = 0.25, 2.0
"""Seconds between two looks at a job: in this process they cost nothing, a server is asked more seldom."""

PATIENCE = 60.0
"""Seconds a server may be away while one of its jobs is waited for: as long as it takes to start it anew."""

AWAY = frozenset({429, 502, 503, 504})
"""Statuses of a server, or of what stands before it, that is not there just now."""

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

    Raises what the job failed of, Cancelled when somebody else cancelled it, and Unavailable when its server is away
    for too long.
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
                job = await _followed(near, await _cancelled(near, job), heard)
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
        job = await _looked_at(near, job, pause=longest)
    return job


async def _looked_at(near: Connection, job: models.Job, *, pause: float) -> models.Job:
    """The job as it stands, from a server that may be away for a while."""
    import sightline_client

    since: float | None = None
    while True:
        try:
            return await near.client.jobs.get(job.id)
        except (sightline_client.Unreachable, sightline_client.ApiError) as error:
            if not _away(near, error):
                raise
            since = time.monotonic() if since is None else since
            if time.monotonic() - since >= PATIENCE:
                raise _lost(near, job, error) from None
        await asyncio.sleep(pause)


async def _cancelled(near: Connection, job: models.Job) -> models.Job:
    """The job, told to stop."""
    import sightline_client

    try:
        return await near.client.jobs.cancel(job.id)
    except (sightline_client.Unreachable, sightline_client.ApiError) as error:
        if not _away(near, error):
            raise
        raise _lost(near, job, error) from None


def _away(near: Connection, error: sightline_client.SightlineError) -> bool:
    """Whether it is the server that is away: what is done in this process ends with it."""
    status = getattr(error, "status", None)
    return near.near is None and (status is None or status in AWAY)


def _lost(near: Connection, job: models.Job, error: sightline_client.SightlineError) -> Unavailable:
    """What is told of a job whose server is away."""
    look = f'curl -H "Authorization: Bearer $SIGHTLINE_CLIENT__TOKEN" {near.where()}/v1/jobs/{job.id}'
    return Unavailable(
        f"{error.detail} Job {job.id} was not stopped: it goes on as soon as the server is back.",
        hint=f"Look at it again then: {look}",
    )
