"""The courier: takes what is due in the outbox, sends it outside of any transaction, and keeps how it went.

Destinations share nothing but the pool of connections: each has a few sendings at a time, and one that fails again and
again is left alone for a while, so that a dead one holds up nobody. How sendings went is kept in batches.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asyncpg import PostgresError

from sightline.foundation import ledger
from sightline.foundation.bus import hear
from sightline.foundation.db.session import Database, Transaction
from sightline.foundation.vault import Vault
from sightline.kernel.act import destinations, outbox
from sightline.kernel.act.channels import Channel
from sightline.kernel.act.outbox import Claimed, Failed
from sightline.kernel.act.pacing import Lane, delay
from sightline.language import derived
from sightline.language.action import Action, Destination, Receipt
from sightline.language.errors import Misconfigured, SightlineError, Transient, Undeliverable
from sightline.language.event import Event

LOOK_SECONDS = 5.0
"""How often the outbox is looked at even when nobody calls."""

EACH, ALL = 8, 200
"""Sendings at a time to one destination, and to all together."""

GATHER_SECONDS, GATHER = 0.01, 100
"""How long, and up to how many, ended sendings are gathered to be kept in one transaction."""

LEAVE_SECONDS = 0.5
"""What is under way when a courier leaves has so long to end."""

PAUSE_SECONDS = 1.0
"""Until the database is asked again after it was away."""

FAILED = "Something went wrong inside the channel. It has been written to the log."

AWAY = (SightlineError, PostgresError, OSError)

Channels = Callable[[int], Mapping[str, Channel]]
"""The ways out of a tenant, by name."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    tenant: int
    claimed: Claimed
    receipt: Receipt | None = None
    failed: Failed | None = None
    away: bool = False
    """Whether the destination took nothing, for whatever reason of its own."""
    gone: bool = False


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
    _ended: list[_Ended] = field(default_factory=list)
    _some_ended: asyncio.Event = field(default_factory=asyncio.Event)
    _called: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until cancelled. What is under way then is given back, to be sent under the same key."""
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
            # Told again it would leave its sendings as they are: they are taken over when their lease has run out.
            await asyncio.shield(asyncio.ensure_future(self._leave()))
            await asyncio.gather(*work, return_exceptions=True)

    async def _leave(self) -> None:
        """Let what is under way end for a moment, keep how it went, and give the rest back."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LEAVE_SECONDS)
        for task in self._under_way:
            task.cancel()
        try:
            await self._keep()
            for tenant in {whose for whose, _ in self._lanes}:
                async with self.db.transaction(tenant) as tx:
                    await outbox.give_back(tx, self._name)
        except AWAY as error:
            _log.warning("What was under way is taken over by others later (%s).", error)

    async def empty(self, tenant: int) -> int:
        """Send what is due for a tenant now and keep how it went; returns how many were begun."""
        begun = 0
        while await self._take(tenant):
            begun += len(self._under_way)
            await asyncio.gather(*self._under_way)
            await self._keep()
        return begun

    def _heard(self, _calls: object) -> None:
        self._called.set()

    async def _again_and_again(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await step()
            except AWAY as error:
                _log.warning("Nothing can be sent (%s); trying again.", error)
                await asyncio.sleep(PAUSE_SECONDS)

    async def _take_all(self) -> None:
        """Take what is due, in the order of who waits longest, until nothing is or there is no room."""
        self._called.clear()
        due = await outbox.due(self.db)
        taken = sum([await self._take(tenant) for tenant in due])
        if not taken:
            await self._wait(min((one.breaker.waits or LOOK_SECONDS for one in self._lanes.values()), default=None))

    async def _wait(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(min(LOOK_SECONDS, max(0.05, seconds or LOOK_SECONDS))):
                await self._called.wait()
        except TimeoutError:
            return

    async def _take(self, tenant: int) -> int:
        """Begin what is due and there is room for; returns how many."""
        most = ALL - len(self._under_way)
        if most <= 0:
            return 0
        rooms = {
            name: lane.breaker.room(self.each - lane.under_way)
            for (whose, name), lane in self._lanes.items()
            if whose == tenant
        }
        async with self.db.transaction(tenant) as tx:
            claimed = await outbox.claim(tx, self._name, rooms=rooms, room=self.each, most=most)
            named = {one.action.destination for one in claimed}
            known = await destinations.these(tx, self.vault, named) if claimed else {}
            at = await self.now(tx)
        for one in claimed:
            self._begin(tenant, one, known[one.action.destination], at)
        return len(claimed)

    def _begin(self, tenant: int, claimed: Claimed, to: Destination, at: datetime) -> None:
        lane = self._lanes.setdefault((tenant, to.name), Lane())
        lane.under_way += 1
        lane.breaker.begun()
        task = asyncio.ensure_future(self._send(tenant, claimed, to, at, lane))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _send(self, tenant: int, claimed: Claimed, to: Destination, at: datetime, lane: Lane) -> None:
        try:
            ended = await self._tried(tenant, claimed, to, at)
        finally:
            lane.under_way -= 1
        if ended.receipt is not None:
            lane.breaker.went_well()
        elif ended.away:
            lane.breaker.failed()
        self._ended.append(ended)
        self._some_ended.set()
        self._called.set()

    async def _tried(self, tenant: int, claimed: Claimed, to: Destination, at: datetime) -> _Ended:
        channel = self.channels(tenant).get(to.channel)
        try:
            if channel is None:
                raise Misconfigured(f"No channel '{to.channel}' for '{to.name}'.")
            receipt = await channel.send(claimed.action, to, at=at)
        except SightlineError as error:
            return _fallen(tenant, claimed, error)
        except Exception:
            # A channel is a vendor's code: whatever it does wrong concerns this one delivery.
            _log.exception("Channel '%s' failed.", to.channel)
            return _fallen(tenant, claimed, Transient(FAILED))
        return _Ended(tenant=tenant, claimed=claimed, receipt=receipt)

    async def _keep_ended(self) -> None:
        await self._some_ended.wait()
        if len(self._ended) < GATHER:
            await asyncio.sleep(GATHER_SECONDS)
        self._some_ended.clear()
        try:
            await self._keep()
        except AWAY:
            self._some_ended.set()
            raise

    async def _keep(self) -> None:
        """Keep how sendings went, per tenant in one transaction; what cannot be kept now stays to be kept."""
        while self._ended:
            tenant = self._ended[0].tenant
            these = [one for one in self._ended if one.tenant == tenant]
            async with self.db.transaction(tenant) as tx:
                await keep(tx, self._name, these)
            kept = {id(one) for one in these}
            self._ended = [one for one in self._ended if id(one) not in kept]


def _fallen(tenant: int, claimed: Claimed, error: SightlineError) -> _Ended:
    again: float | None = None
    if isinstance(error, Transient):
        again = delay(claimed.attempt, asked=getattr(error, "after", 0.0))
    failed = Failed(claimed=claimed, problem=error.message, hint=error.hint or "", again=again)
    return _Ended(
        tenant=tenant, claimed=claimed, failed=failed, away=isinstance(error, Transient),
        gone=isinstance(error, Undeliverable) and error.gone,
    )  # fmt: skip


async def keep(tx: Transaction, worker: str, ended: Sequence[_Ended]) -> None:
    """Keep receipts and failures, and tell of what was done, and of what is dead."""
    sent = [(one.claimed, one.receipt) for one in ended if one.receipt is not None]
    fallen = [one.failed for one in ended if one.failed is not None]
    events: list[Event] = []
    if sent:
        events += [_told(action, receipt) for action, receipt in await outbox.done(tx, worker, sent)]
        await destinations.took(tx, {claimed.action.destination for claimed, _ in sent})
    if fallen:
        await outbox.failed(tx, worker, fallen)
    away = {one.claimed.action.destination for one in ended if one.away}
    if away:
        await destinations.did_not_take(tx, away)
    gone = {one.claimed.action.destination for one in ended if one.gone}
    if gone:
        await destinations.wants_nothing(tx, gone)
    if events:
        ledger.record(tx, events, at=max(event.time for event in events))


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
