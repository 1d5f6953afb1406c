"""By what choices are drawn now: experiments that run, those declared that begin here, and what was learned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sightline.foundation.db.session import Transaction
from sightline.foundation.turn import Turn
from sightline.kernel.act import trials
from sightline.kernel.act.drawing import Drawing, known_of
from sightline.kernel.act.trials import DECLARED
from sightline.kernel.predict.chooser import Chooser
from sightline.language import derived
from sightline.language.catalog import Catalog
from sightline.language.playbook import Playbook


async def drawings(tx: Transaction, catalog: Catalog, playbooks: Mapping[str, Playbook]) -> dict[str, Drawing]:
    """Of these playbooks, by name; who has one choice is not asked about."""
    playbooks = {name: one for name, one in playbooks.items() if len(one.choices) > 1}
    if not playbooks:
        return {}
    running = {one.playbook: one for one in await trials.listed(tx, states=["running"]) if one.playbook in playbooks}
    choosers = await _choosers(tx, [name for name, one in playbooks.items() if one.choose == "learned"])
    found = {}
    for name, playbook in playbooks.items():
        question = catalog.questions.get(playbook.question)
        trial = running.get(name)
        if trial and not set(trial.experiment.arms) <= {one.name for one in playbook.choices}:
            trial = None
        found[name] = Drawing(
            attributes=known_of(catalog.kinds.get(question.of) if question else None),
            experiment=trial.experiment if trial else None, id=trial.id if trial else None, chooser=choosers.get(name),
        )  # fmt: skip
    return found


async def begin_declared(turn: Turn, playbooks: Mapping[str, Playbook]) -> None:
    """Begin the experiments that these declare, where they did not begin before."""
    declared = {name: one.experiment for name, one in playbooks.items() if one.experiment}
    if not declared:
        return
    before = await trials.began(turn.tx, list(declared))
    running = {one.playbook for one in await trials.listed(turn.tx, states=["running"])}
    for name, experiment in declared.items():
        if experiment.name not in before[name] and name not in running:
            await trials.begin(turn.tx, name, experiment, by=DECLARED, now=turn.now)


async def take_back(tx: Transaction, playbook: str, why: str, *, now: datetime) -> None:
    """What it learned chooses no more, where it did, and what came before is no proof of it any more."""
    rows = await tx.rows(
        "update sightline.choosers c set loose = false, since = case when c.loose then :now else c.since end,"
        " taken_back_at = :now from (select loose from sightline.choosers where tenant = :t and playbook = :p) before"
        " where c.tenant = :t and c.playbook = :p returning before.loose",
        t=tx.tenant, p=playbook, now=now,
    )  # fmt: skip
    if any(row["loose"] for row in rows):
        trials.tell(tx, derived.TAKEN_BACK, playbook, playbook, "", {"why": why}, now=now)


async def _choosers(tx: Transaction, names: list[str]) -> dict[str, Chooser]:
    if not names:
        return {}
    rows = await tx.rows(
        "select playbook, version, learned, loose from sightline.choosers where tenant = :t and playbook = any(:p)",
        t=tx.tenant, p=names,
    )  # fmt: skip
    return {row["playbook"]: Chooser.read(row["learned"], loose=row["loose"], version=row["version"]) for row in rows}
