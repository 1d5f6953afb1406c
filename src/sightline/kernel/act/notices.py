"""Chats that are told of what people are asked: which are, and what is put into the outbox for them.

All of it is part of the transaction that asks, or in which what was asked ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Protocol

import msgspec

from sightline.foundation.db.session import Transaction
from sightline.kernel.act import outbox
from sightline.kernel.act.channels import Slack
from sightline.kernel.act.channels.addresses import CHATS
from sightline.kernel.act.channels.slack import changes
from sightline.language import derived
from sightline.language.action import Action, Case
from sightline.language.errors import Invalid
from sightline.language.ref import Ref

PREFIX = "ask:"
"""How the keys of what somebody is asked in a chat begin; destination and id follow."""

ENDED = "#ended"
"""Behind such a key: that of the change of the message once what was asked has ended."""

NOBODY = "nobody"
"""Who answered where nobody did in time."""


class Asked(Protocol):
    """What enters the inbox, as far as chats are concerned."""

    @property
    def id(self) -> str:
        """Of the item."""

    @property
    def playbook(self) -> str:
        """Which one asks."""

    @property
    def choice(self) -> str:
        """What would be done."""

    @property
    def subject(self) -> Ref:
        """About what."""

    @property
    def worth(self) -> float | None:
        """Money at stake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """What people are asked by a destination."""

    playbooks: tuple[str, ...] = ()
    """Of these playbooks only. None: of all."""
    above: float | None = None
    """Only with at least so much money at stake; what nobody knows the stake of counts as much as that."""
    by: str | None = None
    """A user: whoever follows a link answers as this one. None: there are no such links."""

    def concern(self, one: Asked) -> bool:
        """Whether this is asked there."""
        enough = self.above is None or one.worth is None or one.worth >= self.above
        return enough and (not self.playbooks or one.playbook in self.playbooks)


def asks_of(kept: Mapping[str, Any] | None) -> Asks | None:
    """As it is kept; None: nobody is asked anything there."""
    return None if kept is None else Asks(**{**kept, "playbooks": tuple(kept.get("playbooks", ()))})


async def choose(tx: Transaction, name: str, asks: Asks | None) -> None:
    """Have people asked by a destination from now on (None: no more). Raises NotFound and Invalid: it is no chat."""
    row = await tx.row(
        "select channel from sightline.destinations where tenant = :t and name = :n for update", t=tx.tenant, n=name
    )
    if row is None:
        raise await outbox.unknown(tx, name)
    if asks is not None and row["channel"] not in CHATS:
        raise Invalid(
            f"'{name}' is no chat of people who work here.",
            hint="Add one: sightline destinations add team slack:C0123456789, or teams:",
        )
    await tx.run(
        "update sightline.destinations set asks = cast(:a as jsonb) where tenant = :t and name = :n",
        t=tx.tenant, n=name, a=None if asks is None else msgspec.json.encode(asdict(asks)).decode(),
    )  # fmt: skip


async def ask(tx: Transaction, asked: Sequence[Asked]) -> None:
    """Ask what has just entered the inbox, wherever people are to be asked it, each once."""
    if not asked:
        return
    rows = await tx.rows(
        "select name, asks from sightline.destinations where tenant = :t and asks is not null order by name",
        t=tx.tenant,
    )
    chats = {row["name"]: asks for row in rows if (asks := asks_of(row["asks"]))}
    await outbox.put(tx, [_action(name, one) for name, asks in chats.items() for one in asked if asks.concern(one)])


def _action(destination: str, one: Asked) -> Action:
    return Action(
        key=f"{PREFIX}{destination}:{one.id}", destination=destination, to=Ref(derived.ASKED, one.id),
        subject=one.subject, text=f"{one.choice}: {one.subject}",
    )  # fmt: skip


async def end(tx: Transaction, ended: Mapping[str, tuple[Ref, str]]) -> None:
    """What was asked has ended: what was not sent yet is not sent any more, and messages that can be are changed.
    `ended`: of each what it was about, and how it ended.
    """
    names = await tx.rows("select name from sightline.destinations where tenant = :t", t=tx.tenant)
    keys = {f"{PREFIX}{row['name']}:{id_}": id_ for row in names for id_ in ended}
    if not keys:
        return
    await tx.run(
        "delete from sightline.deliveries where tenant = :t and key = any(:k) and state in ('waiting', 'held')",
        t=tx.tenant, k=list(keys),
    )  # fmt: skip
    rows = await tx.rows(
        "select o.key, d.name, d.address from sightline.deliveries o join sightline.destinations d"
        " on d.tenant = o.tenant and d.name = o.destination where o.tenant = :t and o.key = any(:k)"
        " and o.state in ('sending', 'done') and d.channel = :c",
        t=tx.tenant, k=list(keys), c=Slack.name,
    )  # fmt: skip
    await outbox.put(tx, [_over(row, keys[row["key"]], ended) for row in rows if changes(row["address"])])


def _over(row: Any, id_: str, ended: Mapping[str, tuple[Ref, str]]) -> Action:
    subject, told = ended[id_]
    return Action(
        key=row["key"] + ENDED, destination=row["name"], to=Ref(derived.ASKED, id_), subject=subject, text=told
    )  # fmt: skip


_SHOWN = (
    *("playbook", "choice", "channel", "text", "because", "reasons", "probability", "value", "worth", "due_at"),
    *("by_default", "assignee", "why", "state"),
)
_OF_ITEM = ", ".join(f"i.{name}" for name in _SHOWN)


async def cases(tx: Transaction, actions: Sequence[Action]) -> dict[str, Case]:
    """By key: what is asked by those of the actions that ask something, as it stands now."""
    keys = {one.key: one.to.key for one in actions if one.key.startswith(PREFIX) and one.to.kind == derived.ASKED}
    if not keys:
        return {}
    rows = await tx.rows(
        f"select w.key as delivery, i.id, i.kind || '/' || i.subject as subject, i.party, i.ended_by, {_OF_ITEM},"
        " t.name as workspace,"
        " o.reference as message, coalesce(o.state in ('waiting', 'sending', 'held'), false) as under_way"
        " from unnest(cast(:keys as text[]), cast(:ids as text[])) w(key, id)"
        " join sightline.inbox i on i.tenant = :t and i.id = w.id"
        " join sightline.tenants t on t.tenant = i.tenant"
        " left join sightline.deliveries o on o.tenant = :t and o.key = split_part(w.key, '#', 1) and o.key <> w.key",
        t=tx.tenant, keys=list(keys), ids=list(keys.values()),
    )  # fmt: skip
    return {row["delivery"]: _case(row) for row in rows}


def _case(row: Any) -> Case:
    names = {one.name for one in fields(Case)}
    told: dict[str, Any] = {name: row[name] for name in row if name in names}
    by = None if told["ended_by"] == NOBODY else told["ended_by"]
    told |= {"reasons": tuple(told["reasons"]), "ended_by": by, "draft": fingerprint(told["text"])}
    return Case(**told, changes=row["delivery"].endswith(ENDED))


def fingerprint(text: str) -> str:
    """What tells whether a draft is still the one that was read."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
