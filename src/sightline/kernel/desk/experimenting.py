"""Experiments, and what acting changed: begun, told, stopped, and read from what was decided and came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import experiment_file, trials
from sightline.kernel.act.checking import check_arms, check_experiment
from sightline.kernel.act.spoken import spoken
from sightline.kernel.act.trials import Trial
from sightline.kernel.desk import playing
from sightline.kernel.desk.desk import Desk
from sightline.kernel.learn import forwhom
from sightline.kernel.learn.effect import POINTS, Effect, Point, due, measured, path, tallies
from sightline.kernel.learn.forwhom import ForWhom
from sightline.kernel.learn.habits import Habit, habits
from sightline.kernel.learn.planning import Planned, planned
from sightline.kernel.learn.standing import Seen, Stand, moments, stand, treated
from sightline.language.catalog import Catalog
from sightline.language.errors import Conflict, Invalid
from sightline.language.experiment import Experiment
from sightline.language.playbook import Playbook, Success


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """An experiment with all that can be told of it now."""

    trial: Trial
    stand: Stand | None
    """None where its playbook is gone."""
    path: tuple[Seen, ...]
    for_whom: tuple[ForWhom, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a playbook learned about which choice for whom, as of its last day."""

    loose: bool
    since: datetime
    version: int
    fitted_at: datetime
    judged: Mapping[str, Any]
    """See `learn.which.Judged`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What acting by a playbook changed."""

    playbook: str
    question: str
    success: bool | None
    """The answer that counts as success; None: none does, so nothing is measured."""
    called: str
    """That answer in words."""
    hold_out: float
    effect: Effect | None
    path: tuple[Point, ...]
    choose: str
    learned: Learned | None
    hours: Habit | None
    """What was learned about its hours; None: it speaks at once."""
    channels: tuple[Habit, ...]
    """And about the channels of each choice that may go by several."""


async def effect(desk: Desk, tenant: Tenant, name: str) -> Changed:
    """What acting by a playbook changed, as it stands and as it stood. Raises NotFound."""
    playbook = await playing.playbook(desk, tenant, name)
    async with desk.db.transaction(tenant.number) as tx:
        catalog = await desk.declared(tx)
        success, question = catalog.successes.get(name), catalog.question(playbook.question)
        found = await tallies(tx, success, playbook) if success else []
        first = await due(tx, playbook, question, found, now=await desk.present(tx))
        learned = await _learned(tx, name)
        looks = success and (playbook.hour == "best" or playbook.goes_by_several)
        told = await spoken(tx, desk.vault, playbook, success, now=await desk.present(tx)) if success and looks else []
    hours, channels = await asyncio.to_thread(habits, playbook, told)
    share = desk.settings.act.hold_out
    costs = {one.name: one.cost for one in playbook.choices}

    def work() -> Effect | None:
        return replace(measured(name, found, costs=costs, hold_out=share), due=first) if success else None

    return Changed(
        playbook=name, question=playbook.question, success=success.answer if success else None,
        called=(question.yes if success.answer else question.no) if success else "", hold_out=share,
        effect=await asyncio.to_thread(work),
        path=await asyncio.to_thread(path, found), choose=playbook.choose, learned=learned,
        hours=hours, channels=channels,
    )  # fmt: skip


async def _learned(tx: Transaction, name: str) -> Learned | None:
    row = await tx.row(
        "select loose, since, version, fitted_at, judged from sightline.choosers where tenant = :t and playbook = :p",
        t=tx.tenant, p=name,
    )  # fmt: skip
    return Learned(**row) if row else None


async def start(
    desk: Desk, tenant: Tenant, name: str, given: Mapping[str, Any] | None, *, by: str, check: bool = False
) -> tuple[str | None, Experiment, Planned]:
    """Compare choices of a playbook from now on; `given` as a file tells an experiment, None: the one it declares.

    `check`: only tell what it takes. Returns its id (None: not begun) and the plan. Raises NotFound, Invalid, Conflict.
    """
    playbook = await playing.playbook(desk, tenant, name)
    async with desk.db.transaction(tenant.number) as tx:
        catalog = await desk.declared(tx)
        experiment = _meant(playbook, given)
        success = _success(catalog, playbook, experiment)
        plan = await planned(tx, success, playbook, catalog.question(playbook.question), experiment)
        if check:
            return None, experiment, plan
        now = await desk.present(tx)
        id_ = await trials.begin(tx, name, experiment, by=by, now=now, plan=asdict(plan))
    return id_, experiment, plan


def _meant(playbook: Playbook, given: Mapping[str, Any] | None) -> Experiment:
    if given is not None:
        # What it is called is made up in a moment; what can be compared is what one has to know first.
        check_arms(playbook, given.get("arms", ()))
        return experiment_file.read("The experiment", given)
    if playbook.experiment is None:
        raise Invalid(f"'{playbook.name}' declares no experiment.", hint="Say its name and its arms.")
    return playbook.experiment


def _success(catalog: Catalog, playbook: Playbook, experiment: Experiment) -> Success:
    success = catalog.successes.get(playbook.name)
    check_experiment(playbook, experiment, catalog, measured=success is not None)
    assert success is not None
    return success


async def listed(desk: Desk, tenant: Tenant, playbook: str | None = None) -> list[Trial]:
    """Experiments, newest first."""
    async with desk.db.transaction(tenant.number) as tx:
        return await trials.listed(tx, playbook=playbook)


async def show(desk: Desk, tenant: Tenant, id_: str) -> Whole:
    """One of them with its arms, guards, and for whom they work. Raises NotFound."""
    async with desk.db.transaction(tenant.number) as tx:
        trial = await trials.get(tx, id_)
        catalog = await desk.declared(tx)
        success, playbook = catalog.successes.get(trial.playbook), catalog.playbooks.get(trial.playbook)
        if success is None:
            return Whole(trial=trial, stand=None, path=(), for_whom=())
        found = await stand(tx, trial, success, playbook, now=await desk.present(tx))
        decided = await treated(tx, trial, success, playbook)
        rows = await forwhom.parties(tx, trial, success, playbook)

    def work() -> Whole:
        return Whole(
            trial=trial, stand=found, path=tuple(moments(trial.experiment, decided, points=POINTS)),
            for_whom=tuple(forwhom.for_whom(trial.experiment, rows)),
        )  # fmt: skip

    return await asyncio.to_thread(work)


async def stop(desk: Desk, tenant: Tenant, id_: str, *, by: str, why: str = "") -> Whole:
    """End one before its time. Raises NotFound, and Conflict where it has ended."""
    async with desk.db.transaction(tenant.number) as tx:
        trial = await trials.get(tx, id_)
        if trial.state == "ended":
            raise Conflict(f"'{trial.experiment.name}' has ended already.")
        said = f"{by} stopped it{f': {why}' if why else '.'}"
        await trials.end(tx, trial, "stopped", said, now=await desk.present(tx))
    return await show(desk, tenant, id_)
