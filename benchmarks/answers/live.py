"""Live scoring: from an event accepted over HTTP to the new prediction of its subject in the table, and to those of all
that are linked to it.

`python -m benchmarks.answers live`; `python -m benchmarks.answers.live SUBJECTS EVENTS` sets the size. One process of
`sightline serve`. Each event is an order of one customer, whose region at most 100 share. Limits: 25 ms (half) and
60 ms (95 %) to the subject's own prediction; how long the linked queue lags behind is told.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import time
import urllib.request
from pathlib import Path

import asyncpg

from benchmarks import shops
from benchmarks.answers.rows import Row, hand_over
from benchmarks.common import durability, new_home, serving
from sightline.foundation import ledger
from sightline.foundation.postgres import open_server
from sightline.foundation.settings import Settings
from sightline.kernel.desk import Desk
from sightline.kernel.predict import registry
from sightline.kernel.predict.known import known
from sightline.kernel.predict.prepare import Prepared
from sightline.language import derived
from sightline.language.event import Event
from sightline.language.ref import Ref
from sightline.main.installation import MAIN, installation
from sightline.packs.customers.predict import STOPS_BUYING

SUBJECTS, EVENTS = 100_000, 200
HALF, MOST = 0.025, 0.060
CHUNK = 20_000
LOOK = 0.001
"""Seconds between two looks at the table."""
PAUSE = 0.25
"""Between two events, so that each is scored by itself."""
WITHIN = 600.0
"""Seconds the worker gets for its first bulk run, and until it scores from memory."""
FAST = 0.5
"""An event scored within so long was scored from memory."""
WARM = 10

_SINCE = "select max(made_at) from sightline.predictions where question = $1 and key = $2 and cutoff >= $3"


async def filled(settings: Settings, subjects: int) -> None:
    """The ledger, and a model on duty. The worker reads the rest."""
    async with installation(settings) as desk:
        tenant = await desk.workspace(MAIN)
        found, chunk = 0, list[Event]()
        for event in shops.events(subjects, shops.present()):
            chunk.append(event)
            if len(chunk) == CHUNK:
                found += await recorded(desk, tenant.number, chunk)
                chunk = []
        found += await recorded(desk, tenant.number, chunk)
        print(f"{subjects:,} subjects, {found:,} events", flush=True)
        await on_duty(desk)


async def recorded(desk: Desk, tenant: int, events: list[Event]) -> int:
    """Append them; returns how many."""
    async with desk.db.transaction(tenant) as tx:
        ledger.record(tx, events, at=shops.present())
    return len(events)


async def on_duty(desk: Desk) -> None:
    """Fit a model on what there is and put it on duty."""
    tenant = await desk.workspace(MAIN)
    catalog = await desk.catalog(tenant)
    async with desk.db.transaction(tenant.number) as tx:
        facts = await known(tx, desk.lake, catalog.kinds)
    now = shops.present()
    prepared = await asyncio.to_thread(Prepared.of, STOPS_BUYING, facts, now)
    model = await asyncio.to_thread(shops.model, prepared)
    features, examples = len(model.document["features"]), prepared.asked.eligible.height
    print(f"model of {features} features, {examples:,} examples", flush=True)
    trained = Event(id="trained", source=derived.SOURCE, type=derived.TRAINED, subject=Ref(derived.SELF, "models"),
                    time=now, known_at=now, data={"question": STOPS_BUYING.name})  # fmt: skip
    async with desk.db.transaction(tenant.number) as tx:
        await registry.store(tx, model)
        ledger.record(tx, [trained], at=now)


def post(port: int, token: str, event: dict[str, object]) -> float:
    """Send one event; returns when it was accepted."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/events", json.dumps(event).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()
    return time.perf_counter()


async def scored(owner: asyncpg.Connection, port: int, token: str, number: int, key: str, within: float) -> float:
    """Seconds from the acceptance of one order to the prediction made of it; more than `within` when none came."""
    at = shops.present()
    accepted = await asyncio.to_thread(post, port, token, shops.order(number, key, at))
    while (passed := time.perf_counter() - accepted) < within:
        if await owner.fetchval(_SINCE, STOPS_BUYING.name, key, at):
            return passed
        await asyncio.sleep(LOOK)
    return passed


async def emptied(owner: asyncpg.Connection) -> float:
    """Seconds until nobody linked waits any more."""
    began = time.perf_counter()
    behind = "select position < (select position from sightline.cursors where tenant = c.tenant and consumer ="
    while await owner.fetchval(f"{behind} 'predict') from sightline.cursors c where consumer = 'linked'"):  # noqa: ASYNC110
        await asyncio.sleep(LOOK * 5)
    return time.perf_counter() - began


async def ready(owner: asyncpg.Connection, port: int, token: str) -> None:
    """Wait until an event is scored from memory."""
    began = time.perf_counter()
    for number in range(10**6, 10**6 + 10_000):
        if await scored(owner, port, token, number, "0000000", 60.0) < FAST:
            print(f"scored from memory {time.perf_counter() - began:.0f} s after the start", flush=True)
            return
        if time.perf_counter() > began + WITHIN:
            raise SystemExit("Events are not scored from memory.")


async def measured(home: Path, owner_url: str, port: int, subjects: int, events: int) -> Row:
    """One order after the other."""
    owner = await asyncpg.connect(owner_url)
    chance = random.Random(3)
    try:
        safe = await durability(owner)
        token = (home / "owner.token").read_text().strip()
        await ready(owner, port, token)
        took, lags = [], []
        for number in range(events + WARM):
            key = f"{chance.randrange(subjects):07}"
            took.append(await scored(owner, port, token, number, key, 10.0))
            lags.append(await emptied(owner))
            await asyncio.sleep(PAUSE)
    finally:
        await owner.close()
    (half, most), (lag, longest) = cuts(took[WARM:]), cuts(lags[WARM:])
    return Row(
        name="live: event accepted to prediction stored", data=f"made-up shop, {subjects:,} subjects, {events} events",
        split=f"regions of at most 100; {safe}",
        ours=f"{half * 1e3:.0f} ms (half), {most * 1e3:.0f} ms (95 %); all linked ones {lag * 1e3:.0f} ms (half) and"
             f" {longest * 1e3:.0f} ms (95 %) after it",
        limit=f"{HALF * 1e3:.0f} ms (half), {MOST * 1e3:.0f} ms (95 %)", held=half <= HALF and most <= MOST,
    )  # fmt: skip


def cuts(seconds: list[float]) -> tuple[float, float]:
    """Median and 95 %."""
    found = statistics.quantiles(seconds, n=20)
    return found[9], found[18]


def rows(subjects: int = SUBJECTS, events: int = EVENTS) -> list[Row]:
    """In a home of its own."""
    with new_home("live-scores") as home:
        settings = Settings(home=home)
        asyncio.run(filled(settings, subjects))
        with serving(home, SIGHTLINE_HTTP__REQUESTS_PER_MINUTE="100000") as port:
            server = open_server(settings)
            try:
                return [asyncio.run(measured(home, server.owner_url, port, subjects, events))]
            finally:
                server.close()


if __name__ == "__main__":
    sys.exit(hand_over(lambda: rows(*map(int, sys.argv[1:]))))
