"""Deliver: the one path by which anything leaves. Every decision to act becomes one action under one key, and that one
row of the outbox; the courier does the rest.
"""

from __future__ import annotations

from sightline.foundation.turn import Turn
from sightline.kernel.act import outbox
from sightline.language.action import Action, Verb
from sightline.language.event import Event
from sightline.language.ref import Ref


async def deliver(turn: Turn) -> None:
    """Put what was decided to be done into the outbox."""
    decided = [event for event in await turn.events() if event.data["verb"] == Verb.ACT.value]
    await outbox.put(turn.tx, [_action(turn, event) for event in decided])


def _action(turn: Turn, event: Event) -> Action:
    playbook = turn.catalog.playbooks.get(event.data["playbook"])
    return Action(
        key=event.data["key"],
        destination=playbook.channel if playbook else outbox.PAPER.name,
        to=Ref.parse(event.data["party"]),
        subject=event.subject,
        text=event.data["text"],
    )
