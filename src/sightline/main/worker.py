"""The worker: keeps time for every workspace and gives each consumer of the loop its turns.

Every consumer has a task of its own, so a slow one holds up nobody; what fails is logged and tried again, later each
time, while its cursor stays where it was. Jobs (imports, training) are done beside them, one at a time.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from asyncpg import PostgresError

from sightline.foundation import ledger, tenants
from sightline.foundation.bus import listening
from sightline.foundation.clock import monotonic
from sightline.foundation.postgres import Server
from sightline.foundation.settings import Settings
from sightline.foundation.telemetry import Telemetry
from sightline.foundation.tenants import Tenant
from sightline.kernel import predict
from sightline.kernel.desk import Desk
from sightline.kernel.loop import LOOP, Consumer, Turned, called_by, take_turn
from sightline.kernel.observe.calendar import keep_time
from sightline.language.errors import SightlineError
from sightline.main.installation import desk_on
from sightline.main.labour import Labour

LOOK_SECONDS = 10.0
"""Everybody looks for work so often even when nobody calls: a call may be lost, a new day calls nobody."""

MOST_HEARD = 1_000
"""Of so many new events nobody asks whose business they are: everybody's."""

BUSY_SECONDS = 0.25
"""Who found another process at its turn looks again after so long."""

CALENDAR_PATIENCE = 1.0
"""Seconds that news gather before the calendar is looked at."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
"""Seconds until a consumer that failed tries again, doubled each time."""

LEAVE_SECONDS = 1.0
"""A part of the worker gets so long to leave its turn before it is told again."""

LONGEST_LEAVE = 10.0
"""Seconds a worker at its end gets to leave its turns."""

AWAY = (SightlineError, PostgresError, OSError)
"""What a database that is gone, going or coming up answers with."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Task:
    """One consumer (None: the calendar), whether it was called, and whom it must leave alone for a while."""

    consumer: Consumer | None
    called: set[int] = field(default_factory=set)
    """Tenants with news for it."""
    looked: float = -LOOK_SECONDS
    """When it looked at all tenants last."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    failures: dict[int, int] = field(default_factory=dict)
    """Per tenant, how often in a row."""
    not_before: dict[int, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.consumer.name if self.consumer else "calendar"

    def call(self, tenant: int) -> None:
        """Tell it that a tenant has news for it."""
        self.called.add(tenant)
        self.woken.set()

    async def wait(self) -> None:
        """Until somebody calls, or LOOK_SECONDS."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self.woken.wait()
        except TimeoutError:
            return
        await asyncio.sleep(self.consumer.patience if self.consumer else CALENDAR_PATIENCE)
        self.woken.clear()

    def failed(self, tenant: int) -> float:
        """Count a failure; returns the seconds to leave the tenant alone."""
        self.failures[tenant] = self.failures.get(tenant, 0) + 1
        pause: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.failures[tenant] - 1))
        self.not_before[tenant] = monotonic() + pause
        return pause

    def went_well(self, tenant: int) -> None:
        self.failures.pop(tenant, None)
        self.not_before.pop(tenant, None)


class Worker:
    """Runs the loop of every workspace of an installation until it is cancelled."""

    def __init__(self, desk: Desk, telemetry: Telemetry) -> None:
        self._desk, self._telemetry = desk, telemetry
        desk.memory = {}
        self._tasks: list[_Task] = []
        self._tenants: dict[int, Tenant] = {}
        """As last looked at."""
        self._heard: dict[int, int] = {}
        """Per tenant up to which position who is called was told."""

    async def run(self) -> None:
        """Until cancelled; a turn that is cut off is rolled back and taken again by whoever comes next."""
        work = [
            self._listen(),
            Labour(self._desk).run(),
            self._desk.courier().run(),
            *(self._attend(consumer) for consumer in (None, *LOOP)),
        ]
        tasks = [asyncio.ensure_future(one) for one in work]
        try:
            await asyncio.gather(*tasks)
        finally:
            # Told again until it has gone: a library may lose a cancellation that comes in the wrong moment.
            while left := [task for task in tasks if not task.done()]:
                for task in left:
                    task.cancel()
                await asyncio.wait(left, timeout=LEAVE_SECONDS)

    async def _listen(self) -> None:
        """Wake everybody at news. While nobody can be heard, everybody looks by themselves."""
        while True:
            try:
                async with listening(self._desk.db.url) as bus:
                    while True:
                        for tenant in (await bus.wait(LOOK_SECONDS)).get(ledger.CHANNEL, ()):
                            await self._call(tenant)
            except AWAY as error:
                _log.warning("Nothing is heard from the database (%s); listening again.", error)
                await asyncio.sleep(FIRST_PAUSE)

    async def _call(self, tenant: int) -> None:
        """Call those whose business the news of a tenant are: most events concern few, and every look costs a
        transaction.
        """
        types: frozenset[str] | None = None
        try:
            async with self._desk.db.transaction(tenant) as tx:
                heard = self._heard.get(tenant, 0)
                self._heard[tenant], types = await ledger.types_behind(tx, heard, most=MOST_HEARD)
        except AWAY as error:
            _log.warning("Whose business the news of workspace %d are cannot be seen (%s): everybody's.", tenant, error)
        self._tell(tenant, types)

    async def _attend(self, consumer: Consumer | None) -> None:
        task = _Task(consumer)
        self._tasks.append(task)
        while True:
            began = monotonic()
            try:
                for tenant in await self._whose(task):
                    if task.not_before.get(tenant.number, 0.0) <= monotonic():
                        await self._serve(task, consumer, tenant)
            except AWAY as error:
                _log.warning("%s cannot see the workspaces (%s).", task.name, error)
                await asyncio.sleep(FIRST_PAUSE)
            # Whoever needed long rests as long: news that pour in are then taken together, not one by one.
            await asyncio.sleep(min(LOOK_SECONDS, monotonic() - began))
            await task.wait()

    async def _whose(self, task: _Task) -> list[Tenant]:
        """The tenants a task is called for; all of them every LOOK_SECONDS, and where the clock matters."""
        called, now = set(task.called), monotonic()
        everybody = task.consumer is None or now - task.looked >= LOOK_SECONDS or not called <= self._tenants.keys()
        if everybody:
            self._tenants = {one.number: one for one in await tenants.every(self._desk.db)}
            task.looked = now
        # Who was called while the database was asked is served below, or called again.
        task.called -= called
        return list(self._tenants.values()) if everybody else [self._tenants[number] for number in sorted(called)]

    async def _serve(self, task: _Task, consumer: Consumer | None, tenant: Tenant) -> None:
        try:
            if consumer is None:
                await keep_time(self._desk.db, tenant.number, now=self._desk.now(tenant))
            else:
                while (turned := await self._turn(consumer, tenant)).left:
                    pass
                if turned.busy:
                    # What it does not see any more is ours to take when it has ended.
                    asyncio.get_running_loop().call_later(BUSY_SECONDS, task.call, tenant.number)
        except AWAY as error:
            pause = self._pause(task, tenant)
            _log.warning("%s stopped in '%s' (%s); it tries again in %.0f s.", task.name, tenant.name, error, pause)
        except Exception:
            pause = self._pause(task, tenant)
            _log.exception("%s failed in workspace '%s'; it tries again in %.0f s.", task.name, tenant.name, pause)
        else:
            task.went_well(tenant.number)

    def _pause(self, task: _Task, tenant: Tenant) -> float:
        """After a failure; returns the seconds until it is tried again."""
        pause = task.failed(tenant.number)
        asyncio.get_running_loop().call_later(pause, task.call, tenant.number)
        return pause

    async def _turn(self, consumer: Consumer, tenant: Tenant) -> Turned:
        began, end = monotonic(), "failed"
        try:
            turned = await take_turn(self._desk.db, tenant.number, consumer, self._desk.seat)
            end = "done" if turned else "idle"
        finally:
            self._telemetry.turn(consumer.name, monotonic() - began, end=end)
            self._telemetry.linked(*predict.waiting(self._desk.memory or {}))
        if turned.batch is not None:
            self._tell(tenant.number, turned.batch.types, behind=consumer)
        return turned

    def _tell(self, tenant: int, types: frozenset[str] | None, *, behind: Consumer | None = None) -> None:
        """Call those whose business events of these types are (None: everybody): of those that wait for nobody, or of
        those that wait for the consumer that has just passed them.
        """
        for task in self._tasks:
            after = task.consumer.after if task.consumer else ()
            theirs = behind.name in after if behind else not after
            if theirs and (types is None or task.consumer is None or called_by(task.consumer, types)):
                task.call(tenant)


class WorkerThread:
    """The worker on an event loop of its own, so that a long computation never keeps a request waiting."""

    def __init__(self, settings: Settings, server: Server, figures: Telemetry) -> None:
        self._settings, self._server, self._figures = settings, server, figures
        self._ended = threading.Event()
        self._stop: Callable[[], object] = self._ended.set
        self._thread = threading.Thread(target=self._run, name="sightline-worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let it end its turns. Blocking."""
        self._ended.set()
        self._stop()
        self._thread.join(LONGEST_LEAVE)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                asyncio.run(self._work())
            except Exception:
                _log.exception("The worker ended; it starts again.")
                self._ended.wait(FIRST_PAUSE)

    async def _work(self) -> None:
        async with desk_on(self._settings, self._server) as desk:
            task = asyncio.ensure_future(Worker(desk, self._figures).run())
            loop = asyncio.get_running_loop()
            self._stop = lambda: loop.call_soon_threadsafe(task.cancel)
            if not self._ended.is_set():
                with suppress(asyncio.CancelledError):
                    await task
