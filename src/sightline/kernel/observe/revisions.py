"""Telling a repeat from a change: what each fact of a file said when it was last read, and what that makes of it now.

`sort_out` is pure. First readings keep their own ids; a change becomes a revision that the business learned of now;
a fact that was taken back and is read again speaks for the time it always did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from sightline.foundation.db.session import Transaction
from sightline.language.event import Event


@dataclass(frozen=True, slots=True)
class State:
    """What the last reading of one fact said."""

    digest: bytes
    revision: int
    retracted: bool


@dataclass(slots=True)
class Sorted:
    """What a chunk of read facts amounts to."""

    events: list[Event] = field(default_factory=list)
    """New and changed ones, as they go into the ledger (or wait for their day)."""
    states: dict[tuple[str, str], State] = field(default_factory=dict)
    repeated: int = 0
    revised: int = 0


def sort_out(read: Sequence[Event], states: Mapping[tuple[str, str], State], *, now: datetime) -> Sorted:
    """Compare facts as read with what was read before; pure."""
    result = Sorted()
    for event in read:
        name = (event.source, event.id)
        digest = digest_of(event)
        before = result.states.get(name) or states.get(name)
        if before is None:
            result.events.append(event)
            result.states[name] = State(digest, 0, retracted=False)
        elif before.digest == digest and not before.retracted:
            result.repeated += 1
        else:
            number = before.revision + 1
            known = event.known_at if before.retracted else max(event.known_at, now)
            result.events.append(event.but(id=f"{event.id}~{number}", revises=event.id, known_at=known))
            result.states[name] = State(digest, number, retracted=False)
            result.revised += 1
    return result


def digest_of(event: Event) -> bytes:
    """A short hash of all that a fact says (16 bytes), in whatever order it says it."""
    said = (event.type, str(event.subject), event.time, event.known_at, event.data)
    return hashlib.blake2b(msgspec.json.encode(said, order="deterministic"), digest_size=16).digest()


async def load(tx: Transaction, events: Sequence[Event]) -> dict[tuple[str, str], State]:
    """The states of these events' facts, locked to the end of the transaction."""
    driver = await tx.driver()
    rows = await driver.fetch(
        "select i.source, i.id, i.digest, i.revision, i.retracted from unnest($2::text[], $3::text[]) as w(source, id)"
        " join sightline.imported i on i.tenant = $1 and i.source = w.source and i.id = w.id",
        tx.tenant, [e.source for e in events], [e.id for e in events],
    )  # fmt: skip
    return {(s, i): State(digest, revision, retracted) for s, i, digest, revision, retracted in rows}


async def save(tx: Transaction, states: Mapping[tuple[str, str], State], *, batch: str) -> None:
    """Remember what was read, and with which batch."""
    driver = await tx.driver()
    await driver.execute(
        "insert into sightline.imported (tenant, source, id, digest, revision, retracted, batch)"
        " select $1, *, $7 from unnest($2::text[], $3::text[], $4::bytea[], $5::int[], $6::bool[])"
        " on conflict (tenant, source, id) do update set digest = excluded.digest, revision = excluded.revision,"
        " retracted = excluded.retracted, batch = excluded.batch",
        tx.tenant,
        [source for source, _ in states],
        [id_ for _, id_ in states],
        [state.digest for state in states.values()],
        [state.revision for state in states.values()],
        [state.retracted for state in states.values()],
        batch,
    )
