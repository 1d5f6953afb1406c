"""How fast events come in over HTTP: `python -m benchmarks.ingest [--rows 10000000] [--pairs 5]`.

Limits: batches of 500 at 40 % or more of a plain COPY by the owner into an identical unguarded table without keys, the
ledger holding `--rows` rows already; single events over 64 connections at 5,000 a second or more. The server is a
process of its own, and so is the client, which does nothing but write bytes made before and await answers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import asyncpg

from benchmarks.common import durability, new_home, serving
from sightline.foundation.postgres import open_server
from sightline.foundation.settings import Settings

BATCH = 500
PART = 1_000_000
"""Rows of one statement that fills the ledger."""
RATIO, SINGLES = 0.40, 5_000

COLUMNS = (
    "tenant, position, source, id, root, type, kind, key, time, known_at, recorded_at, cause, revises, batch, data"
)

FILL_KEYS = """
insert into sightline.event_keys (tenant, source, id, position)
select $1, 'warehouse', 'line-' || n || '-delivered', n from generate_series($2::bigint, $3::bigint) n
"""
FILL_LEDGER = """
insert into sightline.ledger (tenant, position, source, id, root, type, kind, key, time, known_at, recorded_at, data)
select $1, n, 'warehouse', 'line-' || n || '-delivered', 'line-' || n || '-delivered', 'line.delivered', 'line',
  'k' || n % $4::bigint, at, at, at, jsonb_build_object('delivered_on', to_char(at, 'YYYY-MM-DD'),
  'weight_kg', n % 9973 + 0.5, 'links', jsonb_build_object('shipment', 'shipment/ASN-' || n / 4))
from generate_series($2::bigint, $3::bigint) n, lateral (select '2010-01-01Z'::timestamptz + n * interval '20 s' as at)
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of the client sends."""

    port: int
    token: str
    name: str
    events: int
    size: int
    connections: int


def event(load: Load, number: int) -> dict[str, object]:
    """A realistic event; its id comes once in all runs."""
    return {
        "specversion": "1.0",
        "id": f"{load.name}-{number}-delivered",
        "source": "warehouse",
        "type": "line.delivered",
        "subject": f"line/{load.name}-{number}",
        "time": "2015-01-05T08:30:00Z",
        "data": {
            "delivered_on": "2015-01-05",
            "weight_kg": number % 9973 + 0.5,
            "links": {"shipment": f"shipment/ASN-{number // 4}"},
        },
    }


def requests(load: Load) -> Iterator[bytes]:
    """The whole requests, as bytes."""
    for first in range(0, load.events, load.size):
        events = [event(load, number) for number in range(first, min(first + load.size, load.events))]
        body = json.dumps(events if load.size > 1 else events[0], separators=(",", ":")).encode()
        media = "application/cloudevents-batch+json" if load.size > 1 else "application/cloudevents+json"
        yield (
            f"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {load.token}\r\n"
            f"Content-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body


class Sender(asyncio.Protocol):
    """One connection: the next request leaves when the answer to the last is complete."""

    def __init__(self, waiting: list[bytes], took: list[float], done: asyncio.Future[None]) -> None:
        self._waiting, self._took, self._done = waiting, took, done
        self._got = b""
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        if self._waiting:
            self._began = time.perf_counter()
            self._transport.write(self._waiting.pop())
        else:
            self._transport.close()
            self._done.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, blank, body = self._got.partition(b"\r\n\r\n")
        if not blank:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self._done.set_exception(RuntimeError(self._got.decode()))
            return
        self._took.append(time.perf_counter() - self._began)
        self._got = b""
        self._send()


def send(load: Load) -> tuple[float, list[float]]:
    """Runs in the client's process: seconds for all of it, and of each request."""

    async def run() -> tuple[float, list[float]]:
        waiting, took = list(requests(load)), list[float]()
        loop = asyncio.get_running_loop()
        done: list[asyncio.Future[None]] = [loop.create_future() for _ in range(load.connections)]
        began = time.perf_counter()
        await asyncio.gather(
            *(loop.create_connection(lambda end=end: Sender(waiting, took, end), "127.0.0.1", load.port)  # type: ignore[misc]
              for end in done)
        )  # fmt: skip
        await asyncio.gather(*done)
        return time.perf_counter() - began, took

    return asyncio.run(run())


async def fill(owner: asyncpg.Connection, tenant: int, rows: int, subjects: int = 2**62) -> None:
    """Rows as the append makes them, positions and keys included, about so many lines in turn."""
    began = time.perf_counter()
    start = await owner.fetchval("select coalesce(max(position), 0) from sightline.ledger") + 1
    for first in range(start, start + rows, PART):
        last = min(first + PART, start + rows) - 1
        await owner.execute("select sightline.ledger_room($1)", last)
        await owner.execute(FILL_KEYS, tenant, first, last)
        await owner.execute(FILL_LEDGER, tenant, first, last, subjects)
    await owner.execute("select setval('sightline.ledger_position', $1)", start + rows)
    await owner.execute("vacuum analyze sightline.ledger, sightline.event_keys")
    await owner.execute("checkpoint")
    size = await owner.fetchval("select pg_size_pretty(pg_database_size(current_database()))")
    print(f"{rows:,} rows laid in {time.perf_counter() - began:.0f} s, database {size}", flush=True)


async def copy(owner: asyncpg.Connection, parts: Sequence[bytes]) -> float:
    """Seconds a plain COPY takes for rows that are text already, each part a transaction of its own."""
    began = time.perf_counter()
    for part in parts:
        await owner.copy_to_table("plain", source=BytesIO(part), columns=COLUMNS.split(", "))
    return time.perf_counter() - began


def told(label: str, rates: Sequence[float]) -> float:
    """Print a rate's median and spread; returns the median."""
    middle = statistics.median(rates)
    print(f"  {label:34} {middle:10,.0f} a second  ({min(rates):,.0f} to {max(rates):,.0f})", flush=True)
    return middle


async def batches(owner: asyncpg.Connection, pool: ProcessPoolExecutor, load: Load, pairs: int) -> bool:
    """Interleaved pairs of both ways in. Whether the limit holds."""
    loop = asyncio.get_running_loop()
    before = await owner.fetchval("select max(position) from sightline.ledger")
    await loop.run_in_executor(pool, send, load)
    text = BytesIO()
    await owner.copy_from_query(f"select {COLUMNS} from sightline.ledger where position > $1", before, output=text)
    lines = text.getvalue().splitlines(keepends=True)
    assert len(lines) == load.events
    small = [b"".join(lines[at : at + BATCH]) for at in range(0, len(lines), BATCH)]
    await owner.execute("create table plain (like sightline.ledger)")
    rates: dict[str, list[float]] = {"http": [], "whole": [], "small": []}
    for pair in range(pairs):
        run = Load(load.port, load.token, f"p{pair}", load.events, load.size, load.connections)
        seconds, _ = await loop.run_in_executor(pool, send, run)
        rates["http"].append(load.events / seconds)
        rates["whole"].append(load.events / await copy(owner, [text.getvalue()]))
        rates["small"].append(load.events / await copy(owner, small))
        await owner.execute("truncate plain")
    http = told(f"HTTP, batches of {BATCH}, {load.connections} connections", rates["http"])
    whole, apart = told("COPY, one transaction", rates["whole"]), told(f"COPY, one each {BATCH} rows", rates["small"])
    ratios = [mine / theirs for mine, theirs in zip(rates["http"], rates["whole"], strict=True)]
    print(f"  ratio to the one COPY {statistics.median(ratios):.1%} ({min(ratios):.1%} to {max(ratios):.1%}),"
          f" medians {http / whole:.1%}; to COPY in equal batches {http / apart:.1%}; limit {RATIO:.0%}"
          " of the one COPY", flush=True)  # fmt: skip
    return statistics.median(ratios) >= RATIO


async def singles(pool: ProcessPoolExecutor, load: Load, pairs: int) -> bool:
    """Single events. Whether the limit holds."""
    rates, waits = [], list[float]()
    for pair in range(pairs + 1):
        run = Load(load.port, load.token, f"s{pair}", load.events, 1, load.connections)
        seconds, took = await asyncio.get_running_loop().run_in_executor(pool, send, run)
        if pair:
            rates.append(load.events / seconds)
            waits += took
    middle = told(f"HTTP, single, {load.connections} connections", rates)
    cuts = statistics.quantiles(waits, n=100)
    print(
        f"  answered within {cuts[49] * 1e3:.1f} ms (half), {cuts[98] * 1e3:.1f} ms (99 %); limit {SINGLES:,} a second"
    )
    return middle >= SINGLES


async def measured(home: Path, owner_url: str, port: int, given: argparse.Namespace) -> bool:
    """Fill, then measure both. Whether both limits hold."""
    owner = await asyncpg.connect(owner_url)
    try:
        print(await durability(owner), flush=True)
        token = (home / "owner.token").read_text().strip()
        await fill(owner, await owner.fetchval("select tenant from sightline.tenants where name = 'main'"), given.rows)
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            load = Load(port, token, "warm", given.events, BATCH, given.connections)
            good = await batches(owner, pool, load, given.pairs)
            return await singles(pool, Load(port, token, "", given.singles, 1, 64), given.pairs) and good
    finally:
        await owner.close()


def main() -> int:
    """Returns 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--singles", type=int, default=30_000)
    parser.add_argument("--connections", type=int, default=4)
    given = parser.parse_args()
    with new_home("ingest") as home, serving(home, "--role", "api") as port:
        server = open_server(Settings(home=home))
        try:
            return 0 if asyncio.run(measured(home, server.owner_url, port, given)) else 1
        finally:
            server.close()


if __name__ == "__main__":
    sys.exit(main())
