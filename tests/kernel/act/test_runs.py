"""Runs go from step to step by what comes: receipts, moments, events, answers; each step is done once."""

from __future__ import annotations

import pytest

from sightline.foundation.tenants import Tenant
from sightline.kernel.act import moving, runs
from sightline.kernel.act.moment import Moment
from sightline.kernel.act.moving import Signal
from sightline.kernel.declared import declared
from sightline.kernel.desk import Desk, delivering, playing
from sightline.language.errors import Conflict, NotFound
from sightline.testing import make
from tests.kernel.act.world import (
    HEAD,
    LADDER,
    answer,
    asked,
    choose,
    declare,
    delivered,
    did,
    letters,
    line,
    outbox_of,
    run_of,
    runs_of,
    tell,
)

FIRST = "line/a: Promised for 22 Sep 2022, not recorded as delivered 5 days after."


async def begun(desk: Desk, tenant: Tenant, text: str = LADDER) -> None:
    """A line is overdue, and the playbook speaks first, as it has the higher priority. Nobody is held back."""
    choose(desk, hold_out=0.0)
    await declare(desk, tenant, text)
    await tell(desk, tenant, line("a"))


async def test_a_ladder_is_climbed_step_by_step(desk: Desk, standing: Tenant) -> None:
    await begun(desk, standing)
    assert await letters(desk, standing) == [FIRST]
    run = await run_of(desk, standing)
    assert (run.state, run.step, run.listens) == ("running", "a week", ("line.delivered",))
    assert run.due_at == make.day(1007)
    tenant = await desk.advance(standing, make.day(1006))
    assert len(await letters(desk, tenant)) == 1
    tenant = await desk.advance(tenant, make.day(1008))
    assert await letters(desk, tenant) == [FIRST, "line/a is still missing; it goes by Air."]
    (item,) = await asked(desk, tenant, state="open")
    assert (item.text, item.run, item.choice) == ("Shall a be given up?", run.id, "go on")
    await answer(desk, tenant, item, yes=True)
    assert (await letters(desk, tenant))[-1] == "a is given up."
    ended = await run_of(desk, tenant)
    assert (ended.state, ended.why) == ("ended", "Nothing is left to do.")
    assert await did(desk, tenant) == [
        ("act", "sends"), ("act", "delivered"), ("a week", "waits"), ("a week", "waited"), ("again", "sends"),
        ("again", "delivered"), ("go on", "asks"), ("go on", "approved"), ("gave up", "sends"),
        ("gave up", "delivered"),
    ]  # fmt: skip


async def test_what_was_found_and_the_day_it_was_due_are_known_in_later_steps(desk: Desk, standing: Tenant) -> None:
    text = '[[own.chase.follow]]\nname = "more"\nsend = "{{ finding }} It was due on {{ deadline | day }}."\n'
    await begun(desk, standing, HEAD + text + 'channel = "paper"\n')
    due = FIRST.removeprefix("line/a: ")
    assert (await letters(desk, standing))[-1] == f"{due} It was due on 22 Sep 2022."


async def test_a_no_leads_elsewhere(desk: Desk, standing: Tenant) -> None:
    await begun(desk, standing)
    tenant = await desk.advance(standing, make.day(1008))
    (item,) = await asked(desk, tenant, state="open")
    await answer(desk, tenant, item, yes=False)
    assert (await letters(desk, tenant))[-1] == "a is kept."


async def test_what_is_waited_for_ends_the_wait(desk: Desk, standing: Tenant) -> None:
    await begun(desk, standing)
    tenant = await desk.advance(standing, make.day(1002))
    # It came before the run began; that was recorded only now.
    await tell(desk, tenant, delivered("a", on=999, known=1002))
    run = await run_of(desk, tenant)
    assert (run.state, run.why) == ("ended", "What it waited for happened.")
    tenant = await desk.advance(tenant, make.day(1010))
    assert await letters(desk, tenant) == [FIRST]
    assert (await did(desk, tenant))[-1] == ("a week", "happened")


async def test_what_happened_before_the_wait_began_ends_it_at_once(desk: Desk, standing: Tenant) -> None:
    await begun(desk, standing, HEAD)
    run = await run_of(desk, standing)
    assert run.state == "ended"
    await declare(desk, standing, LADDER)
    await tell(desk, standing, delivered("a", on=999, known=1000))
    async with desk.db.transaction(standing.number) as tx:
        here = Moment(tx=tx, catalog=await declared(tx, desk.registry), now=desk.now(standing))
        await tx.run("update sightline.runs set ended_at = null, version = '2' where tenant = :t", t=tx.tenant)
        held = await runs.get(tx, run.id, hold=True)
        await moving.enter(here, held, here.catalog.playbooks["own.chase"], "a week")
        assert (await runs.get(tx, run.id)).why == "What it waited for happened."


async def test_a_signal_told_twice_moves_once(desk: Desk, standing: Tenant) -> None:
    await begun(desk, standing)
    run = await run_of(desk, standing)
    async with desk.db.transaction(standing.number) as tx:
        here = Moment(tx=tx, catalog=await declared(tx, desk.registry), now=desk.now(standing))
        before = await runs.steps(tx, run.id)
        assert await runs.these(tx, "waits_for", [run.key]) == []
        await moving._ring(here, [f"run:{run.id}:another step:1"])
        assert await runs.steps(tx, run.id) == before


async def test_paused_it_remembers_what_came(desk: Desk, standing: Tenant) -> None:
    await begun(desk, standing)
    run = await run_of(desk, standing)
    await playing.change_run(desk, standing, run.id, "pause", by="ada")
    with pytest.raises(Conflict, match="paused"):
        await playing.change_run(desk, standing, run.id, "pause", by="ada")
    tenant = await desk.advance(standing, make.day(1008))
    assert await letters(desk, tenant) == [FIRST]
    assert (await run_of(desk, tenant)).pending == Signal.RANG
    await playing.change_run(desk, tenant, run.id, "resume", by="ada")
    await desk.go_round(tenant)
    assert len(await letters(desk, tenant)) == 2


async def test_paused_what_happened_outdoes_the_moment_that_came_before(desk: Desk, standing: Tenant) -> None:
    await begun(desk, standing)
    run = await run_of(desk, standing)
    await playing.change_run(desk, standing, run.id, "pause", by="ada")
    tenant = await desk.advance(standing, make.day(1008))
    await tell(desk, tenant, delivered("a", on=1008))
    await playing.change_run(desk, tenant, run.id, "resume", by="ada")
    await desk.go_round(tenant)
    assert await letters(desk, tenant) == [FIRST]


async def test_a_dead_letter_holds_its_run_until_it_is_sent_again(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    async with desk.db.transaction(standing.number) as tx:
        await tx.run("insert into sightline.destinations (tenant, name, channel) values (:t, 'crm', 'x')", t=tx.tenant)
    await declare(desk, standing, LADDER.replace('"paper", gains', '"crm", gains'))
    await tell(desk, standing, line("a"))
    await desk.courier().empty(standing.number)
    await desk.go_round(standing)
    stuck = await run_of(desk, standing)
    assert (stuck.state, stuck.step) == ("stuck", "act")
    assert "dead letter" in stuck.why
    (dead,) = await outbox_of(desk, standing, "dead")
    await delivering.send_again(desk, standing, dead, None, "paper")
    await desk.go_round(standing)
    assert (await run_of(desk, standing)).step == "a week"


async def test_what_belongs_to_another_step_moves_nothing(desk: Desk, standing: Tenant) -> None:
    await begun(desk, standing)
    run = await run_of(desk, standing)
    async with desk.db.transaction(standing.number) as tx:
        here = Moment(tx=tx, catalog=await declared(tx, desk.registry), now=desk.now(standing))
        await moving.enter(here, await runs.get(tx, run.id, hold=True), here.catalog.playbooks["own.chase"], "again")
        for given in (Signal.HAPPENED, Signal.RANG, Signal.YES):
            await moving.signal(here, await runs.get(tx, run.id, hold=True), given)
        assert (await runs.get(tx, run.id)).step == "again"


AGAIN = '[[own.chase.follow]]\nname = "again"\nsend = "{{ key }} again."\n'
"""A step that names no channel."""


async def test_a_step_without_a_channel_says_why_it_is_stuck_where_nothing_is_known_of_the_first(
    desk: Desk, standing: Tenant
) -> None:  # fmt: skip
    async with desk.db.transaction(standing.number) as tx:
        await tx.run("insert into sightline.destinations (tenant, name, channel) values (:t, 'crm', 'x')", t=tx.tenant)
    await begun(desk, standing, HEAD.replace('"paper"', '"crm"') + AGAIN)
    run = await run_of(desk, standing)
    async with desk.db.transaction(standing.number) as tx:
        here = Moment(tx=tx, catalog=await declared(tx, desk.registry), now=desk.now(standing))
        playbook = here.catalog.playbooks["own.chase"]
        await tx.run("delete from sightline.decisions where tenant = :t and key = :k", t=tx.tenant, k=run.key)
        await tx.run("delete from sightline.deliveries where tenant = :t", t=tx.tenant)
        await moving.enter(here, await runs.get(tx, run.id, hold=True), playbook, "again")
        stuck = await runs.get(tx, run.id)
    assert (stuck.state, stuck.step) == ("stuck", "again")
    assert stuck.why.startswith("Where its first message went is not known")


@pytest.mark.parametrize("went", ["crm", "mail"])
async def test_a_step_without_a_channel_goes_where_what_was_said_first_went(
    desk: Desk, standing: Tenant, went: str
) -> None:  # fmt: skip
    async with desk.db.transaction(standing.number) as tx:
        for name in ("crm", "mail"):
            await tx.run(
                "insert into sightline.destinations (tenant, name, channel) values (:t, :n, 'x')", t=tx.tenant, n=name
            )
    await begun(desk, standing, HEAD.replace('"paper"', '"crm"') + AGAIN)
    (told,) = [one for one in await playing.told(desk, standing) if one.name == "own.chase"]
    assert told.follow == ("again: send by the channel of the first message",)
    run = await run_of(desk, standing)
    async with desk.db.transaction(standing.number) as tx:
        # Such as a dead letter that somebody sent elsewhere.
        await tx.run(
            "update sightline.deliveries set destination = :n where tenant = :t and key = :k",
            t=tx.tenant, n=went, k=run.key,
        )  # fmt: skip
        here = Moment(tx=tx, catalog=await declared(tx, desk.registry), now=desk.now(standing))
        await moving.enter(here, await runs.get(tx, run.id, hold=True), here.catalog.playbooks["own.chase"], "again")
        to = await tx.value(
            "select destination from sightline.deliveries where tenant = :t and key = :k",
            t=tx.tenant, k=f"{run.key}#again",
        )  # fmt: skip
    assert to == went


async def test_cancelled_it_does_nothing_more(desk: Desk, standing: Tenant) -> None:
    await begun(desk, standing)
    run = await run_of(desk, standing)
    cancelled, steps = await playing.change_run(desk, standing, run.id, "cancel", by="ada")
    assert (cancelled.state, cancelled.why, steps[-1].what) == ("cancelled", "ada cancelled it.", "cancelled")
    with pytest.raises(Conflict, match="cancelled already"):
        await playing.change_run(desk, standing, run.id, "cancel", by="ada")
    tenant = await desk.advance(standing, make.day(1010))
    assert await letters(desk, tenant) == [FIRST]
    async with desk.db.transaction(tenant.number) as tx:
        assert await tx.value("select count(*) from sightline.timers where tenant = :t", t=tx.tenant) == 0


async def test_a_step_is_done_again_under_a_key_of_its_own(desk: Desk, standing: Tenant) -> None:
    await begun(desk, standing)
    run = await run_of(desk, standing)
    with pytest.raises(NotFound, match="agian"):
        await playing.change_run(desk, standing, run.id, "again", by="ada", step="agian")
    with pytest.raises(Conflict, match="done once"):
        await playing.change_run(desk, standing, run.id, "again", by="ada", step="act")
    for _ in range(2):
        await playing.change_run(desk, standing, run.id, "again", by="ada", step="again")
        await desk.go_round(standing)
    async with desk.db.transaction(standing.number) as tx:
        keys = await tx.rows("select key from sightline.actions where tenant = :t order by at, key", t=tx.tenant)
    assert [row["key"].removeprefix(run.key) for row in keys] == ["", "#again~2", "#again~3"]


async def test_a_run_goes_on_by_the_version_it_began_with(desk: Desk, standing: Tenant) -> None:
    await begun(desk, standing)
    assert await declare(desk, standing, LADDER) == {"own.chase": 1}
    assert await declare(desk, standing, LADDER.replace("still missing", "missing still")) == {"own.chase": 2}
    tenant = await desk.advance(standing, make.day(1008))
    assert "still missing" in (await letters(desk, tenant))[1]
    await playing.drop(desk, tenant, "own.chase")
    (item,) = await asked(desk, tenant, state="open")
    await answer(desk, tenant, item, yes=False)
    assert (await letters(desk, tenant))[-1] == "a is kept."
    assert "own.chase" not in (await desk.catalog(tenant)).playbooks


async def test_without_its_destination_it_is_stuck_until_that_is_there(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    async with desk.db.transaction(standing.number) as tx:
        await tx.run("insert into sightline.destinations (tenant, name, channel) values (:t, 'crm', 'x')", t=tx.tenant)
    await declare(desk, standing, HEAD.replace('"paper"', '"crm"'))
    async with desk.db.transaction(standing.number) as tx:
        await tx.run("delete from sightline.destinations where tenant = :t and name = 'crm'", t=tx.tenant)
    await tell(desk, standing, line("a"))
    stuck = await run_of(desk, standing)
    assert stuck.state == "stuck"
    assert "'crm'" in stuck.why
    async with desk.db.transaction(standing.number) as tx:
        await tx.run("insert into sightline.destinations (tenant, name, channel) values (:t, 'crm', 'x')", t=tx.tenant)
    again, _ = await playing.change_run(desk, standing, stuck.id, "again", by="ada")
    assert again.state == "running"
    async with desk.db.transaction(standing.number) as tx:
        put = await tx.rows("select key, state from sightline.deliveries where tenant = :t", t=tx.tenant)
    assert [(row["key"], row["state"]) for row in put] == [(stuck.key, "waiting")]


async def test_old_runs_are_forgotten_what_was_done_is_not(desk: Desk, standing: Tenant) -> None:
    await begun(desk, standing, HEAD)
    assert (await run_of(desk, standing)).state == "ended"
    choose(desk, keep_runs_days=30)
    tenant = await desk.advance(standing, make.day(1031))
    assert await runs_of(desk, tenant) == []
    assert await letters(desk, tenant) == [FIRST]
