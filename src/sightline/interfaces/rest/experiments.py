"""What acting changed, and experiments."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path, Query

from sightline.interfaces.rest import models
from sightline.interfaces.rest.imports import NO_NUL
from sightline.interfaces.rest.needs import Operator, Reader, RestDep, room
from sightline.interfaces.rest.playbooks import Name
from sightline.kernel.act.trials import Trial
from sightline.kernel.desk import adopting, experimenting
from sightline.kernel.desk.experimenting import Whole
from sightline.kernel.learn.standing import Stand
from sightline.language.experiment import Watched

ExperimentId = Annotated[
    str, Path(description="Experiment.", pattern="^exp_[0-9a-f]{32}$", examples=["exp_" + "9f" * 16])
]

router = room("experiments")


@router.get("/playbooks/{name}/effect")
async def get_effect(rest: RestDep, caller: Reader, name: Name) -> models.Changed:
    """What acting by a playbook changed, as it stands and as it stood; and what it learned about its choices."""
    return models.Changed.model_validate(await experimenting.effect(rest.desk, caller.tenant, name))


@router.get("/experiments")
async def get_experiments(
    rest: RestDep,
    caller: Reader,
    playbook: Annotated[str | None, Query(max_length=200, pattern=NO_NUL, description="Only of this one.")] = None,
) -> models.Experiments:
    """Experiments, newest first."""
    found = await experimenting.listed(rest.desk, caller.tenant, playbook)
    return models.Experiments.model_validate({"experiments": [_told(one) for one in found]})


@router.post("/experiments")
async def post_experiment(
    rest: RestDep, caller: Operator, given: models.NewExperiment
) -> models.ExperimentBegun:  # fmt: skip
    """Compare choices of a playbook by lot from now on, or only look what that takes. Who is kept back stays so."""
    id_, _, plan = await experimenting.start(
        rest.desk, caller.tenant, given.playbook, given.told(), by=caller.principal.name, check=given.check
    )
    return models.ExperimentBegun.model_validate({"id": id_, "plan": asdict(plan), "words": plan.words})


@router.get("/experiments/{id}")
async def get_experiment(rest: RestDep, caller: Reader, id: ExperimentId) -> models.ExperimentWhole:  # noqa: A002
    """An experiment with its arms, its guards, how it stood, and for whom it works."""
    return _whole(await experimenting.show(rest.desk, caller.tenant, id))


@router.post("/experiments/{id}/stop")
async def stop_experiment(
    rest: RestDep, caller: Operator, id: ExperimentId, given: models.StopExperiment  # noqa: A002 - public name
) -> models.ExperimentWhole:  # fmt: skip
    """End an experiment before its time; what was decided stays decided."""
    found = await experimenting.stop(rest.desk, caller.tenant, id, by=caller.principal.name, why=given.why or "")
    return _whole(found)


@router.post("/experiments/{id}/adopt")
async def adopt_experiment(
    rest: RestDep, caller: Operator, id: ExperimentId, given: models.AdoptExperiment  # noqa: A002 - public name
) -> models.Adoption:  # fmt: skip
    """Make its winner the usual choice of its playbook, look what that would change, or take it back."""
    desk, tenant, by, why = rest.desk, caller.tenant, caller.principal.name, given.why or ""
    if given.undo:
        found = await adopting.give_up(desk, tenant, id, by=by, why=why, check=given.check)
    else:
        found = await adopting.adopt(
            desk, tenant, id, by=by, arm=given.arm, why=why, check=given.check, anyway=given.anyway
        )
    return models.Adoption.model_validate(found)


def _told(trial: Trial) -> dict[str, Any]:
    declared = trial.experiment
    return {
        "id": trial.id, "playbook": trial.playbook, "name": declared.name, "arms": declared.arms,
        "shares": declared.shares, "least": declared.least, "why": declared.why, "state": trial.state,
        "guards": [_guard(one) for one in declared.guards], "began_at": trial.began_at, "until": trial.until,
        "ended_at": trial.ended_at, "looked_at": trial.looked_at, "by": trial.by, "verdict": trial.verdict,
        "winner": trial.winner, "said": trial.why, "plan": trial.plan, "adopted": trial.adopted,
        "adopted_at": trial.adopted_at, "adopted_by": trial.adopted_by,
    }  # fmt: skip


def _guard(guard: Watched) -> dict[str, Any]:
    days = guard.within.total_seconds() / 86_400
    return {
        "question": guard.question, "event": guard.event, "good": guard.good, "within_days": days,
        "margin": guard.margin,
    }  # fmt: skip


def _whole(found: Whole) -> models.ExperimentWhole:
    return models.ExperimentWhole.model_validate(
        {
            **_told(found.trial),
            "stand": _stand(found.stand) if found.stand else None,
            "path": found.path,
            "for_whom": found.for_whom,
        }
    )


def _stand(found: Stand) -> dict[str, Any]:
    analysis = found.analysis
    return {
        "words": analysis.words, "arms": found.arms, "pairs": analysis.pairs, "split": analysis.split,
        "stopped": analysis.stopped, "guards": found.guards, "unsettled": found.unsettled,
    }  # fmt: skip
