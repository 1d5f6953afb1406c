"""The ledger: each event once, positions in the order of commits, nothing skipped by a reader."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import pytest

from sightline.foundation import cursors, ledger
from sightline.foundation.db.session import Transaction
from sightline.foundation.ledger import Appended, Batch, Reads
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk
from sightline.kernel.know.archive import EVERYTHING
from sightline.language import derived
from sightline.language.event import Event
from sightline.testing import make

FACTS = Reads(facts=True)


async def append(desk: Desk, tenant: Tenant, events: Sequence[Event]) -> Appended:
    """Record events in a transaction of their own."""
    async with desk.db.transaction(tenant.number) as tx:
        return ledger.record(tx, events, at=make.day(1000))


async def stored(desk: Desk, tenant: Tenant) -> list[Event]:
    """All events of a tenant, in order."""
    async with desk.db.transaction(tenant.number) as tx:
        return await all_of(tx, tenant)


async def all_of(tx: Transaction, tenant: Tenant) -> list[Event]:
    """All events of a tenant as a transaction sees them."""
    return await ledger.read(tx, Batch(tenant=tenant.number, after=0, last=2**60, matched=1, newest=1), EVERYTHING)


async def test_an_event_comes_back_as_it_went_in(desk: Desk, workspace: Tenant) -> None:
    event = make.event("thing/a/b", on=3, known=4.5, links={"owner": "team/x"}, size=1.5, name="ö\n'\"", gone=None)
    appended = await append(desk, workspace, [event])
    [found] = await stored(desk, workspace)
    assert found.position == appended.positions[event.source, event.id]
    assert found.recorded_at == make.day(1000)
    assert (found.subject, found.time, found.known_at, dict(found.data)) == (
        event.subject, event.time, event.known_at, dict(event.data),
    )  # fmt: skip


async def test_a_repeated_batch_adds_nothing(desk: Desk, workspace: Tenant) -> None:
    events = [make.event(f"thing/{n}") for n in range(50)]
    first = await append(desk, workspace, events)
    again = await append(desk, workspace, [*events[::-1], make.event("thing/new")])
    assert (first.repeated, again.repeated, again.offered) == (0, 50, 51)
    assert len(await stored(desk, workspace)) == 51


async def test_of_duplicates_in_one_batch_the_first_counts_and_order_stays(desk: Desk, workspace: Tenant) -> None:
    events = [make.event(id="a", v=1), make.event(id="b", v=2), make.event(id="a", v=3), make.event(id="c", v=4)]
    appended = await append(desk, workspace, events)
    assert [(e.id, e.data["v"]) for e in await stored(desk, workspace)] == [("a", 1), ("b", 2), ("c", 4)]
    assert appended.offered == 4
    assert appended.repeated == 1


async def test_one_id_may_stand_in_two_sources_and_two_tenants(desk: Desk, workspace: Tenant, standing: Tenant) -> None:
    one, other = make.event(id="same", source="a"), make.event(id="same", source="b")
    for tenant in (workspace, standing):
        assert (await append(desk, tenant, [one, other])).repeated == 0
        assert len(await stored(desk, tenant)) == 2


async def test_what_rolls_back_leaves_nothing(desk: Desk, workspace: Tenant) -> None:
    event = make.event()

    async def fail() -> None:
        async with desk.db.transaction(workspace.number) as tx:
            ledger.record(tx, [event], at=make.day(0))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await stored(desk, workspace) == []
    assert (await append(desk, workspace, [event])).repeated == 0


async def test_a_revision_of_a_revision_names_the_root(desk: Desk, workspace: Tenant) -> None:
    await append(desk, workspace, [make.event(id="root"), make.event(id="r1", revises="root")])
    await append(desk, workspace, [make.event(id="r2", revises="r1")])
    await append(desk, workspace, [make.event(id="r4", revises="r3"), make.event(id="r3", revises="r2")])
    assert {e.id: e.revises for e in await stored(desk, workspace)} == {
        "root": None, "r1": "root", "r2": "root", "r3": "root", "r4": "root",
    }  # fmt: skip


async def test_revisions_that_name_each_other_do_no_harm(desk: Desk, workspace: Tenant) -> None:
    circle = [make.event(id="a", revises="b"), make.event(id="b", revises="a"), make.event(id="c", revises="c")]
    assert (await append(desk, workspace, circle)).repeated == 0


async def test_a_consumer_is_given_what_it_reads(desk: Desk, workspace: Tenant) -> None:
    day = make.event("workspace/today", type=derived.DAY_BEGAN)
    await append(desk, workspace, [make.event(), day, make.event()])
    reads = {"facts": FACTS, "days": Reads(derived=frozenset({derived.DAY_BEGAN})), "all": EVERYTHING}
    async with desk.db.transaction(workspace.number) as tx:
        for name, count in (("facts", 2), ("days", 1), ("all", 3)):
            batch = await ledger.next_batch(tx, after=0, limit=100, reads=reads[name])
            assert batch is not None
            assert batch.matched == count
            found = await ledger.read(tx, batch, reads[name])
            assert len(found) == count
            assert all(reads[name].wants(event.type) for event in found)
        assert await ledger.next_batch(tx, after=batch.last, limit=100, reads=FACTS) is None


async def test_a_reader_with_a_cursor_skips_nothing_that_commits_late(desk: Desk, workspace: Tenant) -> None:
    """Eight writers draw positions, dawdle and commit in any order; a reader follows them to the end."""
    dice = random.Random(7)
    writers, rounds = 8, 12
    written: list[str] = []
    seen: list[str] = []
    done = asyncio.Event()

    async def dawdle(_tx: Transaction) -> None:
        await asyncio.sleep(dice.random() * 0.004)

    async def write(number: int) -> None:
        for turn in range(rounds):
            event = make.event(id=f"w{number}-{turn}")
            async with desk.db.transaction(workspace.number) as tx:
                await dawdle(tx)
                ledger.record(tx, [event], at=make.day(0))
                tx.at_last(dawdle)
            written.append(event.id)

    async def follow() -> None:
        while True:
            ending = done.is_set()
            async with desk.db.transaction(workspace.number) as tx:
                after = await cursors.hold(tx, "follower")
                assert after is not None
                batch = await ledger.next_batch(tx, after=after, limit=5, reads=FACTS)
                if batch is None:
                    if ending:
                        return
                    continue
                seen.extend(event.id for event in await ledger.read(tx, batch, FACTS))
                await cursors.move(tx, "follower", batch.last)

    follower = asyncio.create_task(follow())
    await asyncio.gather(*(write(number) for number in range(writers)))
    done.set()
    await follower
    assert len(seen) == writers * rounds
    assert set(seen) == set(written)
    positions = [e.position for e in await stored(desk, workspace)]
    assert positions == sorted(positions)


async def test_the_ledger_grows_beyond_its_first_partitions_while_others_read(desk: Desk, workspace: Tenant) -> None:
    from sightline.foundation.db.migrations.versions.r0001_the_house import LEDGER_SPAN

    async with desk.owner.transaction(None) as tx:
        here = int(await tx.value("select last_value from sightline.ledger_position"))
        edge = (here // LEDGER_SPAN + 1) * LEDGER_SPAN
        await tx.run("select setval('sightline.ledger_position', :p)", p=edge - 3)
    async with desk.db.transaction(workspace.number) as reading:
        assert await all_of(reading, workspace) == []
        # The reader holds its lock on the table; growing must not wait for it, nor it for the growing.
        await append(desk, workspace, [make.event() for _ in range(10)])
        assert len(await all_of(reading, workspace)) == 10
    async with desk.owner.transaction(None) as tx:
        assert await tx.value("select to_regclass(:n) is not null", n=f"sightline.ledger_{edge // LEDGER_SPAN + 1}")
        indexes = "select count(*) from pg_indexes where schemaname = 'sightline' and tablename = :n"
        assert await tx.value(indexes, n=f"ledger_{edge // LEDGER_SPAN + 1}") == 1
    assert len(await stored(desk, workspace)) == 10


async def test_positions_of_one_tenant_tell_nothing_of_the_lag_of_another(
    desk: Desk, workspace: Tenant, standing: Tenant
) -> None:
    await append(desk, workspace, [make.event() for _ in range(3)])
    async with desk.db.transaction(workspace.number) as tx:
        assert await cursors.hold(tx, "slow") == 0
        await cursors.move(tx, "slow", 1)
    await append(desk, standing, [make.event() for _ in range(3)])
    async with desk.db.transaction(workspace.number) as tx:
        lags = await cursors.lags(tx)
        assert lags == {"slow": await ledger.last_position(tx) - 1}
    async with desk.db.transaction(standing.number) as tx:
        assert await cursors.lags(tx) == {}


async def test_a_cursor_is_held_by_one(desk: Desk, workspace: Tenant) -> None:
    async with desk.db.transaction(workspace.number) as tx:
        assert await cursors.hold(tx, "one") == 0
    async with desk.db.transaction(workspace.number) as tx:
        assert await cursors.hold(tx, "one") == 0
        async with desk.db.transaction(workspace.number) as other:
            assert await cursors.hold(other, "one") is None
