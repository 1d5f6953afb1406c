"""Whom what enters the inbox is for: by the first route that is met, whoever has the party, or else least to do."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import RowMapping

from sightline.foundation.identity import Role, keys, users
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import inbox as kept
from sightline.kernel.act import notices, routes, routing
from sightline.kernel.act.moment import Moment
from sightline.kernel.act.notices import PREFIX
from sightline.kernel.desk import Desk, inbox, playing
from sightline.kernel.desk import routing as desk_routing
from sightline.kernel.desk.routing import Made, New
from sightline.language import derived
from sightline.language.action import Action
from sightline.language.errors import Conflict, Invalid, NotFound
from sightline.language.event import Event
from sightline.language.playbook import Situation
from sightline.language.ref import Ref
from sightline.testing import make
from tests.kernel.act.world import HEAD, LADDER, OWNER, answer, asked, choose, declare, line, tell

ASKS = HEAD + "asks_first = true\n"


@pytest.fixture
async def house(desk: Desk, standing: Tenant) -> Tenant:
    """A workspace with people, and a playbook that asks about lines that are overdue."""
    choose(desk, hold_out=0.0)
    for name, role in (("anna", Role.OPERATOR), ("ben", Role.OPERATOR), ("iris", Role.OWNER), ("vera", Role.VIEWER)):
        await users.add(desk.db, standing, name, role, at=make.day(1000))
    await declare(desk, standing, ASKS)
    return standing


async def put(desk: Desk, tenant: Tenant, name: str, *to: str, whom: str = "", **more: Any) -> Made:
    new = New(name=name, playbook="own.chase", whom=whom, to=to)
    return await desk_routing.put(desk, tenant, new, by="ada", **more)


async def whose(desk: Desk, tenant: Tenant) -> dict[str, str | None]:
    """By subject."""
    return {one.subject: one.assignee for one in await asked(desk, tenant)}


async def told(desk: Desk, tenant: Tenant) -> list[tuple[str, str, str]]:
    """What the ledger tells of whose it is: subject, by, to."""
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select kind || '/' || key as subject, data ->> 'by' as by, data ->> 'to' as to from sightline.ledger"
            " where tenant = :t and type = :type order by position",
            t=tx.tenant, type=derived.DELEGATED,
        )  # fmt: skip
    return [(row["subject"], row["by"], row["to"]) for row in rows]


def of(project: str, *names: str, mode: str = "Air") -> list[Event]:
    """Overdue lines of one project."""
    return [
        make.event(
            f"line/{name}", type="line.described", on=900, links={"project": f"project/{project}"}, value=10_000,
            mode=mode, promised_on=f"{make.day(995):%Y-%m-%d}",
        )
        for name in names
    ]  # fmt: skip


async def test_what_is_asked_is_spread_and_told_and_the_next_batch_evens_it_out(desk: Desk, house: Tenant) -> None:
    await put(desk, house, "all", "anna", "ben")
    await tell(desk, house, *(line(f"a{n}") for n in range(7)))
    first = await whose(desk, house)
    assert Counter(first.values()) == {"anna": 4, "ben": 3}
    assert sorted(await told(desk, house)) == sorted((subject, "route:all", to) for subject, to in first.items())
    await tell(desk, house, line("b"))
    assert (await whose(desk, house))["line/b"] == "ben"
    item = next(one for one in await asked(desk, house, assignee="anna"))
    await inbox.snooze(desk, house, item.id, make.day(1003), by=OWNER)
    gone = next(one for one in await asked(desk, house, assignee="ben"))
    await answer(desk, house, gone, yes=False)
    await tell(desk, house, line("c"))
    # What is put off still waits for its person; what was answered does not.
    assert (await whose(desk, house))["line/c"] == "ben"


async def test_a_party_stays_with_one_person_while_something_waits(desk: Desk, house: Tenant) -> None:
    await put(desk, house, "all", "anna", "ben")
    await tell(desk, house, *of("p", "a", "b", "c"))
    assert await whose(desk, house) == {"line/a": "anna", "line/b": "anna", "line/c": "anna"}
    await tell(desk, house, *of("p", "d"), *of("q", "e"))
    assert {one: to for one, to in (await whose(desk, house)).items() if one > "line/c"} == {
        "line/d": "anna", "line/e": "ben",
    }  # fmt: skip


async def test_the_first_route_whose_conditions_are_met_holds_and_changed_it_keeps_its_place(
    desk: Desk, house: Tenant
) -> None:  # fmt: skip
    await put(desk, house, "air", "anna", whom="mode is Air")
    await put(desk, house, "rest", "ben")
    await tell(desk, house, line("a"), line("b", mode="Truck"))
    assert await whose(desk, house) == {"line/a": "anna", "line/b": "ben"}
    await put(desk, house, "air", "iris", whom="mode is Air")
    assert [one.route.name for one in await desk_routing.listed(desk, house)] == ["air", "rest"]
    await tell(desk, house, line("c"))
    assert (await whose(desk, house))["line/c"] == "iris"
    await desk_routing.remove(desk, house, "rest")
    await tell(desk, house, line("d", mode="Truck"))
    assert await whose(desk, house) == {"line/a": "anna", "line/b": "ben", "line/c": "iris", "line/d": None}


async def test_whoever_is_shut_out_or_may_not_decide_about_so_much_is_skipped(desk: Desk, house: Tenant) -> None:
    await put(desk, house, "all", "anna", "ben", "iris")
    await users.change(desk.db, house, "anna", at=make.day(1000), disabled=True)
    await users.change(desk.db, house, "vera", at=make.day(1000), role=Role.OWNER)
    await users.change(desk.db, house, "iris", at=make.day(1000), role=Role.OPERATOR)
    await tell(desk, house, line("a"), line("b"))
    assert set((await whose(desk, house)).values()) == {"ben", "iris"}
    (stands,) = await desk_routing.listed(desk, house)
    assert (stands.gone, stands.stopped) == (("anna",), "")
    choose(desk, hold_out=0.0, operator_limit=9_999.0)
    await tell(desk, house, line("c"))
    assert (await whose(desk, house))["line/c"] is None
    await users.change(desk.db, house, "iris", at=make.day(1000), role=Role.OWNER)
    await tell(desk, house, line("d"))
    assert (await whose(desk, house))["line/d"] == "iris"
    for one in ("anna", "ben", "iris"):
        await users.remove(desk.db, house, one)
    (stands,) = await desk_routing.listed(desk, house)
    assert stands.gone == ("anna", "ben", "iris")
    assert stands.stopped == "None of its users may decide any more."
    await tell(desk, house, line("e"))
    assert (await whose(desk, house))["line/e"] is None


async def test_what_a_run_asks_on_its_way_goes_by_the_same_routes(desk: Desk, house: Tenant) -> None:
    await declare(desk, house, LADDER)
    await put(desk, house, "air", "ben", whom="mode is Air and worth above 1")
    await put(desk, house, "rest", "anna")
    await tell(desk, house, line("a"))
    tenant = await desk.advance(house, make.day(1008))
    (item,) = await asked(desk, tenant, state="open")
    assert (item.choice, item.assignee) == ("go on", "ben")
    assert await told(desk, tenant) == [("line/a", "route:air", "ben")]
    # A run goes on by the version it began with, and by the routes of its name, though nobody declares it any more.
    await tell(desk, tenant, line("b", promised=1003))
    await playing.drop(desk, tenant, "own.chase")
    tenant = await desk.advance(tenant, make.day(1017))
    assert (await whose(desk, tenant))["line/b"] == "ben"
    assert {one.stopped.partition(".")[0] for one in await desk_routing.listed(desk, tenant)} == {
        "No playbook 'own"
    }  # fmt: skip


async def test_without_a_route_of_its_playbook_it_is_nobodys_and_nothing_more_is_told(
    desk: Desk, house: Tenant
) -> None:  # fmt: skip
    new = New(name="other", playbook="supply.warn_buyer", to=["anna"])
    await desk_routing.put(desk, house, new, by="ada")
    await put(desk, house, "truck", "anna", whom="mode is Truck")
    await tell(desk, house, line("a"), line("b"))
    assert await whose(desk, house) == {"line/a": None, "line/b": None}
    assert await told(desk, house) == []


async def test_a_route_that_cannot_be_read_any_more_says_so_and_lets_the_next_one_hold(
    desk: Desk, house: Tenant
) -> None:  # fmt: skip
    await put(desk, house, "broken", "anna", whom="mode is Air")
    await put(desk, house, "rest", "ben")
    async with desk.db.transaction(house.number) as tx:
        (broken, _) = await routes.listed(tx)
        await routes.keep(tx, replace(broken, whom="colour is red"))
    await tell(desk, house, line("a"))
    assert await whose(desk, house) == {"line/a": "ben"}
    assert ["colour" in one.stopped for one in await desk_routing.listed(desk, house)] == [True, False]


async def test_what_is_wrong_is_told_with_what_was_meant(desk: Desk, house: Tenant) -> None:
    wrong: Sequence[tuple[dict[str, Any], type[Exception], str]] = (
        ({"playbook": "own.chas"}, NotFound, r"No playbook 'own.chas'. Did you mean 'own.chase'\?"),
        ({"to": ["anne"]}, NotFound, r"No user who may decide 'anne'. Did you mean 'anna'\?"),
        ({"to": ["vera"]}, NotFound, "No user who may decide 'vera'"),
        ({"to": []}, Invalid, "leads to somebody"),
        ({"whom": "mod is Air"}, NotFound, "Did you mean 'mode'"),
        ({"whom": "mode above"}, Invalid, "mode above"),
        ({"whom": "probability above 0.3"}, Invalid, "Nobody ever meets 'probability above 0.3'"),
        ({"name": "Air!"}, Invalid, "'Air!' is no name"),
    )
    for more, error, says in wrong:
        given_: dict[str, Any] = {"name": "air", "playbook": "own.chase", "whom": "mode is Air", "to": ["anna"], **more}
        with pytest.raises(error, match=says):
            await desk_routing.put(desk, house, New(**given_), by="ada")
    assert await desk_routing.listed(desk, house) == []
    with pytest.raises(NotFound, match="No route 'air'"):
        await desk_routing.remove(desk, house, "air")
    made = await put(desk, house, "air", " Anna ", "ben", "anna", whom=" mode is Air ")
    assert (made.stands.route.to, made.stands.route.whom, made.stands.route.by) == (
        ("anna", "ben"), "mode is Air", "ada",
    )  # fmt: skip


async def test_of_a_playbook_that_does_not_fit_any_more_there_is_no_new_route(desk: Desk, house: Tenant) -> None:
    async with desk.db.transaction(house.number) as tx:
        await tx.run(
            "update sightline.playbooks set text = replace(text, 'supply.overdue', 'supply.gone') where tenant = :t",
            t=tx.tenant,
        )  # fmt: skip
    with pytest.raises(Conflict, match="does nothing any more"):
        await put(desk, house, "all", "anna")


async def test_a_dry_run_tells_where_all_that_waits_would_go_and_moves_nothing(desk: Desk, house: Tenant) -> None:
    await tell(desk, house, *of("p", "a", "b"), line("c"), line("d", mode="Truck"))
    await inbox.delegate(desk, house, (await asked(desk, house))[0].id, "iris", by=OWNER)
    before, said = await whose(desk, house), await told(desk, house)
    made = await put(desk, house, "air", "anna", "ben", whom="mode is Air", dry=True)
    assert (made.waiting, sorted(made.goes.values()), made.nobody) == (4, [1, 2], 0)
    assert (await whose(desk, house), await told(desk, house)) == (before, said)
    assert await desk_routing.listed(desk, house) == []
    await put(desk, house, "trucks", "ben", whom="mode is Truck")
    made = await put(desk, house, "rest", "anna", dry=True)
    # Another route comes first; changed, it would still stand before this one.
    assert (made.waiting, dict(made.goes)) == (4, {"anna": 3})
    choose(desk, hold_out=0.0, operator_limit=9_999.0)
    made = await put(desk, house, "rest", "anna", dry=True)
    assert (dict(made.goes), made.nobody) == ({"anna": 0}, 3)


async def test_what_waits_is_looked_at_only_where_somebody_asks_what_becomes_of_it(desk: Desk, house: Tenant) -> None:
    await tell(desk, house, line("a"))
    choose(desk, hold_out=0.0, operator_limit=9_999.0)
    made = await put(desk, house, "all", "anna")
    assert (made.waiting, dict(made.goes), made.nobody) == (None, {}, None)
    made = await put(desk, house, "all", "anna", waiting=True)
    assert (made.waiting, dict(made.goes), made.nobody) == (1, {"anna": 0}, 1)


async def test_what_waits_and_is_nobodys_is_passed_on_where_that_is_meant(desk: Desk, house: Tenant) -> None:
    await tell(desk, house, *(line(f"a{n}") for n in range(4)), line("t", mode="Truck"))
    items = {one.subject: one for one in await asked(desk, house)}
    await inbox.delegate(desk, house, items["line/a0"].id, "ben", by=OWNER)
    await answer(desk, house, items["line/a1"], yes=False)
    made = await put(desk, house, "air", "anna", "ben", whom="mode is Air", waiting=True, dry=True)
    assert (made.waiting, dict(made.goes)) == (3, {"anna": 2, "ben": 0})
    made = await put(desk, house, "air", "anna", "ben", whom="mode is Air", waiting=True)
    assert dict(made.goes) == {"anna": 2, "ben": 0}
    assert await whose(desk, house) == {
        "line/a0": "ben", "line/a1": None, "line/a2": "anna", "line/a3": "anna", "line/t": None,
    }  # fmt: skip
    assert [one for one in await told(desk, house) if one[1] != "ada"] == [
        (f"line/a{n}", "route:air", "anna") for n in (2, 3)
    ]
    made = await put(desk, house, "air", "ben", whom="mode is Air", waiting=True)
    assert (made.waiting, dict(made.goes)) == (1, {"ben": 0})


async def test_what_was_theirs_who_may_not_decide_any_more_is_passed_on_as_what_is_nobodys(
    desk: Desk, house: Tenant
) -> None:  # fmt: skip
    await keys.add(desk.db, house, "robot", Role.OPERATOR, at=make.day(1000))
    await keys.add(desk.db, house, "reader", Role.VIEWER, at=make.day(1000))
    await tell(desk, house, *(line(name) for name in "abcdefg"))
    items = {one.subject: one for one in await asked(desk, house)}
    names = ("anna", "ben", "vera", "robot", "owner", "reader")
    theirs = {f"line/{line_}": to for line_, to in zip("abcdef", names, strict=True)}
    async with desk.db.transaction(house.number) as tx:
        for subject, to in theirs.items():
            await kept.delegate(tx, items[subject].id, to=to, now=make.day(1000), by="ada")
    await users.change(desk.db, house, "anna", at=make.day(1000), disabled=True)
    made = await put(desk, house, "all", "iris", waiting=True)
    assert (made.waiting, dict(made.goes)) == (4, {"iris": 4})
    assert await whose(desk, house) == {**theirs, **dict.fromkeys(("line/a", "line/c", "line/f", "line/g"), "iris")}


async def test_what_is_passed_on_is_locked_in_one_order_and_what_is_not_any_more_does_not_count(
    desk: Desk, house: Tenant
) -> None:  # fmt: skip
    await tell(desk, house, *(line(f"a{n}") for n in range(8)))
    first, *others = sorted(one.id for one in await asked(desk, house))
    given_ = dict.fromkeys([*reversed(others), first], "anna")
    pids: asyncio.Queue[int] = asyncio.Queue()

    async def passes_on() -> dict[str, str]:
        async with desk.db.transaction(house.number) as tx:
            pids.put_nowait(await tx.value("select pg_backend_pid()"))
            return await kept.pass_on(tx, given_, but={"ben"}, route="all", now=make.day(1001))

    async with asyncio.TaskGroup() as together, desk.db.transaction(house.number) as tx:
        await kept.delegate(tx, first, to="ben", now=make.day(1001), by="ada")
        waits = together.create_task(passes_on())
        pid = await pids.get()
        while not waits.done() and not await tx.value("select 1 from pg_locks where pid = :p and not granted", p=pid):
            pass
        # Whoever waits for the first holds none behind it: this would not go on otherwise.
        await tx.rows("select id from sightline.inbox where tenant = :t for update nowait", t=tx.tenant)
    assert waits.result() == dict.fromkeys(others, "anna")
    assert {one.id: one.assignee for one in await asked(desk, house)} == {**waits.result(), first: "ben"}


async def test_what_stays_nobodys_by_another_route_neither_counts_nor_holds_a_party(desk: Desk, house: Tenant) -> None:
    for n in range(4):
        await tell(desk, house, *of(f"p{n}", f"air{n}"), *of(f"p{n}", f"truck{n}", mode="Truck"))
    await put(desk, house, "air", "anna", whom="mode is Air")
    made = await put(desk, house, "rest", "anna", "ben", waiting=True)
    assert (made.waiting, dict(made.goes)) == (8, {"anna": 2, "ben": 2})
    items = await asked(desk, house)
    passed_on = [one.subject.startswith("line/truck") for one in items]
    # Some that stay nobody's stand before others: they would have counted.
    assert passed_on != sorted(passed_on, reverse=True)
    assert {one.assignee for one in items if one.subject.startswith("line/air")} == {None}
    trucks = [one.assignee for one in items if one.subject.startswith("line/truck")]
    assert trucks == ["anna", "ben", "anna", "ben"]


async def test_chats_say_whose_it_is(desk: Desk, house: Tenant) -> None:
    await put(desk, house, "all", "ben")
    await tell(desk, house, line("a"))
    (item,) = await asked(desk, house)
    key = f"{PREFIX}team:{item.id}"
    action = Action(key=key, destination="team", to=Ref(derived.ASKED, item.id), subject=Ref("line", "a"), text="")
    async with desk.db.transaction(house.number) as tx:
        assert (await notices.cases(tx, [action]))[key].assignee == "ben"


def ask(name: str) -> tuple[kept.Asked, Situation]:
    """Something to be asked about a line of its own party."""
    one = kept.Asked(
        key=f"own.chase:{name}", playbook="own.chase", choice="tell", channel="paper", subject=Ref("line", name),
        party=Ref("project", name), text="", because="", value=1.0, made_at=make.day(1000), due_at=make.day(1001),
        by_default="drop",
    )  # fmt: skip
    return one, Situation(subject=one.subject, now=make.day(1000))


async def test_asked_twice_it_is_told_once(desk: Desk, house: Tenant) -> None:
    await put(desk, house, "all", "ben")
    for _ in range(2):
        async with desk.db.transaction(house.number) as tx:
            await routing.put(await desk.moment(tx), [ask("a")])
    assert await told(desk, house) == [("line/a", "route:all", "ben")]


async def test_many_who_ask_in_one_transaction_read_once_and_count_on(
    desk: Desk, house: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    await put(desk, house, "all", "anna", "ben")
    await desk_routing.put(desk, house, New(name="warn", playbook="supply.warn_buyer", to=["iris", "anna"]), by="ada")

    async def asks(here: Moment, name: str, **more: Any) -> None:
        one, situation = ask(name)
        await routing.put(here, [(replace(one, **more), situation)])

    async with desk.db.transaction(house.number) as tx:
        await asks(await desk.moment(tx), "b", playbook="supply.warn_buyer")
    async with desk.db.transaction(house.number) as tx:
        here, read = await desk.moment(tx), list[str]()
        rows = tx.rows

        async def spied(sql: str, **values: Any) -> Sequence[RowMapping]:
            read.append(sql)
            return await rows(sql, **values)

        monkeypatch.setattr(tx, "rows", spied)
        for n in range(7):
            await asks(here, f"a{n}")
        for n, party in enumerate(("b", "c", "d", "e", "a1")):
            await asks(here, f"w{n}", playbook="supply.warn_buyer", party=Ref("project", party))
    of_ = {what: sum(what in one for one in read) for what in ("sightline.routes", "sightline.users", "group by")}
    assert of_ == {"sightline.routes": 2, "sightline.users": 1, "group by": 2}
    found = await whose(desk, house)
    assert [found[f"line/a{n}"] for n in range(7)] == ["anna", "ben", "anna", "ben", "anna", "ben", "anna"]
    # Iris has the party b, and then no more than Anna's four; that of a1 is with Ben, who is not named.
    assert [found[f"line/{name}"] for name in ("b", "w0", "w1", "w2", "w3", "w4")] == [*["iris"] * 5, "anna"]


async def test_what_waits_for_each_is_found_by_an_index_however_much_ended_before(
    desk: Desk, house: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    await put(desk, house, "all", "anna", "ben")
    # Statistics are its owner's to take.
    async with desk.owner.transaction(house.number) as tx:
        await tx.run(_MANY, t=tx.tenant, at=make.day(1000))
        await tx.run("analyze sightline.inbox")
        rows, read = tx.rows, dict[str, dict[str, Any]]()

        async def spied(sql: str, **values: Any) -> Sequence[RowMapping]:
            read[sql] = values
            return await rows(sql, **values)

        monkeypatch.setattr(tx, "rows", spied)
        await routing.put(await desk.moment(tx), [ask("a")])
        (counts,) = (sql for sql in read if "group by assignee" in sql)
        plan = [row["QUERY PLAN"] for row in await rows(f"explain {counts}", **read[counts])]
    assert any("inbox_of" in one for one in plan), "\n".join(plan)


_MANY = """
insert into sightline.inbox (tenant, key, playbook, choice, channel, kind, subject, party, text, because, value,
  made_at, due_at, by_default, state, assignee)
select :t, 'own.tell:' || n, 'own.tell', 'tell', 'paper', 'line', n, 'project/' || n, '', '', n, :at, :at, 'drop',
  case when n % 10 = 0 then 'open' else 'approved' end, 'user ' || n % 50
from generate_series(1, 5000) n
"""


async def test_two_batches_at_once_give_out_everything_once_each_evenly_in_itself(desk: Desk, house: Tenant) -> None:
    await put(desk, house, "all", "anna", "ben")
    both = asyncio.Barrier(2)

    async def batch(names: Sequence[str]) -> None:
        async with desk.db.transaction(house.number) as tx:
            here = await desk.moment(tx)
            await both.wait()
            await routing.put(here, [ask(name) for name in names])
            await both.wait()

    async with asyncio.TaskGroup() as together:
        for which in "ab":
            together.create_task(batch([f"{which}{n}" for n in range(6)]))
    found = await whose(desk, house)
    assert Counter(found.values()) == {"anna": 6, "ben": 6}
    assert sorted(await told(desk, house)) == sorted((subject, "route:all", to) for subject, to in found.items())
