"""What other systems post: verified, read by a mapping or as CloudEvents, and on disk before it is answered.

All that becomes of a message is one transaction, in which it is remembered too: whoever sends it again after a crash
finds that nothing of it is there, or all. What is posted to a workspace while a transaction is under way is taken
together by the next (group commit).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sightline.foundation import ledger, tenants
from sightline.foundation.clock import monotonic
from sightline.foundation.db.session import Transaction
from sightline.foundation.limiting import Limit
from sightline.foundation.tenants import Tenant
from sightline.kernel.declared import Kinds
from sightline.kernel.desk.desk import Desk
from sightline.kernel.desk.hooking import events_of
from sightline.kernel.observe import cloudevents, hooks, imports, mapping_file, posted, quarantine, signatures
from sightline.kernel.observe.hooks import Claim, Fate, Hook
from sightline.kernel.observe.imports import Importer
from sightline.kernel.observe.intake import BOUNDARY
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.observe.personal import shield
from sightline.kernel.observe.quarantine import Unfit
from sightline.kernel.observe.rows import RowReader
from sightline.kernel.observe.sorts import check, sorts_of
from sightline.kernel.observe.table import BrokenRow, Row
from sightline.language.errors import Conflict, Invalid, SightlineError, TooManyRequests, Transient, Unavailable
from sightline.language.event import Event
from sightline.language.kind import Kind

CLOUDEVENTS = "application/cloudevents"
"""How the media types begin that say a body holds CloudEvents, mapping or not."""

NOTED_SECONDS = 60.0
"""A refusal is noted with its hook so often at most: whoever knows an address must not have us write all day."""

READERS, READINGS = 64, 10_000
"""Mappings kept ready, and how often each is used before it is made anew, for it remembers what it read."""

GROUP, GROUP_BYTES = 100, 4 << 20
"""Messages, and bytes of bodies, that one transaction takes at most."""

Body = Callable[[], Awaitable[bytes]]
Read = tuple[FieldMap, RowReader]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a message."""

    events: int = 0
    """Facts it was read as, those that were known already included."""
    quarantined: int = 0
    repeated: bool = False
    """Whether it came before; then nothing was done."""


@dataclass(slots=True, kw_only=True, eq=False)
class _Post:
    """What was posted, and who waits to be told what became of it."""

    address: str
    media: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    done: asyncio.Future[Taken] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def take(self, taken: Taken) -> None:
        """Tell who waits what became of it."""
        if not self.done.done():
            self.done.set_result(taken)

    def refuse(self, error: Exception) -> None:
        """Tell who waits that nothing came of it."""
        if not self.done.done():
            self.done.set_exception(error)


@dataclass(slots=True, kw_only=True, eq=False)
class _Message:
    """What was posted by somebody who is known, and what it is read as."""

    post: _Post
    hook: Hook
    plain: bool
    """Whether it holds CloudEvents."""
    claim: Claim
    rows: Sequence[Row | BrokenRow]
    events: list[Event] = field(default_factory=list)
    unfit: list[Unfit] = field(default_factory=list)

    def names(self) -> set[tuple[str, str | bytes]]:
        """What no other message of the same transaction may share."""
        keys = {(self.hook.name, key) for key in self.claim.keys}
        return keys | {(event.source, event.id) for event in self.events}


class Hooks:
    """Takes what is posted. One for a process: it keeps mappings ready, and counts who comes too often."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._kinds = desk, Kinds(desk.registry)
        self._limit = Limit(desk.settings.http.hook_messages_per_minute)
        self._readers: dict[tuple[int, str], tuple[Read, int]] = {}
        self._noted: dict[tuple[int, str], float] = {}
        self._waiting: dict[int, list[_Post]] = {}
        self._takers: dict[int, asyncio.Task[None]] = {}

    async def receive(self, address: str, media: str, headers: Mapping[str, str], read: Body) -> Taken:
        """Take what was posted to an address; returns once it is on disk. `headers`: names in small letters.

        Raises NotFound, TooManyRequests, TooLarge, Unauthenticated, Stale, Invalid, Conflict and Unavailable.
        """
        tenant = hooks.tenant_of(self._desk.vault, address)
        if wait := self._limit.wait(address):
            raise TooManyRequests("More messages a minute than are taken here.", after=wait)
        # Before any transaction: a slow sender must not keep a connection of the database to himself.
        post = _Post(address=address, media=media, headers=headers, body=await read())
        self._waiting.setdefault(tenant, []).append(post)
        if tenant not in self._takers:
            self._takers[tenant] = asyncio.ensure_future(self._take_all(tenant))
        return await post.done

    async def _take_all(self, tenant: int) -> None:
        try:
            while posts := self._next(tenant):
                await self._take(tenant, posts)
        finally:
            del self._takers[tenant]
            for post in self._waiting.pop(tenant, ()):
                post.refuse(_lost())

    def _next(self, tenant: int) -> list[_Post]:
        waiting, size, count = self._waiting.get(tenant, []), 0, 0
        for post in waiting[:GROUP]:
            size += len(post.body)
            if count and size > GROUP_BYTES:
                break
            count += 1
        self._waiting[tenant] = waiting[count:]
        return waiting[:count]

    async def _take(self, tenant: int, posts: Sequence[_Post]) -> None:
        """Take messages in one transaction, then tell those who wait, each of their own."""
        group = _Group(self._desk, self._kinds, self._reader)
        try:
            async with self._desk.db.transaction(tenant) as tx:
                await group.take(tx, posts)
            self._waiting[tenant] = [*group.deferred, *self._waiting.get(tenant, ())]
            await self._tell(tenant, group)
        except BOUNDARY as error:
            # One that the database refuses must not take its neighbours with it.
            if len(posts) > 1 and not isinstance(error, Transient):
                for post in posts:
                    await self._take(tenant, [post])
            for post in posts:
                post.refuse(error)
        finally:
            for post in posts:
                if post not in group.deferred:
                    post.refuse(_lost())

    async def _tell(self, tenant: int, group: _Group) -> None:
        for post, taken in group.taken.items():
            post.take(taken)
        for post, (name, error) in group.refused.items():
            if name:
                await self._note(tenant, name, error)
            post.refuse(error)

    async def _note(self, tenant: int, name: str, error: SightlineError) -> None:
        """Let who looks after a hook see that something was refused."""
        now, key = monotonic(), (tenant, name)
        if now - self._noted.get(key, -NOTED_SECONDS) < NOTED_SECONDS:
            return
        self._noted[key] = now
        with suppress(SightlineError):
            async with self._desk.db.transaction(tenant) as tx:
                await hooks.refused(tx, name, error.message)

    def _reader(self, tenant: int, text: str) -> Read:
        """A mapping made ready."""
        key = tenant, text
        read, left = self._readers.pop(key, (None, READINGS))
        if read is None:
            mapping = mapping_file.parse(text)
            read = mapping, RowReader(mapping, self._desk.vault.pepper)
        if left > 1:
            self._readers[key] = read, left - 1
        while len(self._readers) > READERS:
            self._readers.pop(next(iter(self._readers)))
        return read


class _Group:
    """Messages that are taken in one transaction."""

    def __init__(self, desk: Desk, kinds: Kinds, reader: Callable[[int, str], Read]) -> None:
        self._desk, self._kinds, self._reader = desk, kinds, reader
        self._hooks: dict[str, Hook] = {}
        self._importers: dict[str, Importer] = {}
        self.taken: dict[_Post, Taken] = {}
        self.refused: dict[_Post, tuple[str, SightlineError]] = {}
        """With the name of the hook, where it is known."""
        self.deferred: list[_Post] = []
        """They speak of what others of the group speak of, and are taken by the next."""

    async def take(self, tx: Transaction, posts: Sequence[_Post]) -> None:
        """Take what can be taken."""
        here = await tenants.here(tx)
        if here is None:
            self.refused = {post: ("", hooks.unknown()) for post in posts}
            return
        read = [await self._read(tx, here, post) for post in posts]
        messages = self._distinct([one for one in read if one])
        claims = [one.claim for one in messages]
        fates = await hooks.claim(tx, self._desk.vault, claims, now=self._desk.clock.now())
        fresh = []
        for message, fate in zip(messages, fates, strict=True):
            if fate is Fate.NEW:
                fresh.append(message)
                told = Taken(events=len(message.events), quarantined=len(message.unfit))
                self.taken[message.post] = told
            elif fate is Fate.REPEATED:
                self.taken[message.post] = Taken(repeated=True)
            else:
                hint = "Give each message a name of its own."
                error = Conflict("Another message came under the same name.", hint=hint)
                self.refused[message.post] = message.hook.name, error
        await self._record(tx, fresh, self._desk.now(here))

    async def _read(self, tx: Transaction, here: Tenant, post: _Post) -> _Message | None:
        name = ""
        try:
            hook = self._hooks.get(post.address) or await hooks.at_address(tx, self._desk.vault, post.address)
            self._hooks[post.address], name = hook, hook.name
            message = self._verified(post, hook, self._desk.now(here))
            await (self._as_events if message.plain else self._as_rows)(tx, here, message)
        except Transient:
            raise
        except SightlineError as error:
            self.refused[post] = name, error
            return None
        return message

    def _verified(self, post: _Post, hook: Hook, now: datetime) -> _Message:
        """Raises Unauthenticated, Stale, and Invalid for what is no JSON."""
        real, body = self._desk.clock.now(), post.body
        signed = signatures.verify(hook.scheme, hook.options, hook.secrets, post.headers, body, now=real)
        found: Any = posted.decoded(body)
        id_ = signed.id if signed.id is not None else posted.named(found, hook.options.id_field)
        plain = not hook.mapped or post.media.startswith(CLOUDEVENTS)
        more = {posted.ID: id_ or "", posted.TIME: (signed.at or now).isoformat()}
        return _Message(
            post=post, hook=hook, plain=plain, rows=posted.rows_of(found, "" if plain else hook.each, more, body),
            claim=Claim(hook=hook.name, keys=hooks.keys_of(signed, id_), body=body, dated=signed.at is not None),
        )  # fmt: skip

    async def _as_rows(self, tx: Transaction, here: Tenant, message: _Message) -> None:
        hook, now = message.hook, self._desk.now(here)
        if hook.name not in self._importers:
            mapping, reader = self._reader(here.number, hook.mapping or "")
            self._importers[hook.name] = Importer(
                self._desk.db, here, self._desk.vault, mapping, self._kinds, now=now, live=True, reader=reader,
                batch=await _batch(tx, hook, now),
            )  # fmt: skip
        message.events, message.unfit = self._importers[hook.name].alone(list(message.rows))

    async def _as_events(self, tx: Transaction, here: Tenant, message: _Message) -> None:
        kinds, hook = await self._kinds(tx), message.hook
        try:
            events = events_of(hook.source, message.post.body, self._desk.now(here))
            check(events, sorts_of(kinds))
        except cloudevents.InvalidEvent as error:
            message.unfit = _aside(message, f"Event {error.index + 1} of the message does not fit.")
        except Invalid:
            message.unfit = _aside(message, "The message does not hold CloudEvents.")
        else:
            message.events = events

    def _distinct(self, messages: Sequence[_Message]) -> list[_Message]:
        """Those that speak of nothing another one before speaks of."""
        seen: set[tuple[str, str | bytes]] = set()
        found = []
        for message in messages:
            names = message.names()
            if seen.isdisjoint(names):
                found.append(message)
            else:
                self.deferred.append(message.post)
            seen |= names
        return found

    async def _record(self, tx: Transaction, fresh: Sequence[_Message], now: datetime) -> None:
        # In one order: two processes that take messages of the same hooks never wait for each other.
        ordered = sorted(fresh, key=lambda one: (one.plain, one.hook.name))
        for (plain, name), group in groupby(ordered, key=lambda one: (one.plain, one.hook.name)):
            some = list(group)
            if plain:
                await self._record_events(tx, some, await self._kinds(tx), now)
            else:
                await self._record_rows(tx, some, self._importers[name])

    async def _record_rows(self, tx: Transaction, some: Sequence[_Message], importer: Importer) -> None:
        hook = some[0].hook
        await importer.begin(tx, f"hook {hook.name}", hook.mapping or "")
        await importer.record(
            tx, sum(len(one.rows) for one in some), [event for one in some for event in one.events],
            [row for one in some for row in one.unfit],
        )  # fmt: skip
        await importer.end(tx)

    async def _record_events(
        self, tx: Transaction, some: Sequence[_Message], kinds: Mapping[str, Kind], now: datetime
    ) -> None:
        vault, events = self._desk.vault, [event for one in some for event in one.events]
        unfit, source = [row for one in some for row in one.unfit], some[0].hook.source
        await vault.hold_off_erasures(tx)
        ledger.record(tx, await shield(tx, vault, events, kinds), at=now)
        await quarantine.hold(tx, vault, unfit, source=source, batch=None, at=now)


def _aside(message: _Message, reason: str) -> list[Unfit]:
    """A message that is none, kept sealed; why is told without quoting it, for reasons stand in the clear."""
    told = f"{reason} `sightline hooks test {message.hook.name} FILE` tells why."
    return [Unfit(row.line, imports.as_raw(row), told) for row in message.rows]


async def _batch(tx: Transaction, hook: Hook, now: datetime) -> str:
    """What is posted on one day is one batch, to be taken back as a whole; what comes after that is another."""
    name = f"{now:%Y%m%d}-{hook.name}"
    undone = await tx.value(
        "select count(*) from sightline.batches where tenant = :t and undone_at is not null"
        " and (id = :n or starts_with(id, :n || '.'))",
        t=tx.tenant, n=name,
    )  # fmt: skip
    return f"{name}.{undone + 1}" if undone else name


def _lost() -> Unavailable:
    return Unavailable("The message was not taken.", hint="Send it again.")
