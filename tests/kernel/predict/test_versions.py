"""Versions of a model: which is on duty, going back, and what must never take its place."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, reading, retraining, versions
from sightline.kernel.desk.training import Training, train
from sightline.kernel.predict import engine, registry, teaching
from sightline.kernel.predict.language import canonical
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.registry import State, Why
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


async def test_a_corrupt_model_on_duty_is_told_of(desk: Desk, standing: Tenant) -> None:
    await store(desk, standing, model("torn", 1))
    await desk.go_round(standing)
    async with desk.db.transaction(standing.number) as tx:
        await tx.run("select 1")
    found = {one["name"]: one for one in await reading.questions(desk, standing)}
    assert found[NAME]["form"] == "chance"
    assert (await states(desk, standing)) == {"torn": State.CHAMPION}
