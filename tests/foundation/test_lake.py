"""The lake: each committed event once, nothing of a transaction that failed, nothing of another tenant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sightline.foundation import lake as module
from sightline.foundation import ledger, tenants
from sightline.foundation.db.session import Transaction
from sightline.foundation.lake import Lake
from sightline.foundation.ledger import Batch
from sightline.kernel.desk import Desk, keeping
from sightline.kernel.know.archive import EVERYTHING, counted, history
from sightline.language.errors import Misconfigured
from sightline.language.event import Event
from sightline.testing import make
from tests.conftest import Fresh


async def recorded(fresh: Fresh, tenant: int, number: int) -> list[Event]:
    """That many events in a tenant's ledger, as they are read from it."""
    async with fresh.db.transaction(tenant) as tx:
        ledger.record(tx, [make.event(f"thing/{n}", size=n) for n in range(number)], at=make.day(1))
    async with fresh.db.transaction(tenant) as tx:
        last = await ledger.last_position(tx)
        return (await ledger.read(tx, Batch(tenant=tenant, after=0, last=last, matched=1, newest=1), EVERYTHING))[
            -number:
        ]


async def positions(fresh: Fresh, lake: Lake, tenant: int) -> list[int]:
    async with fresh.db.transaction(tenant) as tx:
        return (await lake.read(tx))["position"].to_list()


async def several(fresh: Fresh, lake: Lake) -> tuple[int, list[int | None]]:
    """A tenant with as many files as a merge takes, and the positions in them."""
    tenant = (await tenants.make(fresh.db, "one")).number
    written: list[int | None] = []
    for _ in range(module.MERGE_FROM):
        events = await recorded(fresh, tenant, 3)
        async with fresh.db.transaction(tenant) as tx:
            await lake.write(tx, events)
        written += [event.position for event in events]
    return tenant, written


async def test_what_was_written_is_read_once_and_in_order(fresh: Fresh, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    tenant, written = await several(fresh, lake)
    assert await positions(fresh, lake, tenant) == written
    async with fresh.db.transaction(tenant) as tx:
        assert await lake.compact(tx) == module.MERGE_FROM
    assert await positions(fresh, lake, tenant) == written
    async with fresh.db.transaction(tenant) as tx:
        assert await lake.compact(tx) == 0
    await sweeps_only_what_is_old(fresh, lake, tenant)
    assert await positions(fresh, lake, tenant) == written


async def sweeps_only_what_is_old(fresh: Fresh, lake: Lake, tenant: int) -> None:
    old = "update sightline.lake_files set replaced_at = replaced_at - make_interval(secs => :kept)"
    left = lake.folder_of(tenant) / "0-0-left.parquet.part"
    left.touch()
    os.utime(left, (0, 0))
    async with fresh.db.transaction(tenant) as tx:
        assert await lake.sweep(tx) == 1
    async with fresh.db.transaction(tenant) as tx:
        assert await lake.sweep(tx) == 0
        await tx.run(old, kept=module.KEPT_SECONDS + 1)
    async with fresh.db.transaction(tenant) as tx:
        assert await lake.sweep(tx) == module.MERGE_FROM
    assert len(list(lake.folder_of(tenant).iterdir())) == 1


async def test_a_merge_that_fails_takes_nothing_away(fresh: Fresh, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    tenant, written = await several(fresh, lake)
    for path in lake.folder_of(tenant).iterdir():
        os.utime(path, (0, 0))

    async def merge_and_fail(tx: Transaction) -> None:
        assert await lake.compact(tx) == module.MERGE_FROM
        assert await lake.sweep(tx) == 0
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        async with fresh.db.transaction(tenant) as tx:
            await merge_and_fail(tx)
    assert await positions(fresh, lake, tenant) == written


async def test_a_lake_that_lost_a_file_is_written_again(alone: Desk) -> None:
    workspace = await tenants.make(alone.db, "w")
    async with alone.db.transaction(workspace.number) as tx:
        ledger.record(tx, [make.event("thing/1"), make.event("thing/2")], at=make.day(1))
    await alone.go_round(workspace)
    for path in alone.lake.folder_of(workspace.number).iterdir():
        path.unlink()
    async with alone.db.transaction(workspace.number) as tx:
        with pytest.raises(Misconfigured, match="sightline rebuild"):
            await alone.lake.read(tx)
    await keeping.rebuild(alone, progress=lambda done, of: None)
    async with alone.db.transaction(workspace.number) as tx:
        assert (await alone.lake.read(tx)).filter(kind="thing")["key"].to_list() == ["1", "2"]


async def test_a_merge_that_lacks_a_file_says_what_to_do(fresh: Fresh, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    tenant, _ = await several(fresh, lake)
    next(lake.folder_of(tenant).iterdir()).unlink()
    async with fresh.db.transaction(tenant) as tx:
        with pytest.raises(Misconfigured, match=r"lacks 1 of its .* files.*sightline rebuild"):
            await lake.compact(tx)


@pytest.mark.parametrize("stretch", [1, 2, 3, 100])
async def test_history_is_the_lake_and_what_it_has_not_taken_whatever_the_stretch(
    fresh: Fresh, tmp_path: Path, stretch: int
) -> None:
    lake = Lake(tmp_path)
    tenant, written = await several(fresh, lake)
    behind = [event.position for event in await recorded(fresh, tenant, 4)]
    async with fresh.db.transaction(tenant) as tx:
        found = await history(tx, lake, stretch=stretch)
        assert found["position"].to_list() == [*written, *behind]
        assert await counted(tx, lake) == len(found)
        await lake.forget(tx)
        assert await counted(tx, lake) == len(found)
        assert (await history(tx, lake, stretch=stretch)).equals(found)


async def test_a_transaction_that_fails_leaves_nothing_that_counts(fresh: Fresh, tmp_path: Path) -> None:
    tenant = (await tenants.make(fresh.db, "one")).number
    lake = Lake(tmp_path)
    events = await recorded(fresh, tenant, 2)

    async def write_and_fail(tx: Transaction) -> None:
        await lake.write(tx, events)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        async with fresh.db.transaction(tenant) as tx:
            await write_and_fail(tx)
    assert await positions(fresh, lake, tenant) == []
    async with fresh.db.transaction(tenant) as tx:
        await lake.write(tx, events)
    assert await positions(fresh, lake, tenant) == [event.position for event in events]


async def test_a_tenants_files_are_closed_to_others(fresh: Fresh, tmp_path: Path) -> None:
    one, other = [(await tenants.make(fresh.db, name)).number for name in ("one", "other")]
    lake = Lake(tmp_path)
    async with fresh.db.transaction(one) as tx:
        await lake.write(tx, await recorded(fresh, one, 2))
    assert await positions(fresh, lake, other) == []
    (theirs,) = lake.folder_of(one).glob("*.parquet")
    lake.folder_of(other).mkdir(parents=True)
    async with fresh.db.transaction(other) as tx:
        await tx.run(
            "insert into sightline.lake_files (tenant, path, first, last, rows, bytes) values (:t, :p, 0, 9, 2, 9)",
            t=other, p=f"../../{one}/ledger/{theirs.name}",
        )  # fmt: skip
    with pytest.raises(Exception, match=r"(?i)permission|allowed|disabled"):
        await positions(fresh, lake, other)
