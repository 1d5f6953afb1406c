"""What is to be told in the audit trail, gathered and written in the background.

What only reads is written within a second; a process that is killed loses that second. What changes something is
written before it begins (`begin`), so that no change is without its entry; how it ended follows within a second.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from sightline.foundation.clock import Clock
from sightline.foundation.identity.audit import Counted, Line
from sightline.language.errors import SightlineError

Write = Callable[[int, Sequence[Counted]], Awaitable[list[int]]]
"""Writes the entries of one tenant; returns their numbers."""

GATHER_SECONDS = 1.0

MOST_WAITING = 50_000
"""Different lines that wait for a database that is away; what comes then is counted in the log only."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Trail:
    """Gathers lines; it writes for as long as any wait."""

    write: Write
    clock: Clock
    _waiting: dict[tuple[Line, datetime | None], Counted] = field(default_factory=dict)
    """By line, and by the minute where a minute is told as one."""
    _lost: int = 0
    _writer: asyncio.Task[None] | None = None
    _hurry: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, line: Line, *, by_minute: bool = False) -> None:
        """Have a line written: within a second, or once its minute is over."""
        at = self.clock.now()
        minute = at.replace(second=0, microsecond=0) if by_minute else None
        known = self._waiting.get((line, minute))
        if known is None and len(self._waiting) >= MOST_WAITING:
            self._lost += 1
            return
        self._waiting[line, minute] = replace(known, times=known.times + 1) if known else Counted(line=line, at=at)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.ensure_future(self._write_on())

    async def begin(self, line: Line) -> Line:
        """Write now that something begins; returns the line that tells how it ended. Raises Unavailable."""
        numbers = await self.write(line.tenant, [Counted(line=line, at=self.clock.now())])
        return replace(line, begun=numbers[0] if numbers else None)

    async def close(self) -> None:
        """Write what waits, and be done."""
        self._hurry.set()
        if self._writer is not None:
            await self._writer
        self._hurry.clear()
        if self._waiting:
            _log.error("The audit trail ends with %d lines that could not be written.", len(self._waiting))

    async def _write_on(self) -> None:
        while self._waiting:
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHER_SECONDS):
                    await self._hurry.wait()
            last = self._hurry.is_set()
            await self.flush(everything=last)
            if last:
                return

    async def flush(self, *, everything: bool = True) -> None:
        """Write what waits; minutes that are not over only if `everything`."""
        minute = self.clock.now().replace(second=0, microsecond=0)
        due = {key: one for key, one in self._waiting.items() if everything or key[1] != minute}
        by_tenant: dict[int, list[Counted]] = {}
        for key, one in due.items():
            del self._waiting[key]
            by_tenant.setdefault(key[0].tenant, []).append(one)
        if self._lost:
            _log.error("%d calls are missing in the audit trail: the database was away for too long.", self._lost)
            self._lost = 0
        for tenant, lines in by_tenant.items():
            await self._written(tenant, lines)

    async def _written(self, tenant: int, lines: list[Counted]) -> None:
        try:
            await self.write(tenant, lines)
        except SightlineError as error:
            _log.warning("The audit trail cannot be written (%s); trying again.", error)
            for one in lines:
                key = (one.line, None)
                known = self._waiting.get(key)
                self._waiting[key] = replace(one, times=one.times + known.times) if known else one
