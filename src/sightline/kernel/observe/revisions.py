"""Telling a repeat from a change: what each fact of a file was said to be, by which imports, and since when.

A fact has versions, in the order in which they were read. A change is a version that the business learned of when it
was read; so is a row that no longer states the fact. What the same import or a later one repeats is remembered with
the version, so that it stands while any import that said it does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from sightline.foundation.db.session import Transaction
from sightline.language.event import Event

Name = tuple[str, str]
"""What names a fact: its source, and the id of its first event."""

ENDED = ""
"""In the place of a digest: the row states no such fact any more."""

REMEMBERED = 8
"""Imports remembered with a version: the newest."""

VERSIONS = 32
"""Versions of a fact that can still be taken back: the newest. What was known before them is settled for good."""

OTHERS = "*"
"""In the place of imports that said so too and are not remembered by name."""

LOCK = 7_302_000
"""First half of the advisory lock of a source."""


class Said(msgspec.Struct, frozen=True, array_like=True):
    """One version of a fact."""

    number: int
    """Of the event that holds what it says."""
    digest: str
    read: datetime
    """When it was read."""
    known: datetime | None
    """Since when the business could know it, by the file itself; None where it ended."""
    batches: tuple[str, ...]
    """The imports that said so."""
    over: str | None = None
    """The digest of what it was let stand in the place of: reading that again changes nothing."""

    def by(self, batch: str) -> Said:
        """The same, said by one more import."""
        names = [one for one in self.batches if one not in {batch, OTHERS}] + [batch]
        forgot = len(names) > REMEMBERED or OTHERS in self.batches
        return msgspec.structs.replace(self, batches=(*[OTHERS] * forgot, *names[-REMEMBERED:]))

    def without(self, batch: str, *, others: bool) -> Said:
        """The same, no longer said by an import; `others`: whether one not remembered by name may stand."""
        left = tuple(one for one in self.batches if one != batch)
        return msgspec.structs.replace(self, batches=() if left == (OTHERS,) and not others else left)


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered of a fact."""

    revision: int = 0
    """The highest number given to one of its events."""
    said: tuple[Said, ...] = ()
    """Its versions that an import stands for, in the order in which they were read."""
    cut: datetime | None = None
    """What was known before this moment is settled for good: older versions are not remembered."""

    @property
    def word(self) -> Said | None:
        """The last of them."""
        return self.said[-1] if self.said else None

    def repeated(self, at: int, batch: str) -> State:
        """One more import says what the version at that index does."""
        return replace(self, said=(*self.said[:at], self.said[at].by(batch), *self.said[at + 1 :]))

    def plus(self, said: Said) -> State:
        """One more version."""
        said_all = (*self.said, said)
        kept = said_all[-VERSIONS:]
        return State(
            revision=max(self.revision, said.number), said=kept, cut=self.cut if kept == said_all else kept[0].read
        )

    def without(self, batch: str, *, others: bool) -> State:
        """What stands when an import is taken back; see `Said.without`."""
        left = (one.without(batch, others=others) for one in self.said)
        return replace(self, said=tuple(one for one in left if one.batches))


@dataclass(slots=True)
class Sorted:
    """What a chunk of read facts amounts to."""

    fresh: dict[Name, Event] = field(default_factory=dict)
    """Facts never read before, as they go into the ledger (or wait for their day)."""
    changed: dict[Name, Event] = field(default_factory=dict)
    """What is read now of facts that were read before; a retraction where a row does not state it any more."""
    states: dict[Name, State] = field(default_factory=dict)
    repeated: int = 0
    revised: int = 0

    def learnt_at(self, now: datetime) -> None:
        """Nothing of what is new was known before now, whatever the mapping assumes: it is told as it happens."""
        for name, event in self.fresh.items():
            if event.known_at < now:
                self.fresh[name] = event.but(known_at=now)
                first, *later = self.states[name].said
                self.states[name] = replace(self.states[name], said=(msgspec.structs.replace(first, known=now), *later))


def sort_out(
    read: Sequence[Event], states: Mapping[Name, State], *, now: datetime, batch: str, overrules: bool = False
) -> Sorted:
    """Compare facts as read with what was read before; pure.

    An event of `read` that retracts says that its row states no such fact; it counts where one was stated before.
    `overrules`: what is read stands in the place of what it contradicts, also when that is read again.
    """
    result = Sorted()
    for event in read:
        name = (event.source, event.id)
        before = result.states.get(name) or states.get(name)
        digest = ENDED if event.retracts else digest_of(event)
        if before is None:
            if digest:
                result.fresh[name] = event
                result.states[name] = State().plus(Said(0, digest, now, event.known_at, (batch,)))
            continue
        at = _said_already(before, digest)
        if at is not None:
            result.repeated += bool(digest)
            result.states[name] = before.repeated(at, batch)
        elif digest or before.said:
            word = before.word
            over = word.digest if word and overrules else None
            known = None if event.retracts else event.known_at
            # Of two imports under way at once the older one must not say that it read before the newer.
            read_at = max(now, word.read) if word else now
            said = Said(_number(before, digest), digest, read_at, known, (batch,), over)
            result.revised += bool(before.said)
            result.changed[name] = event
            result.states[name] = before.plus(said)
    return result


def _said_already(state: State, digest: str) -> int | None:
    """Where among the versions stands what this reading repeats; None where it is news."""
    word = state.word
    if word is None:
        return None
    if word.digest == digest:
        return len(state.said) - 1
    if word.over is None or word.over != digest:
        return None
    return next((at for at, one in enumerate(state.said) if one.digest == digest), len(state.said) - 1)


def _number(state: State, digest: str) -> int:
    """The number of the event that says this already, or a new one."""
    return next((one.number for one in state.said if digest and one.digest == digest), state.revision + 1)


def version_id(fact: str, number: int) -> str:
    """The id of an event about a fact."""
    return f"{fact}~{number}" if number else fact


def version_names(states: Mapping[Name, State]) -> Iterator[Name]:
    """(source, id) of every event there can be about facts: ids follow from the numbers."""
    for (source, fact), state in states.items():
        for number in range(state.revision + 1):
            yield source, version_id(fact, number)


def digest_of(event: Event) -> str:
    """A short hash of all that a fact says (12 bytes, hexadecimal), in whatever order it says it."""
    said = (event.type, str(event.subject), event.time, event.known_at, event.data)
    return hashlib.blake2b(msgspec.json.encode(said, order="deterministic"), digest_size=12).hexdigest()


async def lock(tx: Transaction, source: str) -> None:
    """Let nobody else compare facts of this source until the transaction ends: two imports would both be the first."""
    await tx.run("select pg_advisory_xact_lock(:lock, hashtext(:name))", lock=LOCK, name=f"{tx.tenant}/{source}")


async def load(tx: Transaction, names: Iterable[Name]) -> dict[Name, State]:
    """What is remembered of facts."""
    wanted = list(names)
    driver = await tx.driver()
    rows = await driver.fetch(
        "select i.source, i.id, i.revision, i.said, i.cut from unnest($2::text[], $3::text[]) as w(source, id)"
        " join sightline.imported i on i.tenant = $1 and i.source = w.source and i.id = w.id",
        tx.tenant, [source for source, _ in wanted], [id_ for _, id_ in wanted],
    )  # fmt: skip
    return {(source, id_): State(revision, _decode(said), cut) for source, id_, revision, said, cut in rows}


async def others_stand(tx: Transaction, batch: str, source: str) -> bool:
    """Whether the source has another import that was not taken back."""
    found = await tx.value(
        "select exists (select from sightline.batches where tenant = :t and source = :s and id <> :b"
        " and undone_at is null)",
        t=tx.tenant, s=source, b=batch,
    )  # fmt: skip
    return bool(found)


async def any_stand(tx: Transaction, source: str) -> bool:
    """Whether an import of the source said something that stands."""
    facts = "select exists (select from sightline.imported where tenant = :t and source = :s and said <> '[]')"
    return bool(await tx.value(facts, t=tx.tenant, s=source))


async def said_by(
    tx: Transaction, batch: str, source: str, *, after: str, limit: int, others: bool
) -> dict[Name, State]:
    """The next facts of a source (by id, behind `after`) of which an import said something that stands; where it is
    the last one (no `others`), also those said by imports that are not remembered by name.
    """
    driver = await tx.driver()
    rows = await driver.fetch(
        "select id, revision, said, cut from sightline.imported where tenant = $1 and source = $2 and id > $3"
        " and (said like '%\"' || $4 || '\"%' or ($6 and said like '%\"*\"%')) order by id limit $5",
        tx.tenant, source, after, batch, limit, not others,
    )  # fmt: skip
    return {(source, id_): State(revision, _decode(said), cut) for id_, revision, said, cut in rows}


async def contradicts(tx: Transaction, events: Sequence[Event], *, since: str | None) -> bool:
    """Whether an import as new as `since` says something else of these facts; retractions as in `sort_out`."""
    states = await load(tx, ((event.source, event.id) for event in events))
    against: set[str] = set()
    for event in events:
        word = states.get((event.source, event.id), State()).word
        if word and word.digest != (ENDED if event.retracts else digest_of(event)):
            against.update(word.batches)
    found = await tx.value(
        "select count(*) from sightline.batches b where b.tenant = :t and b.id = any(:against) and b.started_at >="
        " (select started_at from sightline.batches where tenant = :t and id = :since)",
        t=tx.tenant, against=sorted(against), since=since,
    )  # fmt: skip
    return int(found) > 0


async def save(tx: Transaction, states: Mapping[Name, State]) -> None:
    """Remember what was read."""
    driver = await tx.driver()
    await driver.execute(
        "insert into sightline.imported (tenant, source, id, revision, said, cut)"
        " select $1, * from unnest($2::text[], $3::text[], $4::int[], $5::text[], $6::timestamptz[])"
        " on conflict (tenant, source, id) do update set revision = excluded.revision, said = excluded.said,"
        " cut = excluded.cut",
        tx.tenant,
        [source for source, _ in states],
        [id_ for _, id_ in states],
        [state.revision for state in states.values()],
        [_encode(state.said).decode() for state in states.values()],
        [state.cut for state in states.values()],
    )


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[Said, ...]).decode
