"""Outcomes of every shape of question, read as they become known and settled when they are mature."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from sightline.foundation import ledger
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, asking
from sightline.kernel.predict import registry
from sightline.language.event import Event
from sightline.language.prediction import Prediction
from sightline.language.ref import Ref
from sightline.testing import make

DAY0 = make.day(1000)
"""Where the workspace's clock stands, and the cutoff of every prediction here."""

FOR = "for line every 30 days"


async def asked(desk: Desk, tenant: Tenant, line: str, *keys: str, days: float = 20, at: datetime = DAY0) -> str:
    """A question of that line, with a prediction about each key and no model; returns its name."""
    question = asking.read_line(await desk.catalog(tenant), line, name="own.asked")
    await asking.declare(desk, tenant, question)
    said: dict[str, float] = {"probability": 0.3} if question.chance else {"quantity": 2.0, "mean": 2.5}
    made = [
        Prediction(
            question=question.name, subject=Ref("line", key), cutoff=at, deadline=at + timedelta(days=days), low=0.0,
            high=5.0, worth=None, expected_loss=None, model="m1", **{"probability": None, **said},
        )
        for key in keys
    ]  # fmt: skip
    async with desk.db.transaction(tenant.number) as tx:
        await registry.keep(tx, made, grace=question.grace, at=at)
    return question.name


async def tell(desk: Desk, tenant: Tenant, *events: Event) -> None:
    async with desk.db.transaction(tenant.number) as tx:
        ledger.record(tx, events, at=desk.now(tenant))
    await desk.go_round(tenant)


def delivered(key: str, on: float, known: float | None = None) -> Event:
    return make.event(f"line/{key}", type="line.delivered", on=on, known=known)


async def rows(desk: Desk, tenant: Tenant, table: str) -> dict[str, dict[str, Any]]:
    async with desk.db.transaction(tenant.number) as tx:
        found = await tx.rows(f"select * from sightline.{table} where tenant = :t", t=tx.tenant)
    return {row["key"]: dict(row) for row in found}


async def outcomes(desk: Desk, tenant: Tenant, table: str = "outcomes") -> dict[str, float | None]:
    name = "answer" if table == "outcomes" else "outcome"
    return {key: row[name] for key, row in (await rows(desk, tenant, table)).items()}


@pytest.mark.parametrize(("answer", "yes"), [("absent", 0.0), ("happens", 1.0)])
async def test_within_a_window_only_what_happens_in_it_counts(
    desk: Desk, standing: Tenant, answer: str, yes: float
) -> None:
    await asked(desk, standing, f"predict {answer} line.delivered within 20 days {FOR} grace 5 days",
                "inside", "before", "behind", "never")  # fmt: skip
    await tell(desk, standing, delivered("before", 990))
    tenant = await desk.advance(standing, make.day(1010))
    await tell(desk, tenant, delivered("inside", 1005))
    early = await outcomes(desk, tenant, "predictions")
    assert early == {"inside": yes, "before": None, "behind": None, "never": None}
    assert await outcomes(desk, tenant) == {}
    tenant = await desk.advance(tenant, make.day(1022))
    await tell(desk, tenant, delivered("behind", 1021))
    assert (await outcomes(desk, tenant, "predictions"))["behind"] is None
    tenant = await desk.advance(tenant, make.day(1026))
    assert await outcomes(desk, tenant) == {"inside": yes, "before": 1 - yes, "behind": 1 - yes, "never": 1 - yes}


async def test_a_count_is_read_when_it_is_mature_and_corrected_by_what_comes_late(desk: Desk, standing: Tenant) -> None:
    await asked(desk, standing, f"predict count line.delivered within 20 days {FOR}", "a", "none")
    tenant = await desk.advance(standing, make.day(1015))
    await tell(desk, tenant, delivered("a", 1000), delivered("a", 1001), delivered("a", 1015))
    assert await outcomes(desk, tenant, "predictions") == {"a": None, "none": None}
    tenant = await desk.advance(tenant, make.day(1021))
    assert await outcomes(desk, tenant) == {"a": 2.0, "none": 0.0}
    tenant = await desk.advance(tenant, make.day(1030))
    await tell(desk, tenant, delivered("a", 1018, known=1030))
    assert await outcomes(desk, tenant) == {"a": 3.0, "none": 0.0}
    settled = await rows(desk, tenant, "outcomes")
    assert settled["a"]["quantity"] == 2.0
    assert settled["a"]["probability"] is None


async def test_an_event_that_turns_out_to_be_of_another_is_taken_from_the_one_and_counted_for_the_other(
    desk: Desk, standing: Tenant
) -> None:
    """Though the correction names only the other."""
    await asked(desk, standing, f"predict count line.delivered within 20 days {FOR}", "a", "b", "c")
    tenant = await desk.advance(standing, make.day(1021))
    told = delivered("a", 1005, known=1021)
    await tell(desk, tenant, told, delivered("c", 1004, known=1021))
    assert await outcomes(desk, tenant) == {"a": 1.0, "b": 0.0, "c": 1.0}
    await tell(desk, tenant, told.but(id="again", revises=told.id, subject=Ref("line", "b")))
    assert await outcomes(desk, tenant) == {"a": 0.0, "b": 1.0, "c": 1.0}
    await tell(desk, tenant, make.retraction(told))
    assert await outcomes(desk, tenant) == {"a": 0.0, "b": 0.0, "c": 1.0}


async def test_of_the_next_the_days_are_told_or_that_it_lies_beyond(desk: Desk, standing: Tenant) -> None:
    await asked(desk, standing, f"predict next line.delivered within 20 days {FOR}", "soon", "beyond")
    tenant = await desk.advance(standing, make.day(1010))
    await tell(desk, tenant, delivered("soon", 1004.5), delivered("soon", 1009))
    assert await outcomes(desk, tenant, "predictions") == {"soon": 4.5, "beyond": None}
    tenant = await desk.advance(tenant, make.day(1021))
    found = await rows(desk, tenant, "outcomes")
    assert {key: (row["answer"], row["censored"]) for key, row in found.items()} == {
        "soon": (4.5, False), "beyond": (20.0, True)
    }  # fmt: skip


async def test_of_a_table_without_time_an_attribute_is_the_answer_as_soon_as_it_is_known(
    desk: Desk, standing: Tenant
) -> None:
    line = make.event("line/a", type="line.described", on=10, incoterm="Air")
    other = make.event("line/b", type="line.described", on=10, incoterm="Ocean")
    await asked(desk, standing, "predict value incoterm is Air for line once", "a", "b", "c", days=365_000)
    await tell(desk, standing, line, other)
    assert await outcomes(desk, standing) == {"a": 1.0, "b": 0.0}
    await tell(desk, standing, other.but(id="again", revises=other.id, data={"incoterm": "Air"}))
    assert await outcomes(desk, standing) == {"a": 1.0, "b": 1.0}


async def test_a_class_of_a_number_is_compared_as_a_number(desk: Desk, standing: Tenant) -> None:
    """As in training: 5.0 is 5, and a text is no number."""
    await asked(desk, standing, "predict value quantity is 5 for line once", "whole", "point", "more", "text",
                days=365_000)  # fmt: skip
    said = {"whole": 5, "point": 5.0, "more": 5.5, "text": "5"}
    told = [make.event(f"line/{key}", type="line.described", on=10, quantity=value) for key, value in said.items()]
    await tell(desk, standing, *told)
    assert await outcomes(desk, standing, "predictions") == {"whole": 1.0, "point": 1.0, "more": 0.0, "text": None}


async def test_who_is_asked_again_is_listed_by_the_last_cutoff_and_counted_by_all(desk: Desk, standing: Tenant) -> None:
    line = f"predict happens line.delivered within 20 days {FOR}"
    for at in (980, 990, 1000):
        name = await asked(desk, standing, line, "a", at=make.day(at))
    async with desk.db.transaction(standing.number) as tx:
        await registry.supersede(tx, name)
        found = await tx.rows(
            "select cutoff, superseded from sightline.predictions where tenant = :t order by cutoff", t=tx.tenant
        )
        assert [row["superseded"] for row in found] == [True, True, False]
        await registry.withdraw(tx, name, [("a", DAY0)], at=DAY0)
        await registry.supersede(tx, name)
        found = await tx.rows(
            "select superseded from sightline.predictions where tenant = :t and withdrawn_at is null order by cutoff",
            t=tx.tenant,
        )
        assert [row["superseded"] for row in found] == [True, False]
