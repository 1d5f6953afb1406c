"""Delivery: 300 messages a second to 20 destinations, of which one is dead and one answers after half a minute.

`python -m benchmarks.delivery [--seconds 60] [--rate 300]`. One process of `sightline serve` sends; the destinations
are a server in a process of its own, the messages are put into the outbox by this one. From the commit that put a
message to its arrival: for the healthy destinations 95 % within half a second, nothing lost. How often one arrived
twice is told. Ends with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.common import durability, free_port, new_home, serving
from sightline.foundation import tenants
from sightline.foundation.clock import monotonic
from sightline.foundation.settings import Settings
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import destinations, outbox
from sightline.kernel.desk import Desk
from sightline.language.action import Action
from sightline.language.ref import Ref
from sightline.main.installation import MAIN, installation

DESTINATIONS, DEAD, SLOW = 20, "d0", "d1"
SLOW_SECONDS = 30.0
LIMIT = 0.5
TICK = 0.05
"""Messages are put so often, as many at once as the rate asks for."""

DRAIN = 60.0
"""Seconds after the last message within which every healthy one must have arrived."""


def receive(port: int, pipe: Connection) -> None:
    """The destinations: note when each message arrived, until told to end; then tell."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    arrived: list[tuple[str, str, float]] = []

    async def take(request: Request) -> Response:
        arrived.append((request.path_params["name"], request.headers["webhook-id"], monotonic()))
        await request.body()
        if request.path_params["name"] == SLOW:
            await asyncio.sleep(SLOW_SECONDS)
        return Response(status_code=204)

    async def run() -> None:
        app = Starlette(routes=[Route("/{name}", take, methods=["POST"])])
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", access_log=False, lifespan="off"))
        serving_ = asyncio.ensure_future(server.serve())
        await asyncio.to_thread(pipe.recv)
        server.should_exit = server.force_exit = True
        await serving_
        pipe.send(arrived)

    asyncio.run(run())


async def feed(desk: Desk, tenant: Tenant, rate: int, seconds: float) -> dict[str, tuple[str, float]]:
    """Put messages; gives of each where to, and when it was committed."""
    put: dict[str, tuple[str, float]] = {}
    began, number = monotonic(), 0
    while (passed := monotonic() - began) < seconds:
        wanted = int(rate * passed) - number
        these = [_message(number + n) for n in range(wanted)]
        number += wanted
        async with desk.db.transaction(tenant.number) as tx:
            await outbox.put(tx, these)
        at = monotonic()
        put |= {one.id: (one.destination, at) for one in these}
        await asyncio.sleep(TICK)
    return put


def _message(number: int) -> Action:
    return Action(
        key=f"bench:{number}", id=f"msg_{number:032x}", destination=f"d{number % DESTINATIONS}", to=Ref("team", "one"),
        subject=Ref("thing", str(number)), text=f"Message {number}, of as many words as a buyer reads in a glance.",
    )  # fmt: skip


async def measure(rate: int, seconds: float) -> tuple[dict[str, tuple[str, float]], list[tuple[str, str, float]], str]:
    """What was put, what arrived, and how the database keeps its promises."""
    ours, theirs = multiprocessing.Pipe()
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=receive, args=(port, theirs), daemon=True)
    process.start()
    with new_home("delivery") as home:
        allow = {"SIGHTLINE_ACT__ALLOW_NETWORKS": '["127.0.0.0/8"]'}
        async with installation(Settings.load(home=home)) as desk:
            tenant = await tenants.get(desk.db, MAIN)
            async with desk.db.transaction(tenant.number) as tx:
                for name in (f"d{n}" for n in range(DESTINATIONS)):
                    where = "http://127.0.0.1:9/" if name == DEAD else f"http://127.0.0.1:{port}/{name}"
                    await destinations.add(tx, desk.vault, name, where)
            with serving(home, **allow):
                put = await feed(desk, tenant, rate, seconds)
                await _emptied(desk, tenant)
            async with desk.db.transaction(tenant.number) as tx:
                kept = await durability(await tx.driver())
    ours.send("end")
    return put, await asyncio.to_thread(ours.recv), kept


async def _emptied(desk: Desk, tenant: Tenant) -> None:
    """Until no healthy destination waits, or for DRAIN seconds."""
    ends = monotonic() + DRAIN
    while monotonic() < ends:
        async with desk.db.transaction(tenant.number) as tx:
            left = await tx.value(
                "select count(*) from sightline.deliveries where tenant = :t and state in ('waiting', 'sending')"
                " and destination <> all(:ill)",
                t=tx.tenant, ill=[DEAD, SLOW],
            )  # fmt: skip
        if not left:
            return
        await asyncio.sleep(0.2)


def told(put: dict[str, tuple[str, float]], arrived: Sequence[tuple[str, str, float]], seconds: float) -> bool:
    """Print it; whether all limits held."""
    first: dict[str, float] = {}
    times: Counter[str] = Counter()
    for name, id_, at in arrived:
        if name not in (DEAD, SLOW):
            first.setdefault(id_, at)
            times[id_] += 1
    healthy = {id_: at for id_, (name, at) in put.items() if name not in (DEAD, SLOW)}
    took = sorted(first[id_] - at for id_, at in healthy.items() if id_ in first)
    lost, twice = len(healthy) - len(took), sum(n > 1 for n in times.values())
    half, most = statistics.median(took), took[int(0.95 * len(took))]
    print(f"{len(put):,} put in {seconds:.0f} s ({len(put) / seconds:.0f} a second), {len(healthy):,} to healthy ones")
    print(f"healthy: {1000 * half:.0f} ms (half), {1000 * most:.0f} ms (95 %), {1000 * took[-1]:.0f} ms (all);"
          f" lost {lost}, twice {twice}; limit {1000 * LIMIT:.0f} ms (95 %), none lost")  # fmt: skip
    return lost == 0 and most <= LIMIT


def main() -> int:
    """Returns 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=int, default=300)
    given: Any = parser.parse_args()
    began = time.perf_counter()
    put, arrived, kept = asyncio.run(measure(given.rate, given.seconds))
    good = told(put, arrived, given.seconds)
    print(f"{kept}; {time.perf_counter() - began:.0f} s in all")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
