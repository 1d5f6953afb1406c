"""What it takes to send what was claimed: what is known of whom it is for, and persons in the clear where they are told
of. All of it stands in memory alone, until it is sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.foundation.vault import Vault
from sightline.kernel.act.channels.email import Email, Mailing
from sightline.kernel.act.outbox import Claimed
from sightline.kernel.know import entities
from sightline.kernel.observe.personal import replaced, tokens_in
from sightline.language.action import Action, Destination, Party
from sightline.language.ref import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One delivery, ready to be sent."""

    claimed: Claimed
    """As it is kept."""
    action: Action
    """As it is sent."""
    to: Destination
    told: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By value: the token of each that stands in the clear in it."""

    def veiled(self, text: str) -> str:
        """What was said of it, fit to be kept: with tokens in the place of what stands in the clear."""
        for value, token in sorted(self.told.items(), key=lambda one: -len(one[0])):
            text = re.sub(re.escape(value), token, text, flags=re.IGNORECASE) if value else text
        return text


async def brief(
    tx: Transaction, vault: Vault, claimed: Sequence[Claimed], known: Mapping[str, Destination]
) -> list[Brief]:
    """Make ready what was claimed, for destinations that are known by their names."""
    found = await _attributes(tx, [one.action.to for one in claimed])
    ready = [_ready(one, known[one.action.destination], found) for one in claimed]
    tokens = set[str]().union(*(_tokens(one) for one in ready))
    values = await vault.reveal(tx, sorted(tokens)) if tokens else {}
    return [_told(one, values) for one in ready]


async def _attributes(tx: Transaction, refs: Sequence[Ref]) -> dict[Ref, Mapping[str, Any]]:
    found: dict[Ref, Mapping[str, Any]] = {}
    for kind in sorted({one.kind for one in refs}):
        keys = sorted({one.key for one in refs if one.kind == kind})
        for key, (attributes, _) in (await entities.current(tx, kind, keys)).items():
            found[Ref(kind, key)] = attributes
    return found


def _ready(claimed: Claimed, to: Destination, found: Mapping[Ref, Mapping[str, Any]]) -> Brief:
    whole, names = found.get(claimed.action.to, {}), _asked(to)
    party = Party(ref=claimed.action.to, attributes={name: whole[name] for name in names if name in whole})
    return Brief(claimed=claimed, action=replace(claimed.action, party=party), to=to)


def _asked(to: Destination) -> set[str]:
    """The attributes that a destination asks for."""
    return {Mailing.of(to.address).attribute} if to.channel == Email.name else set()


def _tokens(one: Brief) -> set[str]:
    kept = one.action
    shown = (kept.text, str(kept.to), str(kept.subject)) if one.to.reveal else ()
    return tokens_in((*shown, *kept.party.attributes.values()))


def _told(one: Brief, values: Mapping[str, str]) -> Brief:
    kept, mine = one.action, {token: values[token] for token in _tokens(one) if token in values}
    if not mine:
        return one
    attributes = replaced(kept.party.attributes, mine)
    action = replace(kept, party=replace(kept.party, attributes=attributes))
    if one.to.reveal:
        action = replace(
            action, text=replaced(kept.text, mine), to=_clear(kept.to, mine), subject=_clear(kept.subject, mine)
        )
    return replace(one, action=action, told={value: token for token, value in mine.items()})


def _clear(ref: Ref, values: Mapping[str, str]) -> Ref:
    return Ref(ref.kind, replaced(ref.key, values))
