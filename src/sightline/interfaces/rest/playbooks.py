"""Playbooks and their runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import Path, Query

from sightline.interfaces.rest import models
from sightline.interfaces.rest.context import Caller, Rest
from sightline.interfaces.rest.decisions import with_outcomes
from sightline.interfaces.rest.imports import NO_NUL
from sightline.interfaces.rest.needs import Operator, Reader, RestDep, room
from sightline.interfaces.rest.paging import USUAL, After, Limit, decode, page
from sightline.kernel.act.runs import Run, Stepped
from sightline.kernel.desk import jobs, playing
from sightline.language.time import parse_since

Name = Annotated[str, Path(description="Playbook.", max_length=200, pattern=NO_NUL, examples=["own.remind"])]
RunId = Annotated[str, Path(description="Run.", pattern="^run_[0-9a-f]{32}$", examples=["run_" + "9f" * 16])]

router = room("playbooks")


@router.get("/playbooks")
async def get_playbooks(rest: RestDep, caller: Reader) -> models.Playbooks:
    """What is done when something is forecast, found or happens, and how often it was."""
    found = await playing.told(rest.desk, caller.tenant)
    text = await playing.text(rest.desk, caller.tenant)
    return models.Playbooks.model_validate({"playbooks": [asdict(one) for one in found], "text": text})


@router.post("/playbooks")
async def post_playbooks(rest: RestDep, caller: Operator, given: models.ToDeclare) -> models.PlaybooksDeclared:
    """Declare playbooks of your own as TOML; one that changed becomes a new version, by which new runs go."""
    versions = await playing.declare(
        rest.desk, caller.tenant, given.text, by=caller.principal.name, role=caller.standing.role, check=given.check
    )
    return models.PlaybooksDeclared(versions=versions)


@router.delete("/playbooks/{name}", status_code=204)
async def delete_playbook(rest: RestDep, caller: Operator, name: Name) -> None:
    """Let one of your own do nothing any more; its runs go on."""
    await playing.drop(rest.desk, caller.tenant, name)


@router.post("/playbooks/{name}/rehearse", status_code=202)
async def rehearse(rest: RestDep, caller: Operator, name: Name, given: models.Rehearse) -> models.Job:
    """What it would have done since a past day, to whom and at what expected value, as a job. Nothing is touched."""
    since = parse_since(given.since, rest.now(caller))
    job = await jobs.submit_rehearsal(
        rest.desk, caller.tenant, name, since, text=given.text, by=caller.principal.name
    )  # fmt: skip
    return models.Job.told(job)


@router.get("/runs")
async def get_runs(
    rest: RestDep,
    caller: Reader,
    state: Annotated[models.Going | None, Query(description="Only those in this state.")] = None,
    playbook: Annotated[str | None, Query(max_length=200, pattern=NO_NUL, description="Only of this one.")] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> models.Runs:
    """What becomes of what was decided to be done, newest first."""
    behind = decode(after, (datetime, str)) if after else None
    found = await playing.list_runs(
        rest.desk, caller.tenant, state=state, playbook=playbook, after=behind, limit=limit + 1
    )
    some, more = page(found, limit, lambda one: (one.began_at, one.id))
    told = await with_outcomes(rest, caller, some)
    return models.Runs(runs=[models.Run.model_validate(one) for one in told], next=more)


@router.get("/runs/{id}")
async def get_run(rest: RestDep, caller: Reader, id: RunId) -> models.RunWhole:  # noqa: A002 - public name
    """A run, step by step."""
    return await _whole(rest, caller, *await playing.show_run(rest.desk, caller.tenant, id))


@router.post("/runs/{id}/change")
async def change_run(
    rest: RestDep, caller: Operator, id: RunId, given: models.ToRun  # noqa: A002 - public name
) -> models.RunWhole:  # fmt: skip
    """Pause, resume or cancel a run, or let it do a step again, under a key of its own. What was sent stays sent."""
    changed = await playing.change_run(
        rest.desk, caller.tenant, id, given.what, by=caller.principal.name, step=given.step
    )
    return await _whole(rest, caller, *changed)


async def _whole(rest: Rest, caller: Caller, run: Run, steps: Sequence[Stepped]) -> models.RunWhole:
    (told,) = await with_outcomes(rest, caller, [run])
    return models.RunWhole.model_validate({**told, "steps": [asdict(one) for one in steps]})
