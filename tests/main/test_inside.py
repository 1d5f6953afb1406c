"""The interface called in the same process: whose it is, what it leaves behind, and who does the long work."""

from __future__ import annotations

import asyncio
import zipfile
from pathlib import Path

import httpx2
import pytest

from sightline.foundation import jobs
from sightline.foundation.identity import audit
from sightline.foundation.telemetry import Telemetry
from sightline.foundation.tenants import Tenant
from sightline.foundation.uploads import Uploads
from sightline.interfaces.cli import Connection
from sightline.interfaces.rest import Rest, build
from sightline.interfaces.rest.context import Insider
from sightline.kernel.declared import Kinds
from sightline.kernel.desk import Desk, files
from sightline.kernel.observe import mapping_file
from sightline.kernel.observe.intake import Intake
from sightline.main.inside import inside
from sightline_client import AsyncSightline, Unauthenticated, models
from tests.kernel.observe.test_imports import MAPPING

TEXT = "id,sent,done,size,site\na,2015-01-05,,1,north\nb,2015-01-06,,2,south\n"


def stands(folder: Path) -> bool:
    """Whether it is there."""
    return folder.is_dir()


def remove(folder: Path) -> None:
    """Take it away."""
    folder.rmdir()


async def imported(near: Connection, file: str) -> models.Job:
    """The job that imports a file, at its end."""
    job = await near.client.imports.start(file, text=mapping_file.text_of(MAPPING))
    async with near.working(job.id):
        while job.state in {"waiting", "running"}:
            await asyncio.sleep(0.05)
            job = await near.client.jobs.get(job.id)
    return job


async def test_a_local_file_is_imported_without_a_copy_and_stays(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(TEXT)
    async with inside(desk, workspace) as near:
        id_ = await near.send(file, "orders.csv")
        upload = await files.find(desk, workspace, id_)
        assert (upload.path.samefile(file), upload.name, upload.bytes) == (True, "orders.csv", len(TEXT))
        job = await imported(near, id_)
        assert (job.state, job.result and job.result["rows"], job.by) == ("done", 2, "owner")
    assert not upload.path.exists()
    assert file.read_text() == TEXT


async def test_of_a_file_that_cannot_be_linked_there_is_a_reference(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    # A folder can have no second name, as a file of another file system can have none.
    kept = await files.adopt(desk, workspace, tmp_path, "folder", by="test")
    assert (kept.path.is_symlink(), kept.path.samefile(tmp_path)) == (True, True)
    async with desk.db.transaction(workspace.number) as tx:
        await desk.uploads.remove(tx, kept.id)
    assert not kept.path.is_symlink()
    assert stands(tmp_path)


async def test_a_reference_whose_file_is_gone_is_swept(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    kept = await files.adopt(desk, workspace, tmp_path, "folder", by="test")
    remove(tmp_path)
    async with desk.db.transaction(workspace.number) as tx:
        await tx.run("update sightline.uploads set made_at = now() - interval '8 days' where tenant = :t", t=tx.tenant)
        assert await Uploads(desk.settings.home).sweep(tx, now=desk.clock.now()) == 1
    assert not kept.path.is_symlink()


async def test_a_member_of_an_archive_is_sent(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("2015/orders.csv", TEXT)
        archive.writestr("2016/orders.csv", TEXT)
    async with inside(desk, workspace) as near:
        job = await imported(near, await near.send(tmp_path / "all.zip" / "2015" / "orders.csv", "orders.csv"))
    assert (job.about, job.result and job.result["rows"]) == ("orders.csv", 2)


async def test_calls_leave_no_line_beside_that_of_their_command(desk: Desk, workspace: Tenant) -> None:
    async with inside(desk, workspace) as near:
        me = await near.client.me.get()
        assert (me.name, me.sort, me.role, me.workspace) == ("owner", "owner", "owner", workspace.name)
        assert {workspace.name, "main"} <= {one.name for one in me.workspaces}
        await near.client.keys.create(name="robot", role="viewer")
    assert await audit.listed(desk.db, workspace) == []


async def test_the_secret_of_one_application_opens_no_other(desk: Desk, workspace: Tenant) -> None:
    intake = Intake(desk.db, desk.vault, Kinds(desk.registry))
    for opened in (None, Insider()):
        rest = Rest(desk, intake, Telemetry(), workspace.name, insider=opened)
        transport = httpx2.ASGITransport(build(rest))
        async with AsyncSightline("http://test", token=Insider().secret, transport=transport) as client:
            with pytest.raises(Unauthenticated):
                await client.me.get()
        await rest.trail.close()


async def test_a_job_in_other_hands_is_left_there(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(TEXT)
    async with inside(desk, workspace) as near:
        file = await near.send(tmp_path / "orders.csv", "orders.csv")
        job = await near.client.imports.start(file, text=mapping_file.text_of(MAPPING))
        async with desk.db.transaction(workspace.number) as tx:
            assert await jobs.claim(tx, "another", only=job.id) is not None
        async with near.working(job.id):
            await asyncio.sleep(0.3)
        assert (await near.client.jobs.get(job.id)).state == "running"
