"""The books a process holds: one per tenant and question, for the version on duty."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sightline.foundation.clock import monotonic
from sightline.kernel.predict.live.book import Book
from sightline.kernel.predict.trained import Trained
from sightline.language.proof import Side

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Held:
    """A book, the model it is read by, and how far it has come."""

    book: Book
    trained: Trained
    sides: tuple[Side, ...]
    made: int
    """The position it was made at: so far everybody was scored in bulk."""
    position: int
    """How far it has taken events in."""
    at: datetime
    """When it last looked whose cutoff had come."""
    waiting: dict[str, float] = field(default_factory=dict)
    """Who is linked to what changed, since when (on the clock of `monotonic`); each once."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def follows(self, version: str, after: int, now: datetime) -> bool:
        """Whether it can take in what lies behind a cursor, for a version on duty at a moment.

        One that took in more than its cursor says belongs to a turn that was rolled back.
        """
        current = self.trained.version == version and self.book.stale is None and now < self.book.expires
        return current and (self.position <= after or self.position == self.made)


@dataclass(slots=True)
class Shelf:
    """All books of a process."""

    _held: dict[tuple[int, str], Held] = field(default_factory=dict)
    _making: dict[tuple[int, str], asyncio.Task[None]] = field(default_factory=dict)
    _scored: dict[tuple[int, str], int] = field(default_factory=dict)
    """How far this process has scored a question; who waits in a book is known there."""

    def book(self, tenant: int, question: str) -> Held | None:
        """The book of a question, if there is one."""
        return self._held.get((tenant, question))

    async def soon(self, tenant: int, question: str) -> Held | None:
        """The book of a question; where it is being made, when it is. To score in bulk meanwhile takes longer, and so
        long as events keep coming there would never be one.
        """
        making = self._making.get((tenant, question))
        if making is not None:
            await asyncio.wait([making])
        return self.book(tenant, question)

    def drop(self, tenant: int, question: str) -> None:
        """A book that cannot follow is none; who waited in it is scored by what comes instead, as if never scored."""
        held = self._held.pop((tenant, question), None)
        if held is not None and held.waiting:
            self._scored[tenant, question] = min(held.made, self._scored.get((tenant, question), 0))

    def forget(self, tenant: int, question: str) -> None:
        """What a turn that was rolled back said of a question never was: its book knows more than the database."""
        self._held.pop((tenant, question), None)
        self._scored.pop((tenant, question), None)

    def make(self, tenant: int, question: str, making: Callable[[], Held]) -> None:
        """Have a book made in a thread; the one before is dropped, and one under way for the same is left to finish."""
        name = (tenant, question)
        self.drop(*name)
        if name not in self._making:
            self._making[name] = asyncio.ensure_future(self._make(name, making))

    async def _make(self, name: tuple[int, str], making: Callable[[], Held]) -> None:
        try:
            self._held[name] = await asyncio.to_thread(making)
        finally:
            del self._making[name]

    def ever(self, tenant: int, question: str) -> bool:
        """Whether this process has scored a question at all."""
        return (tenant, question) in self._scored

    def scored(self, tenant: int, question: str, upto: int) -> None:
        """A question was scored up to a position; who is linked to what changed waits in its book."""
        self._scored[tenant, question] = max(upto, self._scored.get((tenant, question), 0))

    def forgot(self, tenant: int, question: str, upto: int) -> bool:
        """Whether this process has not scored a question up to a position: it has no book, or somebody else did, and
        then nobody here knows who is linked. `upto`: of the last event that concerns anybody.
        """
        return self._scored.get((tenant, question), 0) < upto

    def waiting(self) -> tuple[int, float]:
        """How many wait in all books, and for how many seconds the one does that waits longest."""
        since = [at for held in self._held.values() for at in held.waiting.values()]
        return len(since), monotonic() - min(since) if since else 0.0

    async def made(self) -> None:
        """Wait for what is being made."""
        await asyncio.gather(*self._making.values())
