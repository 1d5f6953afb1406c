"""The interface in this process: the application as `sightline serve` builds it, called without a socket.

Commands go through it as the owner of the installation, by a secret that is drawn for each of them and never leaves
the process; what they do is told in the audit trail as the command, not once more as its calls.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2

from sightline.foundation import address
from sightline.foundation.identity import local_owner
from sightline.foundation.telemetry import Telemetry
from sightline.foundation.tenants import Tenant
from sightline.interfaces.cli.connection import Connection
from sightline.interfaces.rest import Rest, build
from sightline.interfaces.rest.context import Insider
from sightline.kernel.declared import Kinds
from sightline.kernel.desk import Desk, files
from sightline.kernel.observe.intake import Intake
from sightline.main.labour import AWAY, PAUSE_SECONDS, Labour
from sightline_client import AsyncSightline, Retries

URL = "http://sightline.localhost"
"""Nobody listens there: requests never leave the process."""


@asynccontextmanager
async def inside(desk: Desk, tenant: Tenant) -> AsyncIterator[Connection]:
    """The interface over an open installation, in its event loop."""
    insider = Insider()
    intake = Intake(desk.db, desk.vault, Kinds(desk.registry))
    rest = Rest(desk, intake, Telemetry(), tenant.name, insider=insider)
    recording = asyncio.ensure_future(intake.run())
    try:
        async with AsyncSightline(
            URL, token=insider.secret, workspace=tenant.name, retries=Retries(tries=1),
            transport=httpx2.ASGITransport(build(rest)),
        ) as client:  # fmt: skip
            yield Connection(client=client, where=lambda: address.found(desk.settings), near=_Here(desk, tenant))
    finally:
        recording.cancel()
        with suppress(asyncio.CancelledError):
            await recording
        await rest.trail.close()


@dataclass(frozen=True, slots=True)
class _Here:
    """What an installation that is open here can do for a command."""

    desk: Desk
    tenant: Tenant

    async def adopt(self, path: Path, name: str) -> str:
        """Let a local file wait as if it had been sent; returns its id."""
        return (await files.adopt(self.desk, self.tenant, path, name, by=local_owner(self.tenant).name)).id

    @asynccontextmanager
    async def working(self, job: str) -> AsyncIterator[None]:
        """Do this job as long as the block lasts, unless another worker has it; then it is looked after."""
        ended = asyncio.Event()
        task = asyncio.ensure_future(self._work(job, ended))
        try:
            yield
        finally:
            ended.set()
            await task

    async def _work(self, job: str, ended: asyncio.Event) -> None:
        labour = Labour(self.desk)
        while not ended.is_set():
            with suppress(*AWAY):
                if await labour.do(self.tenant, job):
                    continue
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), PAUSE_SECONDS)
