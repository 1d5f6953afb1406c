"""The way to the interface: the client through which commands ask, and who does the long work."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from sightline_client import AsyncSightline

T = TypeVar("T")

PAGE = 1_000
"""Items asked for at once: the most the interface gives."""


class Near(Protocol):
    """What only an installation opened in this process can do."""

    async def adopt(self, path: Path, name: str) -> str:
        """Let a local file wait as if it had been sent, without copying it; returns its id."""

    def working(self, job: str) -> AbstractAsyncContextManager[None]:
        """Do this job as long as the block lasts: nobody runs a worker beside a command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """An open way to the interface."""

    client: AsyncSightline
    where: Callable[[], str]
    """The address people open in a browser. May raise Conflict."""
    near: Near | None = None
    """None where a server does the work."""

    async def send(self, path: Path, name: str) -> str:
        """Have a local file wait to be imported; returns its id. Raises NotFound and Invalid for what is no file."""
        from sightline.kernel.observe.readers import sendable

        with sendable(path) as content:
            if self.near and isinstance(content, Path):
                return await self.near.adopt(content, name)
            return (await self.client.files.upload(content, name=name)).id

    def working(self, job: str) -> AbstractAsyncContextManager[None]:
        """See to it that a job is done as long as the block lasts."""
        return self.near.working(job) if self.near else nullcontext()


async def first(items: AsyncIterator[T], limit: int | None = None) -> list[dict[str, Any]]:
    """The first of a list, as plain mappings; all of them without a limit."""
    found: list[dict[str, Any]] = []
    async for one in items:
        found.append(plain(one))
        if len(found) == limit:
            break
    return found


def plain(answer: Any) -> dict[str, Any]:
    """An answer of the interface as a mapping, with the members that it has; times stay times."""
    dumped: dict[str, Any] = answer.model_dump(by_alias=True, exclude_unset=True)
    return dumped


def page(limit: int | None = None) -> int:
    """How many items to ask for at once when so many are wanted."""
    return PAGE if limit is None else min(limit, PAGE)


Work = Callable[[Connection], Awaitable[T]]
Rows = Sequence[dict[str, Any]]
