"""Telling a repeat from a change: what each fact of a file said when it was last read, and what that makes of it now.

`sort_out` is pure. First readings keep their own ids; a change becomes a revision that the business learned of now,
and so does a fact that a row no longer states; a fact that was taken back and is read again begins anew, and speaks
for the time it always did. A repeat belongs to the import that repeated it: while that one stands, so does the fact.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

import msgspec

from sightline.foundation.db.session import Transaction
from sightline.language.event import Event

ENDED = b"ended"
"""In the place of the digest of a fact that its row does not state any more; no digest is as short."""


@dataclass(frozen=True, slots=True)
class State:
    """What the last reading of one fact said."""

    digest: bytes
    """ENDED where its row does not state it any more."""
    revision: int
    """How many versions came after the very first."""
    retracted: bool = False
    """Taken back, with all that was ever said of it: if it is read again, that is the first of a new chain."""
    first: int = 0
    """Which version the present chain begins with."""


STATE = tuple(one.name for one in fields(State))
"""The columns that hold a state, in its order."""


@dataclass(slots=True)
class Sorted:
    """What a chunk of read facts amounts to."""

    events: list[Event] = field(default_factory=list)
    """New and changed ones, as they go into the ledger (or wait for their day)."""
    states: dict[tuple[str, str], State] = field(default_factory=dict)
    repeated: int = 0
    revised: int = 0
    ended: dict[tuple[str, str], Event] = field(default_factory=dict)
    """Retractions of what rows no longer state, by the fact's name."""


def sort_out(read: Sequence[Event], states: Mapping[tuple[str, str], State], *, now: datetime) -> Sorted:
    """Compare facts as read with what was read before; pure.

    An event of `read` that retracts says that its row states no such fact; it counts where one was stated before.
    """
    result = Sorted()
    for event in read:
        name = (event.source, event.id)
        before = result.states.get(name) or states.get(name)
        if event.retracts:
            if before and not before.retracted and before.digest != ENDED:
                state = State(ENDED, before.revision + 1, first=before.first)
                result.ended[name] = _revision(event, state).but(time=now, known_at=now)
                result.states[name] = state
                result.revised += 1
            continue
        digest = digest_of(event)
        if before is None:
            result.events.append(event)
            result.states[name] = State(digest, 0)
        elif before.retracted:
            number = before.revision + 1
            result.events.append(event.but(id=version_id(event.id, number)))
            result.states[name] = State(digest, number, first=number)
        elif before.digest == digest:
            result.repeated += 1
            result.states[name] = before
        else:
            state = State(digest, before.revision + 1, first=before.first)
            result.events.append(_revision(event, state).but(known_at=max(event.known_at, now)))
            result.states[name] = state
            result.revised += 1
    return result


def _revision(event: Event, state: State) -> Event:
    return event.but(id=version_id(event.id, state.revision), revises=version_id(event.id, state.first))


def version_id(fact: str, number: int) -> str:
    """The id of a version of a fact: versions are counted on, over all its chains."""
    return f"{fact}~{number}" if number else fact


def version_names(states: Mapping[tuple[str, str], State]) -> Iterator[tuple[str, str]]:
    """(source, id) of every version that the present chains of facts can have."""
    for (source, fact), state in states.items():
        for number in range(state.first, state.revision + 1):
            yield source, version_id(fact, number)


def root_of(event: Event) -> tuple[str, str]:
    """(source, id) of the first of the chain that an event is a version in."""
    return event.source, event.revises or event.id


def digest_of(event: Event) -> bytes:
    """A short hash of all that a fact says (16 bytes), in whatever order it says it."""
    said = (event.type, str(event.subject), event.time, event.known_at, event.data)
    return hashlib.blake2b(msgspec.json.encode(said, order="deterministic"), digest_size=16).digest()


async def load(tx: Transaction, events: Sequence[Event]) -> dict[tuple[str, str], State]:
    """The states of these events' facts, locked to the end of the transaction."""
    driver = await tx.driver()
    rows = await driver.fetch(
        f"select i.source, i.id, {', '.join(STATE)}"
        " from unnest($2::text[], $3::text[]) as w(source, id)"
        " join sightline.imported i on i.tenant = $1 and i.source = w.source and i.id = w.id",
        tx.tenant, [e.source for e in events], [e.id for e in events],
    )  # fmt: skip
    return {(source, id_): State(*state) for source, id_, *state in rows}


async def contradicts(tx: Transaction, events: Sequence[Event], *, since: str | None) -> bool:
    """Whether a batch as new as `since` said something else of these facts, and that still stands."""
    driver = await tx.driver()
    rows = await driver.fetch(
        "select i.source, i.id, i.digest from unnest($2::text[], $3::text[]) as w(source, id)"
        " join sightline.imported i on i.tenant = $1 and i.source = w.source and i.id = w.id and not i.retracted"
        " join sightline.batches b on b.tenant = $1 and b.id = i.batch where b.started_at >="
        " (select started_at from sightline.batches where tenant = $1 and id = $4)",
        tx.tenant, [e.source for e in events], [e.id for e in events], since,
    )  # fmt: skip
    said = {(e.source, e.id): digest_of(e) for e in events}
    return any(said[source, id_] != digest for source, id_, digest in rows)


async def save(tx: Transaction, states: Mapping[tuple[str, str], State], *, batch: str) -> None:
    """Remember what was read, and with which batch."""
    driver = await tx.driver()
    await driver.execute(
        "insert into sightline.imported (tenant, source, id, digest, revision, retracted, first, batch)"
        " select $1, *, $8 from unnest($2::text[], $3::text[], $4::bytea[], $5::int[], $6::bool[], $7::int[])"
        " on conflict (tenant, source, id) do update set digest = excluded.digest, revision = excluded.revision,"
        " retracted = excluded.retracted, first = excluded.first, batch = excluded.batch",
        tx.tenant,
        [source for source, _ in states],
        [id_ for _, id_ in states],
        [state.digest for state in states.values()],
        [state.revision for state in states.values()],
        [state.retracted for state in states.values()],
        [state.first for state in states.values()],
        batch,
    )
