"""News are waited for, and whoever waits can always be called away."""

from __future__ import annotations

import asyncio

import pytest

from sightline.foundation.bus import Bus
from sightline.foundation.ledger import CHANNEL


@pytest.mark.parametrize("steps", range(4))
async def test_who_is_called_away_as_news_arrives_goes(steps: int) -> None:
    bus = Bus()
    waiting = asyncio.ensure_future(bus.wait(60))
    await asyncio.sleep(0)
    bus.wake(1)
    for _ in range(steps):
        await asyncio.sleep(0)
    if waiting.cancel():
        with pytest.raises(asyncio.CancelledError):
            await waiting
    else:
        assert waiting.result() == {CHANNEL: {1}}


async def test_news_are_handed_over_once() -> None:
    bus = Bus()
    bus.wake(1)
    bus.wake(2)
    assert await bus.wait(60) == {CHANNEL: {1, 2}}
    assert await bus.wait(0.01) == {}
