"""What is to be sent, and how far that is: rows that outlive whoever sends them.

Putting is part of the transaction that decides. A courier claims rows for a while (a lease), sends them outside of any
transaction, and tells how it went; whose courier died are claimed again once their lease has run out. So a message may
be sent twice, under the same key; that it was is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import msgspec

from sightline.foundation.db.session import Database, Transaction
from sightline.language.action import Action, Destination, Receipt
from sightline.language.errors import Conflict, NotFound
from sightline.language.ref import Ref

CHANNEL = "sightline_deliveries"
"""Where it is announced, at the commit, that something is to be sent; the payload is the tenant."""

LEASE_SECONDS = 60.0
"""A courier that tells nothing for so long is taken for dead; longer than any channel tries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One action on its way."""

    id: str
    """What the other side knows it by."""
    key: str
    destination: str
    receiver: str
    """Reference of whom it is for."""
    subject: str
    text: str
    """What is said; of an event that is told, the whole body."""
    event: str | None
    """The type of the event that is told; None: something is said to somebody."""
    state: str
    """`waiting`, `sending`, `held` (until a person releases it), `done` or `dead`."""
    made_at: datetime
    not_before: datetime
    attempts: int
    taken_over: int
    """How often its courier died over it: it may have been sent then."""
    sent_again: int
    """How often a person sent it again."""
    released_at: datetime | None
    """When a person released it, where its destination asks for that."""
    released_by: str | None
    ended_at: datetime | None
    reference: str | None
    """What its channel calls it."""
    repeated: bool
    """Whether its channel had done it before under the same key."""
    problem: str
    """Of the last attempt that failed."""
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery in the hands of a courier."""

    action: Action
    attempt: int
    """Which one; what another courier began is no longer ours."""
    released: bool = False
    """Whether a person released it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """How an attempt ended that did not go well, or was put off."""

    claimed: Claimed
    problem: str
    hint: str = ""
    again: float | None = None
    """Seconds until the next attempt; None: it is a dead letter."""
    held: bool = False
    """Whether it was put off: that was no attempt, and without a time it waits for a person."""


_FIELDS = tuple(one.name for one in fields(Delivery))
_COLUMNS = ", ".join(_FIELDS)

PAPER = Destination(name="paper", channel="paper")
"""Stands in every workspace."""


async def put(tx: Transaction, actions: Sequence[Action]) -> int:
    """Put actions into the outbox, each key once; returns how many are new. Raises NotFound for a destination."""
    if not actions:
        return 0
    await must_stand(tx, {one.destination for one in actions})
    driver = await tx.driver()
    put = await driver.fetchval(
        "with new as (insert into sightline.deliveries (tenant, key, id, destination, receiver, subject, text, facts)"
        " select $1, key, coalesce(nullif(id, ''), 'msg_' || replace(gen_random_uuid()::text, '-', '')), rest.*"
        " from unnest($2::text[], $3::text[]) with ordinality o(key, id, n), lateral (select ($4::text[])[n],"
        " ($5::text[])[n], ($6::text[])[n], ($7::text[])[n], (($8::text[])[n])::jsonb) rest"
        " on conflict do nothing returning 1) select count(*) from new",
        tx.tenant, [one.key for one in actions], [one.id for one in actions], [one.destination for one in actions],
        [str(one.to) for one in actions], [str(one.subject) for one in actions], [one.text for one in actions],
        [None if one.facts is None else msgspec.json.encode(one.facts).decode() for one in actions],
    )  # fmt: skip
    await announce(tx)
    return int(put)


async def put_off(tx: Transaction, waits: Mapping[str, timedelta]) -> None:
    """Let these, by key, wait so long before they are sent."""
    if waits:
        driver = await tx.driver()
        await driver.execute(
            "update sightline.deliveries d set not_before = clock_timestamp() + w.wait"
            " from unnest($2::text[], $3::interval[]) w(key, wait) where d.tenant = $1 and d.key = w.key"
            " and d.state = 'waiting' and d.attempts = 0",
            tx.tenant, list(waits), list(waits.values()),
        )  # fmt: skip


async def must_stand(tx: Transaction, names: Collection[str]) -> None:
    """Hold destinations until the transaction ends: nobody removes them meanwhile. Raises NotFound."""
    if PAPER.name in names:
        await tx.run(
            "insert into sightline.destinations (tenant, name, channel) values (:t, :n, :c) on conflict do nothing",
            t=tx.tenant, n=PAPER.name, c=PAPER.channel,
        )  # fmt: skip
    held = await tx.rows(
        "select name from sightline.destinations where tenant = :t and name = any(:n) order by name for key share",
        t=tx.tenant, n=sorted(names),
    )  # fmt: skip
    for name in sorted(set(names) - {row["name"] for row in held}):
        raise await unknown(tx, name)


async def missing(tx: Transaction, names: Collection[str]) -> set[str]:
    """Those of the names that are no destinations."""
    if not names:
        return set()
    rows = await tx.rows(
        "select name from sightline.destinations where tenant = :t and name = any(:n) for key share",
        t=tx.tenant, n=sorted(names),
    )  # fmt: skip
    return set(names) - {PAPER.name} - {row["name"] for row in rows}


async def unknown(tx: Transaction, name: str) -> NotFound:
    """What to raise for a destination that is none; it names those there are."""
    known = await tx.rows("select name from sightline.destinations where tenant = :t", t=tx.tenant)
    return NotFound.named("destination", name, [row["name"] for row in known])


async def announce(tx: Transaction) -> None:
    """Wake the couriers at the commit."""
    await tx.run("select pg_notify(:channel, :tenant)", channel=CHANNEL, tenant=str(tx.tenant))


async def due(db: Database) -> list[tuple[int, str]]:
    """Tenants and destinations with something to be sent now, what waits longest first."""
    async with db.transaction(None) as tx:
        rows = await tx.rows("select tenant, destination from sightline.deliveries_due()")
    return [(row["tenant"], row["destination"]) for row in rows]


# Two walks along an index each: of what waits in its order, and of what a courier left lying.
_CLAIM = """
with picked as (
  select w.key from unnest($3::text[], $4::int[]) l(name, room) cross join lateral (
    select o.key from sightline.deliveries o
    where o.tenant = $1 and o.destination = l.name and o.state = 'waiting' and o.not_before <= clock_timestamp()
    order by o.not_before limit l.room for update skip locked) w
  union all
  select w.key from unnest($3::text[], $4::int[]) l(name, room) cross join lateral (
    select o.key from sightline.deliveries o
    where o.tenant = $1 and o.destination = l.name and o.state = 'sending' and o.lease_until <= clock_timestamp()
    limit l.room for update skip locked) w
)
update sightline.deliveries o set state = 'sending', worker = $2, attempts = o.attempts + 1,
  taken_over = o.taken_over + (o.state = 'sending')::int, lease_until = clock_timestamp() + make_interval(secs => $5)
from picked where o.tenant = $1 and o.key = picked.key
returning o.key, o.id, o.destination, o.receiver, o.subject, o.text, o.event, o.attempts, o.released_at
"""


async def claim(tx: Transaction, worker: str, *, rooms: Mapping[str, int]) -> list[Claimed]:
    """Take what is due in hand: per destination as many as `rooms` tells, and as many that a courier left lying."""
    driver = await tx.driver()
    rows = await driver.fetch(_CLAIM, tx.tenant, worker, list(rooms), list(rooms.values()), LEASE_SECONDS)
    return [
        Claimed(
            action=Action(
                key=row["key"], id=row["id"], destination=row["destination"], to=Ref.parse(row["receiver"]),
                subject=Ref.parse(row["subject"]), text=row["text"], event=row["event"],
            ),
            attempt=row["attempts"],
            released=row["released_at"] is not None,
        )
        for row in rows
    ]  # fmt: skip


_OURS = "o.tenant = $1 and o.worker = $2 and o.state = 'sending' and o.key = r.key and o.attempts = r.attempt"


async def done(tx: Transaction, worker: str, sent: Sequence[tuple[Claimed, Receipt]]) -> list[tuple[Action, Receipt]]:
    """Keep receipts; returns those that are the first under their key, but for events that were told."""
    driver = await tx.driver()
    await driver.execute(
        "update sightline.deliveries o set state = 'done', ended_at = clock_timestamp(), reference = r.reference,"
        " repeated = r.repeated, problem = '', hint = '', lease_until = null"
        " from unnest($3::text[], $4::int[], $5::text[], $6::boolean[]) r(key, attempt, reference, repeated)"
        f" where {_OURS}",
        tx.tenant, worker, [c.action.key for c, _ in sent], [c.attempt for c, _ in sent],
        [r.reference for _, r in sent], [r.repeated for _, r in sent],
    )  # fmt: skip
    sent = [one for one in sent if one[0].action.event is None]
    rows = await driver.fetch(
        "insert into sightline.actions (tenant, key, channel, receiver, subject, text, at, reference)"
        " select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],"
        " $8::text[]) on conflict do nothing returning key",
        tx.tenant, [c.action.key for c, _ in sent], [r.channel for _, r in sent], [str(c.action.to) for c, _ in sent],
        [str(c.action.subject) for c, _ in sent], [c.action.text for c, _ in sent], [r.at for _, r in sent],
        [r.reference for _, r in sent],
    )  # fmt: skip
    first = {row["key"] for row in rows}
    return [(claimed.action, receipt) for claimed, receipt in sent if claimed.action.key in first]


async def failed(tx: Transaction, worker: str, these: Sequence[Failed]) -> list[str]:
    """Keep what went wrong: to be tried again, or dead. Returns the keys of the dead that were ours."""
    driver = await tx.driver()
    rows = await driver.fetch(
        "update sightline.deliveries o set problem = r.problem, hint = r.hint, lease_until = null,"
        " state = case when r.again is not null then 'waiting' when r.held then 'held' else 'dead' end,"
        " ended_at = case when r.again is null and not r.held then clock_timestamp() end,"
        " attempts = o.attempts - r.held::int,"
        " not_before = clock_timestamp() + make_interval(secs => coalesce(r.again, 0))"
        " from unnest($3::text[], $4::int[], $5::text[], $6::text[], $7::float8[],"
        f" $8::boolean[]) r(key, attempt, problem, hint, again, held) where {_OURS} returning o.key, o.state",
        tx.tenant, worker, [f.claimed.action.key for f in these], [f.claimed.attempt for f in these],
        [f.problem for f in these], [f.hint for f in these], [f.again for f in these],
        [f.held for f in these],
    )  # fmt: skip
    return [row["key"] for row in rows if row["state"] == "dead"]


async def give_back(tx: Transaction, worker: str) -> int:
    """A courier that leaves gives back what it has begun to send and could not end; returns how many."""
    return await tx.run(
        "update sightline.deliveries set state = 'waiting', lease_until = null, not_before = clock_timestamp(),"
        " taken_over = taken_over + 1 where tenant = :t and worker = :w and state = 'sending'",
        t=tx.tenant, w=worker,
    )  # fmt: skip


async def get(tx: Transaction, id_: str) -> Delivery:
    """A delivery. Raises NotFound."""
    row = await tx.row(
        f"select {_COLUMNS} from sightline.deliveries where tenant = :t and id = :id", t=tx.tenant, id=id_
    )
    if row is None:
        raise NotFound(f"There is no delivery '{id_[:80]}'.", hint="`sightline deliveries list` shows what there is.")
    return _delivery(row)


async def listed(
    tx: Transaction, *, state: str | None = None, destination: str | None = None,
    after: tuple[datetime, str] | None = None, limit: int | None = None,
) -> list[Delivery]:  # fmt: skip
    """Deliveries, newest first; `after`: those behind one (when it was made, its id)."""
    at, id_ = after or (None, None)
    rows = await tx.rows(
        f"select {_COLUMNS} from sightline.deliveries where tenant = :t"
        " and (cast(:state as text) is null or state = :state)"
        " and (cast(:destination as text) is null or destination = :destination)"
        " and (cast(:at as timestamptz) is null or (made_at, id) < (:at, :id))"
        " order by made_at desc, id desc limit :limit",
        t=tx.tenant, state=state, destination=destination, at=at, id=id_, limit=limit,
    )  # fmt: skip
    return [_delivery(row) for row in rows]


async def send_again(tx: Transaction, id_: str, *, text: str | None = None, destination: str | None = None) -> Delivery:
    """Send a dead letter again under its key, mended where told so. Raises NotFound, and Conflict: it is not dead."""
    found = await get(tx, id_)
    if found.event is not None and (text is not None or destination is not None):
        raise Conflict(f"'{id_}' tells of an event, which is as it is.", hint="Send it again without a change.")
    if destination is not None:
        await must_stand(tx, {destination})
    changed = await tx.run(
        "update sightline.deliveries set state = 'waiting', attempts = 0, not_before = clock_timestamp(),"
        " ended_at = null, sent_again = sent_again + 1, text = coalesce(:text, text),"
        # What was released is what somebody read.
        " released_at = case when coalesce(cast(:text as text), :destination) is null then released_at end,"
        " destination = coalesce(:destination, destination) where tenant = :t and id = :id and state = 'dead'",
        t=tx.tenant, id=id_, text=text, destination=destination,
    )  # fmt: skip
    if not changed:
        raise Conflict(f"'{id_}' is no dead letter: it is {found.state}.")
    await announce(tx)
    return await get(tx, id_)


async def release(tx: Transaction, id_: str, *, by: str) -> Delivery:
    """Let what is held be sent: a person has read it. Raises NotFound, and Conflict: it is not held."""
    found = await get(tx, id_)
    changed = await tx.run(
        "update sightline.deliveries set state = 'waiting', not_before = clock_timestamp(), problem = '', hint = '',"
        " released_at = clock_timestamp(), released_by = :by where tenant = :t and id = :id and state = 'held'",
        t=tx.tenant, id=id_, by=by,
    )  # fmt: skip
    if not changed:
        raise Conflict(f"'{id_}' waits for nobody: it is {found.state}.")
    await announce(tx)
    return await get(tx, id_)


async def forget(tx: Transaction, days: int) -> int:
    """Forget what was told of events, or given up, so many days ago: the ledger holds them. Returns how many."""
    return await tx.run(
        "delete from sightline.deliveries where tenant = :t and event is not null"
        " and ended_at < clock_timestamp() - make_interval(days => :days)",
        t=tx.tenant, days=days,
    )  # fmt: skip


def _delivery(row: Any) -> Delivery:
    return Delivery(**{name: row[name] for name in _FIELDS})
