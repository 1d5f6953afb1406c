"""Destinations are told of what they subscribed to, once each under one name, and again where they ask for it."""

from __future__ import annotations

import pytest
from starlette.responses import Response

from sightline.foundation.outbound import Outbound
from sightline.foundation.tenants import Tenant
from sightline.foundation.vault import Personal
from sightline.kernel.act import destinations, outbox
from sightline.kernel.act.outbox import Delivery
from sightline.kernel.act.publishing import Subscription
from sightline.kernel.desk import Desk, delivering
from sightline.language.errors import Conflict, Invalid, NotFound
from sightline.testing import make
from tests.kernel.act.receiver import Receiver
from tests.kernel.act.sendings import all_of, change, courier
from tests.kernel.act.sendings import told as receipts
from tests.kernel.act.world import delivered, line, tell

CAME = Subscription(events=("line.delivered",))


@pytest.fixture
async def subscribed(desk: Desk, workspace: Tenant, crm: Receiver) -> Tenant:
    """A workspace in which `crm` is told that lines came, and one had come before."""
    await tell(desk, workspace, line("old"), delivered("old", on=910))
    await delivering.subscribe(desk, workspace, "crm", CAME)
    return workspace


async def put(desk: Desk, tenant: Tenant) -> list[Delivery]:
    """What stands in the outbox of events, in order."""
    found = (await all_of(desk, tenant)).values()
    return sorted((one for one in found if one.event), key=lambda one: one.made_at)


async def test_what_happens_is_told_once_as_it_stands_in_the_ledger(
    desk: Desk, subscribed: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    await tell(desk, subscribed, line("a"), delivered("a", on=920), line("b"))
    await tell(desk, subscribed, delivered("a", on=920), delivered("b", on=930))
    assert [one.subject for one in await put(desk, subscribed)] == ["line/a", "line/b"]
    assert await courier(desk, out).empty(subscribed.number) == 2
    first = next(one for one in crm.got if one.data["subject"] == "line/a")
    assert first.name == (await put(desk, subscribed))[0].id
    assert first.data["id"] == "delivered:a"
    assert first.data["time"] == f"{make.day(920):%Y-%m-%dT%H:%M:%S.%f}Z"
    assert first.body.startswith(b'{"type" : "line.delivered", "timestamp" :')
    # Nothing was done by this: no receipt in the ledger, no action, and nothing more to tell of.
    assert [one for one in await receipts(desk, subscribed) if one.startswith("event:")] == []
    await desk.go_round(subscribed)
    assert len(await put(desk, subscribed)) == 2


async def test_its_own_events_are_told_where_they_are_meant_and_its_failures_are_none(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    crm.answer = lambda got: Response(status_code=400)
    await delivering.subscribe(desk, workspace, "crm", Subscription(events=("*", "sightline.day.*")))
    await tell(desk, workspace, line("a"))
    kinds = {one.event for one in await put(desk, workspace)}
    assert "line.described" in kinds
    assert all(one == "sightline.day.began" for one in kinds if one and one.startswith("sightline."))
    await delivering.subscribe(desk, workspace, "crm", Subscription(events=("sightline.*",)))
    await courier(desk, out).empty(workspace.number)
    assert {one.state for one in await put(desk, workspace)} == {"dead"}
    before = len(await put(desk, workspace))
    await desk.go_round(workspace)
    assert len(await put(desk, workspace)) == before


async def test_a_span_of_time_is_told_again_under_the_same_names(
    desk: Desk, subscribed: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    await tell(desk, subscribed, delivered("a", on=920))
    await courier(desk, out).empty(subscribed.number)
    now = desk.now(subscribed)
    span = {"since": make.day(0), "until": make.day(20_000)}
    count = await delivering.replay(desk, subscribed, "crm", **span, dry=True)
    assert (count.events, count.first is not None) == (2, True)
    assert {one.state for one in await put(desk, subscribed)} == {"done"}
    assert (await delivering.replay(desk, subscribed, "crm", **span)).events == 2
    # Twice in a hurry is once.
    assert (await delivering.replay(desk, subscribed, "crm", **span)).events == 2
    assert await courier(desk, out).empty(subscribed.number) == 2
    names = [one.name for one in crm.got]
    assert len(names) == 3
    assert len(set(names)) == 2
    assert {one.subject: one.sent_again for one in await put(desk, subscribed)} == {"line/a": 1, "line/old": 0}
    other = Subscription(events=("line.d*",), about=("line",))
    assert (await delivering.replay(desk, subscribed, "crm", **span, wanted=other, dry=True)).events == 3
    with pytest.raises(Invalid, match="Nothing lies between"):
        await delivering.replay(desk, subscribed, "crm", since=now, until=now)


async def test_who_is_switched_off_is_told_nothing_until_it_is_replayed(
    desk: Desk, subscribed: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    span = {"since": make.day(0), "until": make.day(20_000)}
    async with desk.db.transaction(subscribed.number) as tx:
        await destinations.switch(tx, "crm", on=False)
    await tell(desk, subscribed, delivered("a", on=920))
    assert await put(desk, subscribed) == []
    with pytest.raises(Conflict, match="switched off"):
        await delivering.replay(desk, subscribed, "crm", **span)
    async with desk.db.transaction(subscribed.number) as tx:
        await destinations.switch(tx, "crm", on=True)
    await delivering.replay(desk, subscribed, "crm", **span)
    assert await courier(desk, out).empty(subscribed.number) == 2
    # What was told is forgotten after its time, and has the same name when it is told again.
    await change(desk, subscribed, "deliveries", "ended_at = ended_at - interval '31 days'")
    async with desk.db.transaction(subscribed.number) as tx:
        assert await outbox.forget(tx, 30) == 2
    await delivering.replay(desk, subscribed, "crm", **span)
    await courier(desk, out).empty(subscribed.number)
    assert len(crm.got) == 4
    assert len({one.name for one in crm.got}) == 2


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Subscription(events=("line.deliverd",)), "Nothing that 'line.deliverd' means has ever happened"),
        (Subscription(events=("decided",)), "Nothing that 'decided' means"),
        (Subscription(events=("sightline.nothing",)), "Nothing that 'sightline.nothing' means"),
        (Subscription(events=("line.*",), about=("vendor",)), "'line.\\*' happens to line, never to vendor"),
        (Subscription(events=("line.*",), about=("moon",)), "no subjects of the kind 'moon'"),
        (Subscription(events=("two words",)), "is no pattern"),
        (Subscription(about=("line",)), "and no events"),
    ],
)
async def test_what_could_never_be_met_is_refused(
    desk: Desk, subscribed: Tenant, wanted: Subscription, says: str
) -> None:  # fmt: skip
    with pytest.raises(Invalid, match=says):
        await delivering.subscribe(desk, subscribed, "crm", wanted)
    async with desk.db.transaction(subscribed.number) as tx:
        (crm,) = [one for one in await destinations.listed(tx) if one.name == "crm"]
    assert crm.events == CAME.events


async def test_only_webhooks_are_told_and_an_event_is_not_mended(
    desk: Desk, subscribed: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    async with desk.db.transaction(subscribed.number) as tx:
        await destinations.add(tx, desk.vault, "mail", "smtp://mail.example.com/?from=us@example.com")
    with pytest.raises(Invalid, match="read by people"):
        await delivering.subscribe(desk, subscribed, "mail", CAME)
    with pytest.raises(NotFound, match="No destination 'cmr'"):
        await delivering.subscribe(desk, subscribed, "cmr", CAME)
    crm.answer = lambda got: Response(status_code=400)
    await tell(desk, subscribed, delivered("a", on=920))
    await courier(desk, out).empty(subscribed.number)
    (dead,) = await put(desk, subscribed)
    with pytest.raises(Conflict, match="as it is"):
        await delivering.send_again(desk, subscribed, dead.id, "other words", None)
    await delivering.send_again(desk, subscribed, dead.id, None, None)


async def test_persons_stand_in_the_clear_where_that_is_said_whatever_their_names_hold(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    name = 'Jane "the \\ line" Doe'
    async with desk.db.transaction(workspace.number) as tx:
        (token,) = (await desk.vault.tokens(tx, [Personal(person=name, value=name)])).values()
    await tell(
        desk, workspace, make.event("line/p", type="line.described", on=900, buyer=token, promised_on="2015-01-01")
    )
    await delivering.subscribe(desk, workspace, "crm", Subscription(events=("line.*",)))
    await tell(
        desk, workspace, make.event("line/q", type="line.described", on=900, buyer=token, promised_on="2015-01-01")
    )
    await courier(desk, out).empty(workspace.number)
    assert crm.got[0].data["data"]["buyer"] == token
    await change(desk, workspace, "destinations", "reveal = true")
    await delivering.replay(desk, workspace, "crm", since=make.day(0), until=make.day(20_000))
    await courier(desk, out).empty(workspace.number)
    assert {one.data["data"]["buyer"] for one in crm.got[1:]} == {name}
