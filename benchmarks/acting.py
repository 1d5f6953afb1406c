"""From signal to action: an event is accepted over HTTP, wakes a playbook, and its webhook arrives on loopback.

`python -m benchmarks.acting [--seconds 60] [--rate 50]`. One process of `sightline serve` with the embedded database
does everything; events come one by one from this process, the destination is a server in a process of its own. From the
answer that accepted an event to the arrival of its message: half within 120 ms, 95 % within 300. Each stage's share is
what the rows say: recorded, decided, put into the outbox, arrived. Ends with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from multiprocessing.connection import Connection
from typing import Any

import httpx

from benchmarks.common import durability, free_port, new_home, serving
from sightline.foundation import tenants
from sightline.foundation.clock import SystemClock, monotonic
from sightline.foundation.settings import Settings
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import destinations
from sightline.kernel.desk import Desk, keeping, playing
from sightline.main.installation import MAIN, installation

HALF, MOST = 0.120, 0.300
DRAIN = 10.0
"""Seconds after the last event within which everything must have arrived."""

WARM = 500
"""Events before the first that counts: a process that has just begun loads what it needs for ten seconds."""

PLAYBOOK = """
[own.sent]
question = "supply.arrives_late"
wakes_on = "line.described"
party = "project"
choices = [{ name = "tell", channel = "crm", gains = 1, text = "{{ key }} goes by {{ it.mode }}" }]
"""

STAGES = ("recorded", "decided", "put", "arrived")


def receive(port: int, pipe: Connection) -> None:
    """The destination: note when each message arrived, until told to end; then tell."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    arrived: list[tuple[str, float, float]] = []

    async def take(request: Request) -> Response:
        body = await request.json()
        arrived.append((body["data"]["about"], monotonic(), time.time()))
        return Response(status_code=204)

    async def run() -> None:
        app = Starlette(routes=[Route("/", take, methods=["POST"])])
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", access_log=False, lifespan="off"))
        serving_ = asyncio.ensure_future(server.serve())
        await asyncio.to_thread(pipe.recv)
        server.should_exit = server.force_exit = True
        await serving_
        pipe.send(arrived)

    asyncio.run(run())


async def feed(port: int, token: str, rate: int, seconds: float) -> dict[str, float]:
    """Post events one by one; gives of each subject when it was accepted."""
    accepted: dict[str, float] = {}
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:

        async def post(number: int) -> None:
            answer = await client.post("/v1/events", json=_event(number))
            assert answer.status_code == 200, answer.text
            accepted[f"line/L{number}"] = monotonic()

        began, number = monotonic(), 0
        sending: list[asyncio.Task[None]] = []
        while monotonic() - began < seconds:
            sending.append(asyncio.ensure_future(post(number)))
            number += 1
            await asyncio.sleep(max(0.0, number / rate - (monotonic() - began)))
        await asyncio.gather(*sending)
    return accepted


def _event(number: int) -> dict[str, Any]:
    now = SystemClock().now().isoformat()
    links = {"project": f"project/P{number}", "order": f"order/O{number}"}
    return {
        "specversion": "1.0", "id": f"line-{number}", "source": "bench", "type": "line.described",
        "subject": f"line/L{number}", "time": now, "data": {"mode": "Air", "value": 1_000, "links": links},
    }  # fmt: skip


async def measure(rate: int, seconds: float) -> tuple[dict[str, float], list[Any], dict[str, Any], str]:
    """When each was accepted, what arrived, what the rows say of each, and how the database keeps its promises."""
    ours, theirs = multiprocessing.Pipe()
    port = free_port()
    multiprocessing.get_context("spawn").Process(target=receive, args=(port, theirs), daemon=True).start()
    with new_home("acting") as home:
        more = {"SIGHTLINE_ACT__ALLOW_NETWORKS": '["127.0.0.0/8"]', "SIGHTLINE_ACT__HOLD_OUT": "0"}
        async with installation(Settings.load(home=home)) as desk:
            tenant = await tenants.get(desk.db, MAIN)
            async with desk.db.transaction(tenant.number) as tx:
                await destinations.add(tx, desk.vault, "crm", f"http://127.0.0.1:{port}/")
            await playing.declare(desk, tenant, PLAYBOOK, by="bench")
            token = await keeping.owner_token(desk)
            with serving(home, **more) as at:
                accepted = await feed(at, token, rate, seconds)
                await _emptied(desk, tenant, len(accepted))
            said = await _said(desk, tenant)
            async with desk.db.transaction(tenant.number) as tx:
                kept = await durability(await tx.driver())
    ours.send("end")
    return accepted, await asyncio.to_thread(ours.recv), said, kept


async def _emptied(desk: Desk, tenant: Tenant, wanted: int) -> None:
    ends = monotonic() + DRAIN
    while monotonic() < ends:
        async with desk.db.transaction(tenant.number) as tx:
            done = await tx.value(
                "select count(*) from sightline.deliveries where tenant = :t and state = 'done'", t=tx.tenant
            )
        if done >= wanted:
            return
        await asyncio.sleep(0.2)


async def _said(desk: Desk, tenant: Tenant) -> dict[str, Any]:
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select l.kind || '/' || l.key as about, min(l.recorded_at) filter (where l.type = 'line.described') as"
            " recorded, min(l.recorded_at) filter (where l.type = 'sightline.decided') as decided,"
            " min(d.made_at) as put"
            " from sightline.ledger l join sightline.deliveries d on d.tenant = l.tenant"
            " and d.subject = l.kind || '/' || l.key where l.tenant = :t group by 1",
            t=tx.tenant,
        )  # fmt: skip
    return {row["about"]: row for row in rows}


def told(accepted: Mapping[str, float], arrived: Sequence[Any], said: Mapping[str, Any], seconds: float) -> bool:
    """Print it; whether the limits held."""
    first: dict[str, tuple[float, float]] = {}
    for about, at, clock in arrived:
        first.setdefault(about, (at, clock))
    counted = [about for about in list(accepted)[WARM:] if about in first]
    took = sorted(first[about][0] - accepted[about] for about in counted)
    lost, twice = len(accepted) - len(first), len(arrived) - len(first)
    half, most = statistics.median(took), took[int(0.95 * len(took))]
    print(
        f"{len(accepted):,} events in {seconds:.0f} s ({len(accepted) / seconds:.0f} a second);"
        f" lost {lost}, twice {twice}"
    )
    print(f"accepted to arrived: {1000 * half:.0f} ms (half), {1000 * most:.0f} ms (95 %),"
          f" {1000 * took[-1]:.0f} ms (all); limits {1000 * HALF:.0f} and {1000 * MOST:.0f} ms")  # fmt: skip
    for before, after in pairwise(STAGES):
        shares = sorted(_moment(said, first, one, after) - _moment(said, first, one, before) for one in counted)
        print(f"  {before} to {after}: {1000 * statistics.median(shares):.0f} ms (half),"
              f" {1000 * shares[int(0.95 * len(shares))]:.0f} ms (95 %)")  # fmt: skip
    return lost == 0 and half <= HALF and most <= MOST


def _moment(said: Mapping[str, Any], first: Mapping[str, tuple[float, float]], about: str, stage: str) -> float:
    if stage == "arrived":
        return first[about][1]
    at: datetime = said[about][stage]
    return at.timestamp()


def main() -> int:
    """Returns 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=int, default=50)
    given: Any = parser.parse_args()
    accepted, arrived, said, kept = asyncio.run(measure(given.rate, given.seconds))
    good = told(accepted, arrived, said, given.seconds)
    print(kept)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
