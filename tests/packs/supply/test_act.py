"""A line that is overdue: its buyer is told, and two weeks later somebody may ask another vendor for a quote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sightline.foundation.tenants import Tenant
from sightline.kernel.act.figures import check, facts
from sightline.kernel.desk import Desk
from sightline.language.event import Event
from sightline.language.playbook import Situation
from sightline.language.ref import Ref
from sightline.packs.supply.act import CHASE_OVERDUE, request, second_source
from sightline.testing import make
from tests.kernel.act.world import answer, asked, choose, letters_of, runs_of, tell

LINE = Situation(
    subject=Ref("line", "82108"),
    now=make.day(100),
    attributes={"quantity": 12_500.0},
    links={"product": "product/HIV-1 Test, 30 Tests", "country": "country/Zambia"},
)


def ordered(*, promised: float = 995) -> list[Event]:
    told = make.event(
        "line/7", type="line.described", on=900, links={"project": "project/1", "product": "product/Test, 30 Tests"},
        value=20_000, quantity=6_170, promised_on=f"{make.day(promised):%Y-%m-%d}",
    )  # fmt: skip
    return [told, make.event("line/7", type="order.sent", on=901)]


async def overdue(desk: Desk, tenant: Tenant) -> Tenant:
    choose(desk, hold_out=0.0)
    await tell(desk, tenant, *ordered())
    (run,) = await runs_of(desk, tenant, CHASE_OVERDUE.name)
    assert (run.state, run.step) == ("running", "two weeks")
    return tenant


async def test_another_vendor_is_asked_for_a_quote_where_somebody_says_so(desk: Desk, standing: Tenant) -> None:
    tenant = await desk.advance(await overdue(desk, standing), make.day(1013))
    assert await asked(desk, tenant, state="open") == []
    tenant = await desk.advance(tenant, make.day(1015))
    (item,) = await asked(desk, tenant, state="open")
    assert "Shall another vendor be asked for a quote: 6,170 of Test, 30 Tests?" in item.text
    await answer(desk, tenant, item, yes=True)
    assert (await letters_of(desk, tenant, CHASE_OVERDUE.name))[1:] == [
        "Please quote: 6,170 of Test, 30 Tests. Tell us your price, and the first day on which you can deliver."
    ]


async def test_a_delivery_ends_it(desk: Desk, standing: Tenant) -> None:
    tenant = await desk.advance(await overdue(desk, standing), make.day(1003))
    await tell(desk, tenant, make.event("line/7", type="line.delivered", on=1003))
    (run,) = await runs_of(desk, tenant, CHASE_OVERDUE.name)
    assert (run.state, run.why) == ("ended", "What it waited for happened.")
    tenant = await desk.advance(tenant, make.day(1020))
    assert await asked(desk, tenant, state="open") == []


@pytest.mark.parametrize("write", [second_source, request])
def test_it_says_what_is_wanted_as_far_as_it_is_known(write: Callable[[Situation], str]) -> None:
    told = write(LINE)
    assert "12,500 of HIV-1 Test, 30 Tests, to Zambia" in told
    assert check(told, facts(LINE, write)).strange is None
    assert "what line/82108 is for" in write(replace(LINE, attributes={}, links={}))
    assert ": 2.5 of " in write(replace(LINE, attributes={"quantity": 2.5}))
