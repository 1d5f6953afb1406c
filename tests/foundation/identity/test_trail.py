"""The trail in the background: nothing lost while the database is away, minutes told as one, all written at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sightline.foundation.clock import FixedClock
from sightline.foundation.identity import audit
from sightline.foundation.identity.audit import Counted, Line
from sightline.foundation.identity.trail import Trail
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, auditing
from sightline.language.errors import Unavailable
from sightline.testing import make


@dataclass
class Book:
    """Where a trail is written, unless it is closed."""

    closed: bool = False
    lines: list[tuple[str, int]] = field(default_factory=list)
    written: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, tenant: int, found: Sequence[Counted]) -> list[int]:
        if self.closed:
            raise Unavailable("The database does not answer.")
        self.lines += [(one.line.what, one.times) for one in found]
        self.written.set()
        return list(range(len(found)))


def line(what: str, **more: int) -> Line:
    return Line(tenant=1, who="anna", sort="user", what=what, **more)


async def test_calls_alike_are_one_line_that_counts_them() -> None:
    book = Book()
    trail = Trail(book.write, FixedClock(make.day(0)))
    for what in ("a", "b", "a"):
        trail.tell(line(what, status=200))
    trail.tell(line("a", status=404))
    await trail.close()
    assert sorted(book.lines) == [("a", 1), ("a", 2), ("b", 1)]


async def test_what_cannot_be_written_waits() -> None:
    book = Book(closed=True)
    trail = Trail(book.write, FixedClock(make.day(0)))
    trail.tell(line("a"))
    await trail.flush()
    trail.tell(line("a"))
    assert book.lines == []
    book.closed = False
    await trail.close()
    assert book.lines == [("a", 2)]


async def test_a_minute_is_told_once_it_is_over() -> None:
    book, clock = Book(), FixedClock(make.day(0))
    trail = Trail(book.write, clock)
    trail.tell(line("a"), by_minute=True)
    clock.advance(timedelta(seconds=59))
    trail.tell(line("a"), by_minute=True)
    await trail.flush(everything=False)
    assert book.lines == []
    clock.advance(timedelta(seconds=1))
    trail.tell(line("a"), by_minute=True)
    await trail.flush(everything=False)
    assert book.lines == [("a", 2)]
    await trail.close()
    assert book.lines == [("a", 2), ("a", 1)]


async def test_it_writes_by_itself() -> None:
    book = Book()
    trail = Trail(book.write, FixedClock(make.day(0)))
    trail.tell(line("a"))
    await book.written.wait()
    assert book.lines == [("a", 1)]


async def test_a_workspace_that_is_gone_takes_its_lines_along(desk: Desk) -> None:
    trail = auditing.trail(desk)
    gone = audit.nobody(2**31 - 1, "get_me", "/v1/me", 401)
    trail.tell(gone)
    await trail.close()
    assert (await trail.begin(gone)).begun is None


async def test_rows_are_found_by_who_and_what(desk: Desk, workspace: Tenant) -> None:
    trail = auditing.trail(desk)
    for who in ("anna", "otto"):
        for what in ("get_me", "get_proof"):
            trail.tell(Line(tenant=workspace.number, who=who, sort="user", what=what, status=200))
    await trail.close()
    found = await audit.listed(desk.db, workspace, who="anna", what="get_proof")
    assert [(one.who, one.what, one.status, one.times) for one in found] == [("anna", "get_proof", 200, 1)]
