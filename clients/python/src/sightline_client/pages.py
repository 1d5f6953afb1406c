"""Lists longer than a page: follow `next` until there is none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Any, TypeVar

__all__ = ["pages", "pages_async"]

P = TypeVar("P")
Item = TypeVar("Item")


def pages(fetch: Callable[[str | None], P], items: Callable[[P], Sequence[Item]]) -> Iterator[Item]:
    """Every item; a page is fetched when the one before it is used up."""
    after: str | None = None
    while True:
        page = fetch(after)
        yield from items(page)
        after = _next(page)
        if after is None:
            return


async def pages_async(
    fetch: Callable[[str | None], Awaitable[P]], items: Callable[[P], Sequence[Item]]
) -> AsyncIterator[Item]:
    """The same, awaited."""
    after: str | None = None
    while True:
        page = await fetch(after)
        for item in items(page):
            yield item
        after = _next(page)
        if after is None:
            return


def _next(page: Any) -> str | None:
    found = page.get("next") if isinstance(page, dict) else page.next
    return found or None
