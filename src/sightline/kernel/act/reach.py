"""Who can be reached by what: destinations that are there and in use, an address that is known, and what their guards
allow. Quiet hours, caps and releases are no part of it: they only put off.

Whom nothing reaches leaves both arms of the hold-out alike: it is looked at before anybody was spoken to. Who was
decided about before stays, whatever reaches them since: to have asked for no more may be what came of being spoken to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sightline.foundation.db.session import Transaction
from sightline.foundation.vault import Vault
from sightline.kernel.act import destinations
from sightline.kernel.act.briefing import Brief, address, brief
from sightline.kernel.act.channels.email import Email, mailbox
from sightline.kernel.act.channels.guards import agreed, named
from sightline.kernel.act.drawing import Drawing
from sightline.kernel.act.outbox import Claimed
from sightline.kernel.act.propose import party_of
from sightline.kernel.act.reaching import Reaching, by_channel
from sightline.kernel.act.spoken import Spoken
from sightline.language.action import Action, Destination
from sightline.language.playbook import Playbook, Situation
from sightline.language.ref import Ref


async def with_reaching(
    tx: Transaction, vault: Vault, playbook: Playbook, told: Sequence[Spoken], situations: Iterable[Situation],
    by: Drawing | None, *, now: datetime, since: datetime | None = None,
) -> Drawing:  # fmt: skip
    """By what a playbook draws, with what is known of how the parties of these situations are reached, by what it
    `told` lately, where a choice of it goes by one of several channels. `since`: as if nothing was decided after it.
    """
    several = [one for one in playbook.choices if one.channels]
    known = await destinations.these(tx, vault, {name for one in several for name in one.channels})
    opened = await _opened(tx, vault, known, {party_of(playbook, one) for one in situations}, at=now)
    used = await destinations.in_use(tx, known)
    shut = {party: frozenset(known.keys() - some) for party, some in opened.items()}
    silent = [party for party, some in shut.items() if some]
    before = await _before(tx, playbook.name, silent, by=since or now)
    reaching = Reaching(
        counts={one.name: by_channel(one, told) for one in several},
        reached={party: frozenset(some & used) for party, some in opened.items()},
        shut={party: some for party, some in shut.items() if party not in before},
    )  # fmt: skip
    return replace(by or Drawing(), reaching=reaching)


async def _opened(
    tx: Transaction, vault: Vault, known: Mapping[str, Destination], parties: Collection[Ref], *, at: datetime
) -> Mapping[str, set[str]]:
    """By party: those of the destinations by which it could be reached, were they all in use."""
    found: dict[str, set[str]] = {str(one): set() for one in parties}
    for name, to in known.items():
        for one in await _briefs(tx, vault, to, sorted(set(parties), key=str), at):
            if _open(one):
                found[str(one.claimed.action.to)].add(name)
    return found


async def _before(tx: Transaction, playbook: str, parties: Collection[str], *, by: datetime) -> set[str]:
    """Those of the parties who stood in an arm of the playbook by a moment."""
    rows = await tx.rows(
        "select distinct party from sightline.decisions where tenant = :t and playbook = :p and party = any(:parties)"
        " and verb in ('act', 'ask', 'hold') and at <= :by",
        t=tx.tenant, p=playbook, parties=sorted(parties), by=by,
    )  # fmt: skip
    return {row["party"] for row in rows}


async def _briefs(
    tx: Transaction, vault: Vault, to: Destination, parties: Sequence[Ref], at: datetime
) -> list[Brief]:  # fmt: skip
    """What is known of each while something is sent to it there, though nothing is."""
    uncounted = replace(to, policy=replace(to.policy, per_day=None))
    asked = [
        Claimed(action=Action(key="", destination=to.name, to=one, subject=one, text=""), attempt=0) for one in parties
    ]
    return await brief(tx, vault, asked, {to.name: uncounted}, at=at)


def _open(one: Brief) -> bool:
    party, policy = one.action.party, one.to.policy
    if party.stopped or (policy.consent is not None and not agreed(party, policy.consent)):
        return False
    if policy.only and not named(party, policy.only):
        return False
    return one.to.channel != Email.name or mailbox(address(one) or "") is not None
