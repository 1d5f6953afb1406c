"""Persons are told of to whom that is meant, and what guards say is kept: who waits, who is refused, who is counted."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from sightline.foundation.db.session import Transaction
from sightline.foundation.outbound import Allowed, Outbound
from sightline.foundation.tenants import Tenant
from sightline.foundation.vault import Personal
from sightline.kernel.act import contacts, destinations, leaving, outbox
from sightline.kernel.act.briefing import brief
from sightline.kernel.act.channels import Email
from sightline.kernel.act.channels.addresses import Given
from sightline.kernel.act.outbox import Claimed
from sightline.kernel.act.pacing import DELAYS, FAILURES
from sightline.kernel.desk import Desk, contacting, delivering
from sightline.language import derived
from sightline.language.action import Action, Destination, Policy, Receipt
from sightline.language.errors import Conflict, Invalid, NotFound, Undeliverable
from sightline.language.ref import Ref
from sightline.testing import make
from tests.kernel.act.mailer import PASSWORD, USER, certificate, mailing
from tests.kernel.act.receiver import Receiver, receiving
from tests.kernel.act.sendings import all_of, change, courier, put

HIDDEN = "swordfish"

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


async def test_who_wants_no_more_under_an_address_gets_no_mail_whatever_else_is_sent_to_them_at_once(
    desk: Desk, workspace: Tenant
) -> None:
    await meet(desk, workspace)
    names = ("mail", "crm")
    async with desk.db.transaction(workspace.number) as tx:
        await destinations.add(tx, desk.vault, "mail", "smtps://mail.example.com/?from=us@example.com")
        await destinations.add(tx, desk.vault, "crm", "https://crm.example.com/hook")
        await contacts.stop(tx, desk.vault, Ref("team", "other"), by="itself", now=make.day(0), address=JANE)
        known = await destinations.these(tx, desk.vault, names)
        claimed = [Claimed(action=make.action(name, destination=name), attempt=1) for name in names]
        ready = await brief(tx, desk.vault, claimed, known, at=make.day(1))
    assert {one.to.name: one.action.party.stopped for one in ready}["mail"]


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
            await destinations.add(tx, desk.vault, "mail", address.replace("us@mail", "mail"), Given(password=HIDDEN))
        with pytest.raises(Invalid, match="webhooks"):
            await destinations.add(tx, desk.vault, "crm", "https://example.com", Given(password=HIDDEN))
        assert await destinations.add(tx, desk.vault, "mail", address, Given(password=HIDDEN)) is None
        with pytest.raises(Invalid, match="password is missing"):
            await destinations.rotate(tx, desk.vault, "mail")
        assert await destinations.rotate(tx, desk.vault, "mail", Given(password="another")) is None
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


async def test_what_dies_and_who_is_switched_off_are_told_in_the_ledger(
    desk: Desk, workspace: Tenant, crm: Receiver, out: Outbound
) -> None:  # fmt: skip
    crm.answer = lambda got: Response("gone, says jane", status_code=410)
    await put(desk, workspace, "a")
    await courier(desk, out).empty(workspace.number)
    async with desk.db.transaction(workspace.number) as tx:
        rows = await tx.rows(
            "select type, kind || '/' || key as about, data from sightline.ledger"
            " where tenant = :t order by type",
            t=tx.tenant,
        )  # fmt: skip
    said = {"key": "a", "delivery": make.action("a").id, "destination": "crm"}
    assert [(row["type"], row["about"], row["data"]) for row in rows] == [
        (derived.DEAD, "thing/1", said),
        (derived.SWITCHED_OFF, "workspace/destinations", {"destination": "crm"}),
    ]


async def test_mail_to_a_person_arrives_and_their_link_stops_the_next(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:  # fmt: skip
    await meet(desk, workspace)
    shown, context = certificate(tmp_path)
    out, tenant = Outbound(Allowed.of(["127.0.0.0/8"]), shown), workspace.number
    leave = partial(leaving.link, desk.vault, "https://us.example.com", tenant)
    async with mailing(context, tls=True) as other:
        address = f"smtps://{USER}@localhost:{other.port}/?from=us@example.com"
        async with desk.db.transaction(tenant) as tx:
            await destinations.add(tx, desk.vault, "mail", address, Given(password=PASSWORD))
        for key in ("a", "b"):
            await put(desk, workspace, key, to="mail")
            await courier(desk, out, email=Email(out, leave=leave)).empty(tenant)
            if key == "a":
                link = str(other.got[0]["List-Unsubscribe"]).strip("<>")
                await contacting.leave(desk, link.rpartition("/")[2])
    assert other.to == [JANE]
    found = await all_of(desk, workspace)
    assert {key: one.state for key, one in found.items()} == {"a": "done", "b": "dead"}
    assert "not to be contacted" in found["b"].problem
