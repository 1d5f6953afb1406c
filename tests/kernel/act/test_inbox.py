"""What people are asked: answered once, put off, passed on, ended by time or by what happens first."""

from __future__ import annotations

import pytest

from sightline.foundation.identity import Role, users
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, inbox, playing, reading
from sightline.kernel.desk.inbox import Person
from sightline.language import derived
from sightline.language.errors import Conflict, Forbidden, Invalid, NotFound
from sightline.testing import make
from tests.kernel.act.world import HEAD, OWNER, answer, asked, choose, declare, delivered, letters, line, tell

ASKS = HEAD + "asks_first = true\n"


@pytest.fixture
async def waiting(desk: Desk, standing: Tenant) -> Tenant:
    """A workspace in which something is asked about three lines."""
    choose(desk, hold_out=0.0)
    await declare(desk, standing, ASKS)
    await tell(desk, standing, line("a"), line("b"), line("c"))
    return standing


async def test_a_yes_is_done_once_as_it_was_mended(desk: Desk, waiting: Tenant) -> None:
    items = await asked(desk, waiting)
    assert {one.subject for one in items} == {"line/a", "line/b", "line/c"}
    assert {one.state for one in items} == {"open"}
    assert items[0].because == "This playbook asks a person whatever is proved."
    assert await letters(desk, waiting) == []
    ended = await inbox.answer(desk, waiting, items[0].id, yes=True, by=OWNER, text="Please look.")
    assert (ended.state, ended.ended_by, ended.text) == ("approved", "ada", "Please look.")
    await desk.go_round(waiting)
    assert await letters(desk, waiting) == ["Please look."]
    with pytest.raises(Conflict, match="approved already by ada"):
        await answer(desk, waiting, items[0], yes=True)
    assert await letters(desk, waiting) == ["Please look."]


async def test_a_no_needs_a_reason_and_does_nothing(desk: Desk, waiting: Tenant) -> None:
    item = (await asked(desk, waiting))[0]
    with pytest.raises(Invalid, match="needs a reason"):
        await answer(desk, waiting, item, yes=False, why=" ")
    assert (await answer(desk, waiting, item, yes=False, why="They told us.")).why == "They told us."
    assert await letters(desk, waiting) == []
    with pytest.raises(NotFound):
        await inbox.answer(desk, waiting, "ask_0", yes=True, by=OWNER)


async def test_nobody_answers_and_what_was_to_happen_happens(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    await declare(desk, standing, ASKS + 'answer_within = "3 days"\nby_default = "act"\n')
    await tell(desk, standing, line("a"))
    tenant = await desk.advance(standing, make.day(1002))
    assert await letters(desk, tenant) == []
    tenant = await desk.advance(tenant, make.day(1004))
    (item,) = await asked(desk, tenant)
    assert (item.state, item.ended_by) == ("approved", "nobody")
    assert len(await letters(desk, tenant)) == 1


async def test_without_a_default_it_expires(desk: Desk, waiting: Tenant) -> None:
    tenant = await desk.advance(waiting, make.day(1010))
    assert {one.state for one in await asked(desk, tenant)} == {"expired"}
    assert await letters(desk, tenant) == []


async def test_what_is_put_off_comes_back(desk: Desk, waiting: Tenant) -> None:
    item = (await asked(desk, waiting))[0]
    for day in (999, 1007):
        with pytest.raises(Invalid, match="put off until"):
            await inbox.snooze(desk, waiting, item.id, make.day(day), by=OWNER)
    assert (await inbox.snooze(desk, waiting, item.id, make.day(1003), by=OWNER)).state == "snoozed"
    assert item.id not in {one.id for one in await asked(desk, waiting, state="open")}
    tenant = await desk.advance(waiting, make.day(1004))
    assert item.id in {one.id for one in await asked(desk, tenant, state="open")}


async def test_it_is_passed_on_to_whoever_may_decide(desk: Desk, waiting: Tenant) -> None:
    for name, role in (("grace", Role.OPERATOR), ("henry", Role.VIEWER), ("iris", Role.OWNER)):
        await users.add(desk.db, waiting, name, role, at=make.day(1000))
    item = (await asked(desk, waiting))[0]
    assert (await inbox.delegate(desk, waiting, item.id, "Grace", by=OWNER)).assignee == "grace"
    assert [one.id for one in await asked(desk, waiting, assignee="grace")] == [item.id]
    for nobody in ("gracie", "henry"):
        with pytest.raises(NotFound, match=f"No user who may decide '{nobody}'.*"):
            await inbox.delegate(desk, waiting, item.id, nobody, by=OWNER)
    choose(desk, operator_limit=9_999.0)
    with pytest.raises(Invalid, match="'grace' may not decide about so much"):
        await inbox.delegate(desk, waiting, item.id, "grace", by=OWNER)
    assert (await inbox.delegate(desk, waiting, item.id, "iris", by=OWNER)).assignee == "iris"
    assert (await inbox.delegate(desk, waiting, item.id, OWNER.name, by=OWNER)).assignee == OWNER.name
    assert (await inbox.delegate(desk, waiting, item.id, None, by=OWNER)).assignee is None
    await inbox.snooze(desk, waiting, item.id, make.day(1003), by=OWNER)
    async with desk.db.transaction(waiting.number) as tx:
        rows = await tx.rows(
            "select data ->> 'by' as by, data ->> 'to' as to, data ->> 'until' as until from sightline.ledger"
            " where tenant = :t and type = any(:types) order by position",
            t=tx.tenant, types=[derived.DELEGATED, derived.SNOOZED],
        )  # fmt: skip
    assert [row["to"] for row in rows] == ["grace", "iris", "ada", None, None]
    assert {row["by"] for row in rows} == {"ada"}
    assert rows[-1]["until"] == make.day(1003).isoformat()


async def test_what_has_ended_is_forgotten_after_its_time_and_what_was_done_stays_decided(
    desk: Desk, waiting: Tenant
) -> None:  # fmt: skip
    choose(desk, keep_runs_days=30, hold_out=0.0)
    items = await asked(desk, waiting)
    await answer(desk, waiting, items[0], yes=True)
    tenant = await desk.advance(waiting, make.day(1008))
    assert {one.state for one in await asked(desk, tenant)} == {"approved", "expired"}
    tenant = await desk.advance(tenant, make.day(1035))
    assert {one.state for one in await asked(desk, tenant)} == {"expired"}
    tenant = await desk.advance(tenant, make.day(1040))
    assert await asked(desk, tenant) == []
    broken = [one.name for one in await reading.invariants(desk, tenant) if one.broken]
    assert broken == []


async def test_more_money_than_a_role_may_decide_about_needs_another_one(desk: Desk, waiting: Tenant) -> None:
    choose(desk, operator_limit=9_999.0)
    item, operator = (await asked(desk, waiting))[0], Person(name="bob", role=Role.OPERATOR)
    with pytest.raises(Forbidden, match="10,000 are at stake"):
        await inbox.answer(desk, waiting, item.id, yes=True, by=operator)
    choose(desk, operator_limit=10_000.0)
    await inbox.answer(desk, waiting, item.id, yes=True, by=operator)


async def test_several_are_answered_each_by_itself(desk: Desk, waiting: Tenant) -> None:
    items = await asked(desk, waiting)
    await answer(desk, waiting, items[0], yes=True)
    taken, refused = await inbox.answer_all(
        desk, waiting, [*(one.id for one in items), items[1].id, "ask_0"], yes=False, by=OWNER, why="no"
    )
    assert [one.id for one in taken] == [one.id for one in items[1:]]
    assert [one.id for one in refused] == [items[0].id, "ask_0"]
    with pytest.raises(Invalid, match="201 answers"):
        await inbox.answer_all(desk, waiting, [f"ask_{n}" for n in range(201)], yes=True, by=OWNER)


async def test_what_happened_since_is_not_approved_and_ends_by_itself(desk: Desk, waiting: Tenant) -> None:
    tenant = await desk.advance(waiting, make.day(1001))
    await tell(desk, tenant, delivered("a", on=1001))
    (item,) = [one for one in await asked(desk, tenant) if one.subject == "line/a"]
    with pytest.raises(Conflict, match="happened meanwhile"):
        await answer(desk, tenant, item, yes=True)
    tenant = await desk.advance(tenant, make.day(1002))
    states = {one.subject: one.state for one in await asked(desk, tenant)}
    assert states == {"line/a": "overtaken", "line/b": "open", "line/c": "open"}


async def test_what_a_dropped_playbook_asks_is_asked_no_more(desk: Desk, waiting: Tenant) -> None:
    await playing.drop(desk, waiting, "own.chase")
    assert {one.state for one in await asked(desk, waiting)} == {"overtaken"}


async def test_nothing_is_done_by_default_beyond_what_everybody_may_decide(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0, operator_limit=9_999.0)
    await declare(desk, standing, ASKS + 'answer_within = "3 days"\nby_default = "act"\n')
    await tell(desk, standing, line("a"))
    tenant = await desk.advance(standing, make.day(1004))
    (item,) = await asked(desk, tenant)
    assert item.state == "expired"
    with pytest.raises(Forbidden, match="without anybody's yes"):
        await playing.declare(desk, tenant, HEAD, by="bob", role=Role.OPERATOR)


async def test_pages_go_by_value_and_leave_nobody_out(desk: Desk, waiting: Tenant) -> None:
    items = await asked(desk, waiting)
    first = await asked(desk, waiting, limit=2)
    rest = await asked(desk, waiting, after=(first[-1].value, first[-1].id))
    assert [*first, *rest] == items
