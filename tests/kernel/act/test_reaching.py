"""Each party is written to by the channel that is best for it: the usual one, unless another is better beyond doubt."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from sightline.foundation import ledger
from sightline.foundation.ledger import Batch, Reads
from sightline.foundation.tenants import Tenant
from sightline.foundation.turn import Turn
from sightline.foundation.vault import Personal
from sightline.kernel.act import contacts, destinations, playbook_file, propose, waking
from sightline.kernel.act.advice import Counts
from sightline.kernel.act.reaching import Reaching, by_channel
from sightline.kernel.act.spoken import Memory, Spoken, bound, lately
from sightline.kernel.desk import Desk
from sightline.kernel.desk.deciding import list_decisions
from sightline.language import derived
from sightline.language.action import Policy, Proposal
from sightline.language.errors import Invalid
from sightline.language.event import Event
from sightline.language.playbook import Choice, Playbook, Success
from sightline.language.ref import Ref
from sightline.testing import make
from tests.kernel.act.test_waking import decided, on_duty
from tests.kernel.act.world import CHASES, choose, declare, line, tell

NOTE = Choice(name="note", channel="mail", channels=("mail", "team"), write=lambda _: "")
PARTIES = [Ref("team", str(number)) for number in range(1000)]


DAY = date(2026, 3, 2)


def told(by_mail: int, by_team: int, *, party: str | None = None, seen: int = 100) -> list[Spoken]:
    """So many successes of a hundred messages by each channel, each to somebody else or all to one, a day apart."""
    both = (("mail", by_mail), ("team", by_team))
    return [
        Spoken(party or f"{name}/{n}", "note", name, 9, DAY + timedelta(days=n), n < hits)
        for name, hits in both
        for n in range(seen)
    ]


def ways(reaching: Reaching) -> tuple[Counter[str], set[str]]:
    found = [reaching.way("made.tell", NOTE, one, f"k{one}") for one in PARTIES]
    for one in found:
        assert one
        alone = "no other of its channels" in one.because or "None of" in one.because
        assert one.propensity == (1 if alone else 0.05 if "tried now and then" in one.because else 0.95)
    return Counter(one.channel for one in found if one), {one.because for one in found if one}


def test_the_usual_channel_is_taken_until_another_is_better_beyond_doubt() -> None:
    one = told(20, 60, party="team/big")
    for said_so_far, why in (
        ([], "as usual"),
        (told(40, 50), "as usual"),
        (one, "as usual"),
        (told(60, 30), "expected to succeed"),
    ):
        taken, said = ways(Reaching(counts={"note": by_channel(NOTE, said_so_far)}))
        assert 30 < taken["team"] < 75
        assert {why in one or "tried now and then" in one for one in said} == {True}
    taken, said = ways(Reaching(counts={"note": by_channel(NOTE, told(20, 60))}))
    assert 30 < taken["mail"] < 75
    assert any("of what goes by it to them is expected to succeed, where 40% of 200 messages" in one for one in said)
    # Of another choice nothing follows.
    other = [replace(one, choice="call") for one in told(20, 60)]
    assert ways(Reaching(counts={"note": by_channel(NOTE, other)}))[0]["mail"] > 900


def test_where_channels_do_not_differ_one_is_seldom_advised_and_where_they_do_it_is_found() -> None:
    rng = np.random.default_rng(7)

    def advised_second(rates: tuple[float, float], seen: int, runs: int) -> float:
        found = 0
        for _ in range(runs):
            places = rng.choice(2, seen, p=(0.95, 0.05))
            hits = rng.random(seen) < np.array(rates)[places]
            rows = [
                (str(n), int(place), DAY, bool(hit)) for n, (place, hit) in enumerate(zip(places, hits, strict=True))
            ]
            told_ = Counts.of((0, 1), rows).advised(None)
            found += told_ is not None and told_.place == 1
        return found / runs

    assert max(advised_second((0.3, 0.3), seen, 60) for seen in (100, 1000)) <= 0.05
    assert advised_second((0.3, 0.45), 5000, 10) > 0.8


def test_a_party_whose_own_messages_say_otherwise_is_written_to_otherwise() -> None:
    own = told(10, 38, party="team/7", seen=40)
    reaching = Reaching(counts={"note": by_channel(NOTE, [*told(50, 40), *own])})
    found = {n: reaching.way("made.tell", NOTE, Ref("team", str(n)), "k") for n in (7, 8)}
    assert {n: one.channel for n, one in found.items() if one} == {7: "team", 8: "mail"}
    assert found[7]
    said = "It goes by 'team': 95% of theirs by it succeeded, where 60% of theirs by all channels did."
    assert found[7].because == said


def test_only_what_reaches_somebody_is_taken_however_good_the_other_is() -> None:
    good = {"note": by_channel(NOTE, told(20, 60))}
    only_mail = Reaching(counts=good, reached={str(one): frozenset({"mail"}) for one in PARTIES})
    assert ways(only_mail) == (
        Counter(mail=1000), {"It goes by 'mail': no other of its channels reaches them."},
    )  # fmt: skip
    nothing = Reaching(counts=good, reached={str(one): frozenset[str]() for one in PARTIES[:1]})
    way = nothing.way("made.tell", NOTE, PARTIES[0], "k")
    assert way
    assert (way.channel, way.because) == ("mail", "None of 'mail', 'team' reaches team/0 now.")


def test_a_choice_reaches_nobody_where_all_of_its_channels_are_shut_to_them() -> None:
    shut = Reaching(shut={str(PARTIES[0]): frozenset({"mail", "team"}), str(PARTIES[1]): frozenset({"mail"})})
    one = Choice(name="call", channel="mail", write=lambda _: "")
    assert [bool(shut.unreached([one, NOTE], party)) for party in PARTIES[:3]] == [True, False, False]
    assert shut.unreached([one], PARTIES[0]) == ""


BEST = (
    CHASES
    + 'choices = [{ name = "note", channels = ["mail", "crm"], gains = 100, cost = 1, text = "{{ subject }}" }]\n'
)

SENT = """
with put as (insert into sightline.decisions (tenant, key, playbook, choice, channel, kind, subject, party, verb, arm,
    because, value, text, question, probability, at)
  select :t, 'k' || n, 'own.chase', 'note', case when n % 2 = 0 then 'mail' else 'crm' end, 'line', 'k' || n,
    'project/' || n, 'act', 'treated', '', 1, '', 'supply.arrives_late', .5, :at from generate_series(1, 400) n),
done as (insert into sightline.actions (tenant, key, channel, receiver, subject, text, at, reference)
  select :t, 'k' || n, 'any', 'project/' || n, 'line/k' || n, '', :at, '' from generate_series(1, 400) n)
insert into sightline.decision_outcomes (tenant, key, cutoff, answer, closes_at, early, read_at)
select :t, 'k' || n, :at, case when n % 10 < (case when n % 2 = 0 then 4 else 8 end) then 0 else 1 end, :at, false, :at
from generate_series(1, 400) n
"""


def project(key: str, **known: str) -> Event:
    """What is known of whom something is for."""
    return make.event(f"project/{key}", type="project.described", on=900, id=f"known:{key}", **known)


async def declared(desk: Desk, tenant: Tenant) -> None:
    choose(desk, hold_out=0.0, allow_networks=["127.0.0.0/8"])
    async with desk.db.transaction(tenant.number) as tx:
        await destinations.add(tx, desk.vault, "mail", "smtps://mail.example.com/?from=us@example.com")
        await destinations.add(tx, desk.vault, "crm", "https://crm.example.com/hook")
        await destinations.guard(tx, "crm", Policy(consent="agreed", quiet="00:00-23:00", per_day=1))
    await declare(desk, tenant, BEST)


async def went(desk: Desk, tenant: Tenant, *keys: str, verb: str = "act") -> dict[str, tuple[str, str]]:
    """Where what is said about lines goes, and why; all of them were decided so."""
    await tell(desk, tenant, *(line(key) for key in keys))
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select d.subject, d.channel, d.because, d.verb, coalesce(l.destination, d.channel) as destination"
            " from sightline.decisions d left join sightline.deliveries l on l.tenant = d.tenant and l.key = d.key"
            " where d.tenant = :t and d.playbook = 'own.chase' and d.subject = any(:keys)",
            t=tx.tenant, keys=list(keys),
        )  # fmt: skip
    assert {(row["verb"], row["channel"] == row["destination"]) for row in rows} == {(verb, True)}
    return {row["subject"]: (row["channel"], row["because"]) for row in rows}


async def test_who_is_reached_by_what_is_asked_of_addresses_consent_and_destinations(
    desk: Desk, standing: Tenant
) -> None:
    await declared(desk, standing)
    async with desk.db.transaction(standing.number) as tx:
        await tx.run(SENT, t=tx.tenant, at=make.day(900))
        secret = Personal(person="jane", value="jane@example.com")
        token = (await desk.vault.tokens(tx, [secret]))[secret]
        await contacts.stop(tx, desk.vault, Ref("project", "stopped"), by="ada", now=make.day(1000))
    await tell(
        desk, standing, project("both", email=token, agreed="yes"), project("mailed", email=token),
        project("agreed", agreed="yes"), project("stopped", email="joe@example.com", agreed="yes"),
        project("again", email=token, agreed="yes"),
    )  # fmt: skip
    found = await went(desk, standing, "both", "mailed", "agreed")
    assert {key: channel for key, (channel, _) in found.items()} == {"both": "crm", "mailed": "mail", "agreed": "crm"}
    assert "of 400 messages by all channels did." in found["both"][1]
    chances = {
        one.subject: one.channel_propensity
        for one in await list_decisions(desk, standing, playbook="own.chase", limit=3)
    }
    assert chances == {"line/both": 0.95, "line/mailed": 1.0, "line/agreed": 1.0}
    async with desk.db.transaction(standing.number) as tx:
        told_ = await tx.value(
            "select data ->> 'channel_propensity' from sightline.ledger where tenant = :t and type = :type"
            " and key = 'both' and data ->> 'playbook' = 'own.chase'",
            t=tx.tenant, type=derived.DECIDED,
        )  # fmt: skip
    assert float(told_) == 0.95
    assert found["agreed"][1].endswith("It goes by 'crm': no other of its channels reaches them.")
    assert await went(desk, standing, "none", "stopped", verb="drop") == {
        key: ("mail", f"None of its channels reaches project/{key}: 'mail', 'crm'.") for key in ("none", "stopped")
    }
    async with desk.db.transaction(standing.number) as tx:
        await destinations.switch(tx, "crm", on=False)
    assert (await went(desk, standing, "again"))["again"][0] == "mail"
    # What is switched off would reach them, so it is not for them that nothing does.
    await tell(desk, standing, project("agreed-too", agreed="yes"))
    assert "reaches project/agreed-too now" in (await went(desk, standing, "agreed-too"))["agreed-too"][1]


async def test_what_several_channels_may_reach_is_proposed_once(
    desk: Desk, standing: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    await declared(desk, standing)
    real, proposed = propose.propose, list[str]()

    def counted(playbook: Playbook, *given: Any) -> Proposal:
        found = real(playbook, *given)
        proposed.extend([found.key] if playbook.name == "own.chase" else [])
        return found

    # The stage goes by the name of its file.
    for module in (import_module("sightline.kernel.act.decide"), propose):
        monkeypatch.setattr(module, "propose", counted)
    await tell(desk, standing, project("one", agreed="yes"), line("one"))
    assert len(proposed) == 1


async def test_where_nobody_is_new_nothing_is_read_of_what_was_told(
    desk: Desk, standing: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    await declared(desk, standing)
    read, module = list[str](), import_module("sightline.kernel.act.decide")

    async def counted(_: Turn, playbook: Playbook, __: Success) -> list[Spoken]:
        read.append(playbook.name)
        return []

    monkeypatch.setattr(module, "lately", counted)
    await tell(desk, standing, project("one", agreed="yes"), line("one"))
    assert read == ["own.chase"]
    async with desk.db.transaction(standing.number) as tx:
        # The finding is told once more, such as after a crash.
        batch = await ledger.next_batch(tx, after=0, limit=10_000, reads=waking.CALLS)
        assert batch
        turn = await desk.seat(tx=tx, batch=batch, reads=waking.CALLS)
        assert await waking.woken(turn)
        await module.decide(turn)
    assert read == ["own.chase"]


async def test_whom_nothing_reaches_leaves_both_arms_alike_and_who_stood_in_one_stays(
    desk: Desk, standing: Tenant
) -> None:
    await declared(desk, standing)
    for hold_out, verb in ((0.0, "act"), (1.0, "hold")):
        choose(desk, hold_out=hold_out, allow_networks=["127.0.0.0/8"])
        agreed, none = f"agreed-{verb}", f"none-{verb}"
        await tell(desk, standing, project(agreed, agreed="yes"))
        assert (await went(desk, standing, none, verb="drop"))[none][1].startswith("None of its channels reaches")
        await went(desk, standing, agreed, verb=verb)
        async with desk.db.transaction(standing.number) as tx:
            await contacts.stop(tx, desk.vault, Ref("project", agreed), by="ada", now=make.day(1000))
        other = make.event(
            f"line/more-{verb}", type="line.described", on=900, links={"project": f"project/{agreed}"}, value=10_000,
            mode="Air", promised_on=f"{make.day(995):%Y-%m-%d}",
        )  # fmt: skip
        await tell(desk, standing, other)
        async with desk.db.transaction(standing.number) as tx:
            more = await tx.row(
                "select verb from sightline.decisions where tenant = :t and subject = :s and playbook = 'own.chase'",
                t=tx.tenant, s=f"more-{verb}",
            )  # fmt: skip
        assert more
        assert more["verb"] == verb


DAILY = """
[own.daily]
question = "supply.arrives_late"
wakes_on = "every day"
party = "project"
capacity = 1
success = "no"
choices = [{ name = "note", channels = ["mail", "crm"], saves = 0.1, text = "{{ key }}" }]
"""


async def test_whom_nothing_reaches_keeps_nobody_from_a_day_s_capacity(
    desk: Desk, standing: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waking, "CANDIDATES", 2)
    await declared(desk, standing)
    keys = {"none": 0.9, "neither": 0.8, "first": 0.7, "second": 0.6}
    known = [project(key, agreed="yes") for key in ("first", "second")]
    await tell(desk, standing, *known, *(line(key, promised=1025) for key in keys))
    await on_duty(desk, standing, keys)
    await declare(desk, standing, DAILY)
    unreached = dict.fromkeys(("none", "neither"), "drop")
    tenant = await desk.advance(standing, make.day(1001))
    assert await decided(desk, tenant, "own.daily") == unreached
    tenant = await desk.advance(tenant, make.day(1002))
    assert await decided(desk, tenant, "own.daily") == unreached | {"first": "ask"}
    # That they are reached by then is asked again with the next forecast of them.
    await tell(desk, tenant, project("none", agreed="yes"))
    tenant = await desk.advance(tenant, make.day(1003))
    assert await decided(desk, tenant, "own.daily") == unreached | {"first": "ask", "second": "ask"}


async def test_what_was_told_lately_is_read_anew_after_a_while(desk: Desk, standing: Tenant) -> None:
    await declared(desk, standing)
    async with desk.db.transaction(standing.number) as tx:
        nothing = Batch(tenant=standing.number, after=0, last=0, matched=0, newest=0)
        turn = replace(await desk.seat(tx=tx, batch=nothing, reads=Reads()), memory={})
        playbook, success = turn.catalog.playbooks["own.chase"], turn.catalog.successes["own.chase"]
        assert await lately(turn, playbook, success) == []
        await tx.run(SENT, t=tx.tenant, at=make.day(900))
        assert await lately(replace(turn, now=turn.now + timedelta(minutes=9)), playbook, success) == []
        assert len(await lately(replace(turn, now=turn.now + timedelta(minutes=10)), playbook, success)) == 400
        assert len(await lately(replace(turn, now=turn.now + timedelta(minutes=11)), playbook, success)) == 400


def test_a_workspace_that_asks_for_much_makes_room_for_itself_and_for_others() -> None:
    now, ten = make.day(900), told(5, 5, seen=5)
    memory: Memory = {1: {"small": (now, ten)}, 2: {f"large {n}": (now, ten) for n in range(9)}}
    bound(memory, 110)
    assert [len(own) for own in memory.values()] == [1, 9]
    bound(memory, 60)
    assert {tenant: list(own) for tenant, own in memory.items()} == {
        1: ["small"], 2: ["large 5", "large 6", "large 7", "large 8"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('channels = ["mail"]', "two different channels or more"),
        ('channels = ["mail", "mail"]', "two different channels or more"),
        ('channels = ["mail", "paper"]', "nobody is spoken to by 'paper'"),
        ('channels = ["mail", 3]', "`channels` names destinations"),
        ("channels = []", "lacks `channel`"),
        ('channel = "mail", channels = ["mail", "crm"]', "says both `channel` and `channels`"),
    ],
)
async def test_channels_that_cannot_be_are_refused_at_the_door(
    desk: Desk, standing: Tenant, given: str, said: str
) -> None:
    catalog = await desk.catalog(standing)
    with pytest.raises(Invalid) as refused:
        playbook_file.parse(BEST.replace('channels = ["mail", "crm"]', given).replace("cost = 1, ", ""), catalog)
    assert said in refused.value.message


async def test_the_best_channel_needs_a_success_to_go_by(desk: Desk, standing: Tenant) -> None:
    catalog = await desk.catalog(standing)
    with pytest.raises(Invalid, match="looks for the best channel, but calls no answer success"):
        playbook_file.parse(BEST.replace('success = "no"\n', ""), catalog)
