"""What other systems post: verified, read by a mapping or as CloudEvents, and on disk before they are answered.

All that becomes of a message is one transaction, in which it is remembered too: whoever sends it again after a crash
finds that nothing of it is there, or all.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sightline.foundation import ledger, tenants
from sightline.foundation.clock import monotonic
from sightline.foundation.db.session import Transaction
from sightline.foundation.limiting import Limit
from sightline.foundation.tenants import Tenant
from sightline.kernel.declared import Kinds
from sightline.kernel.desk import importing
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe import cloudevents, hooks, imports, mapping_file, posted, quarantine, signatures
from sightline.kernel.observe.hooks import Hook, New
from sightline.kernel.observe.imports import Imported, Importer
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.observe.personal import shield
from sightline.kernel.observe.quarantine import Unfit
from sightline.kernel.observe.rows import Misfit, RowReader
from sightline.kernel.observe.signatures import Signed
from sightline.kernel.observe.sorts import check, sorts_of
from sightline.kernel.observe.table import BrokenRow, Row
from sightline.language.errors import Invalid, SightlineError, TooManyRequests, Transient
from sightline.language.event import Event

CLOUDEVENTS = "application/cloudevents"
"""How the media types begin that say a body holds CloudEvents, mapping or not."""

NOTED_SECONDS = 60.0
"""A refusal is noted with its hook so often at most: whoever knows an address must not have us write all day."""

READERS, READINGS = 64, 10_000
"""Mappings kept ready, and how many messages each reads before it is made anew, for it remembers what it read."""

Body = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a message."""

    events: int = 0
    """Facts it was read as, those that were known already included."""
    quarantined: int = 0
    repeated: bool = False
    """Whether it came before; then nothing was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What would become of a body."""

    events: Sequence[Event]
    misfits: Sequence[Misfit]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    tenant: Tenant
    hook: Hook
    signed: Signed
    body: bytes
    found: Any
    """Its JSON."""
    id: str | None
    plain: bool
    """Whether it holds CloudEvents."""

    def rows(self, now: datetime) -> list[Row | BrokenRow]:
        """As the mapping reads it."""
        more = {posted.ID: self.id or "", posted.TIME: (self.signed.at or now).isoformat()}
        items = "" if self.plain else self.hook.each
        return posted.rows_of(self.found, items, more, self.body)


class Hooks:
    """Takes what is posted. One for a process: it keeps mappings ready, and counts who comes too often."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._kinds = desk, Kinds(desk.registry)
        self._limit = Limit(desk.settings.http.hook_messages_per_minute)
        self._readers: dict[tuple[int, str], tuple[FieldMap, RowReader, int]] = {}
        self._noted: dict[tuple[int, str], float] = {}

    async def receive(self, address: str, media: str, headers: Mapping[str, str], read: Body) -> Taken:
        """Take what was posted to an address; returns once it is on disk. `headers`: names in small letters.

        Raises NotFound, TooManyRequests, TooLarge, Unauthenticated, Stale, Invalid, Conflict and Unavailable.
        """
        tenant = hooks.tenant_of(self._desk.vault, address)
        if wait := self._limit.wait(address):
            raise TooManyRequests("More messages a minute than are taken here.", after=wait)
        # Before the transaction: a slow sender must not keep a connection of the database to himself.
        body, hook = await read(), None
        try:
            async with self._desk.db.transaction(tenant) as tx:
                here = await tenants.here(tx)
                if here is None:
                    raise hooks.unknown()
                hook = await hooks.at_address(tx, self._desk.vault, address)
                return await self._take(tx, self._message(here, hook, media, headers, body))
        except SightlineError as error:
            if hook and not isinstance(error, Transient):
                await self._note(tenant, hook.name, error)
            raise

    def _message(self, tenant: Tenant, hook: Hook, media: str, headers: Mapping[str, str], body: bytes) -> _Message:
        """Raises Unauthenticated, Stale, and Invalid for what is no JSON."""
        now = self._desk.clock.now()
        signed = signatures.verify(hook.scheme, hook.options, hook.secrets, headers, body, now=now)
        found = posted.decoded(body)
        id_ = signed.id if signed.id is not None else posted.named(found, hook.options.id_field)
        plain = not hook.mapped or media.startswith(CLOUDEVENTS)
        return _Message(tenant=tenant, hook=hook, signed=signed, body=body, found=found, id=id_, plain=plain)

    async def _take(self, tx: Transaction, message: _Message) -> Taken:
        vault, real = self._desk.vault, self._desk.clock.now()
        keys = hooks.keys_of(message.signed, message.id)
        dated = message.signed.at is not None
        if not await hooks.claim(tx, vault, message.hook, keys, message.body, dated=dated, now=real):
            return Taken(repeated=True)
        now = self._desk.now(message.tenant)
        return await (self._as_events if message.plain else self._as_rows)(tx, message, now)

    async def _as_rows(self, tx: Transaction, message: _Message, now: datetime) -> Taken:
        mapping, reader = self._reader(message)
        name = await _batch(tx, message.hook, now)
        importer = Importer(
            self._desk.db, message.tenant, self._desk.vault, mapping, self._kinds, now=now, batch=name, live=True,
            reader=reader,
        )  # fmt: skip
        await importer.begin(tx, f"hook {message.hook.name}", message.hook.mapping or "")
        done: Imported = await importer.take(tx, message.rows(now))
        await importer.end(tx)
        return Taken(events=done.events + done.repeated, quarantined=done.quarantined)

    def _reader(self, message: _Message) -> tuple[FieldMap, RowReader]:
        """The mapping of a hook made ready, as it stands in this transaction."""
        key, left = (message.tenant.number, message.hook.mapping or ""), READINGS
        if key in self._readers:
            mapping, reader, left = self._readers.pop(key)
        else:
            mapping = mapping_file.parse(key[1])
            reader = RowReader(mapping, self._desk.vault.pepper)
        if left > 1:
            self._readers[key] = mapping, reader, left - 1
        while len(self._readers) > READERS:
            self._readers.pop(next(iter(self._readers)))
        return mapping, reader

    async def _as_events(self, tx: Transaction, message: _Message, now: datetime) -> Taken:
        vault, kinds = self._desk.vault, await self._kinds(tx)
        await vault.hold_off_erasures(tx)
        try:
            events = _events(message.hook.source, message.body, now)
            check(events, sorts_of(kinds))
        except cloudevents.InvalidEvent as error:
            return await self._aside(tx, message, f"Event {error.index + 1} of the message does not fit.", now)
        except Invalid:
            return await self._aside(tx, message, "The message does not hold CloudEvents.", now)
        ledger.record(tx, await shield(tx, vault, events, kinds), at=now)
        return Taken(events=len(events))

    async def _aside(self, tx: Transaction, message: _Message, reason: str, now: datetime) -> Taken:
        """Keep a message that is none, sealed; why is told without quoting it, for reasons stand in the clear."""
        told = f"{reason} `sightline hooks test {message.hook.name} FILE` tells why."
        wrong = [Unfit(row.line, imports.as_raw(row), told) for row in message.rows(now)]
        held = await quarantine.hold(tx, self._desk.vault, wrong, source=message.hook.source, batch=None, at=now)
        return Taken(quarantined=held)

    async def _note(self, tenant: int, name: str, error: SightlineError) -> None:
        """Let who looks after a hook see that something was refused."""
        now, key = monotonic(), (tenant, name)
        if now - self._noted.get(key, -NOTED_SECONDS) < NOTED_SECONDS:
            return
        self._noted[key] = now
        with suppress(SightlineError):
            async with self._desk.db.transaction(tenant) as tx:
                await hooks.refused(tx, name, error.message)


def _events(source: str, body: bytes, now: datetime) -> list[Event]:
    """The CloudEvents of a body. Raises Invalid, also where they speak for a source that is not the hook's."""
    events = cloudevents.as_events(cloudevents.decode(body, "application/json"), now=now)
    for index, event in enumerate(events):
        if event.source != source and not event.source.startswith(f"{source}/"):
            raise cloudevents.InvalidEvent(
                index, f"this hook speaks for source '{source}' and what is under it alone.",
                hint="Make a hook with that --source.",
            )  # fmt: skip
    return events


async def _batch(tx: Transaction, hook: Hook, now: datetime) -> str:
    """What is posted on one day is one batch, to be taken back as a whole; what comes after that is another."""
    name = f"{now:%Y%m%d}-{hook.name}"
    undone = await tx.value(
        "select count(*) from sightline.batches where tenant = :t and undone_at is not null"
        " and (id = :n or starts_with(id, :n || '.'))",
        t=tx.tenant, n=name,
    )  # fmt: skip
    return f"{name}.{undone + 1}" if undone else name


async def add(desk: Desk, tenant: Tenant, new: New, mapping: FieldMap | None) -> str:
    """Make a hook, whose bodies are read by `mapping`, or are CloudEvents without one. Returns its secret.

    Raises Invalid and Conflict.
    """
    if mapping:
        if mapping.by_place:
            raise Invalid(
                "What is posted has no lines: the mapping may not read #line.",
                hint=f"'{posted.ID}' is the name of a message, '{posted.TIME}' when it was sent.",
            )
        new = replace(new, source=mapping.source)
        await importing.check(desk, tenant, mapping)
    async with desk.db.transaction(tenant.number) as tx:
        secret = await hooks.add(tx, desk.vault, new)
        if mapping:
            await imports.declare(tx, new.source, mapping_file.text_of(mapping), now=desk.now(tenant))
    return secret


async def try_(desk: Desk, tenant: Tenant, name: str, body: bytes) -> Tried:
    """What would become of a body, whoever sent it. Records nothing. Raises NotFound and Invalid."""
    async with desk.db.transaction(tenant.number) as tx:
        hook = await hooks.get(tx, desk.vault, name)
        kinds = await Kinds(desk.registry)(tx)
    now, found = desk.now(tenant), posted.decoded(body)
    if hook.mapping is None:
        events = _events(hook.source, body, now)
        check(events, sorts_of(kinds))
        return Tried(events=events, misfits=())
    more = {posted.ID: posted.named(found, hook.options.id_field) or "test", posted.TIME: now.isoformat()}
    reader = RowReader(mapping_file.parse(hook.mapping), desk.vault.pepper)
    events, misfits = [], []
    for row in posted.rows_of(found, hook.each, more, body):
        read = Misfit(row.line, "", row.reason) if isinstance(row, BrokenRow) else reader.events(row)
        if isinstance(read, Misfit):
            misfits.append(read)
        else:
            events += read
    return Tried(events=events, misfits=misfits)
