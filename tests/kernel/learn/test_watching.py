"""The watch over a model on duty: its promise, what it says, who is asked, and a version that does better."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, versions, watching
from sightline.kernel.predict import alarms, registry, schedules
from sightline.kernel.predict.alarms import sides_on_duty
from sightline.kernel.predict.clock import Clock
from sightline.kernel.predict.known import known
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.registry import State
from sightline.kernel.predict.windows import Asked, clusters_of, reference
from sightline.language import derived
from sightline.language.errors import Conflict, Invalid, NotFound
from sightline.language.event import Event
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.testing import make
from tests.kernel.act.world import choose
from tests.kernel.learn.test_settle import delivered, tell
from tests.kernel.predict.test_promise import on_duty

NAME = ARRIVES_LATE.name
LINES, DAYS = 40, 10
"""Promised for some days one after the other; nothing is ever delivered, so that all of them are late."""

HELD = 39
"""Of the lines, kept back: a lot that is always the same."""

ASKED = make.day(1032 + DAYS - 30)
COUNTS = make.day(1032 + DAYS) + ARRIVES_LATE.grace


def lines() -> list[Event]:
    promised = [f"{make.day(1032 + n % DAYS):%Y-%m-%d}" for n in range(LINES)]
    return [
        make.event(f"line/l{n}", type="line.described", on=10, promised_on=day) for n, day in enumerate(promised)
    ]  # fmt: skip


async def at_work(desk: Desk, tenant: Tenant, share: float) -> Tenant:
    """Lines are asked about day by day, by a model that says the same of all; then all answers count.

    Nearly all are kept back: where acting may change the answer only those tell whether the promise is kept.
    """
    choose(desk, hold_out=0.99)
    await on_duty(desk, tenant, share, at=make.day(999))
    await tell(desk, tenant, *lines())
    asked = await desk.advance(tenant, ASKED)
    return await desk.advance(asked, COUNTS)


async def told(desk: Desk, tenant: Tenant, type_: str) -> list[dict[str, Any]]:
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select data from sightline.ledger where tenant = :t and type = :type order by position",
            t=tx.tenant, type=type_,
        )  # fmt: skip
    return [row["data"] for row in rows]


async def test_a_broken_promise_goes_back_to_a_person(desk: Desk, standing: Tenant) -> None:
    """Of all it was sure that they come in time, and none did."""
    tenant = await at_work(desk, standing, 0.05)
    seen = await watching.watch_of(desk, tenant, NAME)
    found = {one["what"]: one for one in seen.watched}
    assert found["promise:no"]["answers"] == HELD
    assert (found["promise:no"]["said"], found["promise:no"]["came"]) == (pytest.approx(0.8), 0.0)
    assert found["promise:yes"]["answers"] == 0
    assert {one.what for one in seen.alarms} == {"promise:no", "calibration"}
    broken = next(one for one in seen.alarms if one.what == "promise:no")
    assert broken.words.startswith(f"0% were right of {HELD} beyond the line on duty, where 80% was promised")
    assert {one["what"] for one in await told(desk, tenant, derived.ALARMED)} == {"promise:no", "calibration"}
    async with desk.db.transaction(tenant.number) as tx:
        yes, no = await sides_on_duty(tx, ARRIVES_LATE)
        assert (yes.broken, no.broken) == ("", broken.words)
    # Another day tells nothing new.
    tenant = await desk.advance(tenant, make.day(1200))
    assert len(await told(desk, tenant, derived.ALARMED)) == 2


async def test_what_was_said_rightly_raises_nothing(desk: Desk, standing: Tenant) -> None:
    tenant = await at_work(desk, standing, 0.97)
    seen = await watching.watch_of(desk, tenant, NAME)
    assert {one["what"]: one["answers"] for one in seen.watched} == {
        "promise:yes": HELD, "promise:no": 0, "calibration": LINES
    }  # fmt: skip
    assert max(one["evidence"] for one in seen.watched) < 2
    assert seen.alarms == ()


async def test_an_answer_that_came_early_counts_with_the_others(desk: Desk, standing: Tenant) -> None:
    """Half are delivered long before they must be, and half never: as was said."""
    choose(desk, hold_out=0.99)
    await on_duty(desk, standing, 0.5, at=make.day(999))
    await tell(desk, standing, *lines())
    tenant = await desk.advance(standing, ASKED)
    tenant = await desk.advance(tenant, make.day(1020))
    await tell(desk, tenant, *(delivered(f"l{n}", on=1019) for n in range(0, LINES, 2)))
    early = await watching.watch_of(desk, tenant, NAME)
    assert {one["answers"] for one in early.watched} == {0}
    tenant = await desk.advance(tenant, COUNTS)
    seen = await watching.watch_of(desk, tenant, NAME)
    (found,) = [one for one in seen.watched if one["what"] == "calibration"]
    assert (found["answers"], found["came"]) == (LINES, 0.5)
    assert seen.alarms == ()


async def test_somebody_takes_an_alarm_back(desk: Desk, standing: Tenant) -> None:
    """For a reason, once; what came before tells nothing any more."""
    tenant = await at_work(desk, standing, 0.05)
    alarm = next(one for one in await watching.standing(desk, tenant) if one.what == "promise:no")
    with pytest.raises(Invalid, match="for a reason"):
        await watching.lift(desk, tenant, alarm.id, by="ada", why=" ")
    lifted = await watching.lift(desk, tenant, alarm.id, by="ada", why="a strike")
    assert (lifted.lifted_by, lifted.why) == ("ada", "a strike")
    with pytest.raises(Conflict, match="by ada"):
        await watching.lift(desk, tenant, alarm.id, by="ada", why="again")
    with pytest.raises(NotFound):
        await watching.lift(desk, tenant, "alarm_none", by="ada", why="again")
    assert [one["why"] for one in await told(desk, tenant, derived.LIFTED)] == ["a strike"]
    tenant = await desk.advance(tenant, make.day(1200))
    assert [one.what for one in await watching.standing(desk, tenant)] == ["calibration"]


async def test_a_version_that_does_better_is_promoted_and_told_with_its_reason(desk: Desk, standing: Tenant) -> None:
    await on_duty(desk, standing, 0.6, at=make.day(999))
    await on_duty(desk, standing, 0.9, at=make.day(999.5))
    async with desk.db.transaction(standing.number) as tx:
        await tx.run("update sightline.models set state = 'challenger' where version = 'says 0.9'")
        await tx.run("update sightline.models set state = 'champion' where version = 'says 0.6'")
    await tell(desk, standing, *lines())
    asked = await desk.advance(standing, ASKED)
    seen = await watching.watch_of(desk, asked, NAME)
    assert seen.rival == {"version": "says 0.9", "waits": True}
    tenant = await desk.advance(asked, COUNTS)
    states = {one.version: one.state for one in await versions.versions(desk, tenant, NAME)}
    assert states == {"says 0.9": State.CHAMPION, "says 0.6": State.RETIRED}
    promoted = (await told(desk, tenant, derived.PROMOTED))[-1]
    assert (promoted["version"], promoted["before"], promoted["by"]) == ("says 0.9", "says 0.6", "itself")
    assert "nearer to what came than version 'says 0.6' on 40 answers" in promoted["reason"]


async def test_a_version_that_does_worse_than_the_one_before_is_rolled_back(desk: Desk, standing: Tenant) -> None:
    await on_duty(desk, standing, 0.9, at=make.day(999))
    await on_duty(desk, standing, 0.6, at=make.day(999.5))
    await tell(desk, standing, *lines())
    asked = await desk.advance(standing, ASKED)
    assert (await watching.watch_of(desk, asked, NAME)).rival == {"version": "says 0.9", "waits": False}
    tenant = await desk.advance(asked, COUNTS)
    states = {one.version: one.state for one in await versions.versions(desk, tenant, NAME)}
    assert states == {"says 0.9": State.CHAMPION, "says 0.6": State.RETIRED}
    assert (await told(desk, tenant, derived.PROMOTED))[-1]["back"] is True


async def test_drift_on_duty_has_the_question_trained_again(desk: Desk, standing: Tenant) -> None:
    """Where its schedule says so; once, while what was trained for it waits to do better. A broken promise is none."""
    tenant = await at_work(desk, standing, 0.05)
    (calibration,) = [one for one in await watching.standing(desk, tenant) if one.what == alarms.CALIBRATION]
    now, after = desk.clock.now(), make.day(1200)
    given = schedules.Schedule(question=NAME, every_days=None, on_drift=True, by="ada", at=now, tried_at=None)
    async with desk.db.transaction(tenant.number) as tx:
        await schedules.set_schedule(tx, given)
        assert await schedules.due(tx, now=after) == {NAME: registry.Why.DRIFT}
        await waits(tx, COUNTS - timedelta(days=1))
        assert await schedules.due(tx, now=after) == {NAME: registry.Why.DRIFT}
        await waits(tx, after)
        assert await schedules.due(tx, now=after + timedelta(days=100)) == {}
        await tx.run("update sightline.models set proof = jsonb_set(proof, '{verdict}', '\"do_not_use\"')"
                     " where tenant = :t and state = 'challenger'", t=tx.tenant)  # fmt: skip
        assert await schedules.due(tx, now=after + timedelta(days=29)) == {}
        assert await schedules.due(tx, now=after + timedelta(days=31)) == {NAME: registry.Why.DRIFT}
        await alarms.lift(tx, calibration.id, by="ada", why="a strike", at=after)
        assert [one.what for one in await alarms.standing(tx)] == ["promise:no"]
        assert await schedules.due(tx, now=after + timedelta(days=31)) == {}


async def waits(tx: Transaction, at: datetime) -> None:
    """A version trained at that moment, with all that was known, and kept back."""
    found = next(one for one in await registry.versions(tx, NAME) if one.state == State.CHAMPION)
    model = await registry.version(tx, NAME, found.version)
    await registry.store(tx, replace(model, version="kept back", trained_at=at, as_of=at), on_duty=False)


async def referred(desk: Desk, tenant: Tenant) -> None:
    """Keep with the model on duty what was asked by now, as training does."""
    catalog = await desk.catalog(tenant)
    async with desk.db.transaction(tenant.number) as tx:
        prepared = Prepared.of(ARRIVES_LATE, await known(tx, desk.lake, catalog.kinds), desk.now(tenant))
        asked = Asked(
            cutoff=Clock.of(prepared.asked).cutoff, cluster=clusters_of(prepared.asked.eligible),
            matrix=prepared.matrix, said=np.full(len(prepared.matrix.values), 0.3),
        )  # fmt: skip
        kept = reference(asked, desk.now(tenant), ["text.mode"])
        assert kept is not None
        assert "text.mode" in {one.name for one in kept.series}
        await tx.run(
            "update sightline.models set reference = :r where tenant = :t", t=tx.tenant, r=json.dumps(kept.document())
        )


async def test_what_is_not_known_any_more_is_noticed_and_accepted(desk: Desk, standing: Tenant) -> None:
    """A line a day; from now on nobody says by which mode it goes. Somebody says that this is well."""
    events = [
        make.event(
            f"line/m{n}", type="line.described", on=10, promised_on=f"{make.day(530 + n):%Y-%m-%d}",
            **({"mode": ("Air", "Sea", "Truck")[n * 7 % 11 % 3]} if n < 500 else {}),
        )
        for n in range(700)
    ]  # fmt: skip
    await on_duty(desk, standing, 0.3, at=make.day(1000))
    await tell(desk, standing, *events)
    await referred(desk, standing)
    tenant = await desk.advance(standing, make.day(1120))
    (alarm,) = [one for one in await watching.standing(desk, tenant) if one.what == "population"]
    assert "of shipment mode, not known of 100% instead of 0% of those asked" in alarm.words
    assert alarm.since is not None
    assert make.day(1000) <= alarm.since <= make.day(1025)
    await watching.lift(desk, tenant, alarm.id, by="ada", why="The mode is not recorded any more.")
    tenant = await desk.advance(tenant, make.day(1200))
    assert [one.what for one in await watching.standing(desk, tenant) if one.what == "population"] == []
    seen = await watching.watch_of(desk, tenant, NAME)
    assert seen.population is not None
    assert len(seen.population["windows"]) == 15
