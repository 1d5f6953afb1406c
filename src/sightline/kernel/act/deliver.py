"""Deliver: what was decided to be done, by itself or by a person, begins its run, whose first step it is."""

from __future__ import annotations

from sightline.foundation.turn import Turn
from sightline.kernel.act import moving, runs
from sightline.kernel.act.moment import Moment
from sightline.kernel.act.runs import Begun
from sightline.language import derived
from sightline.language.action import Verb
from sightline.language.event import Event
from sightline.language.ref import Ref


async def deliver(turn: Turn) -> None:
    """Begin the run of each decision to act, and of each that a person approved."""
    here = Moment.of(turn)
    for event in await turn.events():
        if _to_be_done(event):
            for begun in await runs.begin(turn.tx, [_begun(turn, event)], at=turn.now):
                await moving.act(here, begun, channel=event.data["channel"], text=event.data["text"])


def _to_be_done(event: Event) -> bool:
    if event.type == derived.DECIDED:
        return bool(event.data["verb"] == Verb.ACT.value)
    return event.data["answer"] == "approved" and event.data["run"] is None


def _begun(turn: Turn, event: Event) -> Begun:
    playbook = turn.catalog.playbooks.get(event.data["playbook"])
    return Begun(
        key=event.data["key"], playbook=event.data["playbook"], version=playbook.version if playbook else "",
        subject=event.subject, party=Ref.parse(event.data["party"]), question=event.data.get("question"),
        choice=event.data["choice"],
    )  # fmt: skip
