"""Jobs in the hands of workers: taken up, told of, given back, given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from sightline.foundation import jobs, tenants
from sightline.foundation.bus import listening
from sightline.foundation.jobs import Job
from sightline.foundation.postgres import Server
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, files, importing
from sightline.kernel.desk import jobs as work
from sightline.kernel.observe import imports, mapping_file
from sightline.language.errors import Busy, Cancelled
from sightline.main.labour import Labour
from tests.conftest import an_installation
from tests.kernel.observe.test_imports import MAPPING, ledger_of

FILE = "id,sent,done,size,site\n"
MANY = FILE + "".join(f"j{n},2015-01-05,2015-02-01,{n},north\n" for n in range(5_000))


@pytest.fixture(scope="module")
async def desk(migrated: Server) -> AsyncIterator[Desk]:
    """An installation of these tests' own: a worker takes up what others left in any workspace."""
    async with an_installation(migrated) as opened:
        yield opened


async def wanted(desk: Desk, tenant: Tenant, text: str = MANY) -> Job:
    """An import that waits."""

    async def parts() -> AsyncIterator[bytes]:
        yield text.encode()

    upload = await files.receive(desk, tenant, "jobs.csv", parts(), by="test")
    return await work.submit_import(desk, tenant, upload, MAPPING, by="test")


async def now(desk: Desk, tenant: Tenant, job: Job) -> Job:
    async with desk.db.transaction(tenant.number) as tx:
        return await jobs.get(tx, job.id)


async def until(desk: Desk, tenant: Tenant, job: Job, holds: Callable[[Job], object]) -> Job:
    """The job once it is so."""
    async with listening(desk.db.url, jobs.CHANNEL) as bus:
        while not holds(found := await now(desk, tenant, job)):
            await bus.wait(1)
    return found


async def change(desk: Desk, tenant: Tenant, job: Job, sql: str) -> None:
    async with desk.db.transaction(tenant.number) as tx:
        assert await tx.run(f"update sightline.jobs set {sql} where tenant = :t and id = :id", t=tx.tenant, id=job.id)


async def claimed(desk: Desk, tenant: Tenant, name: str = "another") -> jobs.Claimed | None:
    async with desk.db.transaction(tenant.number) as tx:
        return await jobs.claim(tx, name)


@asynccontextmanager
async def labouring(desk: Desk) -> AsyncIterator[None]:
    """A worker's share of the jobs as long as the block lasts."""
    task = asyncio.ensure_future(Labour(desk).run())
    try:
        yield
    finally:
        # A worker at its end is told so more than once.
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0)
        with suppress(asyncio.CancelledError):
            await task


async def test_every_change_is_announced_to_whoever_listens(desk: Desk, workspace: Tenant) -> None:
    async with listening(desk.db.url, jobs.CHANNEL) as bus:
        job = await wanted(desk, workspace, FILE + "a,2015-01-05,,1,north\n")
        assert workspace.number in (await bus.wait(20))[jobs.CHANNEL]
        async with labouring(desk):
            while (await now(desk, workspace, job)).state != "done":
                assert await bus.wait(20)


async def test_nobody_takes_what_another_has(desk: Desk, workspace: Tenant) -> None:
    job = await wanted(desk, workspace)
    found = await asyncio.gather(*(claimed(desk, workspace, f"w{n}") for n in range(5)))
    assert sum(one is not None for one in found) == 1
    assert await claimed(desk, workspace) is None
    assert workspace.name not in await jobs.due(desk.db)
    await change(desk, workspace, job, "beat_at = now() - interval '31 seconds'")
    assert workspace.name in await jobs.due(desk.db)
    taken = await claimed(desk, workspace, "next")
    assert taken is not None
    assert (taken.job.id, taken.job.attempts) == (job.id, 2)
    async with desk.db.transaction(workspace.number) as tx:
        lost = await jobs.beat(tx, job.id, "w0", done=1, total=None, note="", announce=False)
        assert lost is None
        assert not await jobs.finish(tx, job.id, "w0", "done")
        assert await jobs.finish(tx, job.id, "next", "done")


async def test_a_job_whose_worker_died_goes_on_in_its_batch(desk: Desk, workspace: Tenant) -> None:
    job = await wanted(desk, workspace)
    first = await claimed(desk, workspace, "dies")
    assert first is not None

    class Dies(work.Watch):
        """As if the process were killed behind the first chunk."""

        def tell(self, *told: object, **more: object) -> None:
            raise SystemExit

    with pytest.raises(SystemExit):
        await work.run(desk, workspace, first, Dies())
    async with desk.db.transaction(workspace.number) as tx:
        assert [one["rows"] for one in await imports.batches(tx)] == [2_000]
    await change(desk, workspace, job, "beat_at = now() - interval '31 seconds'")
    assert await Labour(desk).do(workspace, job.id)
    ended = await now(desk, workspace, job)
    assert (ended.state, ended.attempts) == ("done", 2)
    assert ended.result is not None
    # To the row what an import that nobody disturbed would have said.
    assert {name: ended.result[name] for name in ("rows", "events", "repeated", "quarantined")} == {
        "rows": 5_000, "events": 15_000, "repeated": 0, "quarantined": 0,
    }  # fmt: skip
    assert len(await ledger_of(desk, workspace)) == 15_000
    async with desk.db.transaction(workspace.number) as tx:
        (batch,) = await imports.batches(tx)
    assert {name: batch[name] for name in ("id", "rows", "events")} == {
        "id": ended.result["batch"], "rows": 5_000, "events": 15_000,
    }  # fmt: skip
    assert batch["finished_at"]


async def test_a_row_that_contradicts_one_before_the_break_is_still_found(desk: Desk, workspace: Tenant) -> None:
    job = await wanted(desk, workspace, MANY + "j7,2015-01-05,2015-02-01,777,north\n")
    first = await claimed(desk, workspace, "dies")
    assert first is not None
    with pytest.raises(Cancelled):
        await work.run(desk, workspace, first, work.Watch(stop=True))
    await change(desk, workspace, job, "beat_at = now() - interval '31 seconds'")
    assert await Labour(desk).do(workspace, job.id)
    ended = await now(desk, workspace, job)
    assert ended.result is not None
    assert (ended.result["rows"], ended.result["quarantined"]) == (5_001, 1)


async def test_a_worker_that_leaves_gives_its_job_back(desk: Desk, workspace: Tenant) -> None:
    job = await wanted(desk, workspace, FILE + "".join(f"j{n},2015-01-05,,{n},north\n" for n in range(20_000)))
    async with labouring(desk):
        await until(desk, workspace, job, lambda one: one.done)
    left = await now(desk, workspace, job)
    assert (left.state, left.attempts) == ("waiting", 0)
    while await Labour(desk).do_one():
        pass
    ended = await now(desk, workspace, job)
    assert ended.result is not None
    assert (ended.state, ended.result["rows"], ended.result["repeated"]) == ("done", 20_000, 0)


async def test_a_running_job_hears_that_it_is_to_stop(desk: Desk, workspace: Tenant) -> None:
    many = FILE + "".join(f"j{n},2015-01-05,2015-02-01,{n},north\n" for n in range(20_000))
    job = await wanted(desk, workspace, many)
    async with labouring(desk):
        await until(desk, workspace, job, lambda one: one.done)
        async with desk.db.transaction(workspace.number) as tx:
            assert (await jobs.cancel(tx, job.id)).state == "running"
        ended = await until(desk, workspace, job, lambda one: one.state != "running")
    assert ended.state == "cancelled"
    assert ended.result is not None
    assert 0 < ended.result["rows"] < 20_000
    undone = await importing.undo(desk, workspace, ended.result["batch"])
    assert undone.retracted == ended.result["events"]


async def test_a_job_that_takes_down_every_worker_is_given_up(desk: Desk, workspace: Tenant) -> None:
    job = await wanted(desk, workspace)
    await change(desk, workspace, job, f"attempts = {jobs.MOST_ATTEMPTS}")
    assert await Labour(desk).do(workspace, job.id)
    ended = await now(desk, workspace, job)
    assert ended.state == "failed"
    assert ended.problem is not None
    assert "workers died" in ended.problem["detail"]


async def test_a_fault_of_ours_is_told_and_stops_nobody_else(desk: Desk, workspace: Tenant) -> None:
    async with desk.db.transaction(workspace.number) as tx:
        sealed = desk.vault.seal(b'{"file": 3}')
        faulty = await jobs.add(tx, what="unheard", about="x", arguments=sealed, by="test")
    good = await wanted(desk, workspace, FILE + "a,2015-01-05,,1,north\n")
    labour = Labour(desk)
    while await labour.do_one():
        pass
    ended = await now(desk, workspace, faulty)
    assert ended.problem is not None
    assert (ended.state, ended.problem["status"], ended.problem["code"]) == ("failed", 500, "error")
    assert (await now(desk, workspace, good)).state == "done"


async def test_an_undo_whose_worker_died_behind_its_last_step_is_done(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text(FILE + "a,2015-01-05,,1,north\n")
    done = await importing.import_file(desk, workspace, path, MAPPING)
    job = await work.submit_undo(desk, workspace, done.batch, by="test")
    await importing.undo(desk, workspace, done.batch)
    await change(desk, workspace, job, "attempts = 1")
    assert await Labour(desk).do(workspace, job.id)
    assert (await now(desk, workspace, job)).state == "done"


async def test_the_queue_is_bounded_and_old_jobs_are_forgotten(desk: Desk, workspace: Tenant) -> None:
    async with desk.db.transaction(workspace.number) as tx:
        made = [await jobs.add(tx, what="undo", about="x", arguments=b"", by="test") for _ in range(jobs.MOST_WAITING)]
        with pytest.raises(Busy):
            await jobs.add(tx, what="undo", about="x", arguments=b"", by="test")
        for one in made:
            await jobs.cancel(tx, one.id)
        await tx.run(
            "update sightline.jobs set ended_at = now() - interval '31 days' where tenant = :t and id <> :kept",
            t=tx.tenant, kept=made[0].id,
        )  # fmt: skip
    await work.sweep(desk, workspace)
    async with desk.db.transaction(workspace.number) as tx:
        assert [one.id for one in await jobs.listed(tx)] == [made[0].id]


async def test_no_workspace_sees_the_jobs_of_another(desk: Desk, workspace: Tenant) -> None:
    other = await tenants.make(desk.db, f"{workspace.name}-other")
    job = await wanted(desk, workspace)
    async with desk.db.transaction(other.number) as tx:
        assert await jobs.listed(tx) == []
        assert await tx.value("select count(*) from sightline.uploads") == 0
        assert await jobs.claim(tx, "other") is None
    while await Labour(desk).do_one():
        pass
    assert (await now(desk, workspace, job)).state == "done"


async def test_a_workspace_that_is_dropped_leaves_no_uploads(desk: Desk, workspace: Tenant) -> None:
    await wanted(desk, workspace)
    folder = desk.uploads.of(workspace.number)
    assert folder.exists()
    await desk.drop(workspace)
    assert not folder.exists()


def test_a_mapping_is_the_same_as_a_document() -> None:
    assert mapping_file.read(mapping_file.document_of(MAPPING)) == MAPPING
