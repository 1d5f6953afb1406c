"""Who wakes a playbook: each day the best of all who are open, an event that has just become known, and no old one."""

from __future__ import annotations

from typing import Any

import pytest

from sightline.foundation.tenants import Tenant
from sightline.kernel.act import waking
from sightline.kernel.desk import Desk
from sightline.kernel.predict import registry
from sightline.kernel.predict.registry import Model
from sightline.language.prediction import Prediction
from sightline.language.ref import Ref
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.testing import make
from tests.kernel.act.world import choose, declare, line, tell

DAILY = """
[own.daily]
question = "supply.arrives_late"
wakes_on = "every day"
party = "project"
whom = "probability above 0.3"
capacity = 2
choices = [{ name = "tell", channel = "paper", saves = 0.1, text = "{{ key }}" }]
"""

ON_EVENT = """
[own.sent]
question = "supply.arrives_late"
wakes_on = "line.described"
party = "project"
choices = [{ name = "tell", channel = "paper", gains = 1, text = "{{ key }} by {{ it.mode }}" }]
"""


async def on_duty(desk: Desk, tenant: Tenant, chances: dict[str, float]) -> None:
    """A model on duty that has said so much of each line."""
    made = [
        Prediction(
            question=ARRIVES_LATE.name, subject=Ref("line", key), cutoff=make.day(990), deadline=make.day(1030),
            probability=chance, low=0.0, high=1.0, worth=10_000.0, expected_loss=10_000.0 * chance, model="m1",
            reasons=(),
        )
        for key, chance in chances.items()
    ]  # fmt: skip
    model = Model(
        question=ARRIVES_LATE.name, version="m1", line="", document={}, proof={"sides": []},
        trained_at=make.day(980), as_of=make.day(980), position=0,
    )  # fmt: skip
    async with desk.db.transaction(tenant.number) as tx:
        await registry.store(tx, model, on_duty=True)
        await registry.keep(tx, made, grace=ARRIVES_LATE.grace, at=desk.now(tenant))


async def decided(desk: Desk, tenant: Tenant, playbook: str) -> dict[str, Any]:
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select subject, verb from sightline.decisions where tenant = :t and playbook = :p", t=tx.tenant, p=playbook
        )
    return {row["subject"]: row["verb"] for row in rows}


async def test_each_day_the_best_and_tomorrow_those_behind_them(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    keys = {"a": 0.9, "b": 0.8, "c": 0.7, "d": 0.6, "never": 0.2}
    await tell(desk, standing, *(line(key, promised=1025) for key in keys))
    await on_duty(desk, standing, keys)
    await declare(desk, standing, DAILY)
    tenant = await desk.advance(standing, make.day(1001))
    assert await decided(desk, tenant, "own.daily") == {"a": "ask", "b": "ask"}
    await desk.go_round(tenant)
    assert len(await decided(desk, tenant, "own.daily")) == 2
    tenant = await desk.advance(tenant, make.day(1002))
    assert await decided(desk, tenant, "own.daily") == dict.fromkeys("abcd", "ask")
    tenant = await desk.advance(tenant, make.day(1003))
    assert "never" not in await decided(desk, tenant, "own.daily")


async def test_of_whom_nothing_can_be_written_keeps_nobody_from_a_day_s_capacity(
    desk: Desk, standing: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waking, "CANDIDATES", 2)
    choose(desk, hold_out=0.0)
    keys = {"bare": 0.9, "blank": 0.8, "first": 0.7, "second": 0.6}
    known = [line(key, promised=1025) for key in keys]
    bare = [one.but(data={name: said for name, said in one.data.items() if name != "mode"}) for one in known[:2]]
    await tell(desk, standing, *bare, *known[2:])
    await on_duty(desk, standing, keys)
    await declare(desk, standing, DAILY.replace("capacity = 2", "capacity = 1").replace("{{ key }}", "{{ it.mode }}"))
    unwritten = {"bare": "drop", "blank": "drop"}
    tenant = await desk.advance(standing, make.day(1001))
    assert await decided(desk, tenant, "own.daily") == unwritten
    tenant = await desk.advance(tenant, make.day(1002))
    assert await decided(desk, tenant, "own.daily") == unwritten | {"first": "ask"}
    tenant = await desk.advance(tenant, make.day(1003))
    assert await decided(desk, tenant, "own.daily") == unwritten | {"first": "ask", "second": "ask"}


async def test_controls_take_their_share_of_the_capacity(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.5)
    keys = {f"l{number}": 0.9 - number / 100 for number in range(12)}
    await tell(desk, standing, *(line(key, promised=1025) for key in keys))
    await on_duty(desk, standing, keys)
    await declare(desk, standing, DAILY)
    tenant = standing
    for day in range(1001, 1007):
        tenant = await desk.advance(tenant, make.day(day))
        assert len(await decided(desk, tenant, "own.daily")) == 2 * (day - 1000)
    assert set((await decided(desk, tenant, "own.daily")).values()) == {"ask", "hold"}


async def test_an_event_wakes_once_and_an_old_one_never(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    await declare(desk, standing, ON_EVENT)
    old, new = line("old"), line("new").but(time=make.day(1000), known_at=make.day(1000))
    await tell(desk, standing, old, new)
    assert await decided(desk, standing, "own.sent") == {"new": "act"}
    await tell(desk, standing, new, new.but(id="corrected", revises=new.id))
    assert await decided(desk, standing, "own.sent") == {"new": "act"}
    await tell(desk, standing, new.but(id="another"))
    async with desk.db.transaction(standing.number) as tx:
        keys = await tx.rows("select key from sightline.decisions where playbook = 'own.sent' and tenant = :t",
                             t=tx.tenant)  # fmt: skip
    assert len(keys) == 2


async def test_who_fits_is_found_behind_many_who_do_not(
    desk: Desk, standing: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waking, "CANDIDATES", 3)
    choose(desk, hold_out=0.0)
    keys = {f"l{number}": 0.9 - number / 100 for number in range(10)}
    await tell(desk, standing, *(line(key, promised=1025, mode="Truck" if key == "l9" else "Air") for key in keys))
    await on_duty(desk, standing, keys)
    await declare(desk, standing, DAILY.replace("probability above 0.3", "mode is Truck"))
    tenant = await desk.advance(standing, make.day(1001))
    assert await decided(desk, tenant, "own.daily") == {"l9": "ask"}


async def test_a_playbook_whose_question_goes_stands_apart_and_stops_nobody(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    await declare(desk, standing, ON_EVENT)
    async with desk.db.transaction(standing.number) as tx:
        await tx.run("update sightline.playbooks set text = replace(text, 'arrives_late', 'gone') where tenant = :t",
                     t=tx.tenant)  # fmt: skip
    catalog = await desk.catalog(standing)
    assert "own.sent" not in catalog.playbooks
    assert "supply.gone" in catalog.stopped["own.sent"]
    await tell(desk, standing, line("new").but(time=make.day(1000), known_at=make.day(1000)))
    assert await decided(desk, standing, "own.sent") == {}


async def test_a_message_about_somebody_with_any_key_is_one_contact(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0, contacts_per_week=2)
    async with desk.db.transaction(standing.number) as tx:
        await tx.run("insert into sightline.destinations (tenant, name, channel) values (:t, 'crm', 'x')", t=tx.tenant)
    await declare(desk, standing, ON_EVENT.replace("paper", "crm"))
    first = line("one#1").but(time=make.day(1000), known_at=make.day(1000))
    await tell(desk, standing, first)
    await tell(desk, standing, first.but(id="second"))
    await tell(desk, standing, first.but(id="third"))
    async with desk.db.transaction(standing.number) as tx:
        rows = await tx.rows(
            "select verb from sightline.decisions where tenant = :t and playbook = 'own.sent' order by verb",
            t=tx.tenant,
        )
    assert [row["verb"] for row in rows] == ["act", "act", "drop"]


async def test_who_was_spoken_to_often_enough_is_left_alone(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0, contacts_per_week=1)
    async with desk.db.transaction(standing.number) as tx:
        await tx.run("insert into sightline.destinations (tenant, name, channel) values (:t, 'crm', 'x')", t=tx.tenant)
    await declare(desk, standing, ON_EVENT.replace("paper", "crm"))
    first = line("one").but(time=make.day(1000), known_at=make.day(1000))
    await tell(desk, standing, first)
    await tell(desk, standing, first.but(id="second"))
    async with desk.db.transaction(standing.number) as tx:
        rows = await tx.rows(
            "select verb, because from sightline.decisions where tenant = :t and playbook = 'own.sent' order by verb",
            t=tx.tenant,
        )
    assert [row["verb"] for row in rows] == ["act", "drop"]
    assert rows[1]["because"] == "project/one was spoken to 1 times within a week, as often as the policy allows."
