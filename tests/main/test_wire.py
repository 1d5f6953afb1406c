"""Writes are gathered, in order, and nothing is lost at the end."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.main.wire import Gathering


async def received(steps: list[list[bytes]], *, closed_at_once: bool) -> tuple[bytes, int]:
    """What the other end of a real socket hears of writes in so many steps of the loop, and how many writes it took."""
    heard = bytearray()
    ended = asyncio.Event()

    class Ear(asyncio.Protocol):
        def data_received(self, data: bytes) -> None:
            heard.extend(data)

        def connection_lost(self, error: Exception | None) -> None:
            ended.set()

    class Counting:
        def __init__(self, inner: asyncio.Transport) -> None:
            self.inner, self.writes = inner, 0

        def write(self, data: bytes) -> None:
            self.writes += 1
            self.inner.write(data)

        def close(self) -> None:
            self.inner.close()

    loop = asyncio.get_running_loop()
    server = await loop.create_server(Ear, "127.0.0.1", 0)
    plain, _ = await loop.create_connection(asyncio.Protocol, *server.sockets[0].getsockname()[:2])
    counting = Counting(plain)
    gathering = Gathering(cast("asyncio.Transport", counting), loop)
    for step in steps:
        for piece in step:
            gathering.write(piece)
        if not closed_at_once:
            await asyncio.sleep(0)
    gathering.close()
    await ended.wait()
    server.close()
    return bytes(heard), counting.writes


@given(steps=st.lists(st.lists(st.binary(min_size=1, max_size=20), max_size=4), max_size=5), at_once=st.booleans())
def test_everything_arrives_in_order_in_one_write_a_step(steps: list[list[bytes]], at_once: bool) -> None:
    heard, writes = asyncio.run(received(steps, closed_at_once=at_once))
    assert heard == b"".join(piece for step in steps for piece in step)
    assert writes == (bool(any(steps)) if at_once else sum(bool(step) for step in steps))


async def test_all_else_is_the_transports_own() -> None:
    with pytest.raises(AttributeError):
        _ = Gathering(cast("asyncio.Transport", object()), asyncio.get_running_loop()).get_extra_info
