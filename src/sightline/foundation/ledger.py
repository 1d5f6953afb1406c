"""The ledger: append-only, in PostgreSQL, each event once, positions in the order of commits.

Positions are drawn under an advisory lock that is held to the commit, so a reader with a cursor never skips an
event that committed late. Appending is therefore the last thing a transaction does: `record` only collects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from sightline.foundation.db.session import Transaction
from sightline.language.event import DERIVED, Event
from sightline.language.ref import Ref

APPEND_LOCK = 7_301_000
CHANNEL = "sightline_ledger"
"""Where a commit with new events is announced; the payload is the tenant."""

EVERYWHERE = 2**62
"""Behind every position there will be."""

CHUNK = 5_000
"""Events per insert statement: beyond it the arrays cost more memory than the round trips save."""

_APPEND = """
with offered as materialized (
  select nextval('sightline.ledger_position') as position, o.* from unnest($2::sightline.offered_event[]) o
), fresh as (
  insert into sightline.event_keys (tenant, source, id, position) select $1, source, id, position from offered
  on conflict do nothing returning position
), appended as (
  insert into sightline.ledger (tenant, position, source, id, root, type, kind, key, time, known_at, recorded_at,
                                cause, revises, batch, data)
  select $1, position, source, id, coalesce(revises, id), type, kind, key, time, known_at, $3,
         cause, revises, batch, data::jsonb
  from offered join fresh using (position)
)
select (select min(position) from offered) as first,
       case when count(*) < $4 then coalesce(array_agg(position), '{}') end as taken
from fresh
"""
"""Drawn under the append lock, positions follow the order given; `taken` are those of new events when not all are."""

_ROOM_AND_WAKE = "select sightline.ledger_room($1), pg_notify($2, $3)"

_FIRST_OF_CHAIN = """
select k.source, k.id, l.root from unnest($2::text[], $3::text[]) as w(source, id)
join sightline.event_keys k on k.tenant = $1 and k.source = w.source and k.id = w.id
join sightline.ledger l on l.tenant = $1 and l.position = k.position
"""

_COLUMNS = "source, id, root, type, kind, key, time, known_at, recorded_at, cause, revises, batch, position, data"


@dataclass(frozen=True, slots=True)
class Reads:
    """Which events a consumer wants: everything observed, named derived types, or both."""

    facts: bool = False
    derived: frozenset[str] = frozenset()

    def __or__(self, other: Reads) -> Reads:
        return Reads(self.facts or other.facts, self.derived | other.derived)

    def wants(self, type_: str) -> bool:
        """Whether an event of this type is among them."""
        return type_ in self.derived if type_.startswith(DERIVED) else self.facts


@dataclass(slots=True)
class Appended:
    """What became of recorded events; filled when the transaction ends."""

    positions: dict[tuple[str, str], int] = field(default_factory=dict)
    """(source, id) to position, for the events that were new."""
    offered: int = 0

    @property
    def repeated(self) -> int:
        """How many were there already and added nothing."""
        return self.offered - len(self.positions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A stretch of the ledger that a consumer takes in one turn."""

    tenant: int
    after: int
    last: int
    """Its last position: where the cursor will stand."""
    matched: int
    """How many of its events the consumer asked for."""
    newest: int
    """The position of the last of them, 0 when there is none."""
    full: bool = False
    """Whether it holds as many as were asked for: there may be more behind it."""
    types: frozenset[str] = frozenset()
    """Of which types its events are, asked for or not."""


def record(tx: Transaction, events: Iterable[Event], *, at: datetime) -> Appended:
    """Append `events` at the end of this transaction; `at` becomes their `recorded_at`.

    An event whose (tenant, source, id) the ledger knows adds nothing. Returns a result that is filled at the commit.
    """
    offered = list(events)
    appended = Appended(offered=len(offered))
    first: dict[tuple[str, str], Event] = {}
    for event in offered:
        first.setdefault((event.source, event.id), event)
    collected = list(first.values())

    async def append(tx: Transaction) -> None:
        if collected:
            await _append(tx, collected, at, appended)

    tx.at_last(append)
    return appended


async def _append(tx: Transaction, events: Sequence[Event], at: datetime, appended: Appended) -> None:
    driver = await tx.driver()
    await driver.execute(f"select pg_advisory_xact_lock({APPEND_LOCK})")
    events = await _chained(driver, tx.tenant, events)
    for chunk in _chunks(events, CHUNK):
        first, taken = await driver.fetchrow(_APPEND, tx.tenant, _as_records(chunk), at, len(chunk))
        new = None if taken is None else set(taken)
        appended.positions.update(
            {(e.source, e.id): position for position, e in enumerate(chunk, first) if new is None or position in new}
        )
    if appended.positions:
        await driver.execute(_ROOM_AND_WAKE, max(appended.positions.values()), CHANNEL, str(tx.tenant))


async def _chained(driver: Any, tenant: int | None, events: Sequence[Event]) -> Sequence[Event]:
    """Let a revision of a revision name the first of the chain, as readers expect."""
    named = [(e.source, e.revises) for e in events if e.revises]
    if not named:
        return events
    here = {(e.source, e.id): e.revises for e in events if e.revises}
    ends = {name: _followed(name, here) for name in named}
    rows = await driver.fetch(_FIRST_OF_CHAIN, tenant, [s for s, _ in ends.values()], [i for _, i in ends.values()])
    roots = {(source, id_): root for source, id_, root in rows}
    first = {name: roots.get(end, end[1]) for name, end in ends.items()}
    return [e.but(revises=first[e.source, e.revises]) if e.revises else e for e in events]


def _followed(name: tuple[str, str], revises: Mapping[tuple[str, str], str]) -> tuple[str, str]:
    """Where a chain that runs through the batch itself leaves it; a circle is left where it closes."""
    passed = {name}
    while name in revises:
        name = (name[0], revises[name])
        if name in passed:
            break
        passed.add(name)
    return name


def _as_records(events: Sequence[Event]) -> list[tuple[Any, ...]]:
    """In the order of the attributes of `sightline.offered_event`."""
    encode = msgspec.json.encode
    return [
        (e.source, e.id, e.type, e.subject.kind, e.subject.key, e.time, e.known_at, e.cause, e.revises, e.batch,
         encode(e.data).decode())
        for e in events
    ]  # fmt: skip


def _chunks(events: Sequence[Event], size: int) -> Iterator[list[Event]]:
    it = iter(events)
    while chunk := list(islice(it, size)):
        yield chunk


async def next_batch(tx: Transaction, *, after: int, limit: int, reads: Reads, upto: int | None = None) -> Batch | None:
    """The next stretch of at most `limit` events behind `after` and none behind `upto`; None when there is none."""
    row = await tx.row(
        "select max(position) as last, count(*) as events, array_agg(distinct type) as types,"
        " count(*) filter (where wanted) as matched,"
        " coalesce(max(position) filter (where wanted), 0) as newest"
        " from (select position, type,"
        "       (:facts and not starts_with(type, :derived_prefix)) or type = any(:derived) as wanted"
        "       from sightline.ledger where tenant = :tenant and position > :after"
        "       and position <= :upto order by position limit :limit) s",
        tenant=tx.tenant, after=after, upto=EVERYWHERE if upto is None else upto, limit=limit, facts=reads.facts,
        derived_prefix=DERIVED, derived=list(reads.derived),
    )  # fmt: skip
    if row is None or row["last"] is None or tx.tenant is None:
        return None
    return Batch(
        tenant=tx.tenant, after=after, last=row["last"], matched=row["matched"], newest=row["newest"],
        full=row["events"] >= limit, types=frozenset(row["types"]),
    )  # fmt: skip


async def read(tx: Transaction, batch: Batch, reads: Reads) -> list[Event]:
    """The events of a batch that a consumer asked for, in order."""
    rows = await tx.rows(
        f"select {_COLUMNS} from sightline.ledger where tenant = :tenant and position > :after and position <= :last"
        " and ((:facts and not starts_with(type, :derived_prefix)) or type = any(:derived)) order by position",
        tenant=batch.tenant, after=batch.after, last=batch.last, facts=reads.facts, derived_prefix=DERIVED,
        derived=list(reads.derived),
    )  # fmt: skip
    return [event_of(row) for row in rows]


async def types_behind(tx: Transaction, position: int, *, most: int) -> tuple[int, frozenset[str] | None]:
    """The newest position, and of which types the events behind `position` are; None where they are `most` or more."""
    row = await tx.row(
        "select max(position) as last, count(*) as events, array_agg(distinct type) as types from"
        " (select position, type from sightline.ledger where tenant = :t and position > :p"
        "  order by position desc limit :most) s",
        t=tx.tenant, p=position, most=most,
    )  # fmt: skip
    if row is None or not row["events"]:
        return position, frozenset()
    return row["last"], frozenset(row["types"]) if row["events"] < most else None


async def corrections(tx: Transaction, type_: str) -> list[int]:
    """The positions of events of this type that revise another."""
    rows = await tx.rows(
        "select position from sightline.ledger where tenant = :t and type = :type and revises is not null",
        t=tx.tenant, type=type_,
    )  # fmt: skip
    return [int(row["position"]) for row in rows]


async def last_position(tx: Transaction) -> int:
    """The position of this tenant's newest event, 0 when there is none."""
    found = await tx.value("select max(position) from sightline.ledger where tenant = :t", t=tx.tenant)
    return int(found or 0)


def event_of(row: Any) -> Event:
    """The event a ledger row holds."""
    return Event(
        id=row["id"],
        source=row["source"],
        type=row["type"],
        subject=Ref(row["kind"], row["key"]),
        time=row["time"],
        known_at=row["known_at"],
        recorded_at=row["recorded_at"],
        position=row["position"],
        cause=row["cause"],
        revises=row["revises"],
        batch=row["batch"],
        data=row["data"],
    )
