"""Deliver: what was decided to be done, by itself or by a person, begins its run, whose first step it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sightline.foundation.turn import Turn
from sightline.kernel.act import hours, outbox, runs
from sightline.kernel.act.runs import Begun
from sightline.kernel.act.spoken import lately, zones_of
from sightline.language import derived
from sightline.language.action import Action, Verb
from sightline.language.event import Event
from sightline.language.ref import Ref


async def deliver(turn: Turn) -> None:
    """Begin the run of each decision to act, and of each that a person approved, and put its message into the outbox.

    Where that has nowhere to go, the run is stuck until somebody sees to it.
    """
    decided = {event.data["key"]: event for event in await turn.events() if _to_be_done(event)}
    if not decided:
        return
    new = await runs.begin(turn.tx, [_begun(event) for event in decided.values()], at=turn.now)
    actions = [_action(decided[key]) for key in new]
    gone = await outbox.missing(turn.tx, {one.destination for one in actions})
    sent = [one for one in actions if one.destination not in gone]
    await outbox.put(turn.tx, sent)
    await outbox.put_off(turn.tx, await _waits(turn, sent, decided))
    nowhere = {one.key: one.destination for one in actions if one.destination in gone}
    for one in await runs.these(turn.tx, "key", list(nowhere)):
        await runs.end(turn.tx, one.id, "stuck", at=turn.now, why=runs.nowhere(nowhere[one.key]))


async def _waits(turn: Turn, actions: Sequence[Action], decided: Mapping[str, Event]) -> dict[str, timedelta]:
    """How long messages wait for the best hour of whom they are for, where their playbook says so and it is known."""
    waits: dict[str, timedelta] = {}
    for playbook in turn.catalog.playbooks.values():
        success = turn.catalog.successes.get(playbook.name)
        own = [one for one in actions if decided[one.key].data["playbook"] == playbook.name]
        if playbook.hour == "best" and success and own:
            told = await lately(turn, playbook, success)
            best = hours.best_hours(hours.by_hour(told), [str(one.to) for one in own])
            ways = {one.key: (str(one.to), one.destination) for one in own if str(one.to) in best}
            zones = await zones_of(turn.tx, turn.vault, set(ways.values()))
            waits |= {key: hours.wait_for(best[way[0]], turn.now, zones[way]) for key, way in ways.items()}
    return waits


def _to_be_done(event: Event) -> bool:
    if event.type == derived.DECIDED:
        return bool(event.data["verb"] == Verb.ACT.value)
    return event.data["answer"] == "approved" and event.data["run"] is None


def _begun(event: Event) -> Begun:
    return Begun(
        key=event.data["key"], playbook=event.data["playbook"], version=event.data.get("version", ""),
        subject=event.subject, party=Ref.parse(event.data["party"]), question=event.data.get("question"),
        choice=event.data["choice"],
        channel=event.data["channel"],
        decided_at=datetime.fromisoformat(event.data["asked_at"]) if "asked_at" in event.data else event.time,
    )  # fmt: skip


def _action(event: Event) -> Action:
    return Action(
        key=event.data["key"], destination=event.data["channel"], to=Ref.parse(event.data["party"]),
        subject=event.subject, text=event.data["text"],
    )  # fmt: skip
