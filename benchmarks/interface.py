"""The whole interface under made-up requests: `python -m benchmarks.interface [--cases 10000] [--only NAME ...]`.

One process of `sightline serve` over the demonstration and a file of one's own, and one API key per role; whoever has
none is a role too. All roles call at once. Schemathesis makes requests from the OpenAPI document, half of them wrong,
and judges each answer.
Limits: at least as many cases as asked for, no answer that the document does not tell of, none from 500 on. Ends with
1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.common import new_home, serving
from tests.interfaces.rest.fuzzing import Attack, Caller, Tally
from tests.interfaces.rest.realities import Realities

NOBODY = "nobody"
ROLES = (NOBODY, "viewer", "operator", "owner")
WORKSPACE = "demo"

SPARE = 2
"""Requests more to an operation than were asked for: values at the edge run out for the plainest of them."""

OFTEN = str(10**9)
SHOWN = 3


def demonstrated(home: Path) -> None:
    """The demonstration's workspace."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SIGHTLINE_")}
    command = (sys.executable, "-m", "sightline.main", "demo", "--once")
    subprocess.run(command, env={**env, "SIGHTLINE_HOME": str(home)}, check=True, stdout=subprocess.DEVNULL)


def token_of(owner: httpx.Client, role: str) -> str | None:
    """A new API key of that role."""
    if role == NOBODY:
        return None
    answer = owner.post("/v1/keys", json={"name": f"bench-{role}", "role": role})
    answer.raise_for_status()
    return str(answer.json()["token"])


def told(role: str, tally: Tally, took: float) -> None:
    """Print what came of a role."""
    statuses: Counter[int] = Counter()
    for (_, status), times in tally.answers.items():
        statuses[status] += times
    shown = ", ".join(f"{status}: {times:,}" for status, times in sorted(statuses.items()))
    print(
        f"{role}: {tally.cases.total():,} cases of {len(tally.cases)} operations in {took:.0f} s ({shown})", flush=True
    )
    for (operation, title), hows in sorted(tally.faults.items()):
        print(f"  {operation}: {title}, {len(hows):,} times", flush=True)
        for how in hows[:SHOWN]:
            print("      " + how.replace("\n", "\n      ")[:3_000])


@dataclass(frozen=True, slots=True)
class Orders:
    """What the process that is one role is told."""

    url: str
    owner: str
    role: str
    token: str | None
    each: int
    only: list[str]

    def carried_out(self) -> tuple[Tally, float]:
        """What came of it, and how many seconds it took."""
        begun = time.perf_counter()
        with client_of(self.url, self.owner) as owner:
            real = Realities(owner, WORKSPACE)
            real.look()
            document = owner.get("/openapi.json").json()
            tally = Attack(Caller(url=self.url, token=self.token, real=real), document, self.each).run(self.only)
        return tally, time.perf_counter() - begun


def client_of(url: str, token: str) -> httpx.Client:
    """The owner's way to the server."""
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60)


def measured(url: str, token: str, given: argparse.Namespace) -> bool:
    """Whether all limits hold."""
    cases = faults = 0
    with client_of(url, token) as owner:
        paths = owner.get("/openapi.json").json()["paths"]
        each = math.ceil(given.cases / len(ROLES) / sum(len(methods) for methods in paths.values()))
        Realities(owner, WORKSPACE).prepare()
        orders = [Orders(url, token, role, token_of(owner, role), each + SPARE, given.only) for role in ROLES]
    with ProcessPoolExecutor(len(ROLES), multiprocessing.get_context("spawn")) as pool:
        for order, (tally, took) in zip(orders, pool.map(Orders.carried_out, orders), strict=True):
            told(order.role, tally, took)
            cases, faults = cases + tally.cases.total(), faults + len(tally.faults)
    print(f"{cases:,} cases (limit {given.cases:,}), {faults:,} faults (limit 0)", flush=True)
    return faults == 0 and (cases >= given.cases or bool(given.only))


def main() -> int:
    """Returns 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--only", nargs="*", default=[], help="operations to try; all when left out")
    given = parser.parse_args()
    with new_home("interface") as home:
        demonstrated(home)
        with serving(home, SIGHTLINE_HTTP__REQUESTS_PER_MINUTE=OFTEN) as port:
            token = (home / "owner.token").read_text().strip()
            return 0 if measured(f"http://127.0.0.1:{port}", token, given) else 1


if __name__ == "__main__":
    sys.exit(main())
