"""Waking up: whoever waits for new events is told at the commit, and looks by itself now and then all the same."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Set
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from sightline.foundation.ledger import CHANNEL
from sightline.language.errors import Unavailable

PAUSE_SECONDS = 1.0
"""Until a lost connection is made anew."""

_log = logging.getLogger(__name__)


Calls = Mapping[str, Set[int]]
"""Of each channel with news the tenants that have some."""


class Bus:
    """Announcements, per channel and tenant: of new events where nothing else is listened for."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()
        self._calls: dict[str, set[int]] = {}
        self._lost = False

    async def wait(self, seconds: float) -> Calls:
        """Who has news, or nothing after `seconds` without any.

        Raises Unavailable once the connection is lost: then nothing would ever be heard again.
        """
        try:
            # `wait_for` of Python 3.11 forgets that it was cancelled where news arrives in the same moment.
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return {}
        if self._lost:
            raise Unavailable("The database closed the connection that listens for news.", hint="Listen anew.")
        self._woken.clear()
        found, self._calls = self._calls, {}
        return found

    def wake(self, tenant: int, channel: str = CHANNEL) -> None:
        """Tell the waiter that a tenant has news."""
        self._calls.setdefault(channel, set()).add(tenant)
        self._woken.set()

    def _ended(self, _connection: Any) -> None:
        self._lost = True
        self._woken.set()

    def _heard(self, _connection: Any, _pid: int, channel: str, payload: object) -> None:
        self.wake(int(str(payload)), channel)


@asynccontextmanager
async def listening(url: str, *channels: str) -> AsyncIterator[Bus]:
    """A bus that listens on a connection of its own as long as the block lasts; for new events unless told for what."""
    bus = Bus()
    connection = await asyncpg.connect(url)
    try:
        connection.add_termination_listener(bus._ended)
        for channel in channels or (CHANNEL,):
            await connection.add_listener(channel, bus._heard)
        yield bus
    finally:
        await connection.close()


async def hear(url: str, *channels: str, tell: Callable[[Calls], None], every: float) -> None:
    """Tell who has news until cancelled, and of nobody after `every` seconds without any.

    While nobody can be heard it tells of none as well: then, and after it, something may have been missed.
    """
    while True:
        try:
            async with listening(url, *channels) as bus:
                tell({})
                while True:
                    tell(await bus.wait(every))
        except (Unavailable, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            _log.warning("Nothing is heard from the database (%s); listening again.", error)
            tell({})
            await asyncio.sleep(PAUSE_SECONDS)
