"""What it takes to send what was claimed: what is known of whom it is for, and persons in the clear where they are told
of. All of it stands in memory alone, until it is sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

import msgspec

from sightline.foundation.db.session import Transaction
from sightline.foundation.vault import Vault
from sightline.kernel.act import contacts, notices
from sightline.kernel.act.channels.email import Email, Mailing, address_of
from sightline.kernel.act.channels.guards import TIME_ZONE
from sightline.kernel.act.counting import counted
from sightline.kernel.act.outbox import Claimed
from sightline.kernel.know import entities
from sightline.kernel.observe.personal import replaced, tokens_in
from sightline.language.action import Action, Case, Destination, Party, Policy
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
    tx: Transaction, vault: Vault, claimed: Sequence[Claimed], known: Mapping[str, Destination], *, at: datetime
) -> list[Brief]:
    """Make ready what was claimed, for destinations that are known by their names. `at`: the present moment."""
    to = [known[one.action.destination] for one in claimed]
    found = await _attributes(tx, [one.action.to for one, where in zip(claimed, to, strict=True) if _asked(where)])
    sent = await counted(tx, list(zip(to, (one.action.to for one in claimed), strict=True)), at)
    cases = await notices.cases(tx, [one.action for one in claimed])
    ready = [_asking(_ready(*one, found), cases) for one in zip(claimed, to, sent, strict=True)]
    tokens = set[str]().union(*(_tokens(one) for one in ready))
    values = await vault.reveal(tx, sorted(tokens)) if tokens else {}
    told = [_told(one, values) for one in ready]
    # Of several that are for one party, some may be written to one address, some to another and some to none.
    written = {(one.claimed.action.to, address(one)) for one in told}
    stopped = await contacts.stopped(tx, vault, written)
    return [_marked(one) if (one.claimed.action.to, address(one)) in stopped else one for one in told]


def _marked(one: Brief) -> Brief:
    return replace(one, action=replace(one.action, party=replace(one.action.party, stopped=True)))


def _asking(one: Brief, cases: Mapping[str, Case]) -> Brief:
    return replace(one, action=replace(one.action, case=cases.get(one.action.key)))


async def _attributes(tx: Transaction, refs: Sequence[Ref]) -> dict[Ref, Mapping[str, Any]]:
    found: dict[Ref, Mapping[str, Any]] = {}
    for kind in sorted({one.kind for one in refs}):
        keys = sorted({one.key for one in refs if one.kind == kind})
        for key, (attributes, _) in (await entities.current(tx, kind, keys)).items():
            found[Ref(kind, key)] = attributes
    return found


def _ready(
    claimed: Claimed, to: Destination, sent: tuple[int, int], found: Mapping[Ref, Mapping[str, Any]]
) -> Brief:  # fmt: skip
    whole, names = found.get(claimed.action.to, {}), _asked(to)
    party = Party(
        ref=claimed.action.to, attributes={name: whole[name] for name in names if name in whole},
        released=claimed.released, sent_today=sent[0], under_way=sent[1],
    )  # fmt: skip
    return Brief(claimed=claimed, action=replace(claimed.action, party=party), to=to)


def _asked(to: Destination) -> set[str]:
    """The attributes that a destination asks for."""
    mail = {Mailing.of(to.address).attribute} if to.channel == Email.name else set()
    return mail | ({TIME_ZONE} if to.policy.quiet else set()) | ({to.policy.consent} if to.policy.consent else set())


def address(one: Brief) -> str | None:
    """The address it is written to, where it is mail."""
    return address_of(one.action, Mailing.of(one.to.address)) if one.to.channel == Email.name else None


def _tokens(one: Brief) -> set[str]:
    kept = one.action
    shown = (kept.text, str(kept.to), str(kept.subject), said_of(kept.case)) if one.to.reveal else ()
    return tokens_in((*shown, *kept.party.attributes.values(), *_addresses(one.to.policy)))


def _addresses(policy: Policy) -> list[str]:
    """Those that it names by their tokens; parties are named as they are kept."""
    return [one for one in policy.only if "/" not in one]


def _told(one: Brief, values: Mapping[str, str]) -> Brief:
    kept, mine = one.action, {token: values[token] for token in _tokens(one) if token in values}
    attributes = replaced(kept.party.attributes, mine)
    action = replace(kept, party=replace(kept.party, attributes=attributes))
    if one.to.reveal:
        action = replace(
            action, text=_clear_text(kept, mine), to=_clear(kept.to, mine), subject=_clear(kept.subject, mine),
            case=kept.case and replace(kept.case, **replaced(said_of(kept.case), mine)),
        )  # fmt: skip
    only = tuple(replaced(each, mine) if "/" not in each else each for each in one.to.policy.only)
    to = replace(one.to, policy=replace(one.to.policy, only=only))
    told = replace(one, action=action, to=to, told={value: token for token, value in mine.items()})
    names = frozenset(name for name in (str(kept.to), address(told)) if name)
    return replace(told, action=replace(action, party=replace(action.party, known_as=names)))


def _clear_text(kept: Action, values: Mapping[str, str]) -> str:
    """What is said with persons in the clear; within JSON a value may need to be written otherwise."""
    if kept.event is None:
        return str(replaced(kept.text, values))
    return msgspec.json.encode(replaced(msgspec.json.decode(kept.text), values)).decode()


def said_of(case: Case | None) -> dict[str, Any]:
    """All that stands in it in words, where persons may be told of."""
    names = ("subject", "party", "text", "because", "reasons", "why")
    return {one.name: getattr(case, one.name) for one in fields(Case) if one.name in names} if case else {}


def _clear(ref: Ref, values: Mapping[str, str]) -> Ref:
    return Ref(ref.kind, replaced(ref.key, values))
