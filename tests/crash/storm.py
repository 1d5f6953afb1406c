"""Kill whatever can be killed, again and again, under load; then count what is there.

The business has a model on duty, so its worker predicts, decides and acts, and it merges its lake all the time.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from sightline.foundation.lake import Lake
from sightline.foundation.postgres import running
from sightline.foundation.settings import ActSettings, Settings
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, keeping
from sightline.kernel.loop import LOOP
from sightline.main.installation import installation
from sightline.packs.supply.act import WARN_BUYER
from tests.crash import acting, merges
from tests.crash.acting import ASK, CLIMB, Call, Deeds
from tests.crash.flaky import Taken, flaky
from tests.main.served import environment, free_port

SENDERS = 3
THINGS = 40
LEAST = 8
"""Batches each sender brings to their end, however little time the kills leave."""
HAIL, CALM = (0.1, 2.5), (2.5, 8.0)
"""Seconds between two kills: mostly while somebody is still starting, every fourth time in the midst of its work."""
COMES_BACK_WITHIN = 900.0
"""Seconds for all that was sent to be taken in, decided and done, after hundreds of kills on a busy machine too."""
LOOPBACK = '["127.0.0.0/8"]'
PROGRAMS = {"api": ("-m", "sightline.main"), "worker": (str(Path(__file__).with_name("worker.py")),)}
PROJECTIONS = ("occurrences", "links", "entities")


@dataclass(slots=True)
class Report:
    """What a storm did and what was found after it."""

    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    resent: int = 0
    lost: int = 0
    doubled: int = 0
    changed: tuple[str, ...] = ()
    """Projections that differ from their rebuild."""
    lake_missing: int = 0
    lake_doubled: int = 0
    merges: int = 0
    """How often files of the lake were merged."""
    deeds: Deeds = field(default_factory=Deeds)
    durability: str = ""


class Processes:
    """An interface and a worker on one home, started again when killed."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        for role in PROGRAMS:
            self._start(role)

    def _start(self, role: str) -> None:
        command = [sys.executable, *PROGRAMS[role], "serve", "--role", role]
        env = environment(
            self.home, SIGHTLINE_HTTP__PORT=str(self.port), SIGHTLINE_LOG__LEVEL="error",
            SIGHTLINE_ACT__ALLOW_NETWORKS=LOOPBACK,
        )  # fmt: skip
        self._running[role] = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)

    def kill(self, target: str) -> bool:
        """kill -9; an interface or a worker is started again at once. False when it is not there just now."""
        if target == "postgres":
            found = running(self.home)
            if found is None:
                return False
            os.kill(found.pid, signal.SIGKILL)
            return True
        self._running[target].kill()
        self._running[target].wait()
        self._start(target)
        return True

    def stop(self) -> None:
        """Let both go as they like."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.wait(timeout=60)

    def request(self, ask: Callable[[httpx.Client], httpx.Response]) -> httpx.Response | None:
        """One request; None when nobody answers."""
        token = self.home / "owner.token"
        headers = {"Authorization": f"Bearer {token.read_text().strip()}"} if token.exists() else {}
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=20) as client:
                return ask(client)
        except httpx.TransportError:
            return None

    def until(self, path: str, holds: Callable[[Any], bool]) -> None:
        """Ask until it is so."""
        ends, found = time.monotonic() + COMES_BACK_WITHIN, None
        while time.monotonic() < ends:
            found = self.request(lambda client: client.get(path))
            if found is not None and found.status_code == 200 and holds(found.json()):
                return
            time.sleep(0.2)
        raise AssertionError(f"{path} never came to that: {found.text[:2_000] if found is not None else 'no answer'}")


class Sender(threading.Thread):
    """Sends batches, some of them corrections and late facts, each until it is acknowledged; each with a line about
    which something must be decided.
    """

    def __init__(self, processes: Processes, number: int, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self._processes, self.called, self._ended = processes, f"sender{number}", ended
        self._random = random.Random(number)
        self.acknowledged: list[str] = []
        self.calls: list[Call] = []
        self.resent = 0

    def run(self) -> None:
        """Until told to end; what is under way is brought to its end."""
        count = 0
        while not self._ended.is_set() or len(self.calls) < 2 * LEAST:
            batch = [self.thing(count + n) for n in range(self._random.choice((1, 1, 5, 40)))]
            count += len(batch)
            number = len(self.calls) // 2
            call, line = acting.calling(self.called, number)
            other, new = acting.beginning(self.called, number)
            self.send([*batch, line, new])
            self.calls += [call, other]

    def thing(self, number: int) -> dict[str, Any]:
        """A fact, or a correction of an earlier one."""
        event: dict[str, Any] = {
            "specversion": "1.0", "id": str(number), "source": self.called, "type": "thing.seen",
            "subject": f"thing/{self._random.randrange(THINGS)}",
            "data": {"size": number, "links": {"site": f"site/{self._random.randrange(5)}"}},
        }  # fmt: skip
        if number and self._random.random() < 0.2:
            event["revises"] = str(self._random.randrange(number))
        if self._random.random() < 0.3:
            event["knownat"] = f"2024-01-{self._random.randrange(1, 28):02d}T00:00:00Z"
        return event

    def send(self, batch: list[dict[str, Any]]) -> None:
        """Until it is acknowledged."""
        while True:
            answer = self._processes.request(lambda client: client.post("/v1/events", json=batch))
            if answer is not None and answer.status_code == 200:
                self.acknowledged += [one["id"] for one in batch]
                return
            assert answer is None or answer.status_code == 503, answer.text
            self.resent += 1
            time.sleep(0.05)


class Approver(threading.Thread):
    """Says yes to whatever people are asked, as often as it takes, until it is told to end and nothing is asked."""

    def __init__(self, processes: Processes, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self._processes, self._ended = processes, ended

    def run(self) -> None:
        """Ask what is open, and approve it."""
        while True:
            over = self._ended.is_set()
            found = self._processes.request(lambda client: client.get("/v1/inbox?state=open&limit=100"))
            asked = found.json()["asked"] if found is not None and found.status_code == 200 else None
            for one in asked or ():
                where = f"/v1/inbox/{one['id']}/approve"
                self._processes.request(lambda client, where=where: client.post(where, json={}))  # type: ignore[misc]
            if over and asked == []:
                return
            time.sleep(0.3)


@contextmanager
def processes_on(home: Path) -> Iterator[Processes]:
    """Both processes, ready."""
    found = Processes(home)
    try:
        found.until("/v1/health/ready", lambda ready: ready["status"] == "ready")
        yield found
    finally:
        found.stop()


async def storm(home: Path, rounds: int, *, seed: int = 0, told: Callable[[str], None] = lambda line: None) -> Report:
    """`rounds` kills at random moments, then the count. `told` hears each kill."""
    report = Report()
    with flaky() as (address, taken):
        # Given here, since a destination is only added where it may be reached.
        async with installation(Settings(home=home, act=ActSettings(allow_networks=("127.0.0.0/8",)))) as desk:
            await merges.note(desk)
            await acting.learn(desk, await desk.workspace("main"), address)
        senders = await asyncio.to_thread(_rage, home, rounds, random.Random(seed), told, report)
    async with installation(Settings(home=home)) as desk:
        await _count(desk, senders, taken, report)
    return report


def _rage(home: Path, rounds: int, chance: random.Random, told: Callable[[str], None], report: Report) -> list[Sender]:
    """Kill under load until all rounds are over and all consumers are at the end; returns who was acknowledged what."""
    ended = threading.Event()
    with processes_on(home) as processes:
        senders = [Sender(processes, number, ended) for number in range(SENDERS)]
        calm = threading.Event()
        approver = Approver(processes, calm)
        for thread in (*senders, approver):
            thread.start()
        while report.kills.total() < rounds:
            time.sleep(chance.uniform(*(CALM if chance.random() < 1 / 4 else HAIL)))
            target = chance.choice(("api", "worker", "postgres"))
            if processes.kill(target):
                report.kills[target] += 1
                told(f"{report.kills.total()}: {target}")
        ended.set()
        for sender in senders:
            sender.join(COMES_BACK_WITHIN)
            assert not sender.is_alive(), "a sender was never answered"
        _come_to_rest(processes)
        calm.set()
        approver.join(COMES_BACK_WITHIN)
        assert not approver.is_alive(), "something is asked that nobody can answer"
        # Runs that chase wait for days then.
        for playbook in (WARN_BUYER.name, CLIMB, ASK):
            processes.until(f"/v1/runs?state=running&playbook={playbook}", lambda found: not found["runs"])
        # What a killed process was sending is taken over when its lease has run out.
        for state in ("waiting", "sending"):
            processes.until(f"/v1/deliveries?state={state}", lambda found: not found["deliveries"])
        _come_to_rest(processes)
    report.acknowledged = sum(len(sender.acknowledged) for sender in senders)
    report.resent = sum(sender.resent for sender in senders)
    return senders


def _come_to_rest(processes: Processes) -> None:
    processes.until("/v1/status", lambda now: len(now["lags"]) == len(LOOP) and not any(now["lags"].values()))


async def _count(desk: Desk, senders: Sequence[Sender], taken: Taken, report: Report) -> None:
    tenant = await desk.workspace("main")
    acknowledged = {(sender.called, id_) for sender in senders for id_ in sender.acknowledged}
    async with desk.owner.transaction(tenant.number) as tx:
        found = Counter((row["source"], row["id"]) for row in await tx.rows("select source, id from sightline.ledger"))
        report.durability = ", ".join(
            [f"{name}={await tx.value(f'show {name}')}" for name in ("fsync", "synchronous_commit")]
        )
    report.lost = len(acknowledged - found.keys())
    report.doubled = sum(count > 1 for count in found.values())
    await _compare_lake(desk, desk.lake, tenant, report)
    report.merges = await merges.count(desk)
    calls = [call for sender in senders for call in sender.calls]
    report.deeds = await acting.count(desk, tenant, calls, taken)
    before = await _contents(desk)
    await keeping.rebuild(desk, progress=lambda done, of: None)
    after = await _contents(desk)
    report.changed = tuple(name for name in PROJECTIONS if before[name] != after[name])


async def _contents(desk: Desk) -> dict[str, Any]:
    found = {}
    async with desk.owner.transaction(None) as tx:
        for name in PROJECTIONS:
            found[name] = await tx.value(
                f"select md5(string_agg(x::text, chr(10) order by x::text)) || count(*) from sightline.{name} x"
            )
    return found


async def _compare_lake(desk: Desk, lake: Lake, tenant: Tenant, report: Report) -> None:
    async with desk.db.transaction(tenant.number) as tx:
        there = Counter((await lake.read(tx))["position"].to_list())
        rows = await tx.rows("select position from sightline.ledger where tenant = :t", t=tx.tenant)
    report.lake_missing = len({row["position"] for row in rows} - there.keys())
    report.lake_doubled = sum(count > 1 for count in there.values())
