"""Studied each day: experiments end when decided or a guard says no, and what learns is let loose with proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
import pytest

from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.act.drawing import lots_of
from sightline.kernel.act.lots import assigned
from sightline.kernel.desk import Desk, adopting, experimenting
from sightline.kernel.learn.forwhom import for_whom
from sightline.kernel.learn.parties import alike
from sightline.kernel.learn.planning import plan_of
from sightline.kernel.learn.which import Logged, judge, logged
from sightline.kernel.predict.chooser import floored, pick
from sightline.language import derived
from sightline.language.errors import Conflict, Invalid
from sightline.language.experiment import Experiment
from sightline.language.ref import Ref
from sightline.testing import make
from tests.kernel.act.world import TWO, choose, declare, line, tell

TRIAL = {"name": "spring", "arms": ["note", "call"], "span": "2 weeks"}
NOW = make.day(1000)
ARMS = Experiment(name="spring", arms=("note", "call"), shares=(0.5, 0.5))

_PUT = """
insert into sightline.decisions (tenant, key, playbook, choice, kind, subject, party, verb, arm, because, value, text,
  question, cutoff, probability, at, worth, experiment, propensity, usual, known, choices,
  learned)
select :t, d.key, 'own.chase', d.choice, 'line', d.key, 'project/' || d.key, d.verb, d.arm, '', 1, '',
  'supply.arrives_late', :at, 0.5, :at, 100, d.experiment, d.propensity, 'note', d.known,
  '{call,note}', d.learned
from jsonb_to_recordset(cast(:rows as jsonb)) d(key text, choice text, verb text, arm text, experiment text,
  propensity float8, known jsonb, learned jsonb)
"""
_ANSWER = """
insert into sightline.decision_outcomes (tenant, key, cutoff, answer, probability, closes_at, early, read_at)
select :t, d.key, :at, d.answer, 0.5, :at, false, :at
from jsonb_to_recordset(cast(:rows as jsonb)) d(key text, answer float8) where d.answer is not null
"""


async def put(tx: Transaction, rows: list[Mapping[str, Any]], *, at: datetime = NOW) -> None:
    """Decisions, each about a subject of a party of its own, and what came of them."""
    told = msgspec.json.encode([{"verb": "act", "arm": "treated", **row} for row in rows]).decode()
    await tx.run(_PUT, t=tx.tenant, rows=told, at=at)
    await tx.run(_ANSWER, t=tx.tenant, rows=told, at=at)


def drawn(number: int, id_: str, came: Callable[[str, int], bool | None]) -> dict[str, Any]:
    """One decision of the experiment, its success told by `came`."""
    key = f"p{number}"
    choice = assigned(lots_of("own.chase", ARMS), Ref("project", key))
    hit = came(choice, number)
    return {
        "key": key, "choice": choice, "experiment": id_, "propensity": 0.5, "known": {"size": float(number % 10)},
        "answer": None if hit is None else float(not hit),
    }  # fmt: skip


async def started(desk: Desk, tenant: Tenant, given: Mapping[str, Any] | None = None) -> str:
    await declare(desk, tenant, TWO)
    id_, _, _ = await experimenting.start(desk, tenant, "own.chase", given or TRIAL, by="ada")
    assert id_
    return id_


async def told(desk: Desk, tenant: Tenant) -> list[tuple[str, str | None]]:
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select type, data from sightline.ledger where tenant = :t and type = any(:types) order by position",
            t=tx.tenant, types=[derived.BEGAN, derived.CLOSED, derived.ENDED, derived.LET_LOOSE, derived.TAKEN_BACK],
        )  # fmt: skip
    return [(row["type"], row["data"].get("verdict")) for row in rows]


async def test_an_experiment_ends_by_itself_when_it_is_decided(desk: Desk, standing: Tenant) -> None:
    id_ = await started(desk, standing)
    with pytest.raises(Conflict, match="runs on"):
        await experimenting.start(desk, standing, "own.chase", {**TRIAL, "name": "other"}, by="ada")
    async with desk.db.transaction(standing.number) as tx:
        # Controls, whatever came of them, are no part of it.
        held = [{"key": f"c{n}", "choice": "note", "experiment": id_, "propensity": 0.5, "known": {}, "verb": "hold",
                 "arm": "control", "answer": 0.0} for n in range(100)]  # fmt: skip
        await put(
            tx, [*held, *(drawn(n, id_, lambda arm, n: n % 10 < (3 if arm == "note" else 7)) for n in range(400))]
        )
    await desk.advance(standing, make.day(1001.5))
    whole = await experimenting.show(desk, standing, id_)
    assert (whole.trial.state, whole.trial.verdict, whole.trial.winner) == ("ended", "decided", "call")
    assert whole.trial.plan
    assert whole.stand
    assert sum(one.parties for one in whole.stand.arms) == 400
    (pair,) = whole.stand.analysis.pairs
    assert pair.interval
    assert 0.2 < pair.interval[0] < 0.4 < pair.interval[1] < 0.6
    assert [(one.arm, one.interval) for one in whole.path] == [("call", pair.interval)]
    assert await told(desk, standing) == [(derived.BEGAN, None), (derived.ENDED, "decided")]
    with pytest.raises(Conflict, match="had an experiment"):
        await experimenting.start(desk, standing, "own.chase", TRIAL, by="ada")


async def test_a_guard_that_gets_worse_stops_it(desk: Desk, standing: Tenant) -> None:
    guard = {"event": "line.delivered", "within": "7 days"}
    id_ = await started(desk, standing, {**TRIAL, "guards": [guard]})
    async with desk.db.transaction(standing.number) as tx:
        rows = [drawn(n, id_, lambda _arm, n: n % 2 == 0) for n in range(200)]
        await put(tx, rows, at=make.day(990))
    called = [row["key"] for row in rows if row["choice"] == "call"]
    came = {key: make.event(f"line/{key}", type="line.delivered", on=992, known=992) for key in called[::2]}
    await tell(desk, standing, *came.values())
    await desk.advance(standing, make.day(1001.5))
    whole = await experimenting.show(desk, standing, id_)
    assert (whole.trial.verdict, whole.trial.winner) == ("guarded", None)
    assert whole.trial.why == "Stop call (worse by line.delivered)."
    assert whole.stand
    assert whole.stand.guards[0].counted == 200
    with pytest.raises(Invalid) as refused:
        await adopting.adopt(desk, standing, id_, by="ada", arm="call")
    assert "A guard stopped 'call'. By line.delivered it differs from 'note' by +" in refused.value.message
    assert all(form in (refused.value.hint or "") for form in ("`anyway`", "`--anyway`"))
    looked = await adopting.adopt(desk, standing, id_, by="ada", arm="call", check=True)
    assert (looked.done, refused.value.message) == (False, f"A guard stopped 'call'. {looked.against}")
    assert looked.words.endswith(refused.value.message)
    fine = await adopting.adopt(desk, standing, id_, by="ada", arm="note", check=True)
    assert (fine.choice, fine.against, "A guard" in fine.words) == ("note", "", False)
    # What stopped it stands, though it turns out that little was delivered.
    gone = [make.event(f"line/{key}", type=derived.RETRACTED, on=1001.5, revises=one.id) for key, one in came.items()]
    await tell(desk, standing, *gone)
    whole = await experimenting.show(desk, standing, id_)
    assert whole.stand
    assert whole.stand.analysis.stopped == {}
    with pytest.raises(Invalid, match="A guard stopped 'call'"):
        await adopting.adopt(desk, standing, id_, by="ada", arm="call")
    # One that ended before it was kept which guards stopped which arm says it in its reason.
    async with desk.db.transaction(standing.number) as tx:
        kept = await tx.value("select stopped::text from sightline.experiments where tenant = :t", t=tx.tenant)
        await tx.run("update sightline.experiments set stopped = null where tenant = :t", t=tx.tenant)
    with pytest.raises(Invalid, match=r"A guard stopped 'call'\. Stop call \(worse by line\.delivered\)\."):
        await adopting.adopt(desk, standing, id_, by="ada", arm="call")
    assert not (await adopting.adopt(desk, standing, id_, by="ada", arm="note", check=True)).against
    async with desk.db.transaction(standing.number) as tx:
        await tx.run(
            "update sightline.experiments set stopped = cast(:kept as jsonb) where tenant = :t", t=tx.tenant, kept=kept
        )
    assert (await adopting.adopt(desk, standing, id_, by="ada", arm="call", anyway=True)).done
    async with desk.db.transaction(standing.number) as tx:
        said = await tx.value(
            "select data ->> 'against' from sightline.ledger where tenant = :t and type = :type",
            t=tx.tenant, type=derived.ADOPTED,
        )  # fmt: skip
    assert said.startswith("By line.delivered it differs from 'note'")


async def test_when_its_time_is_over_nobody_is_drawn_and_it_waits_for_outcomes(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    id_ = await started(desk, standing)
    async with desk.db.transaction(standing.number) as tx:
        await put(tx, [drawn(n, id_, lambda _arm, n: None if n == 0 else n % 2 == 0) for n in range(60)])
    moved = await desk.advance(standing, make.day(1015))
    whole = await experimenting.show(desk, moved, id_)
    assert (whole.trial.state, whole.trial.closed_at) == ("waiting", make.day(1015))
    assert whole.stand
    assert whole.stand.unsettled == 1
    await tell(desk, moved, line("late", promised=1010))
    async with desk.db.transaction(moved.number) as tx:
        row = await tx.row(
            "select experiment from sightline.decisions where tenant = :t and subject = 'late'"
            " and playbook = 'own.chase'",
            t=tx.tenant,
        )  # fmt: skip
        assert row is not None
        assert row["experiment"] is None
        await tx.run(_ANSWER, t=tx.tenant, at=make.day(1000),
                     rows='[{"key": "p0", "verb": "act", "arm": "treated", "answer": 1}]')  # fmt: skip
    await desk.advance(moved, make.day(1016))
    assert await told(desk, moved) == [(derived.BEGAN, None), (derived.CLOSED, None), (derived.ENDED, "over")]


async def test_a_broken_split_and_a_person_end_it_too(desk: Desk, standing: Tenant) -> None:
    id_ = await started(desk, standing)
    stopped = await experimenting.stop(desk, standing, id_, by="ada", why="a holiday")
    assert (stopped.trial.verdict, stopped.trial.why) == ("stopped", "ada stopped it: a holiday")
    with pytest.raises(Conflict, match="has ended"):
        await experimenting.stop(desk, standing, id_, by="ada")
    second, _, _ = await experimenting.start(desk, standing, "own.chase", {**TRIAL, "name": "autumn"}, by="ada")
    assert second
    async with desk.db.transaction(standing.number) as tx:
        await put(tx, [{**drawn(n, second, lambda _arm, n: n % 2 == 0), "choice": "note" if n % 4 else "call"}
                       for n in range(400)])  # fmt: skip
    await desk.advance(standing, make.day(1001.5))
    assert (await experimenting.show(desk, standing, second)).trial.verdict == "broken"


async def test_it_is_planned_from_the_playbooks_own_history(desk: Desk, standing: Tenant) -> None:
    await declare(desk, standing, TWO)
    ask = {**TRIAL, "least": 0.1}
    _, _, before = await experimenting.start(desk, standing, "own.chase", ask, by="ada", check=True)
    assert (before.parties, before.rests_on) == (None, "nothing")
    async with desk.db.transaction(standing.number) as tx:
        for week in range(4):
            some = [{"key": f"w{week}.{n}", "choice": "note", "experiment": None, "propensity": None, "known": None,
                     "answer": float(n % 5 > 0)} for n in range(30)]  # fmt: skip
            await put(tx, some, at=make.day(970 + 7 * week))
    id_, _, plan = await experimenting.start(desk, standing, "own.chase", ask, by="ada", check=True)
    assert id_ is None
    assert (plan.rests_on, plan.per_week) == ("decisions", 40.0)
    assert plan.base == pytest.approx(25 / 122)
    assert plan.parties
    assert plan.weeks == -(-plan.parties // 40)
    assert await experimenting.listed(desk, standing) == []
    with pytest.raises(Invalid, match="declares no experiment"):
        await experimenting.start(desk, standing, "own.chase", None, by="ada")


def test_subjects_of_one_party_that_share_its_fate_tell_as_much_as_one() -> None:
    size, rng = np.full(300, 4.0), np.random.default_rng(1)
    together = 4.0 * (rng.random(300) < 0.4)
    apart = rng.binomial(4, 0.4, 300).astype(float)
    assert alike(size, together) == pytest.approx(1.0)
    assert alike(size, apart) == pytest.approx(0.0, abs=0.06)
    plans = [plan_of(ARMS, 0.4, size=4.0, same=same, rests_on="decisions").parties or 0 for same in (0.0, 1.0)]
    assert plans[1] / plans[0] == pytest.approx(4.0, rel=0.2)


def log(n: int, gain: float, seed: int = 1) -> Logged:
    """Decisions of a playbook that explores: a call gains for one half of the parties, and costs the other as much. It
    was learned before that it does.
    """
    rng = np.random.default_rng(seed)
    half = rng.integers(0, 2, n)
    chosen = np.array([pick(floored(0, 2), one) for one in rng.random(n)])
    rate = np.where(chosen == 0, 0.4, 0.4 + np.where(half == 1, gain, -gain))
    return Logged(
        party=np.array([f"project/{place // 2}" for place in range(n)]), choice=chosen, usual=np.zeros(n, np.intp),
        propensity=np.where(chosen == 0, 0.95, 0.05), hits=(rng.random(n) < rate).astype(float),
        known=[{"half": "one" if one else "other"} for one in half], costs=np.zeros((n, 2)), weight=np.ones(n),
        unit=None, at=np.zeros(n), lots=np.zeros(n, np.bool_), expected=np.full((n, 2), 0.4),
        chances=np.where(half[:, None] == 1, floored(1, 2), floored(0, 2)),
    )  # fmt: skip


def test_what_learns_is_judged_by_what_comes_after() -> None:
    found = judge(["note", "call"], log(4000, 0.35))
    assert found.not_worse
    assert found.difference
    # The best way brings .35 more for one half; the floor of exploration takes a little of that away.
    assert found.difference.low < 0.15 < found.difference.high
    assert found.learned.keys() == {"ips", "snips", "dr"}
    # What was learned by then is judged, and not what is learned from it: it was wrong about half of the parties.
    wrong = judge(["note", "call"], replace(log(4000, 0.35), chances=log(4000, 0.35).chances[:, ::-1]))
    assert wrong.difference
    assert wrong.difference.value < -0.1
    before = judge(["note", "call"], replace(log(4000, 0.35), chances=np.full((4000, 2), np.nan)))
    assert (before.seen, before.difference) == (0, None)
    nothing = judge(["note", "call"], log(1500, 0.0))
    assert not nothing.not_worse
    assert not nothing.worse
    assert judge(["note", "call"], log(60, 0.35)).difference is None


def test_of_a_choice_that_was_hardly_tried_nothing_is_claimed() -> None:
    made = log(4000, 0.35)
    wide = {"costs": np.zeros((4000, 3)), "chances": np.full((4000, 3), 1 / 3), "expected": np.zeros((4000, 3))}
    found = judge(["note", "call", "visit"], replace(made, **wide))
    assert (found.difference, found.not_worse) == (None, False)
    assert found.words.endswith("at least 100 are needed, 10 of each choice.")


def test_what_an_experiment_chose_is_not_what_it_did_on_duty() -> None:
    """A call helps nobody here, which only the lots of the experiment made on half of the parties."""
    made, rng = log(3000, 0.0), np.random.default_rng(5)
    calls = np.arange(3000) % 2 == 1
    made = replace(
        made, choice=calls.astype(np.intp), propensity=np.full(3000, 0.5),
        hits=np.where(calls, 0.0, rng.random(3000) < 0.4).astype(float), at=np.full(3000, make.day(3).timestamp()),
    )  # fmt: skip
    assert judge(["note", "call"], made, loose_since=make.day(2)).worse
    found = judge(["note", "call"], replace(made, lots=np.ones(3000, np.bool_)), loose_since=make.day(2))
    assert (found.on_duty, found.worse) == (None, False)


def test_for_whom_it_works_is_told_by_segments_or_not_at_all() -> None:
    rng = np.random.default_rng(2)
    rows = [
        {
            "choice": ("note", "call")[n % 2],
            "known": {"half": "one" if n % 4 < 2 else "other", "size": float(n % 7)},
            "hit": rng.random() < 0.4 + 0.3 * (n % 2) * (1 if n % 4 < 2 else -1),
        }
        for n in range(1600)
    ]
    (found,) = for_whom(ARMS, rows)
    assert found.differs
    verdicts = {(one.name, one.value): one.verdict for one in found.segments}
    assert (verdicts["half", "one"], verdicts["half", "other"]) == ("better", "worse")
    assert verdicts["model", None] == "better"
    assert {verdict for (name, _), verdict in verdicts.items() if name == "size"} == {"open"}
    (even,) = for_whom(ARMS, [{**row, "hit": rng.random() < 0.4} for row in rows])
    assert even.words == "Not enough evidence that it works better for some than for others."
    (few,) = for_whom(ARMS, rows[:60])
    assert (few.effect, few.segments) == (None, ())


LEARNS = TWO.replace('success = "no"', 'success = "no"\nchoose = "learned"')
VISIT = '\n{ name = "visit", channel = "paper", gains = 100, cost = 9, text = "Visit for {{ subject }}." },\n]'


def decisions(begin: int, made: Logged) -> list[Mapping[str, Any]]:
    """As `put` takes them, numbered from `begin`."""
    return [
        {"key": f"p{begin + n}", "choice": ("note", "call")[made.choice[n]], "experiment": None,
         "propensity": float(made.propensity[n]), "answer": float(not made.hits[n]),
         "known": {"mode": "Air" if made.known[n]["half"] == "one" else "Sea"},
         "learned": {name: (float(made.chances[n, k]), float(made.expected[n, k]))
                     for k, name in enumerate(("note", "call"))}}
        for n in range(len(made.hits))
    ]  # fmt: skip


async def test_what_learned_is_let_loose_with_proof_and_taken_back_with_proof(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    await declare(desk, standing, LEARNS)
    async with desk.db.transaction(standing.number) as tx:
        await put(tx, decisions(0, log(3000, 0.38)), at=make.day(950))
    moved = await desk.advance(standing, make.day(1001.5))
    changed = await experimenting.effect(desk, moved, "own.chase")
    assert changed.learned
    assert changed.learned.loose, changed.learned.judged["words"]
    await tell(desk, moved, *(line(f"new{n}", mode="Air" if n % 2 else "Sea", promised=1000) for n in range(40)))
    async with desk.db.transaction(moved.number) as tx:
        made = await tx.rows(
            "select choice, propensity, known from sightline.decisions where tenant = :t"
            " and starts_with(subject, 'new') and playbook = 'own.chase'",
            t=tx.tenant,
        )  # fmt: skip
    assert len(made) == 40
    assert sum(row["choice"] == "call" for row in made if row["known"]["mode"] == "Air") >= 15
    assert all(row["propensity"] >= 0.05 for row in made)
    # What it chooses turns out bad from then on: a call, which it had learned to make, helps nobody any more.
    wrong = log(1200, 0.0, seed=3)
    calls = np.random.default_rng(4).random(1200) < 0.9
    worse = replace(
        wrong, choice=calls.astype(np.intp), propensity=np.where(calls, 0.9, 0.1), hits=np.where(calls, 0.0, wrong.hits)
    )
    async with desk.db.transaction(moved.number) as tx:
        await put(tx, decisions(9000, worse), at=make.day(1002))
    moved = await desk.advance(moved, make.day(1002.5))
    await desk.advance(moved, make.day(1003.5))
    assert [type_ for type_, _ in await told(desk, moved)] == [derived.LET_LOOSE, derived.TAKEN_BACK]


async def test_without_proof_that_stands_it_is_taken_back(desk: Desk, standing: Tenant) -> None:
    """Another usual choice makes another question of it; what was kept without what was learned proves nothing."""
    choose(desk, hold_out=0.0)
    await declare(desk, standing, LEARNS)
    id_, _, _ = await experimenting.start(desk, standing, "own.chase", TRIAL, by="ada")
    assert id_
    await experimenting.stop(desk, standing, id_, by="ada")
    async with desk.db.transaction(standing.number) as tx:
        await put(tx, decisions(0, log(3000, 0.38)), at=make.day(950))
    moved = await desk.advance(standing, make.day(1001.5))
    await adopting.adopt(desk, moved, id_, by="ada", arm="call")
    moved = await desk.advance(moved, make.day(1002.5))
    assert [type_ for type_, _ in await told(desk, moved)][2:] == [derived.LET_LOOSE, derived.TAKEN_BACK]
    async with desk.db.transaction(moved.number) as tx:
        await tx.run("update sightline.choosers set loose = true, taken_back_at = null where tenant = :t", t=tx.tenant)
        await tx.run("update sightline.decisions set learned = null where tenant = :t", t=tx.tenant)
    await desk.advance(moved, make.day(1003.5))
    assert [type_ for type_, _ in await told(desk, moved)][4:] == [derived.TAKEN_BACK]


async def test_with_other_choices_it_chooses_no_more_and_needs_new_proof(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    await declare(desk, standing, LEARNS)
    async with desk.db.transaction(standing.number) as tx:
        await put(tx, decisions(0, log(3000, 0.38)), at=make.day(950))
    moved = await desk.advance(standing, make.day(1001.5))
    await declare(desk, moved, LEARNS.replace("\n]", VISIT))
    await tell(desk, moved, *(line(f"new{n}", promised=1000) for n in range(20)))
    moved = await desk.advance(moved, make.day(1002.5))
    async with desk.db.transaction(moved.number) as tx:
        made = await tx.rows(
            "select propensity, choices from sightline.decisions where tenant = :t and starts_with(subject, 'new')"
            " and playbook = 'own.chase'",
            t=tx.tenant,
        )  # fmt: skip
        catalog = await desk.declared(tx)
        # None of those has an outcome, and the others were decided when there was no visit.
        assert await logged(tx, catalog.playbooks["own.chase"], catalog.successes["own.chase"]) is None
    assert {tuple(row["choices"]) for row in made} == {("call", "note", "visit")}
    assert {round(row["propensity"], 6) for row in made} <= {0.9, 0.05}
    # The old choices come back, which the old decisions tell of: they were its proof before, and are none any more.
    await declare(desk, moved, LEARNS)
    moved = await desk.advance(moved, make.day(1003.5))
    changed = await experimenting.effect(desk, moved, "own.chase")
    assert changed.learned
    assert (changed.learned.loose, changed.learned.version) == (False, 2)
    assert [type_ for type_, _ in await told(desk, moved)] == [derived.LET_LOOSE, derived.TAKEN_BACK]
