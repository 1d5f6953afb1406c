"""The inbox: what people are asked, with what they need to decide, until they answer or their time has passed.

An answer is an event, which the loop takes up like any other: nothing is done by whoever gives it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import msgspec

from sightline.foundation import ledger, timers
from sightline.foundation.db.session import Transaction
from sightline.kernel.act import notices
from sightline.language import derived
from sightline.language.errors import Conflict, Invalid, NotFound
from sightline.language.event import Event
from sightline.language.ref import Ref

TIMER, SNOOZE = "ask:", "snooze:"
"""What the timers of a deadline and of a snooze begin with; the id follows."""

WAITING = ("open", "snoozed")
"""States in which an answer is still wanted."""

NOBODY = notices.NOBODY

ROUTE = "route:"
"""By whom something was passed on where that was a route; its name follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody is to decide."""

    key: str
    """Of the decision, or of the step of a run."""
    run: str | None = None
    """The run that waits for it; None: nothing was done yet."""
    playbook: str
    version: str = ""
    choice: str
    channel: str
    subject: Ref
    party: Ref
    question: str | None = None
    cutoff: datetime | None = None
    probability: float | None = None
    text: str
    """The draft of what would be sent."""
    because: str
    """Why a person is asked."""
    reasons: tuple[str, ...] = ()
    value: float
    """Money it is expected to bring."""
    worth: float | None = None
    """Money at stake."""
    made_at: datetime
    due_at: datetime
    by_default: str
    """What happens after that where nobody answered: `drop` or `act`."""
    assignee: str | None = None
    """Whose it is from the beginning; None: nobody's in particular."""
    route: str | None = None
    """By which route."""

    @property
    def id(self) -> str:
        """Made of the key, so that who asks twice asks once."""
        return "ask_" + hashlib.sha256(self.key.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What somebody is asked, as it stands."""

    id: str
    key: str
    run: str | None
    playbook: str
    version: str
    choice: str
    channel: str
    subject: str
    party: str
    question: str | None
    cutoff: datetime | None
    probability: float | None
    text: str
    because: str
    reasons: tuple[str, ...]
    value: float
    worth: float | None
    made_at: datetime
    due_at: datetime
    by_default: str
    state: str
    """`open`, `snoozed`, `approved`, `rejected`, `expired` (nobody answered) or `overtaken` (the answer came first)."""
    snoozed_until: datetime | None
    assignee: str | None
    ended_at: datetime | None
    ended_by: str | None
    why: str
    """What whoever answered wrote to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Of what waits for an answer as much as says whose it may be."""

    id: str
    subject: str
    party: str
    question: str | None
    worth: float | None


_FIELDS = tuple(one.name for one in fields(Item))
_COLUMNS = ", ".join("kind || '/' || subject as subject" if name == "subject" else name for name in _FIELDS)


async def put(tx: Transaction, asked: Sequence[Asked]) -> None:
    """Ask, each key once: in the inbox, and wherever else people are to be asked."""
    if not asked:
        return
    driver = await tx.driver()
    rows = await driver.fetch(_PUT, tx.tenant, msgspec.json.encode([_row(one) for one in asked]).decode())
    new = {row["id"] for row in rows}
    await timers.put(tx, {TIMER + one.id: one.due_at for one in asked})
    entered = [one for one in asked if one.id in new]
    routed = [one for one in entered if one.assignee is not None]
    if routed:
        ledger.record(tx, [_routed(one, one.route, one.made_at) for one in routed], at=asked[0].made_at)
    await notices.ask(tx, entered)


_SORTS = {
    "id": "text", "key": "text", "run": "text", "playbook": "text", "version": "text", "choice": "text",
    "channel": "text", "kind": "text", "subject": "text", "party": "text", "question": "text", "cutoff": "timestamptz",
    "probability": "float8", "text": "text", "because": "text", "reasons": "text[]", "value": "float8",
    "worth": "float8", "made_at": "timestamptz", "due_at": "timestamptz", "by_default": "text",
    "assignee": "text",
}  # fmt: skip

_PUT = (
    f"insert into sightline.inbox (tenant, {', '.join(_SORTS)}) select $1, a.* from jsonb_to_recordset($2::jsonb)"
    f" a({', '.join(f'{name} {sort}' for name, sort in _SORTS.items())}) on conflict do nothing returning id"
)


def _row(one: Asked) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in _SORTS if name != "kind"}
    return {**told, "kind": one.subject.kind, "subject": one.subject.key, "party": str(one.party)}


async def get(tx: Transaction, id_: str, *, hold: bool = False) -> Item:
    """What is asked under an id; `hold`: nobody else changes it meanwhile. Raises NotFound."""
    row = await tx.row(
        f"select {_COLUMNS} from sightline.inbox where tenant = :t and id = :id{' for update' if hold else ''}",
        t=tx.tenant, id=id_,
    )  # fmt: skip
    if row is None:
        raise NotFound(f"Nothing is asked under '{id_[:80]}'.", hint="`sightline inbox list` shows what is.")
    return _item(row)


async def listed(
    tx: Transaction, *, state: str | None = None, assignee: str | None = None,
    after: tuple[float, str] | None = None, limit: int | None = None,
) -> list[Item]:  # fmt: skip
    """What is asked, the most money first. `state` None: all; `after`: behind one (its value, its id)."""
    value, id_ = after or (None, None)
    rows = await tx.rows(
        f"select {_COLUMNS} from sightline.inbox where tenant = :t and (cast(:state as text) is null or state = :state)"
        " and (cast(:assignee as text) is null or assignee = :assignee)"
        " and (cast(:value as float8) is null or (-value, id) > (-cast(:value as float8), cast(:id as text)))"
        " order by value desc, id limit :limit",
        t=tx.tenant, state=state, assignee=assignee, value=value, id=id_, limit=limit,
    )  # fmt: skip
    return [_item(row) for row in rows]


_NONE_OF = (
    "(cast(:but as text[]) is null or i.assignee is null or i.assignee not in (select unnest(cast(:but as text[]))))"
)


async def waiting(tx: Transaction, playbook: str, *, but: Collection[str] | None = None) -> list[Unanswered]:
    """What a playbook waits for an answer to, the most money first; `but`: without what is one of theirs."""
    rows = await tx.rows(
        "select id, kind || '/' || subject as subject, party, question, worth from sightline.inbox i where tenant = :t"
        f" and playbook = :p and state in ('open', 'snoozed') and {_NONE_OF} order by value desc, id",
        t=tx.tenant, p=playbook, but=None if but is None else sorted(but),
    )  # fmt: skip
    return [Unanswered(**row) for row in rows]


async def answer(
    tx: Transaction, id_: str, *, yes: bool, by: str, now: datetime, text: str | None = None, why: str = "",
    awaited: Mapping[str, str] | None = None,
) -> Item:  # fmt: skip
    """Say yes or no; `text` mends the draft; `awaited`: question to the event it waits for.

    Raises NotFound, Invalid (a no without a reason) and Conflict.
    """
    item = await get(tx, id_, hold=True)
    must_wait(item)
    if not yes and not why.strip():
        raise Invalid("A no needs a reason.", hint="Say why: what is learned from it is what it says.")
    if yes and await came(tx, id_, awaited or {}):
        raise Conflict("What this is about has happened meanwhile.", hint="Reject it, or leave it: it ends by itself.")
    (ended,) = await _end(
        tx, "id = :id", {"id": id_, "text": text, "why": why}, text="coalesce(:text, text)", now=now, by=by, why=":why",
        state="'approved'" if yes else "'rejected'",
    )  # fmt: skip
    return ended


async def snooze(tx: Transaction, id_: str, *, until: datetime, now: datetime, by: str) -> Item:
    """Show it again at a moment; the deadline stays. Raises NotFound, Invalid and Conflict."""
    item = await get(tx, id_, hold=True)
    must_wait(item)
    if not now < until < item.due_at:
        raise Invalid(
            f"It can be put off until {item.due_at.isoformat()} at the latest, which is when its time has passed.",
            hint="Choose a moment between now and then.",
        )
    await tx.run(
        "update sightline.inbox set state = 'snoozed', snoozed_until = :u where tenant = :t and id = :id",
        t=tx.tenant, id=id_, u=until,
    )  # fmt: skip
    await timers.put(tx, {SNOOZE + id_: until})
    ledger.record(tx, [_passed(derived.SNOOZED, item, now, {"by": by, "until": until.isoformat()})], at=now)
    return await get(tx, id_)


async def delegate(tx: Transaction, id_: str, *, to: str | None, now: datetime, by: str) -> Item:
    """Let it be somebody's (None: nobody's in particular). Raises NotFound and Conflict."""
    item = await get(tx, id_, hold=True)
    must_wait(item)
    await tx.run("update sightline.inbox set assignee = :a where tenant = :t and id = :id", t=tx.tenant, id=id_, a=to)
    ledger.record(tx, [_passed(derived.DELEGATED, item, now, {"by": by, "to": to})], at=now)
    return await get(tx, id_)


# Whoever changes several locks them in one order, so that two who do it at once wait for each other and never both.
_HELD = """(
  select i.id as held from sightline.inbox i where i.tenant = :t and i.state in ('open', 'snoozed') and {which}
  order by i.id for update
) h"""


async def pass_on(
    tx: Transaction, given: Mapping[str, str], *, but: Collection[str], route: str, now: datetime
) -> dict[str, str]:  # fmt: skip
    """Let by a route be somebody's what waits and is none of theirs (`but`): id to user; returns the same of what still
    was.
    """
    held = _HELD.format(which=f"{_NONE_OF} and i.id in (select unnest(cast(:ids as text[])))")
    rows = await tx.rows(
        f"update sightline.inbox i set assignee = w.whose from {held}"
        " join unnest(cast(:ids as text[]), cast(:users as text[])) w(item, whose) on w.item = h.held"
        f" where i.tenant = :t and i.id = h.held returning {_COLUMNS}",
        t=tx.tenant, ids=list(given), users=list(given.values()), but=sorted(but),
    )  # fmt: skip
    ledger.record(tx, [_routed(_item(row), route, now) for row in rows], at=now)
    return {row["id"]: row["assignee"] for row in rows}


async def expire(
    tx: Transaction, ids: Sequence[str], *, now: datetime, awaited: Mapping[str, str], limit: float | None = None
) -> None:
    """The time to answer has passed: what was to happen then happens. What ended before stays as it is.

    Beyond `limit`, the money that not everybody may decide about, nothing happens by default.
    """
    allowed = f"by_default = 'act' and (cast(:most as float8) is null or worth <= :most) and not ({_CAME})"
    await _end(
        tx, "id = any(:ids)", {"ids": list(ids), "most": limit, **_named(awaited)}, now=now, by=NOBODY,
        state=f"case when {allowed} then 'approved' else 'expired' end",
        why="'Nobody answered by ' || to_char(due_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || '.'",
    )  # fmt: skip


async def wake(tx: Transaction, ids: Sequence[str]) -> None:
    """Show again what was put off."""
    held = _HELD.format(which="i.state = 'snoozed' and i.id in (select unnest(cast(:ids as text[])))")
    await tx.run(
        f"update sightline.inbox i set state = 'open', snoozed_until = null from {held}"
        " where i.tenant = :t and i.id = h.held",
        t=tx.tenant, ids=list(ids),
    )  # fmt: skip


async def overtake(tx: Transaction, now: datetime, awaited: Mapping[str, str]) -> int:
    """End what is asked about answers that have come, or about forecasts that were taken back; returns how many.

    `awaited`: question to the event that it waits for.
    """
    why = "'What it is about happened before.'"
    return len(await _end(tx, _CAME, _named(awaited), state="'overtaken'", now=now, by=NOBODY, why=why))


async def leave(tx: Transaction, *, now: datetime, run: str | None = None, playbook: str | None = None) -> None:
    """End what a run asks that has gone on, or all that a dropped playbook asks before a run."""
    await _end(
        tx, "(run = :run or playbook = :playbook and run is null)", {"run": run, "playbook": playbook},
        state="'overtaken'", now=now, by=NOBODY, why="'Nobody needs the answer any more.'",
    )  # fmt: skip


async def forget(tx: Transaction, before: datetime) -> int:
    """Forget what ended before a moment, but for what a run goes on from; the answers stay in the ledger.

    Returns how many.
    """
    return await tx.run(
        "delete from sightline.inbox i where tenant = :t and ended_at < :b and not exists (select from sightline.runs r"
        " where r.tenant = i.tenant and (r.key = i.key or r.id = i.run) and r.ended_at is null)",
        t=tx.tenant, b=before,
    )  # fmt: skip


async def count(tx: Transaction, *, state: str | None = None, assignee: str | None = None) -> int:
    """How much is asked, in all or in one state, of all or of one user."""
    found = await tx.value(
        "select count(*) from sightline.inbox where tenant = :t and (cast(:state as text) is null or state = :state)"
        " and (cast(:assignee as text) is null or assignee = :assignee)",
        t=tx.tenant, state=state, assignee=assignee,
    )  # fmt: skip
    return int(found)


# Its forecast has its answer or was taken back; or, where it rests on no forecast, what its question waits for happened
# since it was asked.
_CAME = """
state in ('open', 'snoozed') and (exists (select from sightline.predictions p where p.tenant = i.tenant
    and p.question = i.question and p.kind = i.kind and p.key = i.subject and p.cutoff = i.cutoff
    and (p.outcome is not null and p.withdrawn_at is null or p.withdrawn_at is not null and not exists (
      select from sightline.predictions n where n.tenant = p.tenant and n.question = p.question and n.kind = p.kind
      and n.key = p.key and n.withdrawn_at is null)))
  or i.cutoff is null and exists (
    select from unnest(cast(:questions as text[]), cast(:events as text[])) w(question, event)
    join sightline.occurrences o on o.tenant = i.tenant and o.kind = i.kind and o.key = i.subject and o.type = w.event
      and o.known_until is null and o.known_at >= i.made_at
    where w.question = i.question))
"""


async def came(tx: Transaction, id_: str, awaited: Mapping[str, str]) -> bool:
    """Whether what an item is about has happened meanwhile."""
    found = await tx.value(
        f"select count(*) from sightline.inbox i where tenant = :t and id = :id and {_CAME}",
        t=tx.tenant, id=id_, **_named(awaited),
    )  # fmt: skip
    return bool(found)


def _named(awaited: Mapping[str, str]) -> dict[str, Any]:
    """What `_CAME` names."""
    return {"questions": list(awaited), "events": list(awaited.values())}


def must_wait(item: Item) -> None:
    """Raises Conflict where nobody needs an answer any more; it tells who gave one."""
    if item.state not in WAITING:
        by = f" by {item.ended_by}" if item.ended_by and item.ended_by != NOBODY else ""
        raise Conflict(f"It is {item.state} already{by}.", hint="`sightline inbox list` shows what is still open.")


async def _end(
    tx: Transaction, which: str, named: Mapping[str, Any], *, state: str, now: datetime, by: str, why: str,
    text: str = "text",
) -> list[Item]:  # fmt: skip
    """End all of `which` that an answer is still wanted to, and tell of each.

    `which`, `state`, `why` and `text` are SQL; `named`: what they name.
    """
    rows = await tx.rows(
        f"update sightline.inbox i set state = {state}, text = {text}, ended_at = :now, ended_by = :by, why = {why},"
        f" snoozed_until = null from {_HELD.format(which=which)} where i.tenant = :t and i.id = h.held"
        f" returning {_COLUMNS}",
        t=tx.tenant, now=now, by=by, **named,
    )  # fmt: skip
    items = [_item(row) for row in rows]
    await timers.stop(tx, [name + one.id for one in items for name in (TIMER, SNOOZE)])
    ledger.record(tx, [_told(one, now) for one in items], at=now)
    over = {one.id: (Ref.parse(one.subject), f"{one.choice}: {one.subject} is {one.state}.") for one in items}
    await notices.end(tx, over)
    return items


def _routed(item: Item | Asked, route: str | None, now: datetime) -> Event:
    return _passed(derived.DELEGATED, item, now, {"by": f"{ROUTE}{route or ''}", "to": item.assignee})


def _passed(type_: str, item: Item | Asked, now: datetime, data: Mapping[str, Any]) -> Event:
    """What may be done to the same again."""
    return Event(
        id=f"{type_.removeprefix('sightline.')}:{item.id}:{secrets.token_hex(8)}", source=derived.SOURCE, type=type_,
        subject=Ref.parse(str(item.subject)), time=now, known_at=now,
        data={"item": item.id, "key": item.key, **data},
    )  # fmt: skip


def _told(item: Item, now: datetime) -> Event:
    return Event(
        id=f"answered:{item.id}",
        source=derived.SOURCE,
        type=derived.ANSWERED,
        subject=Ref.parse(item.subject),
        time=now,
        known_at=now,
        data={
            "item": item.id, "key": item.key, "run": item.run, "answer": item.state, "by": item.ended_by,
            "playbook": item.playbook, "version": item.version, "asked_at": item.made_at.isoformat(),
            "choice": item.choice, "channel": item.channel, "party": item.party,
            "question": item.question, "text": item.text,
        },
    )  # fmt: skip


def _item(row: Any) -> Item:
    told: dict[str, Any] = {name: row[name] for name in _FIELDS}
    return Item(**{**told, "reasons": tuple(told["reasons"])})
