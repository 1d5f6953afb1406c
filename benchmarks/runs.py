"""Runs of playbooks beside plain DBOS workflows with the same steps, on the same PostgreSQL, in the same minutes.

`python -m benchmarks.runs [--count 2000] [--rounds 3]`. A run puts a message into the outbox, hears that it was
delivered, puts another one, hears of that too, and ends. Ours are begun by decisions in the ledger and moved by the
stages of the loop; their receipts are recorded as couriers record them. DBOS's workflows put the same two messages and
wait for nothing between them. Ours must do at least half as many a second. Ends with 1 when they do not.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.common import durability, new_home
from sightline.foundation import ledger, tenants
from sightline.foundation.clock import monotonic
from sightline.foundation.settings import Settings
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, playing
from sightline.kernel.loop import LOOP, take_turn
from sightline.language import derived
from sightline.language.event import Event
from sightline.language.ref import Ref
from sightline.main.installation import MAIN, installation

LEAST = 0.5
"""Of what DBOS does a second."""

PEERS = Path(".venv-bench/bin/python")

PLAYBOOK = """
[own.two]
question = "supply.arrives_late"
wakes_on = "supply.overdue"
party = "project"
choices = [{ name = "tell", channel = "paper", gains = 1, text = "{{ subject }} has begun." }]
follow = [{ name = "again", send = "{{ subject }} is on its way.", channel = "paper" }]
"""

STAGES = [one for one in LOOP if one.name in {"know", "deliver", "run"}]


def _event(tenant_now: Any, number: int, type_: str, key: str, **more: Any) -> Event:
    return Event(
        id=f"{type_}:{key}", source=derived.SOURCE, type=type_, subject=Ref("line", f"L{number}"), time=tenant_now,
        known_at=tenant_now, data={"key": key, **more},
    )  # fmt: skip


def _decided(now: Any, number: int, key: str) -> Event:
    return _event(
        now, number, derived.DECIDED, key, playbook="own.two", version="1", choice="tell", verb="act", channel="paper",
        party=f"project/P{number}", text=f"line/L{number} has begun.", question="supply.arrives_late",
    )  # fmt: skip


async def ours(desk: Desk, tenant: Tenant, round_: int, count: int) -> float:
    """Seconds from the decisions to the end of the last run."""
    keys = [f"own.two:line/L{number}:{round_}" for number in range(count)]
    now = desk.now(tenant)
    began = monotonic()
    await _record(desk, tenant, [_decided(now, number, key) for number, key in enumerate(keys)])
    for names in (keys, [f"{key}#again" for key in keys]):
        done = [_event(now, n, derived.DONE, key, channel="paper", reference="") for n, key in enumerate(names)]
        await _record(desk, tenant, done)
    took = monotonic() - began
    async with desk.db.transaction(tenant.number) as tx:
        left = await tx.value("select count(*) from sightline.runs where tenant = :t and state <> 'ended'", t=tx.tenant)
    assert left == 0, f"{left} runs have not ended"
    return took


async def _record(desk: Desk, tenant: Tenant, events: Sequence[Event]) -> None:
    async with desk.db.transaction(tenant.number) as tx:
        ledger.record(tx, events, at=desk.now(tenant))
    for consumer in STAGES:
        while await take_turn(desk.db, tenant.number, consumer, desk.seat, wait=True):
            pass


async def theirs(url: str, count: int) -> float:
    """The same of DBOS, in a database of its own on the same server."""
    name = "bench_dbos"
    owner = await asyncpg.connect(url)
    try:
        await owner.execute(f"drop database if exists {name} with (force)")
        await owner.execute(f"create database {name}")
    finally:
        await owner.close()
    other = url.rsplit("/", 1)[0] + f"/{name}"
    script = Path(__file__).with_name("runs_by_dbos.py")
    done = await asyncio.to_thread(
        subprocess.run, [str(PEERS), str(script), other, str(count)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2_000:])
    return float(done.stdout.strip().splitlines()[-1])


async def measure(count: int, rounds: int) -> tuple[list[float], list[float], str]:
    """Runs a second, ours and theirs, round by round, and how the database keeps its promises."""
    found: tuple[list[float], list[float]] = [], []
    with new_home("runs") as home:
        async with installation(Settings(home=home)) as desk:
            tenant = await tenants.get(desk.db, MAIN)
            await playing.declare(desk, tenant, PLAYBOOK, by="bench")
            await ours(desk, tenant, 0, 100)
            for round_ in range(1, rounds + 1):
                found[0].append(count / await ours(desk, tenant, round_, count))
                found[1].append(count / await theirs(desk.owner.url, count))
                print(f"round {round_}: {found[0][-1]:.0f} a second, DBOS {found[1][-1]:.0f}", flush=True)
            async with desk.db.transaction(tenant.number) as tx:
                kept = await durability(await tx.driver())
    return *found, kept


def main() -> int:
    """Returns 1 when the limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    given: Any = parser.parse_args()
    mine, other, kept = asyncio.run(measure(given.count, given.rounds))
    ratio = statistics.median(one / two for one, two in zip(mine, other, strict=True))
    print(f"runs a second: {statistics.median(mine):.0f}, DBOS {statistics.median(other):.0f}; ratio {ratio:.2f}"
          f" (limit {LEAST})")  # fmt: skip
    print(kept)
    return 0 if ratio >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
