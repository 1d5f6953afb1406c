"""Undo an import: append retractions, never delete. What an earlier import said stands again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from sightline.foundation import ledger
from sightline.foundation.db.session import Database, Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.observe import staging
from sightline.kernel.observe.revisions import ENDED, STATE, State, digest_of, root_of, save, version_id, version_names
from sightline.language.derived import RETRACTED
from sightline.language.errors import Conflict, NotFound
from sightline.language.event import Event

CHUNK = 2_000
"""Facts taken back in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What taking back a batch amounted to."""

    retracted: int
    """Facts that are gone at every as-of date."""
    restored: int
    """Facts that say again what an earlier import said."""
    unstaged: int
    """Facts that had not entered the ledger yet and never will."""

    def plus(self, other: Undone) -> Undone:
        """Both together."""
        return Undone(
            retracted=self.retracted + other.retracted,
            restored=self.restored + other.restored,
            unstaged=self.unstaged + other.unstaged,
        )


_Said = tuple[Sequence[Event], Sequence[Event]]
"""The versions of a fact that the ledger has, and those that wait for their day; each in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fate:
    """What becomes of one fact when a batch is taken back."""

    events: list[Event]
    """Go into the ledger."""
    unstaged: list[Event]
    """Wait no longer."""
    state: State
    batch: str
    """To which it belongs from now on; empty when nobody states it."""


async def undo(db: Database, tenant: Tenant, batch: str, *, now: datetime) -> Undone:
    """Take back what `batch` said last: what an earlier import that stands said stands again, or nothing does.

    A retraction carries the `known_at` of what it retracts, so the wrong fact vanishes at every as-of date. What a
    later import said too belongs to that one and stays.
    Raises NotFound, and Conflict when it was undone before.
    """
    gone = {batch, *await _undone(db, tenant, batch)}
    total = Undone(retracted=0, restored=0, unstaged=0)
    while True:
        async with db.transaction(tenant.number) as tx:
            done = await _take_back(tx, batch, gone, now)
            if done is None:
                await tx.run(
                    "update sightline.batches set undone_at = :now where tenant = :t and id = :b",
                    now=now, t=tenant.number, b=batch,
                )  # fmt: skip
                return total
        total = total.plus(done)


async def _undone(db: Database, tenant: Tenant, batch: str) -> list[str]:
    """The batches undone before, of which this must not be one."""
    async with db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select id, undone_at from sightline.batches where tenant = :t order by started_at desc", t=tenant.number
        )
    found = {row["id"]: row["undone_at"] for row in rows}
    if batch not in found:
        raise NotFound.named("batch", batch, found, hint="`sightline import list` shows them.")
    if found[batch]:
        raise Conflict(f"Batch '{batch}' was undone on {found[batch]:%Y-%m-%d %H:%M}.")
    return [name for name, at in found.items() if at]


async def _take_back(tx: Transaction, batch: str, gone: AbstractSet[str], now: datetime) -> Undone | None:
    """A chunk of the batch's facts; None when none is left."""
    rows = await tx.rows(
        f"select source, id, {', '.join(STATE)} from sightline.imported where tenant = :t and batch = :b"
        " order by source, id limit :n for update",
        t=tx.tenant, b=batch, n=CHUNK,
    )  # fmt: skip
    if not rows:
        return None
    states = {(r["source"], r["id"]): State(**{n: r[n] for n in STATE}) for r in rows}
    recorded, waiting = await _versions(tx, states), await _waiting(tx, states)
    fates = []
    for (source, fact), state in states.items():
        chain = source, version_id(fact, state.first)
        said_of = recorded.get(chain, []), waiting.get(chain, [])
        fates.append(_fate(fact, state, said_of, gone, cause=f"undo:{batch}"))
    await staging.withdraw(tx, [(e.source, e.id) for fate in fates for e in fate.unstaged])
    ledger.record(tx, [event for fate in fates for event in fate.events], at=now)
    await _save(tx, dict(zip(states, fates, strict=True)))
    return Undone(
        retracted=sum(bool(fate.events) and fate.state.retracted for fate in fates),
        restored=sum(bool(fate.events) and not fate.state.retracted for fate in fates),
        unstaged=sum(len(fate.unstaged) for fate in fates),
    )


async def _save(tx: Transaction, fates: Mapping[tuple[str, str], _Fate]) -> None:
    for owner in {fate.batch for fate in fates.values()}:
        await save(tx, {name: fate.state for name, fate in fates.items() if fate.batch == owner}, batch=owner)


async def _versions(tx: Transaction, states: Mapping[tuple[str, str], State]) -> dict[tuple[str, str], list[Event]]:
    """All versions in each chain that the ledger has, in the order in which they came."""
    names = list(version_names(states))
    rows = await tx.rows(
        "select l.* from unnest(cast(:sources as text[]), cast(:ids as text[])) as w(source, id)"
        " join sightline.event_keys k on k.tenant = :t and k.source = w.source and k.id = w.id"
        " join sightline.ledger l on l.tenant = :t and l.position = k.position order by l.position",
        t=tx.tenant, sources=[source for source, _ in names], ids=[id_ for _, id_ in names],
    )  # fmt: skip
    return _by_chain(map(ledger.event_of, rows))


async def _waiting(tx: Transaction, states: Mapping[tuple[str, str], State]) -> dict[tuple[str, str], list[Event]]:
    """All versions in each chain that wait for the day on which they become known."""
    return _by_chain(await staging.staged(tx, version_names(states)))


def _by_chain(events: Iterable[Event]) -> dict[tuple[str, str], list[Event]]:
    found: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        found.setdefault(root_of(event), []).append(event)
    return found


def _fate(fact: str, state: State, said_of: _Said, gone: AbstractSet[str], *, cause: str) -> _Fate:
    """What becomes of a fact (its id) without the batches that are gone; pure.

    At each moment from which a version is known, the last word of the batches that stand must be the last there is.
    """
    recorded, waiting = said_of
    said = sorted((v for v in recorded if v.batch is not None and v.batch not in gone), key=_order)
    number = state.revision
    events: list[Event] = []
    for known in sorted({version.known_at for version in recorded}):
        here = [version for version in recorded if version.known_at == known][-1]
        stands = next((version for version in reversed(said) if version.known_at <= known), None)
        if not _same(here, stands):
            number += 1
            again = here.but(type=RETRACTED, data={}) if stands is None else stands
            name, first = version_id(fact, number), version_id(fact, state.first)
            events.append(again.but(id=name, revises=first, known_at=known, cause=cause, batch=None, position=None))
    left = [version for version in waiting if version.batch not in gone]
    last = [*said, *left][-1:]
    return _Fate(
        events=events,
        unstaged=[version for version in waiting if version.batch in gone],
        state=replace(state, revision=number, retracted=not last, digest=_digest(last, [*recorded, *waiting])),
        batch=(last[0].batch or "") if last else "",
    )


def _order(version: Event) -> tuple[datetime, int]:
    """As the projection orders the versions of a fact: the last is what stands."""
    return version.known_at, version.position or 0


def _same(here: Event, stands: Event | None) -> bool:
    if stands is None or stands.retracts:
        return here.retracts
    return (here.type, here.subject, here.time, here.data) == (stands.type, stands.subject, stands.time, stands.data)


def _digest(last: Sequence[Event], versions: Sequence[Event]) -> bytes:
    """Of what stands, as the file said it: known when it first was, not when a change or an undo was noticed."""
    if not last:
        return b""
    return ENDED if last[0].retracts else digest_of(last[0].but(known_at=versions[0].known_at))
