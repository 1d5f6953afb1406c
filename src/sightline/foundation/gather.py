"""Asking together: questions that arrive while one is being answered go to the database as one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST = 500
"""Keys asked for at once."""

AT_ONCE = 2
"""Questions under way at once: one is answered by the database while the answer to the other is handed out."""


class Gather(Generic[K, V]):
    """Answers single keys through a function that answers many.

    The first asker waits for nobody; whoever comes while enough are under way is asked for next, with all others that
    came. What `ask` raises reaches each of those it was raised for.
    """

    def __init__(self, ask: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._ask = ask
        self._waiting: dict[K, list[asyncio.Future[V | None]]] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def __call__(self, key: K) -> V | None:
        """The answer to one key; None where there is none."""
        # Each asker has a future of its own: one who hangs up takes nobody else's answer away.
        mine: asyncio.Future[V | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append(mine)
        if len(self._running) < AT_ONCE:
            self._running.add(asyncio.ensure_future(self._run()))
        return await mine

    async def _run(self) -> None:
        mine = asyncio.current_task()
        assert mine is not None
        try:
            while self._waiting:
                keys = list(self._waiting)[:MOST]
                await self._answer({key: self._waiting.pop(key) for key in keys})
        finally:
            # Not by a callback: whoever asks between the end and it would be left waiting.
            self._running.discard(mine)

    async def _answer(self, asked: Mapping[K, Sequence[asyncio.Future[V | None]]]) -> None:
        done = asyncio.ensure_future(self._ask(list(asked)))
        await asyncio.wait((done,))
        error = done.exception()
        for key, one in ((key, one) for key, waiting in asked.items() for one in waiting if not one.done()):
            if error is None:
                one.set_result(done.result().get(key))
            else:
                one.set_exception(error)
                # Looked at here already: who asked may hang up before they hear it.
                one.exception()
