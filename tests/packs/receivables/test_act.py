"""The ladder of reminders: climbed while nothing comes, left at once when the invoice is paid or disputed."""

from __future__ import annotations

import pytest

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk
from sightline.language.event import Event
from sightline.packs.receivables.act import LADDER, RECOVER
from sightline.testing import make
from tests.kernel.act.world import asked, choose, letters_of, runs_of, tell


def invoice(key: str = "7", *, due: float = 995, issued: float = 965) -> list[Event]:
    """An invoice over 1,200, described and issued."""
    told = make.event(
        f"invoice/{key}", type="invoice.described", on=issued, links={"customer": "customer/1"}, amount=1_200,
        due_on=f"{make.day(due):%Y-%m-%d}",
    )  # fmt: skip
    return [told, make.event(f"invoice/{key}", type="invoice.issued", on=issued)]


def happens(type_: str, on: float, key: str = "7") -> Event:
    return make.event(f"invoice/{key}", type=type_, on=on)


async def overdue(desk: Desk, tenant: Tenant) -> None:
    choose(desk, hold_out=0.0)
    await tell(desk, tenant, *invoice())


async def test_the_ladder_is_climbed_while_nothing_comes(desk: Desk, standing: Tenant) -> None:
    await overdue(desk, standing)
    tenant = await desk.advance(standing, make.day(1008))
    tenant = await desk.advance(tenant, make.day(1016))
    said = await letters_of(desk, tenant, LADDER.name)
    assert said == [
        "Invoice 7 over 1,200.00 is not paid yet. Has it been overlooked?",
        "Invoice 7 over 1,200.00 is still open. Please tell us when it is paid.",
    ]
    (item,) = await asked(desk, tenant, state="open")
    assert "Shall it be handed on?" in item.text


@pytest.mark.parametrize("stop", ["invoice.paid", "invoice.disputed"])
async def test_a_payment_or_a_dispute_stops_it(desk: Desk, standing: Tenant, stop: str) -> None:
    await overdue(desk, standing)
    tenant = await desk.advance(standing, make.day(1003))
    await tell(desk, tenant, happens(stop, 1003))
    (run,) = await runs_of(desk, tenant, LADDER.name)
    assert (run.state, run.why) == ("ended", "What it waited for happened.")
    tenant = await desk.advance(tenant, make.day(1020))
    assert len(await letters_of(desk, tenant, LADDER.name)) == 1


async def test_a_promise_is_waited_for_and_asked_about_when_it_is_broken(desk: Desk, standing: Tenant) -> None:
    await overdue(desk, standing)
    tenant = await desk.advance(standing, make.day(1003))
    await tell(desk, tenant, happens("invoice.promised", 1003))
    (run,) = await runs_of(desk, tenant, LADDER.name)
    assert (run.state, run.step) == ("running", "answered")
    tenant = await desk.advance(tenant, make.day(1016))
    assert await asked(desk, tenant, state="open") == []
    tenant = await desk.advance(tenant, make.day(1018))
    (item,) = await asked(desk, tenant, state="open")
    assert "was promised and has not come" in item.text


async def test_a_failed_payment_is_asked_for_again(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    await tell(desk, standing, *invoice(due=1020, issued=999))
    await tell(desk, standing, happens("payment.failed", 1000))
    assert await letters_of(desk, standing, RECOVER.name) == [
        "The payment of invoice 7 over 1,200.00 did not go through. Please try again, or another way."
    ]
    tenant = await desk.advance(standing, make.day(1001))
    await tell(desk, tenant, happens("invoice.paid", 1001))
    (run,) = await runs_of(desk, tenant, RECOVER.name)
    assert run.state == "ended"
