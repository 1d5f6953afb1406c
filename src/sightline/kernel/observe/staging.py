"""Staging: a fact read today that becomes known later waits here until the tenant's clock reaches that moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from sightline.foundation import ledger
from sightline.foundation.db.session import Transaction
from sightline.foundation.ledger import Appended
from sightline.language.event import Event
from sightline.language.ref import Ref

RELEASE = 5_000
"""Staged events that enter the ledger in one transaction."""


async def stage(tx: Transaction, events: Sequence[Event], *, passed_over: bool = False) -> None:
    """Keep events for later; one that is staged already under its id is replaced. Those `passed_over` never come."""
    if not events:
        return
    driver = await tx.driver()
    await driver.execute(
        "insert into sightline.staged (tenant, known_at, source, id, event, passed_over)"
        " select $1, *, $6 from unnest($2::timestamptz[], $3::text[], $4::text[], $5::jsonb[])"
        " on conflict (tenant, source, id) do update set known_at = excluded.known_at, event = excluded.event,"
        " passed_over = excluded.passed_over",
        tx.tenant,
        [e.known_at for e in events],
        [e.source for e in events],
        [e.id for e in events],
        [msgspec.json.encode(_as_json(e)).decode() for e in events],
        passed_over,
    )


async def drop(tx: Transaction, names: Iterable[tuple[str, str]]) -> None:
    """Forget events, named by source and id."""
    wanted = list(names)
    await tx.run(
        "delete from sightline.staged s using unnest(cast(:sources as text[]), cast(:ids as text[])) as w(source, id)"
        " where s.tenant = :t and s.source = w.source and s.id = w.id",
        t=tx.tenant, sources=[source for source, _ in wanted], ids=[id_ for _, id_ in wanted],
    )  # fmt: skip


async def staged(tx: Transaction, names: Iterable[tuple[str, str]]) -> list[Event]:
    """Those of the events (named by source and id) that are kept here, locked to the end of the transaction."""
    wanted = list(names)
    rows = await tx.rows(
        "select s.event from unnest(cast(:sources as text[]), cast(:ids as text[])) as w(source, id)"
        " join sightline.staged s on s.tenant = :t and s.source = w.source and s.id = w.id"
        " order by s.ordinal for update of s",
        t=tx.tenant, sources=[source for source, _ in wanted], ids=[id_ for _, id_ in wanted],
    )  # fmt: skip
    return [_from_json(row["event"]) for row in rows]


async def release(tx: Transaction, *, now: datetime) -> Appended | None:
    """Move what is known by `now` into the ledger, oldest knowledge first; None when nothing waits.

    At most RELEASE events a transaction: call again until it returns None.
    """
    rows = await tx.rows(
        "delete from sightline.staged where tenant = :t and ordinal in ("
        "  select ordinal from sightline.staged where tenant = :t and known_at <= :now and not passed_over"
        "  order by known_at, ordinal limit :n for update skip locked)"
        " returning ordinal, known_at, event",
        t=tx.tenant, now=now, n=RELEASE,
    )  # fmt: skip
    if not rows:
        return None
    ordered = sorted(rows, key=lambda row: (row["known_at"], row["ordinal"]))
    return ledger.record(tx, [_from_json(row["event"]) for row in ordered], at=now)


async def waiting(tx: Transaction) -> tuple[int, datetime | None]:
    """How many events are staged, and when the next one becomes known."""
    row = await tx.row(
        "select count(*) as n, min(known_at) as next from sightline.staged where tenant = :t and not passed_over",
        t=tx.tenant,
    )
    return (row["n"], row["next"]) if row else (0, None)


def _as_json(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": str(event.subject),
        "time": event.time,
        "known_at": event.known_at,
        "data": event.data,
        "cause": event.cause,
        "revises": event.revises,
        "batch": event.batch,
    }


def _from_json(kept: Mapping[str, Any]) -> Event:
    read = {name: datetime.fromisoformat(kept[name]) for name in ("time", "known_at")}
    return Event(**{**kept, **read, "subject": Ref.parse(kept["subject"])})
