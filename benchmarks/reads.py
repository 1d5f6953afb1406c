"""How fast single predictions are read over HTTP: `python -m benchmarks.reads [--predictions 100000] [--pairs 5]`.

64 connections read one prediction after another (another subject each time), signed in by a token, with the audit trail
and the limits as they are. Beside it, in the same run, the framework alone: a route of FastAPI under the same server
that answers fixed bytes of the same length. Limit: .6 of its rate.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from benchmarks.common import durability, free_port, new_home, serving
from benchmarks.ingest import Sender, told
from sightline.foundation.postgres import open_server
from sightline.foundation.settings import Settings
from sightline.kernel.predict.language import canonical
from sightline.packs.supply.predict import ARRIVES_LATE

CONNECTIONS = 64
RATIO = 0.6
NAME = "supply.arrives_late"

MODEL = """
insert into sightline.models (tenant, question, version, line, state, trained_at, as_of, position, document, proof)
values ($1, $2, 'm1', $3, 'champion', now(), now(), 0, '{}', '{"verdict": "use", "headline": "", "sides": []}')
"""
PREDICTIONS = """
insert into sightline.predictions (tenant, question, kind, key, cutoff, model, deadline, matures_at, probability, low,
  high, worth, expected_loss, reasons, made_at)
select $1, $2, 'line', 'k' || n, $4::timestamptz, 'm1', $4 + interval '30 days',
  $4 + interval '51 days', n % 97 / 100.0, .1, .9,
  n % 9973, n % 97 / 100.0 * (n % 9973), $5::jsonb, now() from generate_series(1, $3::int) n
"""
REASONS = (
    '[{"text": "3 of this vendor\'s last 5 lines were late", "contribution": 0.62, "features": ["link.vendor.yes"]},'
    ' {"text": "Its value is 128,400", "contribution": 0.21, "features": ["attribute.value"]}]'
)


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of the client reads."""

    port: int
    token: str
    requests: int
    subjects: int


def read(load: Load) -> float:
    """Runs in the client's process: requests answered a second."""

    async def run() -> float:
        waiting = [
            f"GET /v1/questions/{NAME}/predictions/line/k{number * 7919 % load.subjects + 1} HTTP/1.1\r\n"
            f"Host: localhost\r\nAuthorization: Bearer {load.token}\r\n\r\n".encode()
            for number in range(load.requests)
        ]
        loop, took = asyncio.get_running_loop(), list[float]()
        done: list[asyncio.Future[None]] = [loop.create_future() for _ in range(CONNECTIONS)]
        began = time.perf_counter()
        for end in done:
            await loop.create_connection(lambda end=end: Sender(waiting, took, end), "127.0.0.1", load.port)  # type: ignore[misc]
        await asyncio.gather(*done)
        return load.requests / (time.perf_counter() - began)

    return asyncio.run(run())


@contextmanager
def framework(body: bytes) -> Iterator[int]:
    """The framework alone, as a process of its own; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.plain", str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin
        process.stdin.write(body)
        process.stdin.close()
        try:
            _answer(port, "", patiently=True)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)


def _answer(port: int, token: str, *, patiently: bool = False) -> bytes:
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/questions/{NAME}/predictions/line/k1", headers={"Authorization": f"Bearer {token}"}
    )
    ends = time.perf_counter() + 30
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=5) as answer:
                return bytes(answer.read())
        except OSError:
            if not patiently or time.perf_counter() > ends:
                raise
            time.sleep(0.1)


async def fill(owner: asyncpg.Connection, predictions: int) -> None:
    """Predictions as the engine keeps them, of a model on duty."""
    tenant = await owner.fetchval("select tenant from sightline.tenants where name = 'main'")
    await owner.execute(MODEL, tenant, NAME, canonical(ARRIVES_LATE))
    await owner.execute(PREDICTIONS, tenant, NAME, predictions, datetime.now(UTC), REASONS)
    await owner.execute("vacuum analyze sightline.predictions, sightline.models")


async def measured(home: Path, owner_url: str, port: int, given: argparse.Namespace) -> bool:
    """Fill, then read in pairs. Whether the limit holds."""
    owner = await asyncpg.connect(owner_url)
    try:
        print(await durability(owner), flush=True)
        await fill(owner, given.predictions)
    finally:
        await owner.close()
    token = (home / "owner.token").read_text().strip()
    ours, alone = list[float](), list[float]()
    with (
        framework(_answer(port, token)) as plain,
        ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool,
    ):
        for pair in range(given.pairs + 1):
            for target, rates in ((port, ours), (plain, alone)):
                rate = await asyncio.get_running_loop().run_in_executor(
                    pool, read, Load(target, token, given.requests, given.predictions)
                )
                if pair:
                    rates.append(rate)
    told(f"one prediction, {CONNECTIONS} connections", ours)
    told("the framework alone, same bytes", alone)
    ratios = [mine / theirs for mine, theirs in zip(ours, alone, strict=True)]
    middle = statistics.median(ratios)
    print(f"  ratio {middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f}), limit {RATIO}", flush=True)
    return middle >= RATIO


def main() -> int:
    """Returns 1 when the limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--predictions", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--pairs", type=int, default=5)
    given = parser.parse_args()
    settings = {"SIGHTLINE_HTTP__REQUESTS_PER_MINUTE": "100000000"}
    with new_home("reads") as home, serving(home, "--role", "api", **settings) as port:
        server = open_server(Settings(home=home))
        try:
            return 0 if asyncio.run(measured(home, server.owner_url, port, given)) else 1
        finally:
            server.close()


if __name__ == "__main__":
    sys.exit(main())
