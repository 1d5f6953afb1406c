"""The courier: takes what is due in the outbox, sends it outside of any transaction, and keeps how it went.

Destinations share nothing but the pool of connections: each has a few sendings at a time, and one that fails again and
again is left alone for a while, so that a dead one holds up nobody. How sendings went is kept in batches.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asyncpg import PostgresError

from sightline.foundation import ledger
from sightline.foundation.bus import hear
from sightline.foundation.db.session import Database, Transaction
from sightline.foundation.vault import Vault
from sightline.kernel.act import destinations, outbox
from sightline.kernel.act.briefing import Brief, brief
from sightline.kernel.act.channels import Channel
from sightline.kernel.act.channels.guards import guarded, unless_quiet
from sightline.kernel.act.destinations import Fared
from sightline.kernel.act.outbox import Claimed, Failed
from sightline.kernel.act.pacing import Lane, delay
from sightline.language import derived
from sightline.language.action import Action, Receipt
from sightline.language.errors import Held, Misconfigured, SightlineError, Transient, Unavailable, Undeliverable
from sightline.language.event import Event
from sightline.language.ref import Ref

LOOK_SECONDS = 5.0
"""How often the outbox is looked at even when nobody calls."""

EACH, TENANT, ALL = 8, 100, 200
"""Sendings at a time to one destination, of one tenant, and of all together."""

GATHER_SECONDS, GATHER = 0.01, 100
"""How long, and up to how many, ended sendings are gathered to be kept in one transaction."""

LEAVE_SECONDS = 0.5
"""What is under way when a courier leaves has so long to end."""

PAUSE_SECONDS = 1.0
"""Until the database is asked again after it was away."""

LEAST_HELD = 1.0
"""Seconds that something is put off at least."""

MOST_TOLD = 1_000
"""Characters of a problem that are kept."""

FAILED = "Something went wrong inside the channel. It has been written to the log."

AWAY = (SightlineError, PostgresError, OSError)

Channels = Callable[[int], Mapping[str, Channel]]
"""The ways out of a tenant, by name."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    tenant: int
    claimed: Claimed
    at: datetime
    """The present moment of the workspace when it was begun."""
    receipt: Receipt | None = None
    failed: Failed | None = None
    answered: bool = False
    """Whether the destination answered, if only that it will never take this."""
    away: bool = False
    """Whether it took nothing, for whatever reason of its own."""
    gone: bool = False
    """Whether it said that it wants nothing more."""


@dataclass(slots=True)
class Courier:
    """One process's share of what is to be sent."""

    db: Database
    vault: Vault
    channels: Channels
    now: Callable[[Transaction], Awaitable[datetime]]
    """The present moment of the tenant of a transaction."""
    each: int = EACH
    _name: str = field(default_factory=lambda: f"{os.getpid()}-{secrets.token_hex(6)}")
    _lanes: dict[tuple[int, str], Lane] = field(default_factory=dict)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)
    _stuck: set[int] = field(default_factory=set)
    """Tenants of whom something could not be kept."""
    _ended: list[_Ended] = field(default_factory=list)
    _some_ended: asyncio.Event = field(default_factory=asyncio.Event)
    _called: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until cancelled. What is under way then is given back, to be sent under the same name."""
        work = [
            asyncio.ensure_future(hear(self.db.url, outbox.CHANNEL, tell=self._heard, every=LOOK_SECONDS)),
            asyncio.ensure_future(self._again_and_again(self._take_all)),
            asyncio.ensure_future(self._again_and_again(self._keep_ended)),
        ]
        try:
            await asyncio.gather(*work)
        finally:
            for task in work:
                task.cancel()
            await self._leaving()
            await asyncio.gather(*work, return_exceptions=True)

    async def empty(self, tenant: int, *, only: Collection[str] | None = None) -> int:
        """Send what is due for a tenant now (`only` to these destinations) and keep how it went; returns how many."""
        begun = 0
        try:
            while lanes := [name for whose, name in await outbox.due(self.db) if whose == tenant and _in(name, only)]:
                taken = await self._take(tenant, lanes)
                if not taken:
                    break
                begun += taken
                while self._under_way or self._ended:
                    if self._under_way:
                        await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
                    await self._keep()
                    if self._stuck:
                        raise Unavailable("What was sent cannot be kept.", hint="The log says why.")
        finally:
            await self._leaving()
        return begun

    async def _leaving(self) -> None:
        # Told again it would leave its sendings as they are: they are taken over when their lease has run out.
        if self._under_way or self._ended:
            await asyncio.shield(asyncio.ensure_future(self._leave()))

    async def _leave(self) -> None:
        """Let what is under way end for a moment, keep how it went, and give the rest back."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LEAVE_SECONDS)
        for task in self._under_way:
            task.cancel()
        await self._keep()
        for tenant in {whose for whose, _ in self._lanes}:
            try:
                async with self.db.transaction(tenant) as tx:
                    await outbox.give_back(tx, self._name)
            except AWAY as error:
                _log.warning("What was under way is taken over by others later (%s).", error)

    def _heard(self, _calls: object) -> None:
        self._called.set()

    async def _again_and_again(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await step()
            except AWAY as error:
                _log.warning("Nothing can be sent (%s); trying again.", error)
                await asyncio.sleep(PAUSE_SECONDS)
            except Exception:
                _log.exception("Nothing can be sent; trying again.")
                await asyncio.sleep(PAUSE_SECONDS)

    async def _take_all(self) -> None:
        """Take what is due, of whom least is under way first, until nothing is or there is no room."""
        self._called.clear()
        lanes: dict[int, list[str]] = {}
        for tenant, name in await outbox.due(self.db):
            if self._room(tenant, name):
                lanes.setdefault(tenant, []).append(name)
        taken = 0
        for tenant in sorted(lanes, key=self._busy):
            try:
                taken += await self._take(tenant, lanes[tenant])
            except Exception:
                # Others do not wait for the one that cannot be served.
                _log.exception("Nothing can be sent for workspace %d; trying again.", tenant)
        if not taken:
            await self._wait()

    async def _wait(self) -> None:
        """Until something is put or has ended, or a destination that is left alone may be tried."""
        rests = [one.breaker.waits for one in self._lanes.values() if one.breaker.waits]
        try:
            async with asyncio.timeout(min([LOOK_SECONDS, *rests])):
                await self._called.wait()
        except TimeoutError:
            return

    def _busy(self, tenant: int) -> int:
        return sum(lane.under_way for (whose, _), lane in self._lanes.items() if whose == tenant)

    def _room(self, tenant: int, name: str) -> int:
        lane = self._lanes.get((tenant, name))
        return lane.breaker.room(self.each - lane.under_way) if lane else self.each

    async def _take(self, tenant: int, names: Sequence[str]) -> int:
        """Begin what is due to these destinations and there is room for; returns how many."""
        left = min(ALL - len(self._under_way), TENANT - self._busy(tenant))
        rooms: dict[str, int] = {}
        for name in names:
            rooms[name] = max(0, min(self._room(tenant, name), left))
            left -= rooms[name]
        rooms = {name: room for name, room in rooms.items() if room}
        # What could not be kept yet is not sent again by us: its lease may run out meanwhile.
        if not rooms or tenant in self._stuck:
            return 0
        async with self.db.transaction(tenant) as tx:
            await destinations.alone_where_counted(tx, rooms)
            claimed = await outbox.claim(tx, self._name, rooms=rooms)
            named = {one.action.destination for one in claimed}
            known = await destinations.these(tx, self.vault, named) if claimed else {}
            at = await self.now(tx)
            ready = await brief(tx, self.vault, claimed, known, at=at)
        for one in ready:
            self._begin(tenant, one, at)
        return len(claimed)

    def _begin(self, tenant: int, one: Brief, at: datetime) -> None:
        lane = self._lanes.setdefault((tenant, one.to.name), Lane())
        lane.under_way += 1
        lane.breaker.begun()
        task = asyncio.ensure_future(self._send(tenant, one, at, lane))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _send(self, tenant: int, one: Brief, at: datetime, lane: Lane) -> None:
        ended: _Ended | None = None
        try:
            ended = await self._tried(tenant, one, at)
        finally:
            lane.under_way -= 1
            if ended is None or not (ended.answered or ended.away):
                lane.breaker.ended()
        if ended.answered:
            lane.breaker.went_well()
        elif ended.away:
            lane.breaker.failed()
        self._ended.append(ended)
        self._some_ended.set()
        self._called.set()

    async def _tried(self, tenant: int, one: Brief, at: datetime) -> _Ended:
        to, channel = one.to, self.channels(tenant).get(one.to.channel)
        try:
            if channel is None:
                raise Misconfigured(f"No channel '{to.channel}' for '{to.name}'.")
            receipt = await _way(channel, one).send(one.action, to, at=at)
        except SightlineError as error:
            return _fallen(tenant, one, error, at)
        except Exception:
            # A channel is a vendor's code: whatever it does wrong concerns this one delivery.
            _log.exception("Channel '%s' failed.", to.channel)
            return _fallen(tenant, one, Transient(FAILED), at)
        return _Ended(tenant=tenant, claimed=one.claimed, at=at, receipt=receipt, answered=True)

    async def _keep_ended(self) -> None:
        await self._some_ended.wait()
        if len(self._ended) < GATHER:
            await asyncio.sleep(GATHER_SECONDS)
        self._some_ended.clear()
        await self._keep()
        if self._stuck:
            await asyncio.sleep(PAUSE_SECONDS)
            self._some_ended.set()

    async def _keep(self) -> None:
        """Keep how sendings went, per tenant in one transaction; what cannot be kept now stays to be kept."""
        for tenant in sorted({one.tenant for one in self._ended}):
            these = [one for one in self._ended if one.tenant == tenant]
            try:
                async with self.db.transaction(tenant) as tx:
                    await keep(tx, self._name, these)
            except Exception:
                _log.exception("How %d sendings of workspace %d went cannot be kept; trying again.", len(these), tenant)
                self._stuck.add(tenant)
                continue
            self._stuck.discard(tenant)
            kept = {id(one) for one in these}
            self._ended = [one for one in self._ended if id(one) not in kept]
        self._called.set()


def _way(channel: Channel, one: Brief) -> Channel:
    if one.action.to.kind == derived.SELF:
        # A greeting is for nobody: it says whether a destination can be reached.
        return channel
    if one.action.to.kind == derived.ASKED:
        return unless_quiet(channel, one.to.policy)
    return guarded(channel, one.to.policy)


def _in(name: str, only: Collection[str] | None) -> bool:
    return only is None or name in only


def _fallen(tenant: int, one: Brief, error: SightlineError, at: datetime) -> _Ended:
    again: float | None = None
    held = isinstance(error, Held)
    if isinstance(error, Held):
        again = None if error.until is None else max(LEAST_HELD, (error.until - at).total_seconds())
    elif isinstance(error, Transient):
        again = delay(one.claimed.attempt, asked=getattr(error, "after", 0.0))
    problem, hint = (_clean(one.veiled(text)) for text in (error.message, error.hint or ""))
    failed = Failed(claimed=one.claimed, problem=problem, hint=hint, again=again, held=held)
    return _Ended(
        tenant=tenant, claimed=one.claimed, at=at, failed=failed,
        answered=isinstance(error, Undeliverable) and error.asked, away=isinstance(error, Transient) and not held,
        gone=isinstance(error, Undeliverable) and error.gone,
    )  # fmt: skip


def _clean(text: str) -> str:
    """As a text that a database takes, whatever the other side said."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")[:MOST_TOLD]


async def keep(tx: Transaction, worker: str, ended: Sequence[_Ended]) -> None:
    """Keep receipts and failures, and tell of what was done, and of what will not be."""
    sent = [(one.claimed, one.receipt) for one in ended if one.receipt is not None]
    fallen = [one.failed for one in ended if one.failed is not None]
    events = [_told(action, receipt) for action, receipt in await outbox.done(tx, worker, sent)] if sent else []
    dead = set(await outbox.failed(tx, worker, fallen)) if fallen else set()
    at = max(one.at for one in ended)
    named = {name: {one.claimed.action.destination for one in ended if getattr(one, name)} for name in _FARED}
    off = await destinations.keep(tx, Fared(took=named["answered"], away=named["away"], gone=named["gone"]))
    for name in off:
        _log.warning("Destination '%s' is switched off: see `sightline destinations list`.", name)
        events.append(_aside(derived.SWITCHED_OFF, Ref(derived.SELF, "destinations"), at, {"destination": name}))
    for one in fallen:
        action = one.claimed.action
        if action.key in dead and action.event is None:
            _log.warning("Delivery %s to '%s' is dead: %s", action.id, action.destination, one.problem)
            said = {"key": action.key, "delivery": action.id, "destination": action.destination}
            events.append(_aside(derived.DEAD, action.subject, at, said))
    if events:
        ledger.record(tx, events, at=at)


def _aside(type_: str, subject: Ref, at: datetime, data: dict[str, str]) -> Event:
    """What may happen to the same again. Without the words of others, which may tell of persons."""
    id_ = f"{type_.removeprefix('sightline.')}:{secrets.token_hex(8)}"
    return Event(id=id_, source=derived.SOURCE, type=type_, subject=subject, time=at, known_at=at, data=data)


_FARED = ("answered", "away", "gone")


def _told(action: Action, receipt: Receipt) -> Event:
    return Event(
        id=f"done:{receipt.key}",
        source=derived.SOURCE,
        type=derived.DONE,
        subject=action.subject,
        time=receipt.at,
        known_at=receipt.at,
        data={"key": receipt.key, "channel": receipt.channel, "reference": receipt.reference},
    )
