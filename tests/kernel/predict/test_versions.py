"""Versions of a model: which is on duty, going back, and what must never take its place."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, reading, retraining, versions
from sightline.kernel.desk.training import Training, train
from sightline.kernel.predict import engine, registry, schedules, teaching
from sightline.kernel.predict.language import canonical
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.registry import State, Why
from sightline.kernel.predict.schedules import Settled
from sightline.language.errors import Conflict, NotFound
from sightline.language.proof import Proof, Verdict
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.testing import make

NAME, LINE = ARRIVES_LATE.name, canonical(ARRIVES_LATE)
PROOF = {"verdict": "use", "headline": "made", "sides": [], "metrics": {"auc": 0.8, "auc_interval": [0.7, 0.9]}}


def model(version: str, day: float, why: Why = Why.ASKED, **more: object) -> registry.Model:
    return registry.Model(
        question=NAME, version=version, line=LINE, document={"form": 0, **more}, proof=PROOF, trained_at=make.day(day),
        as_of=make.day(day), position=1, why=why,
    )  # fmt: skip


async def states(desk: Desk, tenant: Tenant) -> dict[str, str]:
    return {one.version: one.state for one in await versions.versions(desk, tenant, NAME)}


async def store(desk: Desk, tenant: Tenant, *made: registry.Model, on_duty: bool = True) -> None:
    async with desk.db.transaction(tenant.number) as tx:
        for one in made:
            await registry.store(tx, one, on_duty=on_duty)


async def test_a_challenger_waits_and_what_was_on_duty_can_go_back_there(desk: Desk, workspace: Tenant) -> None:
    await store(desk, workspace, model("v1", 1), model("v2", 2))
    await store(desk, workspace, model("v3", 3, Why.SCHEDULE), on_duty=False)
    assert await states(desk, workspace) == {
        "v3": State.CHALLENGER, "v2": State.CHAMPION, "v1": State.RETIRED
    }  # fmt: skip
    found = await versions.versions(desk, workspace, NAME)
    assert [(one.version, one.why, one.took_over_from) for one in found] == [
        ("v3", "schedule", None), ("v2", "asked", "v1"), ("v1", "asked", None)
    ]  # fmt: skip
    assert found[0].figures == {"auc": 0.8}
    async with desk.db.transaction(workspace.number) as tx:
        await registry.promote(tx, NAME, "v3", at=make.day(4))
        assert await registry.rollback(tx, NAME, at=make.day(5)) == "v2"
        assert await registry.rollback(tx, NAME, at=make.day(6)) == "v1"
        with pytest.raises(Conflict, match="none to go back to"):
            await registry.rollback(tx, NAME, at=make.day(7))
    assert await states(desk, workspace) == {"v3": State.RETIRED, "v2": State.RETIRED, "v1": State.CHAMPION}


async def test_what_is_stored_again_stays_what_it_is(desk: Desk, workspace: Tenant) -> None:
    await store(desk, workspace, model("v1", 1), model("v2", 2))
    await store(desk, workspace, model("v2", 9), on_duty=False)
    assert await states(desk, workspace) == {"v2": State.CHAMPION, "v1": State.RETIRED}


async def test_a_version_that_cannot_be_read_never_takes_the_place(desk: Desk, workspace: Tenant) -> None:
    """Neither by promotion nor by going back: what is on duty stays there, and it is said why."""
    await store(desk, workspace, model("torn", 1), model("v2", 2))
    for put in (versions.rollback(desk, workspace, NAME), versions.promote(desk, workspace, NAME, "torn")):
        with pytest.raises(Conflict, match="cannot be read") as told:
            await put
        assert "on duty stays" in told.value.message
    assert (await states(desk, workspace))["v2"] == State.CHAMPION
    with pytest.raises(NotFound, match="Known: torn, v2"):
        await versions.promote(desk, workspace, NAME, "v9")


async def test_of_two_at_once_each_goes_on_from_what_the_other_left(desk: Desk, workspace: Tenant) -> None:
    """Whoever comes second takes over from what the first put on duty, and goes back to what was there then."""
    await store(desk, workspace, model("v1", 1), model("v2", 2))
    await store(desk, workspace, model("v3", 3), model("v4", 4), on_duty=False)

    async def promote(version: str) -> None:
        async with desk.db.transaction(workspace.number) as tx:
            await registry.promote(tx, NAME, version, at=make.day(5))
            await asyncio.sleep(0.05)

    async def back() -> str:
        async with desk.db.transaction(workspace.number) as tx:
            found = await registry.rollback(tx, NAME, at=make.day(6))
            await asyncio.sleep(0.05)
        return found

    await asyncio.gather(promote("v3"), promote("v4"))
    found = {one.version: one for one in await versions.versions(desk, workspace, NAME)}
    last = next(one for one in found.values() if one.state == State.CHAMPION)
    assert {last.version, last.took_over_from} == {"v3", "v4"}
    assert await asyncio.gather(back(), back()) in (["v3", "v2"], ["v2", "v3"], ["v4", "v2"], ["v2", "v4"])
    assert (await states(desk, workspace))["v2"] == State.CHAMPION


async def test_what_may_not_be_used_does_not_replace_what_may(desk: Desk, standing: Tenant) -> None:
    """Unless somebody says so: what is learned from an empty workspace is asked for by hand here."""
    usable = replace(model("v1", 1), document={"form": engine.FORM})
    await store(desk, standing, usable)
    made = await train(desk, standing, ARRIVES_LATE)
    assert not made.usable
    assert "may not be used, so version 'v1' stays on duty" in made.kept_back
    assert await states(desk, standing) == {made.version: State.CHALLENGER, "v1": State.CHAMPION}
    forced = await train(desk, standing, ARRIVES_LATE, training=Training(on_duty=True))
    assert forced.kept_back == ""
    assert (await states(desk, standing))[forced.version] == State.CHAMPION


@pytest.mark.parametrize(
    ("why", "worse", "of_old_form", "kept"),
    [
        (Why.SCHEDULE, True, False, True),
        (Why.DRIFT, True, False, True),
        (Why.DRIFT, False, False, False),
        (Why.ASKED, True, False, False),
        (Why.SCHEDULE, True, True, False),
    ],
)
async def test_what_is_worse_takes_over_only_where_somebody_asked_for_it(
    desk: Desk, standing: Tenant, monkeypatch: pytest.MonkeyPatch, why: Why, worse: bool, of_old_form: bool, kept: bool
) -> None:
    form = 0 if of_old_form else engine.FORM
    await store(desk, standing, replace(model("v1", 1), document={"form": form}))

    def trained(*_: object, **__: object) -> engine.Trained:
        proof = Proof(
            question=NAME, model="v2", verdict=Verdict.USE, sides=(), document={**PROOF, "champion": {"worse": worse}}
        )
        parts: dict[str, Any] = dict.fromkeys(("task", "model", "duty", "recent"))
        return engine.Trained(question=NAME, version="v2", document={"form": engine.FORM}, proof=proof, **parts)

    monkeypatch.setattr(engine, "train", trained)
    made = await train(desk, standing, ARRIVES_LATE, training=Training(why=why))
    assert ("worse than the champion" in made.kept_back) is kept
    assert (await states(desk, standing))["v2"] == (State.CHALLENGER if kept else State.CHAMPION)


async def test_what_was_admitted_is_let_in_again_where_nobody_asked(
    desk: Desk, standing: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the reason and whoever gave it; who asks by hand says it anew, or not."""
    heard: list[dict[str, str]] = []

    def teachable(*given: Any, admitted: dict[str, str], **more: Any) -> Prepared:
        heard.append(admitted)
        return real(*given, admitted=admitted, **more)

    real = teaching.teachable
    monkeypatch.setattr(teaching, "teachable", teachable)
    mode = {"feature": "mode", "reason": "booked before", "by": "ann", "at": "2020-01-01"}
    await store(desk, standing, replace(model("v1", 1), admitted=(mode,)))
    by = Training(why=Why.SCHEDULE, by=retraining.BY)
    assert (await train(desk, standing, ARRIVES_LATE, training=by)).admitted == (mode,)
    found = (await train(desk, standing, ARRIVES_LATE, training=replace(by, admitted={"mode": "still"}))).admitted
    assert [(one["reason"], one["by"]) for one in found] == [("still", "schedule")]
    assert (await train(desk, standing, ARRIVES_LATE)).admitted == ()
    assert heard == [{"mode": "booked before"}, {"mode": "still"}, {}]


async def test_a_schedule_puts_a_training_in_hand_once(desk: Desk, workspace: Tenant) -> None:
    now = desk.clock.now()
    old = registry.Model(
        question=NAME, version="v1", line=LINE, document={}, proof=PROOF, trained_at=now - timedelta(days=31),
        as_of=now, position=1,
    )  # fmt: skip
    await store(desk, workspace, old)
    told = await retraining.reschedule(desk, workspace, NAME, every_days=30, on_drift=True, by="owner")
    assert told is not None
    assert (told.every_days, told.on_drift, told.last_trained) == (30, True, old.trained_at)
    assert await retraining.submit_due(desk, workspace) == [NAME]
    assert await retraining.submit_due(desk, workspace) == []
    assert await retraining.reschedule(desk, workspace, NAME, every_days=None, on_drift=False, by="owner") is None


async def test_drift_is_seen_in_what_came(desk: Desk, workspace: Tenant) -> None:
    """Sixty settled predictions of 10 % of which half came true."""
    await store(desk, workspace, model("v1", 1))
    async with desk.db.transaction(workspace.number) as tx:
        assert not await schedules.drifted(tx, NAME)
        await tx.run(
            "insert into sightline.predictions (tenant, question, kind, key, cutoff, model, deadline, matures_at,"
            " probability, low, high, reasons, made_at, outcome, outcome_at)"
            " select :t, :q, 'line', n::text, :cutoff, 'v1', :due, :due, .1, 0, 1, '[]', :cutoff, n % 2, :due"
            " from generate_series(1, 60) n",
            t=tx.tenant, q=NAME, cutoff=make.day(1), due=make.day(30),
        )  # fmt: skip
        assert await schedules.drifted(tx, NAME)


_TOLD = """
insert into sightline.predictions (tenant, question, kind, key, cutoff, model, deadline, matures_at, probability,
  quantity, low, high, reasons, made_at, outcome, outcome_at)
select :t, :q, 'line', n::text, at, 'v1', at + interval '30 days', at + interval '30 days', :chance, :quantity, 0, 1,
  '[]', at, case when n <= :came then :what else 0 end, at + interval '30 days'
from generate_series(1, :lines) n, lateral (select cast(:first as timestamptz) + :step * interval '1 day' * d as at
  from generate_series(1, :times) d) asked
"""


async def tell(tx: Transaction, lines: int, came: int, **more: object) -> None:
    """Settled predictions of 30 % about that many lines, each asked about the next 30 days every `step` days; what was
    asked about came for the first `came` of them, at all times.
    """
    await tx.run("delete from sightline.predictions where tenant = :t", t=tx.tenant)
    given = {"chance": 0.3, "quantity": None, "what": 1, "step": 1, "times": 15, "first": make.day(1)} | more
    await tx.run(_TOLD, t=tx.tenant, q=NAME, lines=lines, came=came, **given)


async def test_who_is_asked_again_and_again_is_one_witness(desk: Desk, workspace: Tenant) -> None:
    """Each of 40 on 15 days running about the next 30: it came for 18 where 12 were said, two standard errors of 40."""
    await store(desk, workspace, model("v1", 1))
    async with desk.db.transaction(workspace.number) as tx:
        await tell(tx, 40, 18)
        assert not await schedules.drifted(tx, NAME)
        await tell(tx, 40, 34)
        assert await schedules.drifted(tx, NAME)
        # Few subjects tell nothing, however often they are asked.
        await tell(tx, 20, 20, step=31)
        assert not await schedules.drifted(tx, NAME)


async def test_who_shares_a_fate_is_one_witness(desk: Desk, workspace: Tenant) -> None:
    """Of 300 lines of 50 vendors all came of 22 vendors, where 15 were said."""
    shared = replace(model("v1", 1), proof={**PROOF, "split": {"together": "vendor"}})
    await store(desk, workspace, shared)
    async with desk.db.transaction(workspace.number) as tx:
        await tell(tx, 300, 6 * 22, times=1)
        assert await schedules.drifted(tx, NAME)
        await tx.run(
            "insert into sightline.entities (tenant, kind, key, exists_from, attributes, links)"
            " select :t, 'line', n::text, :at, '{}', jsonb_build_object('vendor', 'vendor/' || (n - 1) / 6)"
            " from generate_series(1, 300) n",
            t=tx.tenant, at=make.day(1),
        )  # fmt: skip
        assert not await schedules.drifted(tx, NAME)
        await tell(tx, 300, 6 * 40, times=1)
        assert await schedules.drifted(tx, NAME)


async def test_drift_of_quantities_is_seen_in_what_lies_outside_their_intervals(desk: Desk, workspace: Tenant) -> None:
    """Of 100, with intervals of 90 %: 20 outside are no drift and 45 are. Whoever is asked 15 times counts once."""
    await store(desk, workspace, model("v1", 1))
    measured = {"chance": None, "quantity": 0.5, "what": 7}
    async with desk.db.transaction(workspace.number) as tx:
        for lines, outside, times, drift in ((100, 20, 1, False), (100, 45, 1, True), (40, 12, 15, False)):
            await tell(tx, lines, outside, times=times, **measured)
            assert await schedules.drifted(tx, NAME) is drift


def settled(subject: int, at: float, came: float, said: float = 0.3, cluster: int | None = None) -> Settled:
    return Settled(
        subject=str(subject), cluster=str(subject if cluster is None else cluster), cutoff=make.day(at),
        deadline=make.day(at + 30), said=said, came=came, measured=False,
    )  # fmt: skip


def test_what_overlaps_is_left_out() -> None:
    told = [settled(0, at, 0) for at in (100, 99, 71, 70, 69, 41, 40, 9)] + [settled(1, 8, 0)]
    assert [(one.subject, one.cutoff) for one in schedules.apart(told)] == [
        ("0", make.day(100)), ("0", make.day(70)), ("0", make.day(40)), ("0", make.day(9)), ("1", make.day(8))
    ]  # fmt: skip
    assert len(schedules.apart([settled(one, 0, 0) for one in range(400)])) == schedules.LOOKED_AT


@pytest.mark.parametrize("said", [0.1, 0.3])
def test_what_is_perfectly_said_raises_no_alarm(said: float) -> None:
    """Forty subjects, each asked on 15 days running, in 300 looks; as if all were independent, one in seven would."""
    chance, crying, naive = np.random.default_rng(11), 0, 0
    for _ in range(300):
        came = (chance.random(40) < said).astype(float).tolist()
        told = [settled(one, -at, came[one], said) for at in range(15) for one in range(40)]
        crying += abs(schedules.distance(schedules.apart(told))) > schedules.FAR
        off = sum(one.came - said for one in told[:300])
        naive += abs(off) > schedules.FAR * (300 * said * (1 - said)) ** 0.5
    assert crying == 0
    assert naive > 300 / 10


def test_where_nothing_rare_came_anywhere_each_cluster_is_one_answer() -> None:
    """Thirty clusters of ten that may share their whole fate: that none of 10 % comes is so once in 24 looks."""
    told = [settled(one, 0, 0.0, 0.1, cluster=one % 30) for one in range(300)]
    assert -2 < schedules.distance(told) < -1
    alone = [replace(one, cluster=one.subject) for one in told]
    assert schedules.distance(alone) < -schedules.FAR


async def test_a_corrupt_model_on_duty_is_told_of(desk: Desk, standing: Tenant) -> None:
    await store(desk, standing, model("torn", 1))
    await desk.go_round(standing)
    async with desk.db.transaction(standing.number) as tx:
        await tx.run("select 1")
    found = {one["name"]: one for one in await reading.questions(desk, standing)}
    assert found[NAME]["form"] == "chance"
    assert (await states(desk, standing)) == {"torn": State.CHAMPION}
