"""Outcomes, orders and equal rows in a real ledger: read again, longer, otherwise, mended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, importing, replaying
from sightline.kernel.observe import mapping_file
from tests.kernel.observe.test_imports import happened, take

STAGES = mapping_file.parse(
    'source = "jobs"\nkind = "job"\nkey = "id"\n[events]\n"job.sent" = { time = "sent" }\n'
    '"job.won" = { time = "done", where = { column = "stage", is = "Won" }, begins = false }\n'
    '"job.lost" = { time = "done", where = { column = "stage", is = "Lost" }, begins = false }\n'
)
ORDERED = mapping_file.parse(
    'source = "jobs"\nkind = "job"\nkey = "#line"\norder = { from = "2015-01-01", step = "1h" }\n'
    '[events]\n"job.seen" = { time = "#line" }\n[columns]\n"size" = { sort = "number" }\n'
)
LINED = mapping_file.parse(
    'source = "jobs"\nkind = "job"\nkey = "id"\nrows = "events"\nrow = ["#line", "id"]\n'
    '[events]\n"job.seen" = { time = "sent" }\n[columns]\n"size" = { sort = "number", known = "job.seen" }\n'
)


async def moments(desk: Desk, tenant: Tenant) -> list[datetime]:
    """When each job was seen, in the order of the keys."""
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select time from sightline.ledger where tenant = :t and type = 'job.seen' order by key::int",
            t=tx.tenant,
        )
    return [row["time"] for row in rows]


async def test_a_state_that_turns_takes_back_one_outcome_and_brings_the_other(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    won = "id,sent,done,stage\na,2015-01-05,2015-02-01,Won\n"
    await take(desk, workspace, tmp_path, won, mapping=STAGES)
    assert "job.won" in await happened(desk, workspace, "a")
    await take(desk, workspace, tmp_path, won.replace("Won", "Lost"), mapping=STAGES)
    assert {"job.won", "job.lost"} & set(await happened(desk, workspace, "a")) == {"job.lost"}


async def test_rows_in_order_keep_their_moments_when_they_are_read_again_longer_or_mended(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    text = "size\n1\nmany\n3\n"
    first = await take(desk, workspace, tmp_path, text, mapping=ORDERED)
    assert (first.events, first.quarantined) == (4, 1)
    again = await take(desk, workspace, tmp_path, text + "4\n", mapping=ORDERED)
    assert (again.events, again.repeated, again.quarantined) == (2, 4, 1)
    (held,) = await importing.waiting(desk, workspace)
    mended, wrong = await replaying.replay(desk, workspace, [held.number], {"size": "2"})
    assert (mended is not None, wrong) == (True, [])
    start, hour = datetime(2015, 1, 1, tzinfo=UTC), timedelta(hours=1)
    assert await moments(desk, workspace) == [start + n * hour for n in (1, 2, 3, 4)]


async def test_equal_rows_told_apart_by_their_line_both_happened(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    text = "id,sent,size\na,2015-01-05,1\na,2015-01-05,1\n"
    first = await take(desk, workspace, tmp_path, text, mapping=LINED)
    assert (first.events, first.repeated, first.quarantined) == (2, 0, 0)
    longer = await take(desk, workspace, tmp_path, text + "a,2015-01-05,1\n", mapping=LINED)
    assert (longer.events, longer.repeated, longer.quarantined) == (1, 2, 0)
