"""What is to be sent arrives, once per key, whoever fails, dies or hurries; what cannot arrive is a dead letter."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from starlette.responses import Response

from sightline.foundation.db.session import Transaction
from sightline.foundation.outbound import Allowed, Outbound
from sightline.foundation.tenants import Tenant
from sightline.foundation.vault import Personal
from sightline.kernel.act import destinations, outbox
from sightline.kernel.act.channels import Channel, Webhook
from sightline.kernel.act.courier import FAILED, Courier
from sightline.kernel.act.outbox import Delivery, Failed
from sightline.kernel.act.pacing import DELAYS, FAILURES
from sightline.kernel.desk import Desk, delivering
from sightline.language import derived
from sightline.language.action import Action, Destination, Policy, Receipt
from sightline.language.errors import Conflict, Invalid, NotFound, Undeliverable
from sightline.language.ref import Ref
from sightline.testing import make
from tests.kernel.act.receiver import Receiver, receiving


@pytest.fixture
async def out() -> AsyncIterator[Outbound]:
    """May reach loopback."""
    opened = Outbound(Allowed.of(["127.0.0.0/8"]))
    yield opened
    await opened.close()


@pytest.fixture
async def crm(desk: Desk, workspace: Tenant) -> AsyncIterator[Receiver]:
    """A destination `crm` of the workspace."""
    async with receiving() as other:
        async with desk.db.transaction(workspace.number) as tx:
            other.secret = str(await destinations.add(tx, desk.vault, "crm", other.url))
        yield other


def courier(desk: Desk, out: Outbound, **more: Channel) -> Courier:
    async def now(tx: Transaction) -> datetime:
        return make.day(1)

    ways: dict[str, Channel] = {"webhook": Webhook(out), **more}
    return Courier(db=desk.db, vault=desk.vault, channels=lambda tenant: ways, now=now)


async def put(desk: Desk, tenant: Tenant, *keys: str, to: str = "crm") -> None:
    async with desk.db.transaction(tenant.number) as tx:
        await outbox.put(tx, [make.action(key, destination=to, text=f"about {key}") for key in keys])


async def all_of(desk: Desk, tenant: Tenant) -> dict[str, Delivery]:
    async with desk.db.transaction(tenant.number) as tx:
        return {one.key: one for one in await outbox.listed(tx)}


async def told(desk: Desk, tenant: Tenant) -> list[str]:
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select data ->> 'key' as key from sightline.ledger where tenant = :t and type = :done order by position",
            t=tx.tenant, done=derived.DONE,
        )  # fmt: skip
        return [row["key"] for row in rows]


async def comes_to(desk: Desk, tenant: Tenant, key: str, state: str) -> bool:
    for _ in range(3_000):
        if (await all_of(desk, tenant))[key].state == state:
            return True
        await asyncio.sleep(0.01)
    return False


async def change(desk: Desk, tenant: Tenant, table: str, what: str) -> None:
    async with desk.db.transaction(tenant.number) as tx:
        await tx.run(f"update sightline.{table} set {what} where tenant = :t", t=tx.tenant)


async def test_what_is_put_arrives_once_with_a_receipt(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    await put(desk, workspace, "a", "b")
    await put(desk, workspace, "b", "c")
    assert await courier(desk, out).empty(workspace.number) == 3
    assert await courier(desk, out).empty(workspace.number) == 0
    assert sorted(text for _, text in crm.arrived()) == ["about a", "about b", "about c"]
    assert sorted(await told(desk, workspace)) == ["a", "b", "c"]
    kept = (await all_of(desk, workspace))["b"]
    assert (kept.state, kept.attempts, kept.reference, kept.problem) == ("done", 1, make.action("b").id, "")


async def test_an_unknown_destination_is_told_before_anything_is_put(desk: Desk, workspace: Tenant) -> None:
    with pytest.raises(NotFound, match="No destination 'crm'"):
        await put(desk, workspace, "a")
    await put(desk, workspace, "a", to="paper")
    assert list(await all_of(desk, workspace)) == ["a"]


async def test_who_does_not_take_it_now_is_asked_again(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    crm.answer = lambda got: Response("closed", status_code=503, headers={"retry-after": "3600"})
    await put(desk, workspace, "a")
    await courier(desk, out).empty(workspace.number)
    waiting = (await all_of(desk, workspace))["a"]
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    assert waiting.problem == "'crm' answered 503 Service Unavailable: closed."
    assert 3590 < (waiting.not_before - waiting.made_at).total_seconds() < 3700
    assert await courier(desk, out).empty(workspace.number) == 0
    crm.answer = lambda got: Response(status_code=202)
    await change(desk, workspace, "deliveries", "not_before = clock_timestamp()")
    assert await courier(desk, out).empty(workspace.number) == 1
    ended = (await all_of(desk, workspace))["a"]
    assert (ended.state, ended.attempts, ended.problem) == ("done", 2, "")
    assert [name for name, _ in crm.arrived()] == [make.action("a").id] * 2
    assert await told(desk, workspace) == ["a"]


async def test_a_dead_letter_is_read_mended_and_sent_again(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    crm.answer = lambda got: Response("too long", status_code=400 if got.data["text"] == "about a" else 200)
    await put(desk, workspace, "a")
    await courier(desk, out).empty(workspace.number)
    dead = (await all_of(desk, workspace))["a"]
    assert (dead.state, dead.problem) == ("dead", "'crm' answered 400 Bad Request: too long.")
    assert "send it again" in dead.hint
    async with desk.db.transaction(workspace.number) as tx:
        again = await outbox.send_again(tx, make.action("a").id, text="short")
    assert (again.state, again.sent_again, again.attempts) == ("waiting", 1, 0)
    await courier(desk, out).empty(workspace.number)
    assert crm.arrived()[-1] == (make.action("a").id, "short")
    async with desk.db.transaction(workspace.number) as tx:
        with pytest.raises(Conflict, match="it is done"):
            await outbox.send_again(tx, make.action("a").id)
        with pytest.raises(NotFound):
            await outbox.send_again(tx, make.action("nothing").id)


async def test_after_the_last_attempt_it_is_dead(desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound) -> None:
    crm.answer = lambda got: Response(status_code=500)
    await put(desk, workspace, "a")
    await change(desk, workspace, "deliveries", "attempts = 11")
    await courier(desk, out).empty(workspace.number)
    assert (await all_of(desk, workspace))["a"].state == "dead"


async def test_who_is_gone_is_switched_off_and_what_waits_stays(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    crm.answer = lambda got: Response(status_code=410)
    await put(desk, workspace, "a")
    await courier(desk, out).empty(workspace.number)
    await put(desk, workspace, "b")
    assert await courier(desk, out).empty(workspace.number) == 0
    async with desk.db.transaction(workspace.number) as tx:
        (known,) = await destinations.listed(tx)
        assert (known.waiting, known.dead, known.disabled_why[:17]) == (1, 1, "It answered 410 G")
        await destinations.switch(tx, "crm", on=True)
    crm.answer = lambda got: Response(status_code=200)
    assert await courier(desk, out).empty(workspace.number) == 1
    assert {one.key: one.state for one in (await all_of(desk, workspace)).values()} == {"a": "dead", "b": "done"}


async def test_who_takes_nothing_for_days_is_switched_off(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    crm.answer = lambda got: Response(status_code=500)
    for _ in range(2):
        await put(desk, workspace, "a")
        await change(desk, workspace, "deliveries", "not_before = clock_timestamp()")
        await courier(desk, out).empty(workspace.number)
        async with desk.db.transaction(workspace.number) as tx:
            (known,) = await destinations.listed(tx)
        await change(desk, workspace, "destinations", "failing_since = failing_since - interval '6 days'")
        if known.disabled_at is None:
            assert known.failing_since is not None
    assert known.disabled_why == "It took nothing for 5 days."


async def test_a_dead_destination_is_left_alone_and_holds_up_nobody(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    async with desk.db.transaction(workspace.number) as tx:
        await destinations.add(tx, desk.vault, "dead", "http://127.0.0.1:9/")
    await put(desk, workspace, *(f"dead{n}" for n in range(40)), to="dead")
    await put(desk, workspace, *(f"live{n}" for n in range(40)))
    sending = courier(desk, out)
    await sending.empty(workspace.number)
    found = await all_of(desk, workspace)
    assert all(one.state == "done" for key, one in found.items() if key.startswith("live"))
    tried = sum(one.attempts for key, one in found.items() if key.startswith("dead"))
    assert FAILURES <= tried <= sending.each + FAILURES
    assert all(
        "does not answer" in one.problem for key, one in found.items() if one.attempts and key.startswith("dead")
    )


async def test_what_a_dead_courier_had_in_hand_is_taken_over(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    await put(desk, workspace, "a")
    async with desk.db.transaction(workspace.number) as tx:
        (held,) = await outbox.claim(tx, "dead", rooms={"crm": 8})
    assert await courier(desk, out).empty(workspace.number) == 0
    await change(desk, workspace, "deliveries", "lease_until = clock_timestamp()")
    assert await courier(desk, out).empty(workspace.number) == 1
    late = Failed(claimed=held, problem="too late")
    async with desk.db.transaction(workspace.number) as tx:
        assert await outbox.failed(tx, "dead", [late]) == []
    kept = (await all_of(desk, workspace))["a"]
    assert (kept.state, kept.attempts, kept.taken_over, kept.problem) == ("done", 2, 1, "")


async def test_several_couriers_share_the_work(desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound) -> None:
    await put(desk, workspace, *(f"k{n}" for n in range(120)))
    await asyncio.gather(*(courier(desk, out).empty(workspace.number) for _ in range(3)))
    assert len(crm.got) == len({name for name, _ in crm.arrived()}) == 120
    assert len(await told(desk, workspace)) == 120


async def test_it_runs_until_it_is_told_to_end_and_gives_back_what_it_has(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    running = asyncio.ensure_future(courier(desk, out).run())
    await put(desk, workspace, "a")
    assert await comes_to(desk, workspace, "a", "done")
    crm.slow = 60.0
    await put(desk, workspace, "b")
    assert await comes_to(desk, workspace, "b", "sending")
    running.cancel()
    await asyncio.wait([running])
    left = (await all_of(desk, workspace))["b"]
    assert (left.state, left.taken_over) == ("waiting", 1)


HIDDEN = "swordfish"


class Broken:
    """A channel with a mistake in it."""

    name = "broken"

    async def send(self, action: Action, to: Destination, *, at: datetime) -> Receipt:
        raise KeyError(action.key)


async def test_a_channel_with_a_mistake_in_it_stops_nobody(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    await put(desk, workspace, "a")
    await courier(desk, out, webhook=Broken()).empty(workspace.number)
    waiting = (await all_of(desk, workspace))["a"]
    assert (waiting.state, waiting.problem) == ("waiting", FAILED)


@pytest.mark.parametrize(
    ("name", "address", "why"),
    [
        ("Crm", "https://example.com", "no name"),
        ("crm", "ftp://example.com", "no address"),
        ("crm", "https://example.com".replace("//", f"//me:{HIDDEN}@"), "password"),
        ("crm", "https://", "no address"),
        ("crm", "https://example.com:99999", "no address"),
    ],
)
async def test_a_destination_that_cannot_be_one_is_refused(
    desk: Desk, workspace: Tenant, name: str, address: str, why: str
) -> None:  # fmt: skip
    async with desk.db.transaction(workspace.number) as tx:
        with pytest.raises(Invalid, match=why) as caught:
            await destinations.add(tx, desk.vault, name, address)
    assert HIDDEN not in str(caught.value)


async def test_a_destination_comes_rotates_and_goes(desk: Desk, workspace: Tenant) -> None:
    async with desk.db.transaction(workspace.number) as tx:
        first = await destinations.add(tx, desk.vault, "crm", "https://example.com/in")
        with pytest.raises(Conflict):
            await destinations.add(tx, desk.vault, "crm", "https://example.com/in")
        second, third = [await destinations.rotate(tx, desk.vault, "crm") for _ in range(2)]
        assert len({first, second, third}) == 3
        assert (await destinations.these(tx, desk.vault, ["crm"]))["crm"].secrets == (third, second)
        row: Any = await tx.row("select secrets from sightline.destinations where tenant = :t", t=tx.tenant)
        assert third.encode() not in bytes(row["secrets"])
        await outbox.put(tx, [make.action(destination="crm")])
        await tx.run("update sightline.deliveries set state = 'sending' where tenant = :t", t=tx.tenant)
        with pytest.raises(Conflict, match="just being sent"):
            await destinations.remove(tx, "crm")
        await tx.run("update sightline.deliveries set state = 'waiting' where tenant = :t", t=tx.tenant)
        assert await destinations.remove(tx, "crm") == 1
        (left,) = await outbox.listed(tx)
        assert (left.state, left.problem) == ("dead", "Its destination was removed.")
        with pytest.raises(NotFound):
            await destinations.rotate(tx, desk.vault, "crm")


async def test_an_answer_that_no_database_takes_stops_nobody(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    crm.answer = lambda got: Response(b"\0\xff\xed\xa0\x80", status_code=500)
    await put(desk, workspace, "a")
    await put(desk, workspace, "p", to="paper")
    sending = courier(desk, out, paper=Broken())
    await sending.empty(workspace.number)
    found = await all_of(desk, workspace)
    assert {one.state for one in found.values()} == {"waiting"}
    assert found["a"].problem.startswith("'crm' answered 500 Internal Server Error")
    assert await sending.empty(workspace.number) == 0


async def test_a_destination_that_answers_no_is_one_that_answers(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    """Its breaker closes, and it does not count as failing, though it takes nothing."""
    crm.answer = lambda got: Response(status_code=400 if got.data["text"] == "about no" else 503)
    sending = courier(desk, out)
    await put(desk, workspace, *(f"k{n}" for n in range(FAILURES)))
    await sending.empty(workspace.number)
    lane = sending._lanes[workspace.number, "crm"]
    assert lane.breaker.room(8) == 0
    lane.breaker.clock = lambda: 1e12
    await put(desk, workspace, "no")
    await sending.empty(workspace.number)
    assert lane.breaker.room(8) == 8
    async with desk.db.transaction(workspace.number) as tx:
        (known,) = await destinations.listed(tx)
    assert (known.dead, known.failing_since) == (1, None)


async def test_the_same_key_in_two_workspaces_goes_by_two_names(
    desk: Desk, workspace: Tenant, standing: Tenant
) -> None:
    names = set()
    for tenant in (workspace, standing):
        async with desk.db.transaction(tenant.number) as tx:
            await outbox.put(tx, [replace(make.action(destination="paper"), id="")])
            await outbox.put(tx, [replace(make.action(destination="paper"), id="")])
            (one,) = await outbox.listed(tx)
        names.add(one.id)
    assert len(names) == 2
    assert all(re.fullmatch("msg_[0-9a-f]{32}", name) for name in names)


async def test_one_workspace_that_cannot_be_served_holds_up_no_other(
    desk: Desk, workspace: Tenant, standing: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    async with desk.db.transaction(standing.number) as tx:
        await destinations.add(tx, desk.vault, "crm", crm.url)
        await tx.run("update sightline.destinations set secrets = 'nonsense' where tenant = :t", t=tx.tenant)
    await put(desk, standing, "sick")
    await put(desk, workspace, "well")
    running = asyncio.ensure_future(courier(desk, out).run())
    assert await comes_to(desk, workspace, "well", "done")
    running.cancel()
    await asyncio.wait([running])
    assert (await all_of(desk, standing))["sick"].state == "waiting"


async def test_what_is_mended_keeps_no_person_in_the_clear(desk: Desk, workspace: Tenant) -> None:
    async with desk.db.transaction(workspace.number) as tx:
        one = Personal(person="customer/jane", value="Jane Doe")
        token = (await desk.vault.tokens(tx, [one]))[one]
        await outbox.put(tx, [replace(make.action("a", destination="paper"), text=f"Call {token} today.")])
        await tx.run("update sightline.deliveries set state = 'dead' where tenant = :t", t=tx.tenant)
    shown = await delivering.send_again(desk, workspace, make.action("a").id, "Write to Jane Doe.", None)
    assert shown.text == "Write to Jane Doe."
    assert (await all_of(desk, workspace))["a"].text == f"Write to {token}."


JANE = "jane.doe@example.org"


async def meet(desk: Desk, tenant: Tenant) -> str:
    """Have a person known by an address and a company beside her; returns the address's token."""
    async with desk.db.transaction(tenant.number) as tx:
        one = Personal(person=JANE, value=JANE)
        token = (await desk.vault.tokens(tx, [one]))[one]
        await know(tx, "team", "one", {"email": token})
    return token


async def know(tx: Transaction, kind: str, key: str, attributes: dict[str, Any]) -> None:
    await tx.run(
        "insert into sightline.entities (tenant, kind, key, attributes, links, exists_from)"
        " values (:t, :kind, :key, cast(:a as jsonb), '{}', now())",
        t=tx.tenant, kind=kind, key=key, a=json.dumps(attributes),
    )  # fmt: skip


class Refusing:
    """A channel that keeps what it was given, and says no in the words of what it was told."""

    name = "email"

    def __init__(self) -> None:
        self.got: list[Action] = []

    async def send(self, action: Action, to: Destination, *, at: datetime) -> Receipt:
        self.got.append(action)
        raise Undeliverable(f"No {action.text} for <{str(action.party.attributes['email']).upper()}>", asked=False)


async def test_mail_is_told_of_persons_and_nothing_of_them_is_kept(desk: Desk, workspace: Tenant) -> None:
    token = await meet(desk, workspace)
    async with desk.db.transaction(workspace.number) as tx:
        await destinations.add(tx, desk.vault, "mail", "smtps://mail.example.com/?from=us@example.com")
        await outbox.put(tx, [replace(make.action("a", destination="mail"), text=f"word from {token}")])
    refusing = Refusing()
    await courier(desk, Outbound(), email=refusing).empty(workspace.number)
    (sent,) = refusing.got
    assert (sent.text, sent.party.attributes) == (f"word from {JANE}", {"email": JANE})
    assert JANE not in repr(sent.party)
    kept = (await all_of(desk, workspace))["a"]
    assert (kept.state, kept.text) == ("dead", f"word from {token}")
    assert kept.problem == f"No word from {token} for <{token}>"


@pytest.mark.parametrize("reveal", [False, True])
async def test_webhooks_are_told_of_persons_where_their_destination_says_so(
    desk: Desk, workspace: Tenant, out: Outbound, reveal: bool
) -> None:
    token = await meet(desk, workspace)
    async with receiving() as other:
        async with desk.db.transaction(workspace.number) as tx:
            other.secret = str(await destinations.add(tx, desk.vault, "crm", other.url, reveal=reveal))
            await outbox.put(tx, [replace(make.action("a", destination="crm"), text=f"word from {token}")])
        other.answer = lambda got: Response(got.data["text"], status_code=400)
        await courier(desk, out).empty(workspace.number)
    assert other.got[0].data["text"] == f"word from {JANE if reveal else token}"
    assert JANE not in repr(await all_of(desk, workspace))


async def test_the_password_of_a_mail_server_is_given_and_renewed(desk: Desk, workspace: Tenant) -> None:
    address = "smtps://us@mail.example.com/?from=us@example.com"
    async with desk.db.transaction(workspace.number) as tx:
        with pytest.raises(Invalid, match="password is missing"):
            await destinations.add(tx, desk.vault, "mail", address)
        with pytest.raises(Invalid, match="no user"):
            await destinations.add(tx, desk.vault, "mail", address.replace("us@mail", "mail"), password=HIDDEN)
        with pytest.raises(Invalid, match="webhooks"):
            await destinations.add(tx, desk.vault, "crm", "https://example.com", password=HIDDEN)
        assert await destinations.add(tx, desk.vault, "mail", address, password=HIDDEN) is None
        with pytest.raises(Invalid, match="password is missing"):
            await destinations.rotate(tx, desk.vault, "mail")
        assert await destinations.rotate(tx, desk.vault, "mail", password="another") is None
        (kept,) = (await destinations.these(tx, desk.vault, ["mail"])).values()
    assert (kept.secrets, kept.channel, kept.reveal) == (("another",), "email", True)


async def guard(desk: Desk, tenant: Tenant, policy: Policy) -> None:
    async with desk.db.transaction(tenant.number) as tx:
        await destinations.guard(tx, "crm", policy)


async def test_what_is_held_for_a_person_is_sent_once_released(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    await guard(desk, workspace, Policy(approve=True))
    await put(desk, workspace, "a", "b")
    sending = courier(desk, out)
    await sending.empty(workspace.number)
    held = (await all_of(desk, workspace))["a"]
    assert (held.state, held.attempts, held.ended_at) == ("held", 0, None)
    assert "a person released" in held.problem
    assert f"sightline deliveries release {held.id}" in held.hint
    assert await sending.empty(workspace.number) == 0
    assert sending._lanes[workspace.number, "crm"].breaker.failures == 0
    async with desk.db.transaction(workspace.number) as tx:
        (known,) = await destinations.listed(tx)
        assert (known.held, known.waiting, known.failing_since, known.guards) == (2, 0, None, Policy(approve=True))
        freed = await outbox.release(tx, held.id, by="anna")
        with pytest.raises(Conflict, match="it is waiting"):
            await outbox.release(tx, held.id, by="anna")
        with pytest.raises(NotFound):
            await outbox.release(tx, make.action("nothing").id, by="anna")
    assert (freed.state, freed.released_by, freed.problem) == ("waiting", "anna", "")
    assert await sending.empty(workspace.number) == 1
    assert crm.arrived() == [(held.id, "about a")]
    async with desk.db.transaction(workspace.number) as tx:
        assert await destinations.remove(tx, "crm") == 1


async def test_what_is_mended_after_it_was_released_is_read_again(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    crm.answer = lambda got: Response(status_code=400)
    await guard(desk, workspace, Policy(approve=True))
    await put(desk, workspace, "a")
    sending, id_ = courier(desk, out), make.action("a").id
    await sending.empty(workspace.number)
    async with desk.db.transaction(workspace.number) as tx:
        await outbox.release(tx, id_, by="anna")
    for text, state in ((None, "dead"), ("another", "held")):
        await sending.empty(workspace.number)
        async with desk.db.transaction(workspace.number) as tx:
            await outbox.send_again(tx, id_, text=text)
        await sending.empty(workspace.number)
        assert (await all_of(desk, workspace))["a"].state == state


async def test_what_waits_for_an_hour_is_no_failure_however_often(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    await guard(desk, workspace, Policy(quiet="00:00-06:00"))
    await put(desk, workspace, "a")
    sending = courier(desk, out)
    for _ in range(FAILURES + len(DELAYS)):
        await change(desk, workspace, "deliveries", "not_before = clock_timestamp()")
        assert await sending.empty(workspace.number) == 1
    waiting = (await all_of(desk, workspace))["a"]
    assert (waiting.state, waiting.attempts) == ("waiting", 0)
    assert "within quiet hours" in waiting.problem
    assert 5.9 < (waiting.not_before - waiting.made_at).total_seconds() / 3600 < 6.1
    assert sending._lanes[workspace.number, "crm"].breaker.room(8) == 8
    assert crm.got == []


async def test_a_refusal_by_a_guard_says_nothing_of_a_destination_that_is_left_alone(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    crm.answer = lambda got: Response(status_code=503)
    sending = courier(desk, out)
    await put(desk, workspace, *(f"k{n}" for n in range(FAILURES)))
    await sending.empty(workspace.number)
    lane = sending._lanes[workspace.number, "crm"]
    lane.breaker.clock = lambda: 1e12
    await guard(desk, workspace, Policy(consent="agreed"))
    await put(desk, workspace, "no")
    await sending.empty(workspace.number)
    refused = (await all_of(desk, workspace))["no"]
    assert (refused.state, "'agreed' is unknown" in refused.problem) == ("dead", True)
    assert lane.breaker.room(8) == 1
    async with desk.db.transaction(workspace.number) as tx:
        (known,) = await destinations.listed(tx)
    assert known.failing_since is not None


async def test_nobody_gets_more_a_day_however_many_couriers_hurry(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    crm.slow = 0.02
    await guard(desk, workspace, Policy(per_day=3))
    await put(desk, workspace, *(f"k{n}" for n in range(30)))
    async with desk.db.transaction(workspace.number) as tx:
        other = [replace(make.action(f"o{n}", destination="crm"), to=Ref("team", "two")) for n in range(5)]
        await outbox.put(tx, other)
    for _ in range(3):
        await asyncio.gather(*(courier(desk, out).empty(workspace.number) for _ in range(3)))
        await change(desk, workspace, "deliveries", "not_before = clock_timestamp()")
    assert len(crm.got) == len({name for name, _ in crm.arrived()}) == 6
    left = [one for one in (await all_of(desk, workspace)).values() if one.state != "done"]
    assert {one.problem for one in left} <= {
        "team/one was sent 3 by 'crm' today, of 3 a day.", "team/two was sent 3 by 'crm' today, of 3 a day.",
    }  # fmt: skip
    assert len(left) == 29


async def test_a_greeting_passes_all_guards(desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound) -> None:
    await guard(desk, workspace, Policy(approve=True, consent="agreed", only=("team/nine",)))
    await delivering.test(desk, workspace, "crm")
    await courier(desk, out).empty(workspace.number)
    assert len(crm.got) == 1
