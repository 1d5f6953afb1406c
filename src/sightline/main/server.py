"""Serve an installation: the HTTP interface, the worker, or both, until stopped."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import uvicorn
from rich.console import Console

from sightline.foundation import address, telemetry
from sightline.foundation.clock import monotonic
from sightline.foundation.identity import Right
from sightline.foundation.identity.trail import Trail
from sightline.foundation.settings import HttpSettings, Settings
from sightline.foundation.telemetry import Telemetry
from sightline.foundation.tenants import Tenant
from sightline.interfaces.cli.permitted import Doing, permitted
from sightline.interfaces.rest import Hub, Rest, build
from sightline.kernel.declared import Kinds
from sightline.kernel.desk import Desk, keeping
from sightline.kernel.observe.intake import Intake
from sightline.language.errors import Invalid, Misconfigured
from sightline.main.installation import desk_on, served
from sightline.main.wire import Protocol
from sightline.main.worker import Worker, WorkerThread

ROLES = ("all", "api", "worker")

SERVE = "sightline serve"

SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""What ends a server in good order."""

BEAT_SECONDS = 0.5
"""How often the event loop's lateness is measured."""

LEAVE_SECONDS = 10
"""Requests under way at the end get so long to finish."""

BACKLOG = 2048

SWITCH_SECONDS = 0.001
"""How long one thread computes while the other waits: with Python's 5 ms a request that talks to the database five
times waits for the worker's turns five times."""

COLLECTED_AFTER = (20_000, 50, 50)
"""New objects, and rounds of the younger, until the garbage collector looks: Python's 700 are a few requests."""


def serve(settings: Settings, *, role: str = "all", workspace: str = "main", any_port: bool = False) -> None:
    """Serve until interrupted or terminated. `any_port`: take a free port where the set one is taken.

    Raises Invalid for an unknown role, Misconfigured when the port is taken, and what opening the database raises.
    """
    if role not in ROLES:
        raise Invalid(f"'{role}' is no role.", hint=f"Choose one of: {', '.join(ROLES)}.")
    telemetry.configure(settings.log)
    door = None if role == "worker" else _bound(settings.http, any_port=any_port)
    with suppress(KeyboardInterrupt, asyncio.CancelledError), sparing_the_collector():
        asyncio.run(_serve(settings, role, workspace, door))


async def _serve(settings: Settings, role: str, workspace: str, door: socket.socket | None) -> None:
    figures = Telemetry()
    sys.setswitchinterval(SWITCH_SECONDS)
    async with served(settings) as server:
        if door is None:
            async with desk_on(settings, server) as desk:
                # It works for all workspaces; that it does is told in the owner's own.
                home = await desk.workspace(keeping.HOME)
                async with permitted(desk, home, Doing(what=SERVE, needs=Right.ADMINISTER, target=role)):
                    await _until_told(Worker(desk, figures).run())
            return
        thread = WorkerThread(settings, server, figures) if role == "all" else None
        try:
            async with desk_on(settings, server) as desk:
                await _serve_http(desk, figures, workspace, door)
        finally:
            if thread:
                await asyncio.to_thread(thread.stop)


async def _serve_http(desk: Desk, figures: Telemetry, workspace: str, door: socket.socket) -> None:
    tenant = await desk.workspace(workspace)
    host, port = door.getsockname()[:2]
    where = address.url(host, port)
    intake = Intake(desk.db, desk.vault, Kinds(desk.registry))
    hub = Hub(desk, figures)
    async with _beating(figures) as lag, _beside(intake.run()), _beside(hub.run()):
        rest = Rest(desk, intake, figures, workspace, hub=hub, loop_lag=lag)
        rest.own = tenant.number
        config = uvicorn.Config(
            build(rest), http=Protocol, log_config=None, access_log=False, lifespan="off", backlog=BACKLOG,
            proxy_headers=False, timeout_graceful_shutdown=LEAVE_SECONDS, server_header=False,
        )  # fmt: skip
        async with _told(desk, tenant, where, rest.trail):
            _greet(where, workspace, await keeping.owner_link(desk, where))
            await _Server(config, hub).serve(sockets=[door])


@contextmanager
def sparing_the_collector() -> Iterator[None]:
    """What was loaded until now stays; looking through it for garbage takes a quarter of the time of short requests.

    At the end it is garbage like all else: libraries tell people of what is left behind.
    """
    gc.collect()
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(*COLLECTED_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


class _Server(uvicorn.Server):
    """Ends the live streams before it waits for open requests, which they would be for ever."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the requests under way end, then all else."""
        self._hub.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End at a signal, and let what stands behind the server come to its end too: uvicorn's own way is to raise the
        signal again, and then the worker's job, the trail and the database would be left as they are.
        """
        loop = asyncio.get_running_loop()
        for name in SIGNALS:
            loop.add_signal_handler(name, self.handle_exit, name, None)
        yield


@asynccontextmanager
async def _told(desk: Desk, tenant: Tenant, where: str, trail: Trail) -> AsyncIterator[None]:
    """Tell where it is served, that it is, and all that is done there, to the last line."""
    doing = Doing(what=SERVE, needs=Right.ADMINISTER, target=where)
    async with permitted(desk, tenant, doing):
        try:
            with address.told(desk.settings.home, where):
                yield
        finally:
            await trail.close()


def _greet(where: str, workspace: str, link: str) -> None:
    said = Console(stderr=True, highlight=False, soft_wrap=True)
    said.print(f"Serving workspace '{workspace}' at {where}/v1 (Ctrl-C stops).", markup=False)
    said.print(f"Open: {link} (signs you in once, within 15 minutes; `sightline open` makes another)", markup=False)
    said.print(f'Try: curl -H "Authorization: Bearer $(sightline token)" {where}/v1/questions', markup=False)


def _bound(settings: HttpSettings, *, any_port: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    for port in (settings.port, 0) if any_port else (settings.port,):
        try:
            door = socket.create_server((settings.host, port), family=family, backlog=BACKLOG)
            door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return door
        except OSError as error:
            reason = error.strerror or str(error)
    raise Misconfigured(
        f"{settings.host}:{settings.port} cannot be listened on: {reason}.",
        hint="Set SIGHTLINE_HTTP__PORT to a free port (0 takes any), or stop what holds this one.",
    )


@asynccontextmanager
async def _beside(work: Awaitable[None]) -> AsyncIterator[None]:
    """Keep `work` running as long as the block lasts."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def _beating(figures: Telemetry) -> AsyncIterator[Callable[[], float]]:
    """Measure how late this event loop wakes up."""
    late = 0.0

    async def beat() -> None:
        nonlocal late
        while True:
            began = monotonic()
            await asyncio.sleep(BEAT_SECONDS)
            late = max(0.0, monotonic() - began - BEAT_SECONDS)
            figures.loop_lag.set(late)

    async with _beside(beat()):
        yield lambda: late


async def _until_told(work: Awaitable[None]) -> None:
    """Run `work` until the process is interrupted or terminated."""
    task = asyncio.ensure_future(work)
    for name in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(name, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
