"""Live streams: from a posted event to the last of 1,000 listeners, and a storm of reconnects.

`python -m benchmarks.live [--streams 1000] [--events 60]`. One process of `sightline serve`; the listeners are plain
sockets in a process of their own. Limits: 120 ms (95 %) from the post to the last listener's receipt, and after every
listener has been cut off and come back at once, some of them in the middle of events, nobody misses anything or is
told anything twice. Ends with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import statistics
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.common import new_home, serving

LIMIT = 0.120
ALL_HEAR_WITHIN = 20.0
PAUSE = 0.3
"""Between two posts, so that each is broadcast by itself."""
TYPE = "thing.seen"
WARM, LEAST_EVENTS = 5, 15


@dataclass(slots=True)
class Listener:
    """One stream: what it was told, and until where."""

    port: int
    token: str
    seen: int | None = None
    heard: Counter[str] = field(default_factory=Counter)
    at: float = 0.0
    """When the last news arrived (monotonic, the same for all processes of a machine)."""
    reloads: int = 0
    _writer: asyncio.StreamWriter | None = None

    async def listen(self, connected: asyncio.Event) -> None:
        """Connect, go on where it stopped, and listen until it is cut off."""
        reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        last = "" if self.seen is None else f"Last-Event-ID: {self.seen}\r\n"
        head = f"GET /v1/stream HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.token}\r\n{last}\r\n"
        self._writer.write(head.encode())
        status = await reader.readuntil(b"\r\n\r\n")
        assert status.startswith(b"HTTP/1.1 200"), status
        event = ""
        while line := await reader.readline():
            if line.startswith(b"event: "):
                event = line[7:].decode().strip()
            elif line.startswith(b"data: "):
                self._told(event, json.loads(line[6:]))
                connected.set()

    def _told(self, event: str, data: dict[str, object]) -> None:
        if event == "reload":
            self.reloads += 1
        if event == "hello":
            self.seen = int(str(data["position"]))
        if event == "news":
            types = data["types"]
            assert isinstance(types, Mapping)
            self.at = time.monotonic()
            self.seen = int(str(data["position"]))
            self.heard.update(types)

    def cut(self) -> None:
        """Leave as a lost network does."""
        if self._writer:
            self._writer.transport.abort()


async def _kept(one: Listener, connected: asyncio.Event) -> None:
    try:
        await one.listen(connected)
    except (ConnectionError, asyncio.IncompleteReadError):
        return


async def _join(crowd: list[Listener]) -> list[asyncio.Task[None]]:
    events = [asyncio.Event() for _ in crowd]
    tasks = [asyncio.ensure_future(_kept(one, event)) for one, event in zip(crowd, events, strict=True)]
    async with asyncio.timeout(ALL_HEAR_WITHIN):
        await asyncio.gather(*(event.wait() for event in events))
    return tasks


async def _listeners(port: int, token: str, count: int, orders: Connection) -> None:
    """Take orders: ("heard", n) answers when all have heard n events; ("storm", _) cuts all off and joins anew."""
    crowd = [Listener(port, token) for _ in range(count)]
    loop = asyncio.get_running_loop()
    tasks = await _join(crowd)
    orders.send("ready")
    while True:
        what, number = await loop.run_in_executor(None, orders.recv)
        if what == "end":
            return
        if what == "storm":
            for one in crowd:
                one.cut()
            await asyncio.gather(*tasks, return_exceptions=True)
            began = time.monotonic()
            tasks = await _join(crowd)
            orders.send(time.monotonic() - began)
            continue
        ends = time.monotonic() + ALL_HEAR_WITHIN
        while any(one.heard[TYPE] < number for one in crowd) and time.monotonic() < ends:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        exact = all(one.heard[TYPE] == number and not one.reloads for one in crowd)
        orders.send((max(one.at for one in crowd), min(one.at for one in crowd), exact))


def listeners(port: int, token: str, count: int, orders: Connection) -> None:
    """Runs in the listeners' process."""
    asyncio.run(_listeners(port, token, count, orders))


def post(port: int, token: str, number: int) -> float:
    """Send one event; returns when it was sent."""
    event = {"specversion": "1.0", "id": str(number), "source": "bench", "type": TYPE, "subject": f"thing/{number}"}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/events",
        json.dumps(event).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    began = time.monotonic()
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()
    return began


def broadcasts(port: int, token: str, orders: Connection, events: int) -> bool:
    """One event after the other. Whether the limit holds."""
    last, first = [], []
    exact = True
    for number in range(1, events + 1):
        began = post(port, token, number)
        orders.send(("heard", number))
        latest, earliest, right = orders.recv()
        last.append(latest - began)
        first.append(earliest - began)
        exact = exact and right
        time.sleep(PAUSE)
    cuts = statistics.quantiles(last[WARM:], n=20)
    print(
        f"  from the post to the last listener {cuts[9] * 1e3:.0f} ms (half), {cuts[18] * 1e3:.0f} ms (95 %);"
        f" to the first {statistics.median(first[WARM:]) * 1e3:.0f} ms (half); limit {LIMIT * 1e3:.0f} ms (95 %)",
        flush=True,
    )
    print(f"  each heard each event once: {exact}", flush=True)
    return exact and cuts[18] <= LIMIT


def storm(port: int, token: str, orders: Connection, heard: int, rounds: int) -> bool:
    """All leave and come back at once, while events go on. Whether nobody missed anything."""
    good = True
    for _ in range(rounds):
        orders.send(("storm", 0))
        for _ in range(10):
            heard += 1
            post(port, token, heard)
        took = orders.recv()
        orders.send(("heard", heard))
        _, _, right = orders.recv()
        good = good and right
        print(f"  storm: all back in {took:.2f} s, each heard each event once: {right}", flush=True)
    return good


def measured(home: Path, port: int, given: argparse.Namespace) -> bool:
    """Whether both limits hold."""
    token = (home / "owner.token").read_text().strip()
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    crowd = context.Process(target=listeners, args=(port, token, given.streams, there), daemon=True)
    crowd.start()
    assert here.recv() == "ready"
    print(f"{given.streams:,} streams, one process", flush=True)
    good = broadcasts(port, token, here, given.events)
    good = storm(port, token, here, given.events, given.storms) and good
    here.send(("end", 0))
    crowd.join(10)
    return good


def main() -> int:
    """Returns 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=1_000)
    parser.add_argument("--events", type=int, default=60)
    parser.add_argument("--storms", type=int, default=3)
    given = parser.parse_args()
    if given.events < LEAST_EVENTS:
        parser.error(f"--events: at least {LEAST_EVENTS}, of which the first {WARM} are not counted")
    with new_home("live") as home, serving(home) as port:
        return 0 if measured(home, port, given) else 1


if __name__ == "__main__":
    sys.exit(main())
