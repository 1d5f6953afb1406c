"""What comes within a decision's own time counts as its outcome, when that has passed; late records correct it."""

from __future__ import annotations

from typing import Any

import pytest

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, asking, experimenting, playing, reading
from sightline.kernel.learn.effect import effect
from sightline.language import derived
from sightline.language.errors import Invalid
from sightline.language.playbook import Success
from sightline.testing import make
from tests.kernel.act.world import HEAD, choose, declare, delivered, line, tell

TEN_DAYS = HEAD + 'attribution = "10d"\nsuccess = "no"\n'


async def came(desk: Desk, tenant: Tenant) -> dict[str, tuple[float, bool]]:
    """By subject: what came of the decision about it, and whether its time has not passed yet."""
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select d.subject, o.answer, o.early from sightline.decision_outcomes o join sightline.decisions d"
            " using (tenant, key) where tenant = :t and d.playbook = 'own.chase'",
            t=tx.tenant,
        )  # fmt: skip
    return {row["subject"]: (row["answer"], row["early"]) for row in rows}


async def told(desk: Desk, tenant: Tenant) -> list[dict[str, Any]]:
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select key, data from sightline.ledger where tenant = :t and type = :type"
            " and data ->> 'playbook' = 'own.chase' order by position",
            t=tx.tenant, type=derived.DECISION_SETTLED,
        )  # fmt: skip
    return [{"subject": row["key"], **row["data"]} for row in rows]


async def unsettled(desk: Desk, tenant: Tenant) -> int:
    return next(one.broken for one in await reading.invariants(desk, tenant) if one.name == "decided_has_come")


async def test_what_comes_in_time_counts_when_that_has_passed_and_late_records_correct_it(
    desk: Desk, standing: Tenant
) -> None:  # fmt: skip
    choose(desk, hold_out=0.3)
    await declare(desk, standing, TEN_DAYS)
    await tell(desk, standing, *(line(key) for key in "abcdefghijkl"))
    grace = (await desk.catalog(standing)).question("supply.arrives_late").grace.days
    tenant = await desk.advance(standing, make.day(1004))
    # The answer of the question is "late": whoever came within the window is not.
    await tell(desk, tenant, delivered("a", on=1003), delivered("b", on=1003.5))
    assert await came(desk, tenant) == {"a": (0.0, True), "b": (0.0, True)}
    await tell(desk, tenant, make.event("line/b", type=derived.RETRACTED, on=1004, revises="delivered:b"))
    assert await came(desk, tenant) == {"a": (0.0, True)}
    tenant = await desk.advance(tenant, make.day(1009))
    async with desk.db.transaction(tenant.number) as tx:
        success, book = Success(playbook="own.chase", answer=False), await playing.playbook(desk, tenant, "own.chase")
        assert (await effect(tx, success, playbook=book)).treated == 0
    waits = (await experimenting.effect(desk, tenant, "own.chase")).effect
    assert waits is not None
    # About b once more when its delivery was taken back: that one is still open after the others.
    assert (waits.decided, waits.due) == (13, make.day(1010 + grace))
    assert await unsettled(desk, tenant) == 0
    tenant = await desk.advance(tenant, make.day(1012 + grace))
    known = (await experimenting.effect(desk, tenant, "own.chase")).effect
    assert known is not None
    assert (known.treated + known.control, known.due) == (12, None)
    found = await came(desk, tenant)
    assert set(found) == set("abcdefghijkl")
    assert {key for key, (answer, early) in found.items() if answer == 0.0 and not early} == {"a"}
    assert not any(early for _, early in found.values())
    assert await unsettled(desk, tenant) == 0
    # One more came in time, though nobody had said so, and one came too late.
    await tell(desk, tenant, delivered("c", on=1009, known=1012 + grace), delivered("d", on=1011, known=1012 + grace))
    found = await came(desk, tenant)
    assert (found["c"], found["d"]) == ((0.0, False), (1.0, False))
    of_c = [(one["answer"], one["early"]) for one in await told(desk, tenant) if one["subject"] == "c"]
    assert of_c == [(True, False), (False, False)]
    async with desk.db.transaction(tenant.number) as tx:
        whole = await effect(tx, success, playbook=book)
    assert (whole.treated + whole.control, whole.treated > 0, whole.control > 0) == (12, True, True)
    hits = (whole.treated_rate or 0) * whole.treated + (whole.control_rate or 0) * whole.control
    assert hits == pytest.approx(2)


async def test_another_window_counts_for_what_is_not_settled_yet(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    await declare(desk, standing, TEN_DAYS)
    await tell(desk, standing, line("a"), line("b"))
    tenant = await desk.advance(standing, make.day(1040))
    settled = await came(desk, tenant)
    assert settled == {"a": (1.0, False), "b": (1.0, False)}
    await declare(desk, tenant, TEN_DAYS.replace("10d", "60d"))
    # Within the new window, not within the one by which it was settled.
    await tell(desk, tenant, delivered("a", on=1030))
    assert await came(desk, tenant) == settled


async def test_a_decision_without_an_outcome_is_noticed(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    await declare(desk, standing, TEN_DAYS)
    await tell(desk, standing, line("a"))
    tenant = await desk.advance(standing, make.day(1060))
    async with desk.db.transaction(tenant.number) as tx:
        await tx.run("delete from sightline.decision_outcomes where tenant = :t", t=tx.tenant)
    assert await unsettled(desk, tenant) == 1


async def test_a_window_is_refused_where_nothing_can_be_counted(desk: Desk, standing: Tenant) -> None:
    with pytest.raises(Invalid, match="is no span of time"):
        await declare(desk, standing, TEN_DAYS.replace("10d", "ten days"))
    await tell(desk, standing, line("a"))
    said = "predict count line.delivered within 20 days for line every 30 days"
    counted = asking.read_line(await desk.catalog(standing), said, name="own.counted")
    await asking.declare(desk, standing, counted)
    text = TEN_DAYS.replace('question = "supply.arrives_late"', 'question = "own.counted"')
    with pytest.raises(Invalid, match="no `attribution` can be counted"):
        await declare(desk, standing, text.replace('success = "no"\n', ""))
