"""What is to be sent arrives, once per key, whoever fails, dies or hurries; what cannot arrive is a dead letter."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from starlette.responses import Response

from sightline.foundation.outbound import Outbound
from sightline.foundation.tenants import Tenant
from sightline.foundation.vault import Personal
from sightline.kernel.act import destinations, outbox
from sightline.kernel.act.courier import FAILED
from sightline.kernel.act.outbox import Failed
from sightline.kernel.act.pacing import FAILURES
from sightline.kernel.desk import Desk, delivering
from sightline.language.action import Action, Destination, Receipt
from sightline.language.errors import Conflict, Invalid, NotFound
from sightline.testing import make
from tests.kernel.act.receiver import Receiver
from tests.kernel.act.sendings import all_of, change, comes_to, courier, put, told


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
