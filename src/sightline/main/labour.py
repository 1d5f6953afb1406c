"""Labour: the jobs of every workspace, one at a time in each worker, beside the turns of the loop.

A job is claimed, watched over while it runs (it tells how far it is, and hears that it is to stop), and ended. A worker
that dies leaves its job to the next one; one that is told to leave gives it back at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from asyncpg import PostgresError

from sightline.foundation import jobs, tenants
from sightline.foundation.bus import Bus, listening
from sightline.foundation.clock import monotonic
from sightline.foundation.jobs import Claimed
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, retraining
from sightline.kernel.desk import jobs as work
from sightline.kernel.desk.jobs import Watch
from sightline.language.errors import Cancelled, SightlineError, Transient

LOOK_SECONDS = 10.0
"""How often the queue is looked at even when nobody calls: a worker that died calls nobody."""

TELL_SECONDS = 0.25
"""A job tells how far it is at most so often."""

BEAT_SECONDS = 1.0
"""And at least so often, that its worker lives; it hears then whether it is to stop."""

LEAVE_SECONDS = 3.0
"""A worker that leaves has so long to give its job back."""

SWEEP_SECONDS = 3600.0
PAUSE_SECONDS = 1.0

AWAY = (SightlineError, PostgresError, OSError)
"""What a database that is gone, going or coming up answers with."""

UNEXPECTED = "Something went wrong inside Sightline. It has been written to the log."
GIVEN_UP = "Several workers died over this job, so nobody takes it up any more. The log may say why."

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """What became of a job."""

    state: str
    result: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None


class Labour:
    """One worker's share of the jobs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._name = f"{os.getpid()}-{secrets.token_hex(6)}"
        self._swept: float | None = None

    async def run(self) -> None:
        """Until cancelled. While the database is away, it is asked for again and again."""
        while True:
            try:
                async with listening(self._desk.db.url, jobs.CHANNEL) as bus:
                    await self._attend(bus)
            except AWAY as error:
                _log.warning("No job can be taken up (%s); trying again.", error)
                await asyncio.sleep(PAUSE_SECONDS)

    async def _attend(self, bus: Bus) -> None:
        while True:
            while await self.do_one():
                pass
            await self._sweep()
            await bus.wait(LOOK_SECONDS)

    async def do_one(self) -> bool:
        """Take up the job that waits longest and bring it to its end. False when there is none."""
        for name in await jobs.due(self._desk.db):
            tenant = await tenants.find(self._desk.db, name)
            if tenant is None:
                continue
            async with self._desk.db.transaction(tenant.number) as tx:
                claimed = await jobs.claim(tx, self._name)
            if claimed is not None:
                await self._do(tenant, claimed)
                return True
        return False

    async def do(self, tenant: Tenant, id_: str) -> bool:
        """Take up this job and bring it to its end. False when it has ended, or is in another worker's hands."""
        async with self._desk.db.transaction(tenant.number) as tx:
            claimed = await jobs.claim(tx, self._name, only=id_)
        if claimed is not None:
            await self._do(tenant, claimed)
        return claimed is not None

    async def _do(self, tenant: Tenant, claimed: Claimed) -> None:
        watch = Watch(stop=claimed.job.cancel)
        try:
            async with self._watched(tenant, claimed, watch):
                end = await self._end_of(tenant, claimed, watch)
        except asyncio.CancelledError:
            # Its threads stop at their next step, though nobody waits for them any more.
            watch.stop = True
            await self._give_back(tenant, claimed)
            raise
        if end is None:
            await asyncio.sleep(PAUSE_SECONDS)
            return
        async with self._desk.db.transaction(tenant.number) as tx:
            ended = await jobs.finish(
                tx, claimed.job.id, self._name, end.state, result=end.result, problem=end.problem,
                done=watch.done, total=watch.total, note=watch.note,
            )  # fmt: skip
        if ended and end.state == "done":
            await work.tidy(self._desk, tenant, claimed.job)

    async def _give_back(self, tenant: Tenant, claimed: Claimed) -> None:
        async def release() -> None:
            with suppress(*AWAY):
                async with self._desk.db.transaction(tenant.number) as tx:
                    await jobs.release(tx, claimed.job.id, self._name)

        giving, ends = asyncio.ensure_future(release()), monotonic() + LEAVE_SECONDS
        while not giving.done() and monotonic() < ends:
            # Whoever leaves is told so again and again; without this moment the next worker would wait for long.
            with suppress(asyncio.CancelledError):
                await asyncio.wait([giving], timeout=LEAVE_SECONDS)

    async def _end_of(self, tenant: Tenant, claimed: Claimed, watch: Watch) -> _End | None:
        """Do it. None where it may go better later: it is taken up again when its claim has gone stale."""
        job = claimed.job
        if job.attempts > jobs.MOST_ATTEMPTS:
            return _End(state="failed", problem=problem_of(SightlineError(GIVEN_UP)))
        try:
            return _End(state="done", result=await work.run(self._desk, tenant, claimed, watch))
        except Cancelled:
            return _End(state="cancelled", result=watch.result)
        except Transient as error:
            _log.warning(
                "Job %s (%s) stopped in '%s' (%s); it is taken up again.", job.id, job.what, tenant.name, error
            )
            return None
        except SightlineError as error:
            return _End(state="failed", result=watch.result, problem=problem_of(error))
        except Exception:
            _log.exception("Job %s (%s) failed in workspace '%s'.", job.id, job.what, tenant.name)
            return _End(state="failed", result=watch.result, problem=problem_of(SightlineError(UNEXPECTED)))

    @asynccontextmanager
    async def _watched(self, tenant: Tenant, claimed: Claimed, watch: Watch) -> AsyncIterator[None]:
        """Let the job's row tell how far it is as long as the block lasts."""
        task = asyncio.ensure_future(self._tell(tenant, claimed.job.id, watch))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _tell(self, tenant: Tenant, id_: str, watch: Watch) -> None:
        told, beaten = None, monotonic()
        while True:
            await asyncio.sleep(TELL_SECONDS)
            now = (watch.done, watch.total, watch.note)
            if now == told and monotonic() - beaten < BEAT_SECONDS:
                continue
            try:
                async with self._desk.db.transaction(tenant.number) as tx:
                    stop = await jobs.beat(
                        tx, id_, self._name, done=now[0], total=now[1], note=now[2], announce=now != told
                    )
            except AWAY as error:
                _log.warning("Job %s cannot tell how far it is (%s).", id_, error)
                continue
            # None: another worker took it up, so that there is nothing to be done for here.
            watch.stop = watch.stop or stop is None or stop
            told, beaten = now, monotonic()

    async def _sweep(self) -> None:
        if self._swept is not None and monotonic() - self._swept < SWEEP_SECONDS:
            return
        self._swept = monotonic()
        for tenant in await tenants.every(self._desk.db):
            await work.sweep(self._desk, tenant)
            await retraining.submit_due(self._desk, tenant)


def problem_of(error: SightlineError) -> dict[str, Any]:
    """Why a job failed, as its row keeps it."""
    return {"code": error.code, "status": error.status, "detail": error.message, "hint": error.hint}
