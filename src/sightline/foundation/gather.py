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
        self._waiting: dict[K, asyncio.Future[V | None]] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def __call__(self, key: K) -> V | None:
        """The answer to one key; None where there is none."""
        waiting = self._waiting.get(key)
        if waiting is None:
            waiting = self._waiting[key] = asyncio.get_running_loop().create_future()
        if len(self._running) < AT_ONCE:
            running = asyncio.ensure_future(self._run())
            self._running.add(running)
            running.add_done_callback(self._running.discard)
        # One asker who hangs up must not take the others' answer away.
        return await asyncio.shield(waiting)

    async def _run(self) -> None:
        while self._waiting:
            keys = list(self._waiting)[:MOST]
            await self._answer({key: self._waiting.pop(key) for key in keys})

    async def _answer(self, asked: Mapping[K, asyncio.Future[V | None]]) -> None:
        done = asyncio.ensure_future(self._ask(list(asked)))
        await asyncio.wait((done,))
        error = done.exception()
        for key, waiting in asked.items():
            if waiting.done():
                continue
            if error is None:
                waiting.set_result(done.result().get(key))
            else:
                waiting.set_exception(error)
                # Looked at here already: all who asked may have hung up.
                waiting.exception()
