"""Deliver: the one path by which anything leaves. Every decision to act becomes one action under one key."""

from __future__ import annotations

import asyncio

from sightline.foundation.turn import Turn
from sightline.kernel.act.channels import Channel, Paper
from sightline.language import derived
from sightline.language.action import Action, Receipt, Verb
from sightline.language.errors import Misconfigured
from sightline.language.event import Event
from sightline.language.ref import Ref


async def deliver(turn: Turn) -> None:
    """Send what was decided to be done, keep the receipts, and tell of them."""
    channels: dict[str, Channel] = {"paper": Paper(turn.settings.home / "paper" / str(turn.batch.tenant))}
    for event in await turn.events():
        if event.data["verb"] == Verb.ACT.value:
            action = _action(turn, event)
            if action.channel not in channels:
                known = ", ".join(channels)
                raise Misconfigured(f"No channel '{action.channel}' for {event.data['playbook']}. Known: {known}.")
            receipt = await asyncio.to_thread(channels[action.channel].send, action, at=turn.now)
            await _keep(turn, action, receipt)


def _action(turn: Turn, event: Event) -> Action:
    playbook = turn.catalog.playbooks.get(event.data["playbook"])
    return Action(
        key=event.data["key"],
        channel=playbook.channel if playbook else "paper",
        to=Ref.parse(event.data["party"]),
        subject=event.subject,
        text=event.data["text"],
    )


async def _keep(turn: Turn, action: Action, receipt: Receipt) -> None:
    await turn.tx.run(
        "insert into sightline.actions (tenant, key, channel, receiver, subject, text, at, reference)"
        " values (:t, :key, :channel, :receiver, :subject, :text, :at, :reference) on conflict do nothing",
        t=turn.tx.tenant, key=action.key, channel=receipt.channel, receiver=str(action.to),
        subject=str(action.subject), text=action.text, at=receipt.at, reference=receipt.reference,
    )  # fmt: skip
    turn.record(
        [
            Event(
                id=f"done:{receipt.key}",
                source=derived.SOURCE,
                type=derived.DONE,
                subject=action.subject,
                time=receipt.at,
                known_at=receipt.at,
                data={"key": receipt.key, "channel": receipt.channel, "reference": receipt.reference},
            )
        ]
    )
