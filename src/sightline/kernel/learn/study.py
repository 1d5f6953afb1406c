"""Study, once a day: how experiments stand, and what was learned about which choice for whom."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import msgspec

from sightline.foundation.turn import Turn
from sightline.kernel.act import trials
from sightline.kernel.act.drawings import take_back
from sightline.kernel.act.trials import Trial
from sightline.kernel.learn import which
from sightline.kernel.learn.planning import planned
from sightline.kernel.learn.standing import stand, step
from sightline.kernel.learn.which import Judged
from sightline.kernel.predict.chooser import Chooser
from sightline.language import derived
from sightline.language.playbook import Playbook, Success


async def study(turn: Turn) -> None:
    """Look at what goes on: end what is decided, teach what learns. Each step is an event."""
    for trial in await trials.listed(turn.tx, states=["running", "waiting"]):
        await _look(turn, trial)
    for playbook in turn.catalog.playbooks.values():
        success = turn.catalog.successes.get(playbook.name)
        if playbook.choose == "learned" and success:
            await _teach(turn, playbook, success)


async def _look(turn: Turn, trial: Trial) -> None:
    playbook, success = turn.catalog.playbooks.get(trial.playbook), turn.catalog.successes.get(trial.playbook)
    gone = playbook is None or not set(trial.experiment.arms) <= {one.name for one in playbook.choices}
    if playbook is None or success is None or gone:
        why = "Its playbook, a choice of it or what it calls success is gone."
        await trials.end(turn.tx, trial, "changed", why, now=turn.now)
        return
    question = turn.catalog.question(playbook.question)
    plan = None if trial.plan else asdict(await planned(turn.tx, success, playbook, question, trial.experiment))
    found = step(trial, await stand(turn.tx, trial, success, playbook, now=turn.now), now=turn.now)
    await trials.looked(turn.tx, trial, plan, now=turn.now)
    if found is None:
        return
    if found.closes:
        await trials.close(turn.tx, trial, now=turn.now)
    else:
        await trials.end(
            turn.tx, trial, found.verdict, found.why, now=turn.now, winner=found.winner, stopped=found.stopped
        )


_STANDS = """
select version, loose, since, taken_back_at,
  array(select one ->> 'choice' from jsonb_array_elements(learned -> 'beliefs') one) as names
from sightline.choosers where tenant = :t and playbook = :p
"""
_KEEP = """
insert into sightline.choosers as c (tenant, playbook, version, learned, judged, loose, seen, fitted_at, since)
values (:t, :p, :version, cast(:learned as jsonb), cast(:judged as jsonb), :loose, :seen, :now, :now)
on conflict (tenant, playbook) do update set version = excluded.version, learned = excluded.learned,
  judged = excluded.judged, loose = excluded.loose, seen = excluded.seen, fitted_at = excluded.fitted_at,
  since = case when c.loose = excluded.loose then c.since else excluded.since end
"""


async def _teach(turn: Turn, playbook: Playbook, success: Success) -> None:
    names = [one.name for one in playbook.choices]
    before = await _stands(turn, playbook, names)
    log = await which.logged(turn.tx, playbook, success)
    if log is None:
        return
    if before and before["loose"] and not log.told:
        await take_back(turn.tx, playbook.name, "By what it was let loose is no proof any more.", now=turn.now)
        before = await _stands(turn, playbook, names)
    was, since, back = (before["loose"], before["since"], before["taken_back_at"]) if before else (False, None, None)
    chooser, judged = await asyncio.to_thread(
        which.learn, names, log, loose_since=since if was else None, anew_since=back
    )  # fmt: skip
    loose = not judged.worse if was else judged.not_worse
    if was and not loose:
        await take_back(turn.tx, playbook.name, judged.words, now=turn.now)
    version = (before["version"] if before else 0) + 1
    await _keep(turn, playbook, replace(chooser, loose=loose, version=version), judged)
    if loose and not was:
        told = {"why": judged.words}
        trials.tell(turn.tx, derived.LET_LOOSE, playbook.name, playbook.name, "", told, now=turn.now)


async def _stands(turn: Turn, playbook: Playbook, names: Sequence[str]) -> Any:
    """How its chooser stands (None: there is none): taken back where it has learned about other choices than these."""
    before = await turn.tx.row(_STANDS, t=turn.tx.tenant, p=playbook.name)
    if before is None or not before["loose"] or set(before["names"]) == set(names):
        return before
    await take_back(turn.tx, playbook.name, "Its choices are others than those it learned about.", now=turn.now)
    return await turn.tx.row(_STANDS, t=turn.tx.tenant, p=playbook.name)


async def _keep(turn: Turn, playbook: Playbook, chooser: Chooser, judged: Judged) -> None:
    await turn.tx.run(
        _KEEP,
        t=turn.tx.tenant, p=playbook.name, version=chooser.version, loose=chooser.loose, seen=judged.seen,
        now=turn.now, learned=_text(chooser.told()), judged=_text(which.told_of(judged)),
    )  # fmt: skip


def _text(told: dict[str, Any]) -> str:
    return msgspec.json.encode(told).decode()
