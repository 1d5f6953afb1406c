"""Projections against a model so plain that it can be checked by eye, on random histories with late corrections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.foundation import ledger, tenants
from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk
from sightline.kernel.know.entities import entity
from sightline.kernel.know.project import Tables, project_span
from sightline.language.derived import RETRACTED
from sightline.language.errors import NotFound
from sightline.language.event import LINKS, Event
from sightline.language.ref import Ref
from sightline.testing import make

THINGS = [f"thing/{number}" for number in range(4)]
SITES = ["site/a", "site/b", "thing/0"]
DAYS = st.integers(0, 12)


@st.composite
def said(draw: st.DrawFn, number: int) -> Event:
    """One event: new, or revising (perhaps into nothing, perhaps of somebody else) any that was or will be told."""
    facts: dict[str, Any] = draw(
        st.fixed_dictionaries({}, optional={"size": st.integers(0, 3) | st.none(), "colour": st.sampled_from("ab")})
    )
    links = draw(st.dictionaries(st.sampled_from(["site", "maker"]), st.sampled_from(SITES), max_size=2))
    told = make.event(
        draw(st.sampled_from(THINGS)), id=f"e{number}", type="thing.described",
        on=draw(DAYS), known=draw(DAYS), links=links,
        revises=f"e{draw(st.integers(0, 12))}" if draw(st.booleans()) else None, **facts,
    )  # fmt: skip
    if told.revises and draw(st.integers(0, 3)) == 0:
        return make.retraction(told, id=told.id)
    return told


@st.composite
def histories(draw: st.DrawFn) -> list[list[Event]]:
    """What becomes of the ledger, in stretches."""
    count = draw(st.integers(1, 14))
    events = [draw(said(number)) for number in draw(st.permutations(range(count)))]
    stretches: list[list[Event]] = [[]]
    for event in events:
        if stretches[-1] and draw(st.integers(0, 2)) == 0:
            stretches.append([])
        stretches[-1].append(event)
    return stretches


def seen(events: Sequence[Event], as_of: datetime) -> list[Event]:
    """The last revision of each chain known by then."""
    last: dict[tuple[str, str], Event] = {}
    for event in sorted(events, key=lambda e: (e.known_at, e.position)):
        if event.known_at <= as_of:
            last[event.source, event.revises or event.id] = event
    return [event for event in last.values() if event.type != RETRACTED]


def plain(events: Sequence[Event], ref: str, as_of: datetime) -> tuple[dict[str, Any], dict[str, str]] | None:
    """Attributes and links of a thing as of then; None when nothing says it is there."""
    visible = sorted(seen(events, as_of), key=lambda e: (e.known_at, e.position))
    mine = [event for event in visible if str(event.subject) == ref]
    if not mine and not any(ref in (event.data.get(LINKS) or {}).values() for event in visible):
        return None
    attributes: dict[str, Any] = {}
    links: dict[str, str] = {}
    for event in mine:
        attributes |= {name: value for name, value in event.data.items() if name != LINKS}
        links |= event.data.get(LINKS) or {}
    return {name: value for name, value in attributes.items() if value is not None}, links


async def read(tx: Transaction, ref: str, as_of: datetime) -> tuple[dict[str, Any], dict[str, str]] | None:
    """The same from the projections."""
    try:
        found = await entity(tx, Ref.parse(ref), as_of=as_of)
    except NotFound:
        return None
    return found.attributes, found.links


async def contents(tx: Transaction) -> list[list[str]]:
    """Every row of every projection."""
    found = []
    for name in astuple(Tables()):
        rows = await tx.rows(f"select x::text as row from {name} x where tenant = :t order by 1", t=tx.tenant)
        found.append([row["row"] for row in rows])
    return found


async def tell(desk: Desk, tenant: Tenant, stretches: Sequence[Sequence[Event]]) -> None:
    """Append each stretch and project it."""
    for stretch in stretches:
        async with desk.db.transaction(tenant.number) as tx:
            before = await ledger.last_position(tx)
            ledger.record(tx, stretch, at=make.day(1000))
        async with desk.db.transaction(tenant.number) as tx:
            await project_span(tx, Tables(), tenant.number, before, await ledger.last_position(tx))


async def told(tx: Transaction) -> list[Event]:
    """The ledger as it is."""
    found = await tx.rows("select * from sightline.ledger where tenant = :t order by position", t=tx.tenant)
    return [ledger.event_of(row) for row in found]


async def rebuilt(tx: Transaction, tenant: Tenant) -> list[list[str]]:
    """The projections made again in one stretch."""
    for name in astuple(Tables()):
        await tx.run(f"delete from {name} where tenant = :t", t=tenant.number)
    await project_span(tx, Tables(), tenant.number, 0, await ledger.last_position(tx))
    return await contents(tx)


@pytest.fixture
def numbers() -> Any:
    """A workspace per example."""
    return iter(range(1_000_000))


@settings(max_examples=60)
@given(stretches=histories())
async def test_reading_as_of_any_day_is_what_the_plain_model_says(
    desk: Desk, workspace: Tenant, numbers: Any, stretches: list[list[Event]]
) -> None:
    tenant = await tenants.make(desk.db, f"{workspace.name}-{next(numbers)}")
    await tell(desk, tenant, stretches)
    async with desk.db.transaction(tenant.number) as tx:
        events = await told(tx)
        for ref in {*THINGS, *SITES}:
            for moment in (make.day(number) for number in range(-1, 14)):
                assert await read(tx, ref, moment) == plain(events, ref, moment), (ref, moment)


@settings(max_examples=60)
@given(stretches=histories())
async def test_projected_in_stretches_is_projected_at_once(
    desk: Desk, workspace: Tenant, numbers: Any, stretches: list[list[Event]]
) -> None:
    tenant = await tenants.make(desk.db, f"{workspace.name}-{next(numbers)}")
    await tell(desk, tenant, stretches)
    async with desk.db.transaction(tenant.number) as tx:
        before = await contents(tx)
        assert await rebuilt(tx, tenant) == before


@settings(max_examples=30)
@given(stretches=histories())
async def test_what_stands_now_is_what_was_known_last(
    desk: Desk, workspace: Tenant, numbers: Any, stretches: list[list[Event]]
) -> None:
    tenant = await tenants.make(desk.db, f"{workspace.name}-{next(numbers)}")
    await tell(desk, tenant, stretches)
    async with desk.db.transaction(tenant.number) as tx:
        events = await told(tx)
        rows = await tx.rows(
            "select kind, key, attributes, links from sightline.entities where tenant = :t", t=tx.tenant
        )
    now = {f"{row['kind']}/{row['key']}": (row["attributes"], row["links"]) for row in rows}
    expected = {ref: found for ref in {*THINGS, *SITES} if (found := plain(events, ref, make.day(2000)))}
    assert {ref: now[ref] for ref in expected} == expected
