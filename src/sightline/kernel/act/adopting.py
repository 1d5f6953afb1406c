"""The winner of an experiment as the usual choice of its playbook: a step that somebody takes, and takes back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.kernel.act.drawing import best
from sightline.kernel.act.drawings import take_back
from sightline.kernel.act.trials import Trial, tell
from sightline.language import derived
from sightline.language.errors import Conflict, Invalid, NotFound
from sightline.language.playbook import Playbook, Situation
from sightline.language.ref import Ref

NOBODY = Ref(derived.SELF, "nobody")

MOST = 10_000
"""Decisions, the newest, of which it is counted what would have been chosen otherwise: somebody waits for it."""


async def with_adopted(tx: Transaction, playbooks: Mapping[str, Playbook]) -> dict[str, Playbook]:
    """The same playbooks, each with the usual choice that was adopted for it; one that it has not any more is none."""
    several = {name for name, one in playbooks.items() if len(one.choices) > 1}
    usual = await adopted(tx) if several else {}
    return {
        name: replace(one, usual=usual[name]) if any(it.name == usual.get(name) for it in one.choices) else one
        for name, one in playbooks.items()
    }


async def adopted(tx: Transaction) -> dict[str, str]:
    """By playbook: the choice that was adopted."""
    rows = await tx.rows(
        "select playbook, adopted from sightline.experiments where tenant = :t and adopted is not null", t=tx.tenant
    )
    return {row["playbook"]: row["adopted"] for row in rows}


def meant(trial: Trial, playbook: Playbook, arm: str | None = None) -> str:
    """The arm that would be adopted: the one that is named, else the winner. Raises Conflict, Invalid and NotFound."""
    name = trial.experiment.name
    if trial.state != "ended":
        raise Conflict(f"'{name}' has not ended.", hint="Wait for its end, or stop it.")
    choice = arm or trial.winner
    if choice is None:
        raise Invalid(f"No arm of '{name}' is better beyond doubt.", hint="Name the one that is meant (`arm`).")
    if choice not in trial.experiment.arms:
        raise NotFound.named("arm", choice, trial.experiment.arms)
    if choice not in {one.name for one in playbook.choices}:
        raise Conflict(f"'{playbook.name}' has no choice '{choice}' any more.")
    return choice


async def changes(tx: Transaction, playbook: Playbook, choice: str, *, since: datetime) -> tuple[int, int]:
    """How many decisions since then, the newest MOST at most, did something or asked, and for how many of them the
    usual choice would have been another, had this one been adopted. What a lot drew counts by the usual choice beside
    which it was drawn.
    """
    rows = await tx.rows(
        "select d.probability, d.worth, count(*) as n from (select probability, worth from sightline.decisions"
        " where tenant = :t and playbook = :p and at >= :since and verb in ('act', 'ask')"
        " order by at desc, key limit :most) d group by d.probability, d.worth",
        t=tx.tenant, p=playbook.name, since=since, most=MOST,
    )  # fmt: skip
    then = replace(playbook, usual=choice)
    return sum(row["n"] for row in rows), await asyncio.to_thread(_otherwise, playbook, then, rows, since)


def _otherwise(playbook: Playbook, then: Playbook, rows: Sequence[Any], now: datetime) -> int:
    # What a choice is expected to bring rests on these two alone.
    told = (
        (row["n"], Situation(subject=NOBODY, now=now, probability=row["probability"], worth=row["worth"]))
        for row in rows
    )
    return sum(n for n, one in told if best(playbook, one).name != best(then, one).name)


async def adopt(
    tx: Transaction, trial: Trial, choice: str, *, by: str, why: str, now: datetime, against: str = ""
) -> None:  # fmt: skip
    """Make a choice the usual one of its playbook, in the place of one that was adopted before. Raises Conflict.

    `against`: what speaks against it, in spite of which it is adopted.
    """
    await tx.rows(
        "select id from sightline.experiments where tenant = :t and playbook = :p order by id for update",
        t=tx.tenant, p=trial.playbook,
    )  # fmt: skip
    before = (await adopted(tx)).get(trial.playbook)
    if before == choice:
        raise Conflict(f"'{choice}' is the usual choice of '{trial.playbook}' already.")
    await _clear(tx, trial.playbook)
    await tx.run(
        "update sightline.experiments set adopted = :choice, adopted_at = :now, adopted_by = :by"
        " where tenant = :t and id = :id",
        t=tx.tenant, id=trial.id, choice=choice, now=now, by=by,
    )  # fmt: skip
    told = {"choice": choice, "before": before, "by": by, "why": why or trial.why, "against": against}
    tell(tx, derived.ADOPTED, trial.id, trial.playbook, trial.experiment.name, told, now=now)
    await take_back(tx, trial.playbook, f"Its usual choice is '{choice}' now.", now=now)


def must_be_adopted(trial: Trial) -> None:
    """Raises Conflict where nothing of it is."""
    if trial.adopted is None:
        raise Conflict(f"Nothing of '{trial.experiment.name}' is adopted.")


async def give_up(tx: Transaction, trial: Trial, *, by: str, why: str, now: datetime) -> None:
    """Let its playbook choose as it did before anything was adopted. Raises Conflict where nothing of this one is."""
    must_be_adopted(trial)
    await _clear(tx, trial.playbook)
    told = {"choice": trial.adopted, "by": by, "why": why}
    tell(tx, derived.GIVEN_UP, trial.id, trial.playbook, trial.experiment.name, told, now=now)
    await take_back(tx, trial.playbook, "Its usual choice is the one with the most expected value again.", now=now)


async def _clear(tx: Transaction, playbook: str) -> None:
    """Of a playbook one choice at most is adopted."""
    await tx.run(
        "update sightline.experiments set adopted = null, adopted_at = null, adopted_by = null"
        " where tenant = :t and playbook = :p and adopted is not null",
        t=tx.tenant, p=playbook,
    )  # fmt: skip
