"""The live stream: in its shapes, and resumed where it broke."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

import pytest

from sightline_client import (
    AsyncSightline,
    Forbidden,
    Hello,
    JobChanged,
    News,
    Reload,
    Retries,
    Sightline,
    UnexpectedAnswer,
    Unreachable,
)
from tests.clients.conftest import AT_ONCE, TOKEN
from tests.clients.script import CLOSE, Says, Server, refusal

NOW = "2026-01-01T00:00:00Z"


def stream(*events: tuple[str, dict[str, Any]]) -> Says:
    """A connection that tells these, and then ends."""
    lines = [": still here\n\n"]
    for name, data in events:
        number = f"id: {data['position']}\n" if name == "news" else ""
        lines.append(f"event: {name}\n{number}data: {json.dumps(data)}\n\n")
    return Says(body="".join(lines).encode(), headers={"Content-Type": "text/event-stream"})


def hello(position: int) -> tuple[str, dict[str, Any]]:
    """Connected."""
    return "hello", {"position": position, "now": NOW}


def news(position: int) -> tuple[str, dict[str, Any]]:
    """One event."""
    more = {"types": {"thing.seen": 1}, "questions": ["q"], "subjects": ["thing/1"], "now": NOW}
    return "news", {"position": position, **more}


BROKEN = [
    stream(hello(10), news(11), ("job", {"id": "j", "what": "import", "state": "running"}), news(12)),
    CLOSE,
    refusal(503, "unavailable"),
    stream(hello(15), news(14), ("unheard_of", {}), ("reload", {})),
    stream(hello(20), news(21)),
]
SHAPES = [Hello, News, JobChanged, News, Hello, News, Reload, Hello, News]
RESUMED = [None, "12", "12", "12", "15"]


def test_it_is_resumed_behind_the_last_news(server: Server, client: Sightline) -> None:
    server.script = BROKEN
    told = list(islice(client.stream(), len(SHAPES)))
    assert [type(one) for one in told] == SHAPES
    assert [one.position for one in told if isinstance(one, News)] == [11, 12, 14, 21]
    assert [seen.headers.get("last-event-id") for seen in server.heard] == RESUMED
    assert {seen.headers["authorization"] for seen in server.heard} == {f"Bearer {TOKEN}"}


async def test_awaited_too(server: Server) -> None:
    server.script = BROKEN
    async with AsyncSightline(server.url, token=TOKEN, retries=AT_ONCE) as client:
        told = []
        async for one in client.stream(after=3):
            told.append(type(one))
            if len(told) == len(SHAPES):
                break
    assert told == SHAPES
    assert [seen.headers.get("last-event-id") for seen in server.heard] == ["3", *RESUMED[1:]]


def test_news_missed_before_the_first_ones_are_not_lost(server: Server, client: Sightline) -> None:
    server.script = [stream(hello(10)), stream(hello(12), news(12))]
    assert isinstance(list(islice(client.stream(), 3))[2], News)
    assert [seen.headers.get("last-event-id") for seen in server.heard] == [None, "10"]


def test_a_refusal_ends_it(server: Server, client: Sightline) -> None:
    server.script = [stream(hello(1)), refusal(403, "forbidden")]
    told = client.stream()
    assert isinstance(next(told), Hello)
    with pytest.raises(Forbidden):
        next(told)


def test_so_does_silence_in_the_end(server: Server, client: Sightline) -> None:
    server.script = [CLOSE]
    with pytest.raises(Unreachable, match="after 5 tries"):
        next(client.stream())
    assert len(server.heard) == 5


@pytest.mark.parametrize("answer", [Says(body={"a": 1}), stream(("hello", {"position": "many"}))])
def test_something_else_than_a_stream_is_told(server: Server, answer: Says) -> None:
    server.script = [answer]
    with Sightline(server.url, retries=Retries(first=0.001)) as client, pytest.raises(UnexpectedAnswer):
        next(client.stream())
