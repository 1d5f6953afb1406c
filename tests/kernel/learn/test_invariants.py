"""What must always be true is, after a ladder was climbed; and each sentence notices when it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sightline.foundation import ledger
from sightline.foundation.ledger import Batch, Reads
from sightline.foundation.tenants import Tenant
from sightline.kernel.act.arbitrate import arbitrate, standing_before
from sightline.kernel.desk import Desk, reading
from sightline.language import derived
from sightline.language.action import Decision, Proposal, Verb
from sightline.language.ref import Ref
from sightline.testing import make
from tests.interfaces.rest.histories import Made, keep
from tests.kernel.act.world import HEAD, LADDER, answer, asked, choose, declare, line, tell

DECIDED = (
    "insert into sightline.decisions (tenant, key, playbook, choice, channel, kind, subject, party, verb, arm, because,"
    " value, text, question, at) values (:t, '{key}', '{playbook}', 'tell', '{channel}', 'line', '{key}', 'project/p',"
    " '{verb}', '{arm}', '', 1, '', 'supply.arrives_late', :at)"
)


def decided(
    key: str, verb: str, arm: str = "treated", channel: str = "paper", playbook: str = "supply.warn_buyer"
) -> str:
    return DECIDED.format(key=key, verb=verb, arm=arm, channel=channel, playbook=playbook)


def done(key: str) -> str:
    return (
        "insert into sightline.actions (tenant, key, channel, receiver, subject, text, at, reference)"
        f" values (:t, '{key}', 'paper', 'project/p', 'line/1', 'one', :at, '')"
    )


BREAKS = {
    "done_was_decided": [done("made:1:")],
    "done_once": [decided("a:1:", "act"), decided("a:2:", "act"), done("a:1:"), done("a:2:")],
    "decided_has_an_arm": [decided("x", "hold")],
    "held_back_untouched": [decided("h", "hold", "control"), decided("d", "act"), done("d")],
    "one_arm_each": [
        decided("e1", "act"), decided("e2", "act"),
        "update sightline.decisions set experiment = 'exp_1', choice = key where tenant = :t and at = :at",
    ],
    "contacted_within_policy": [decided(f"c{number}", "act", channel="crm") for number in range(3)],
    "mature_is_settled": [
        "insert into sightline.predictions (tenant, question, kind, key, cutoff, model, deadline, matures_at,"
        " probability, low, high, reasons, made_at, outcome) values (:t, 'q', 'line', 'x', :at, 'm', :at,"
        " cast(:at as timestamptz) - interval '2 days', .5, 0, 1, '[]', :at, 1)"
    ],
    "runs_move": [
        "insert into sightline.runs (tenant, key, playbook, kind, subject, party, choice, state, step, began_at,"
        " decided_at, due_at) values (:t, 'k', 'gone', 'line', 'x', 'p/1', 'c', 'running', 'w', :at, :at,"
        " cast(:at as timestamptz) - interval '2 hours')"
    ],
    "asked_in_time": [
        "insert into sightline.inbox (tenant, key, playbook, choice, channel, kind, subject, party, text, because,"
        " value, made_at, due_at, by_default) values (:t, 'k', 'p', 'c', 'paper', 'line', 'x', 'p/1', '', '', 1, :at,"
        " cast(:at as timestamptz) - interval '2 hours', 'drop')"
    ],
}  # fmt: skip


async def broken(desk: Desk, tenant: Tenant) -> set[str]:
    return {one.name for one in await reading.invariants(desk, tenant) if one.broken}


async def test_all_hold_after_a_ladder_was_climbed(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.3)
    await declare(desk, standing, LADDER + HEAD.replace("own.chase", "own.ask") + "asks_first = true\n")
    await tell(desk, standing, *(line(f"l{number}") for number in range(12)))
    tenant = await desk.advance(standing, make.day(1008))
    for item in await asked(desk, tenant, state="open"):
        await answer(desk, tenant, item, yes=True)
    assert await broken(desk, tenant) == set()


@pytest.mark.parametrize("name", BREAKS)
async def test_each_notices(desk: Desk, standing: Tenant, name: str) -> None:
    choose(desk, contacts_per_week=2)
    async with desk.db.transaction(standing.number) as tx:
        for statement in BREAKS[name]:
            await tx.run(statement, t=tx.tenant, at=desk.now(standing))
    assert await broken(desk, standing) == {name}


async def test_what_a_step_did_is_known_by_its_decision_whatever_its_key_holds(desk: Desk, standing: Tenant) -> None:
    async with desk.db.transaction(standing.number) as tx:
        for statement in (decided("a#1", "act"), done("a#1"), done("a#1#a second #time"), done("b#1#again")):
            await tx.run(statement, t=tx.tenant, at=desk.now(standing))
    (one,) = [one for one in await reading.invariants(desk, standing) if one.name == "done_was_decided"]
    assert (one.broken, one.example) == (1, "b#1#again")


async def test_what_was_done_is_of_the_decision_with_the_longest_key(desk: Desk, standing: Tenant) -> None:
    """An event may be called as another with a step behind it."""
    kept_back, other = decided("h", "hold", "control"), decided("d#2", "act", playbook="own.other")
    async with desk.db.transaction(standing.number) as tx:
        for statement in (kept_back, decided("d", "ask"), other, done("d#2")):
            await tx.run(statement, t=tx.tenant, at=desk.now(standing))
    assert await broken(desk, standing) == set()
    async with desk.db.transaction(standing.number) as tx:
        for statement in (
            decided("e", "act", playbook="own.other"),
            decided("e#2", "drop", playbook="own.other"),
            done("e#2"),
        ):
            await tx.run(statement, t=tx.tenant, at=desk.now(standing))
    assert await broken(desk, standing) == {"done_was_decided"}


async def test_what_was_done_is_asked_about_for_a_month(desk: Desk, standing: Tenant) -> None:
    async with desk.db.transaction(standing.number) as tx:
        await tx.run(done("made:1:"), t=tx.tenant, at=desk.now(standing) - timedelta(days=31))
    assert await broken(desk, standing) == set()


@pytest.mark.parametrize(("ahead", "found"), [(9, {"held_back_untouched"}), (-1, set())])
async def test_facts_leave_alone_who_is_kept_back_until_the_deadline(
    desk: Desk, standing: Tenant, ahead: int, found: set[str]
) -> None:
    """What facts call for changes what comes after the deadline, unless it is done before."""
    now = desk.now(standing)
    async with desk.db.transaction(standing.number) as tx:
        await keep(tx, [Made(key="h", probability=0.9, worth=None, deadline=ahead)], now=now)
        for statement in (
            decided("h", "hold", "control"),
            "update sightline.decisions d set cutoff = p.cutoff from sightline.predictions p"
            " where d.tenant = :t and p.tenant = :t and d.at = :at",
            decided("d", "act", playbook="supply.chase_overdue"),
            "update sightline.decisions set subject = 'h' where tenant = :t and at = :at",
            done("d"),
        ):
            await tx.run(statement, t=tx.tenant, at=now)
    assert await broken(desk, standing) == found
    async with desk.db.transaction(standing.number) as tx:
        proposal = Proposal(
            playbook="supply.chase_overdue", choice="tell", subject=Ref("line", "h"), party=Ref("project", "other"),
            text="", value=1.0, question="supply.arrives_late",
        )  # fmt: skip
        facts = Decision(proposal=proposal, verb=Verb.ACT, because="", arm="treated", at=now)
        turn = await desk.seat(
            tx=tx, batch=Batch(tenant=standing.number, after=0, last=0, matched=0, newest=0), reads=Reads()
        )
        before = replace(await standing_before(turn, [facts]), spoken={})
        (judged,) = arbitrate([facts], turn.catalog.playbooks, before)
    assert ("is kept back" in judged.because) == bool(found)


async def test_what_is_broken_is_told_once_until_it_is_mended(desk: Desk, standing: Tenant) -> None:
    async with desk.db.transaction(standing.number) as tx:
        await tx.run(BREAKS["done_was_decided"][0], t=tx.tenant, at=desk.now(standing))
    tenant = standing
    for day in (1001, 1002):
        tenant = await desk.advance(tenant, make.day(day))
    async with desk.db.transaction(tenant.number) as tx:
        reads = Reads(derived=frozenset({derived.BROKEN}))
        batch = await ledger.next_batch(tx, after=0, limit=10_000, reads=reads)
        assert batch is not None
        (told,) = await ledger.read(tx, batch, reads)
    assert told.data["invariant"] == "done_was_decided"
    assert told.data["example"] == "made:1:"
