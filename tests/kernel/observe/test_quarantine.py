"""What does not fit is kept once, with its reason, until it is mended, let stand or set aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, importing, replaying
from sightline.kernel.observe.quarantine import Held
from sightline.language.errors import NotFound
from tests.kernel.observe.test_imports import FIRST, happened, size, take

BAD = FIRST + "c,2015-01-07,,a few,north\n"
TWICE = FIRST + "a,2015-01-05,2015-02-01,11,north\n"


async def only(desk: Desk, tenant: Tenant) -> Held:
    (held,) = await importing.waiting(desk, tenant)
    return held


async def test_a_mended_row_is_replayed(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    assert (await take(desk, workspace, tmp_path, BAD)).quarantined == 1
    held = await only(desk, workspace)
    nothing, wrong = await replaying.replay(desk, workspace, [held.number], {})
    assert nothing is None
    assert "a few" in wrong[0].reason
    mended, wrong = await replaying.replay(desk, workspace, [held.number], {"size": "3"})
    assert wrong == []
    assert mended is not None
    assert mended.events == 2
    assert await size(desk, workspace, "c") == 3
    assert await importing.waiting(desk, workspace) == []
    nothing, (told,) = await replaying.replay(desk, workspace, [held.number], {"size": "4"})
    assert (nothing, told.reason) == (None, replaying.RECORDED)
    mended, wrong = await replaying.replay(desk, workspace, [held.number], {"size": "4"}, overwrite=True)
    assert (wrong, await size(desk, workspace, "c")) == ([], 4)
    assert mended is not None


async def test_a_row_is_kept_once_however_often_its_file_is_read(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    await take(desk, workspace, tmp_path, BAD)
    first = await only(desk, workspace)
    again = await take(desk, workspace, tmp_path, BAD.replace("b,2015", "d,2015-01-02,,5,north\nb,2015"))
    assert again.quarantined == 1
    moved = await only(desk, workspace)
    assert (moved.number, moved.line, moved.batch) == (first.number, 5, again.batch)
    await replaying.replay(desk, workspace, [moved.number], {"size": "3"})
    assert (await take(desk, workspace, tmp_path, BAD)).quarantined == 0
    assert await importing.waiting(desk, workspace) == []


async def test_a_contradiction_stays_until_it_is_mended_or_let_stand(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    await take(desk, workspace, tmp_path, TWICE)
    held = await only(desk, workspace)
    nothing, (still,) = await replaying.replay(desk, workspace, [held.number], {})
    assert (nothing, still.reason) == (None, replaying.OVERTAKEN)
    assert await size(desk, workspace, "a") == 10
    mended, wrong = await replaying.replay(desk, workspace, [held.number], {"id": "e"})
    assert mended is not None
    assert (mended.events, mended.revised, wrong) == (3, 0, [])
    assert (await size(desk, workspace, "a"), await size(desk, workspace, "e")) == (10, 11)


async def test_a_contradiction_may_be_let_stand(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    await take(desk, workspace, tmp_path, TWICE)
    held = await only(desk, workspace)
    done, _ = await replaying.replay(desk, workspace, [held.number], {}, overwrite=True)
    assert done is not None
    assert done.revised == 1
    assert await size(desk, workspace, "a") == 11
    again = await take(desk, workspace, tmp_path, TWICE)
    assert (again.events, again.quarantined) == (0, 0)
    assert await size(desk, workspace, "a") == 11


async def test_a_row_that_would_clear_what_another_said_contradicts_it(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    await take(desk, workspace, tmp_path, FIRST + "a,2015-01-05,,10,north\n")
    held = await only(desk, workspace)
    nothing, (still,) = await replaying.replay(desk, workspace, [held.number], {})
    assert (nothing, still.reason) == (None, replaying.OVERTAKEN)
    assert "job.done" in await happened(desk, workspace, "a")


async def test_a_replay_that_is_taken_back_leaves_its_row_waiting(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    await take(desk, workspace, tmp_path, BAD)
    held = await only(desk, workspace)
    done, _ = await replaying.replay(desk, workspace, [held.number], {"size": "3"})
    assert done is not None
    await importing.undo(desk, workspace, done.batch)
    assert (await only(desk, workspace)).number == held.number


async def test_a_mended_row_may_correct_what_an_earlier_file_said(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    await take(desk, workspace, tmp_path, FIRST)
    await take(desk, workspace, tmp_path, FIRST.replace("20,south", "many,south"))
    held = await only(desk, workspace)
    await replaying.replay(desk, workspace, [held.number], {"size": "30"})
    assert await size(desk, workspace, "b") == 30


async def test_two_rows_that_contradict_each_other_are_not_replayed_together(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    await take(desk, workspace, tmp_path, FIRST + "c,2015-01-07,,few,north\nc,2015-01-08,,some,north\n")
    numbers = [one.number for one in await importing.waiting(desk, workspace)]
    done, (wrong,) = await replaying.replay(desk, workspace, numbers, {"size": "3"})
    assert done is not None
    assert (done.events, done.quarantined, wrong.reason) == (2, 0, replaying.TWICE)
    assert [one.number for one in await importing.waiting(desk, workspace)] == [wrong.number]


async def test_what_could_not_be_split_is_given_or_discarded(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    await take(desk, workspace, tmp_path, FIRST + "c;2015-01-07;;3;north\nd,2015-01-07,,3,north,x,y\n")
    first, second = await importing.waiting(desk, workspace)
    _, (wrong,) = await replaying.replay(desk, workspace, [first.number], {})
    assert wrong.reason == replaying.UNSPLIT
    cells = {"id": "c", "sent": "2015-01-07", "size": "3"}
    done, _ = await replaying.replay(desk, workspace, [first.number], cells)
    assert done is not None
    assert await size(desk, workspace, "c") == 3
    with pytest.raises(NotFound, match="has the number 0"):
        await importing.discard(desk, workspace, [second.number, 0])
    assert await only(desk, workspace) == second
    assert await importing.discard(desk, workspace, [first.number, second.number]) == 1
    assert await importing.waiting(desk, workspace) == []


@pytest.mark.parametrize("cell", ["a few", "2015-01-07"])
async def test_a_row_in_quarantine_is_sealed(desk: Desk, workspace: Tenant, tmp_path: Path, cell: str) -> None:
    await take(desk, workspace, tmp_path, BAD)
    async with desk.db.transaction(workspace.number) as tx:
        (row,) = await tx.rows("select digest, sealed from sightline.quarantine where tenant = :t", t=tx.tenant)
    assert cell.encode() not in bytes(row["sealed"]) + bytes(row["digest"])
