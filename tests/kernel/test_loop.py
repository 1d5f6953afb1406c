"""Once around: findings, decisions, receipts and outcomes, as the clock advances and records come late."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from sightline.foundation import cursors, ledger, tenants
from sightline.foundation.tenants import Tenant
from sightline.kernel import loop
from sightline.kernel.desk import Desk, keeping, reading
from sightline.kernel.learn.effect import effect
from sightline.kernel.predict import registry
from sightline.kernel.predict.language import canonical
from sightline.language import derived
from sightline.language.event import Event
from sightline.language.prediction import Prediction, Reason
from sightline.language.proof import Side
from sightline.language.ref import Ref
from sightline.packs.supply.learn import SUCCESSES
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.testing import make

NAME = ARRIVES_LATE.name
PROMISED = make.day(1005)


def line(key: str, *, promised: float = 1005, project: str | None = None) -> Event:
    """A line promised for a day, worth ten thousand; of a project of its own unless one is named."""
    links = {"project": f"project/{project or key}", "order": f"order/{key}"}
    return make.event(
        f"line/{key}", type="line.described", on=900, links=links, value=10_000,
        promised_on=f"{make.day(promised):%Y-%m-%d}",
    )  # fmt: skip


def delivered(key: str, *, on: float, known: float | None = None) -> Event:
    return make.event(f"line/{key}", type="line.delivered", on=on, known=known, id=f"delivered:{key}")


async def tell(desk: Desk, tenant: Tenant, *events: Event) -> None:
    async with desk.db.transaction(tenant.number) as tx:
        ledger.record(tx, events, at=desk.now(tenant))
    await desk.go_round(tenant)


async def predict(
    desk: Desk, tenant: Tenant, keys: list[str], probability: float = 0.6, *, cutoff: float = 975,
    type_: str = derived.PREDICTED,
) -> None:  # fmt: skip
    """Predictions as scoring keeps and tells them."""
    made = [
        Prediction(
            question=NAME, subject=Ref("line", key), cutoff=make.day(cutoff), deadline=PROMISED + timedelta(days=1),
            probability=probability, low=0.4, high=0.8, worth=10_000.0, expected_loss=6_000.0, model="m1",
            reasons=(Reason(text="It was so before.", contribution=0.4),),
        )
        for key in keys
    ]  # fmt: skip
    async with desk.db.transaction(tenant.number) as tx:
        await registry.keep(tx, made, grace=ARRIVES_LATE.grace, at=desk.now(tenant))
        told = [
            make.event(
                f"line/{one.subject.key}", type=type_, source=derived.SOURCE, on=1000,
                id=f"{type_}:{one.subject.key}:{cutoff}:{probability}", question=NAME, cutoff=one.cutoff.isoformat(),
                deadline=one.deadline.isoformat(), probability=one.probability, low=one.low, worth=one.worth,
            )
            for one in made
        ]  # fmt: skip
        ledger.record(tx, told, at=desk.now(tenant))
    await desk.go_round(tenant)


async def rows(desk: Desk, tenant: Tenant, table: str) -> list[dict[str, Any]]:
    async with desk.db.transaction(tenant.number) as tx:
        return [dict(one) for one in await tx.rows(f"select * from sightline.{table} where tenant = :t", t=tx.tenant)]


async def test_an_overdue_line_is_a_finding_until_its_delivery_is_known(desk: Desk, standing: Tenant) -> None:
    await tell(desk, standing, line("late", promised=995), line("open", promised=1005))
    (found,) = await reading.findings(desk, standing)
    assert found["subject"] == "line/late"
    assert found["text"] == "Promised for 22 Sep 2022, not recorded as delivered 5 days after."
    await tell(desk, standing, delivered("late", on=996, known=1000))
    assert await reading.findings(desk, standing) == []
    (kept,) = await rows(desk, standing, "findings")
    assert kept["cleared_at"] is not None


async def test_what_is_overdue_a_second_time_is_decided_a_second_time(desk: Desk, standing: Tenant) -> None:
    first = line("a", promised=995)
    await tell(desk, standing, first)
    again = first.but(
        id="a2", revises=first.id, known_at=make.day(1000), data={**first.data, "promised_on": "2022-10-01"}
    )
    await tell(desk, standing, again)
    assert await reading.findings(desk, standing) == []
    tenant = await desk.advance(standing, make.day(1010))
    assert len(await reading.findings(desk, tenant)) == 1
    assert len(await rows(desk, tenant, "decisions")) == 2


async def test_what_is_decided_to_be_done_is_done_once(desk: Desk, standing: Tenant) -> None:
    keys = [f"l{number}" for number in range(30)]
    await tell(desk, standing, *(line(key, promised=995) for key in keys))
    decisions = {one["subject"]: one["verb"] for one in await rows(desk, standing, "decisions")}
    assert set(decisions) == set(keys)
    assert set(decisions.values()) == {"act", "hold"}
    folder = desk.settings.home / "paper" / str(standing.number)
    letters = [json.loads(path.read_text()) for path in folder.glob("*.json")]
    acted = {f"line/{key}" for key, verb in decisions.items() if verb == "act"}
    assert {one["about"] for one in letters} == acted
    assert len(letters) == len(acted) == len(await rows(desk, standing, "actions"))
    async with desk.db.transaction(standing.number) as tx:
        again = "update sightline.cursors set position = 0 where tenant = :t and consumer in ('decide', 'deliver')"
        await tx.run(again, t=tx.tenant)
    await desk.go_round(standing)
    assert len(await rows(desk, standing, "actions")) == len(list(folder.glob("*.json"))) == len(acted)


async def test_a_forecast_without_a_line_is_put_to_a_person(desk: Desk, standing: Tenant) -> None:
    keys = [f"l{number}" for number in range(30)]
    await tell(desk, standing, *map(line, keys))
    await predict(desk, standing, keys)
    decided = await rows(desk, standing, "decisions")
    assert {one["verb"] for one in decided} == {"ask", "hold"}
    assert all((one["arm"] == "control") == (one["verb"] == "hold") for one in decided)
    assert all("It was so before." in one["text"] for one in decided)
    assert await rows(desk, standing, "actions") == []


async def test_who_crosses_the_line_later_on_is_decided_upon_once_a_cutoff(desk: Desk, standing: Tenant) -> None:
    """Whoever comes back from beyond the line calls for nothing, nor does a crossing of what was decided already."""
    side = Side(side="yes", called="late", promise=0.95, line=0.8, precision=0.97, bound=0.96, coverage=0.5)
    proof = {"verdict": "use", "headline": "made", "sides": [asdict(side)]}
    model = registry.Model(
        question=NAME, version="m1", line=canonical(ARRIVES_LATE), document={}, proof=proof, trained_at=make.day(1),
        as_of=make.day(1), position=1,
    )  # fmt: skip
    async with desk.db.transaction(standing.number) as tx:
        await registry.store(tx, model)
    await tell(desk, standing, line("a"))
    await predict(desk, standing, ["a"])
    for cutoff, probability in ((975, 0.9), (976, 0.91), (976, 0.92), (977, 0.7), (978, 0.93)):
        await predict(desk, standing, ["a"], probability, cutoff=cutoff, type_=derived.CROSSED)
    decided = {one["cutoff"]: one["probability"] for one in await rows(desk, standing, "decisions")}
    assert decided == {make.day(975): 0.6, make.day(976): 0.91, make.day(978): 0.93}
    async with desk.db.transaction(standing.number) as tx:
        told = await tx.rows(
            "select data from sightline.ledger where tenant = :t and type = :type", t=tx.tenant, type=derived.DECIDED
        )
    assert len(told) == 3
    assert sum(one["verb"] == "act" for one in await rows(desk, standing, "decisions")) in (0, 2)


async def test_an_outcome_settles_at_maturity_and_a_late_record_corrects_it(desk: Desk, standing: Tenant) -> None:
    await tell(desk, standing, line("a"), line("b"))
    await predict(desk, standing, ["a", "b"])
    tenant = await desk.advance(standing, make.day(1004))
    await tell(desk, tenant, delivered("a", on=1003))
    seen = {one["key"]: one["outcome"] for one in await rows(desk, tenant, "predictions")}
    assert seen == {"a": False, "b": None}
    assert await rows(desk, tenant, "outcomes") == []
    tenant = await desk.advance(tenant, make.day(1006) + ARRIVES_LATE.grace + timedelta(hours=1))
    answers = {one["key"]: one["answer"] for one in await rows(desk, tenant, "outcomes")}
    assert answers == {"a": False, "b": True}
    await tell(desk, tenant, delivered("b", on=1004, known=1027))
    answers = {one["key"]: one["answer"] for one in await rows(desk, tenant, "outcomes")}
    assert answers == {"a": False, "b": False}
    async with desk.db.transaction(tenant.number) as tx:
        told = await tx.value("select count(*) from sightline.ledger where tenant = :t and type = :type",
                              t=tx.tenant, type=derived.SETTLED)  # fmt: skip
    assert told == 3


async def test_what_was_withdrawn_is_never_settled(desk: Desk, standing: Tenant) -> None:
    await tell(desk, standing, line("a"), line("b"), line("c"))
    await predict(desk, standing, ["a", "b", "c"])
    async with desk.db.transaction(standing.number) as tx:
        gone = [("a", make.day(974)), ("b", make.day(975)), ("c", make.day(975))]
        assert await registry.withdraw(tx, NAME, gone, at=make.day(1000)) == 2
    await desk.advance(standing, make.day(1030))
    assert [one["key"] for one in await rows(desk, standing, "outcomes")] == ["a"]


async def test_both_arms_count_by_intention_party_by_party(desk: Desk, standing: Tenant) -> None:
    keys = [f"l{number}" for number in range(120)]
    await tell(desk, standing, *(line(key, project=f"p{number // 2}") for number, key in enumerate(keys)))
    await predict(desk, standing, keys)
    await desk.advance(standing, make.day(1030))
    async with desk.db.transaction(standing.number) as tx:
        found = await effect(tx, SUCCESSES[0])
    assert found.treated + found.control == len(keys)
    assert (found.treated, found.control) == (2 * found.treated_parties, 2 * found.control_parties)
    assert found.control_parties > 0
    assert found.treated_rate == found.control_rate == 0.0
    assert "No effect can be claimed" in found.words


async def test_a_turn_that_fails_moves_nothing_and_is_taken_again(desk: Desk, standing: Tenant) -> None:
    seen: list[int] = []

    def failing(times: int) -> Callable[..., Any]:
        async def does(turn: Any) -> None:
            seen.append(turn.batch.last)
            await turn.tx.run("update sightline.tenants set name = name where tenant = :t", t=turn.tx.tenant)
            if len(seen) <= times:
                raise RuntimeError("on purpose")

        return does

    await tell(desk, standing, line("a"))
    consumer = loop.Consumer("made", reads=loop.FACTS, does=failing(2))
    for _ in range(2):
        with pytest.raises(RuntimeError):
            await loop.take_turn(desk.db, standing.number, consumer, desk.seat)
    assert await loop.take_turn(desk.db, standing.number, consumer, desk.seat)
    assert not await loop.take_turn(desk.db, standing.number, consumer, desk.seat)
    assert len(seen) == 3
    assert len(set(seen)) == 1


async def test_a_value_of_another_sort_than_declared_stops_no_stage(desk: Desk, standing: Tenant) -> None:
    odd = [
        make.event("line/day", type="line.described", on=900, promised_on="1 Jan 2015", value=10_000),
        make.event("line/worth", type="line.described", on=900, promised_on="2022-09-22", value="10,000"),
    ]
    await tell(desk, standing, *odd, line("a", promised=995))
    assert {one["subject"] for one in await reading.findings(desk, standing)} == {"line/worth", "line/a"}
    decided = {one["subject"]: one["verb"] for one in await rows(desk, standing, "decisions")}
    assert decided["worth"] == "drop"
    await predict(desk, standing, ["day"])


async def test_no_stage_judges_by_what_is_not_projected_yet(desk: Desk, standing: Tenant) -> None:
    stages = {one.name: one for one in loop.LOOP}
    seat = desk.seat
    await tell(desk, standing, line("a", promised=1005))
    async with desk.db.transaction(standing.number) as tx:
        ledger.record(tx, [line("b", promised=995), delivered("b", on=994)], at=make.day(1000))
    for name in ("reason", "decide", "learn"):
        assert not await loop.take_turn(desk.db, standing.number, stages[name], seat)
    assert await loop.take_turn(desk.db, standing.number, stages["know"], seat)
    assert await loop.take_turn(desk.db, standing.number, stages["reason"], seat)
    assert await reading.findings(desk, standing) == []


async def test_a_rebuild_before_the_first_turn_leaves_the_loop_running(alone: Desk) -> None:
    standing = await tenants.make(alone.db, "s", clock_at=make.day(1000))
    async with alone.db.transaction(standing.number) as tx:
        ledger.record(tx, [line("a", promised=995)], at=make.day(1000))
    await keeping.rebuild(alone, progress=lambda done, of: None)
    assert await alone.go_round(standing) == 0
    assert len(await reading.findings(alone, standing)) == 1


async def test_a_workspace_that_is_dropped_leaves_no_files(desk: Desk, standing: Tenant) -> None:
    await tell(desk, standing, *(line(f"l{number}", promised=995) for number in range(9)))
    mine = [desk.settings.home / part / str(standing.number) for part in ("lake", "paper")]
    assert all(folder.exists() for folder in mine)
    await desk.drop(standing)
    assert not any(folder.exists() for folder in mine)
    assert await tenants.find(desk.db, standing.name) is None


async def test_a_turn_is_taken_by_the_clock_as_it_stands_by_then(desk: Desk, standing: Tenant) -> None:
    later = standing.clock_at + timedelta(days=30) if standing.clock_at else None
    assert later
    seen = []

    async def does(turn: Any) -> None:
        seen.append(turn.now)

    await tell(desk, standing, line("a"))
    await tenants.advance(desk.db, standing, later)
    assert await loop.take_turn(
        desk.db, standing.number, loop.Consumer("told", reads=loop.FACTS, does=does), desk.seat
    )  # fmt: skip
    assert seen == [later]


async def test_going_round_waits_for_the_turn_another_is_taking(desk: Desk, standing: Tenant) -> None:
    async with desk.db.transaction(standing.number) as tx:
        ledger.record(tx, [line("a", promised=995)], at=make.day(1000))
    held, let_go = asyncio.Event(), asyncio.Event()

    async def worker() -> None:
        async with desk.db.transaction(standing.number) as tx:
            await cursors.hold(tx, "know")
            held.set()
            await let_go.wait()

    elsewhere = asyncio.ensure_future(worker())
    await held.wait()
    going = asyncio.ensure_future(desk.go_round(standing))
    done, _ = await asyncio.wait([going], timeout=0.3)
    assert not done
    let_go.set()
    await asyncio.gather(elsewhere, going)
    assert len(await reading.findings(desk, standing)) == 1


async def test_going_round_goes_on_with_what_another_has_left(desk: Desk, standing: Tenant) -> None:
    """Another takes everybody's turn but those who wait for it: here nobody has a turn, and something is left to do."""
    others = [one.name for one in loop.LOOP if not one.after]
    held, let_go = asyncio.Event(), asyncio.Event()
    await desk.go_round(standing)
    async with desk.db.transaction(standing.number) as tx:
        ledger.record(tx, [line("a", promised=995)], at=make.day(1000))

    async def worker() -> None:
        async with desk.db.transaction(standing.number) as tx:
            last = await ledger.last_position(tx)
            for name in others:
                await cursors.hold(tx, name, wait=True)
            held.set()
            await let_go.wait()
            for name in others:
                await cursors.move(tx, name, last)

    elsewhere = asyncio.ensure_future(worker())
    await held.wait()
    going = asyncio.ensure_future(desk.go_round(standing))
    await asyncio.sleep(0.3)
    let_go.set()
    await asyncio.gather(elsewhere, going)
    async with desk.db.transaction(standing.number) as tx:
        assert await cursors.lags(tx) == {one.name: 0 for one in loop.LOOP}


def test_news_calls_those_whose_business_it_is_and_whoever_they_wait_for() -> None:
    def called(type_: str) -> set[str]:
        return {one.name for one in loop.LOOP if loop.called_by(one, {type_})}

    everywhere = {"know", "archive", "publish"}
    assert called(derived.DAY_BEGAN) == {one.name for one in loop.LOOP} - {"deliver"}
    assert called(derived.ANSWERED) == everywhere | {"deliver", "run"}
    # `learn` goes no further than `predict`, which has to pass what is none of its own business.
    assert called(derived.SCORED) == everywhere | {"predict", "learn"}
    assert called(derived.SETTLED) == everywhere
