"""Asking together: each gets its own answer, and few questions are asked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from sightline.foundation.gather import MOST, Gather


class Book:
    """Doubles numbers, slowly; remembers how it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    async def __call__(self, keys: Sequence[int]) -> Mapping[int, int]:
        self.asked.append(list(keys))
        await asyncio.sleep(0.01)
        if -1 in keys:
            raise ValueError("no such number")
        return {key: 2 * key for key in keys if key % 2}


async def test_many_that_come_together_are_asked_for_in_few_questions() -> None:
    book = Book()
    gather = Gather(book)
    numbers = [*range(3 * MOST), *range(MOST)]
    found = await asyncio.gather(*(gather(number) for number in numbers))
    assert found == [2 * number if number % 2 else None for number in numbers]
    assert sum(len(keys) for keys in book.asked) == 3 * MOST
    assert len(book.asked) <= 4


async def test_what_goes_wrong_reaches_those_it_went_wrong_for_and_nobody_else() -> None:
    gather = Gather(Book())
    first, second = await asyncio.gather(gather(-1), gather(-1), return_exceptions=True)
    assert isinstance(first, ValueError)
    assert isinstance(second, ValueError)
    assert await gather(3) == 6


async def test_who_hangs_up_takes_nobody_elses_answer_away() -> None:
    gather = Gather(Book())
    leaving, staying = asyncio.ensure_future(gather(5)), asyncio.ensure_future(gather(5))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 10
    with pytest.raises(asyncio.CancelledError):
        await leaving


@pytest.mark.parametrize("passes", range(8))
async def test_who_asks_as_the_last_questions_end_is_answered_too(passes: int) -> None:
    ready = asyncio.get_running_loop().create_future()

    async def ask(keys: Sequence[int]) -> Mapping[int, int]:
        await asyncio.shield(ready)
        return {key: key for key in keys}

    gather = Gather(ask)
    first = asyncio.ensure_future(gather(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    second = asyncio.ensure_future(gather(2))
    for _ in range(3):
        await asyncio.sleep(0)
    ready.set_result(None)
    for _ in range(passes):
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        assert await gather(3) == 3
        assert (await first, await second) == (1, 2)
