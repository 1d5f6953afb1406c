"""A million events: import, features and training: `python -m benchmarks.million [--events 1000000]`.

The shipped deliveries again and again, each time under new keys, orders and shipments, with the same projects,
vendors, sites, products and countries, so histories are long. Limit: 4 GB of resident memory, at its peak, in the
Python processes together; what PostgreSQL uses is told beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sightline
from benchmarks.common import new_home
from sightline.foundation import tenants
from sightline.foundation.postgres import running
from sightline.foundation.settings import Settings
from sightline.kernel.desk import Desk, asking, importing
from sightline.main.installation import installation
from sightline.packs.supply.observe import DELIVERIES
from sightline.packs.supply.predict import ARRIVES_LATE

HISTORY = Path(sightline.__file__).parent / "packs" / "supply" / "data" / "scms_delivery.csv.gz"
LIMIT = 4 * 1024**3
EVERY = 0.2
PER_ROW = 3.2
"""Events a row of the deliveries becomes, about."""
PAGE = os.sysconf("SC_PAGE_SIZE")


def write(path: Path, rows: int) -> None:
    """A file of that many lines, no two of the same key."""
    with gzip.open(HISTORY, "rt", encoding="utf-8", newline="") as packed:
        header, *lines = packed.readlines()
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(header)
        for number in range(rows):
            again, place = divmod(number, len(lines))
            _, project, quote, order, shipment, rest = lines[place].split(",", 5)
            out.write(f"{number + 1},{project},{quote},{order}-{again},{shipment}-{again},{rest}")


def children() -> dict[int, list[int]]:
    """Process to those it started."""
    found: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        found.setdefault(parent, []).append(int(folder.name))
    return found


def below(pid: int, tree: dict[int, list[int]]) -> Iterator[int]:
    """A process and all it started."""
    yield pid
    for child in tree.get(pid, []):
        yield from below(child, tree)


def resident(pid: int) -> tuple[int, int]:
    """Bytes in memory: all of it, and without what is shared with others."""
    try:
        _, whole, shared, *_ = (int(word) * PAGE for word in Path(f"/proc/{pid}/statm").read_text().split())
    except (OSError, ValueError):
        return 0, 0
    return whole, whole - shared


class Watch:
    """The peaks of memory, looked at several times a second."""

    def __init__(self) -> None:
        self.python = self.postgres = self.phase = 0
        self.server: int | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._stop.wait(EVERY):
            tree = children()
            server = set(below(self.server, tree)) if self.server else set()
            python = sum(resident(pid)[0] for pid in set(below(os.getpid(), tree)) - server)
            self.python, self.phase = max(self.python, python), max(self.phase, python)
            self.postgres = max(self.postgres, sum(resident(pid)[1] for pid in server))

    def end(self) -> None:
        """Stop looking."""
        self._stop.set()
        self._thread.join()


@contextmanager
def timed(label: str, watch: Watch, events: int = 0) -> Iterator[None]:
    """Tell how long the block took and how much memory it needed."""
    watch.phase = 0
    began = time.perf_counter()
    yield
    took = time.perf_counter() - began
    rate = f", {events / took:,.0f} events a second" if events else ""
    print(f"  {label:34} {took:7.1f} s, peak {watch.phase / 1e9:.2f} GB{rate}", flush=True)


async def measured(desk: Desk, file: Path, watch: Watch, events: int) -> None:
    """Import, then train and prove."""
    found = running(desk.settings.home)
    watch.server = found.pid if found else None
    async with desk.owner.transaction(None) as tx:
        told = [f"{name}={await tx.value(f'show {name}')}" for name in ("fsync", "synchronous_commit")]
        buffers = await tx.value("show shared_buffers")
    print(f"  PostgreSQL {', '.join(told)}, shared_buffers={buffers}", flush=True)
    tenant = await tenants.make(desk.db, "million")
    with timed("import and once around the loop", watch, events):
        done = await importing.import_file(desk, tenant, file, DELIVERIES)
    print(f"  {done}", flush=True)
    with timed("features, training, proof, scoring", watch, events):
        model = await asking.ask(desk, tenant, ARRIVES_LATE)
    metrics = model.proof["metrics"]
    print(f"  verdict {model.proof['verdict']}, AUC {metrics['auc']:.3f}, split {model.proof['split']}")


async def main() -> int:
    """Returns 1 when the limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    given = parser.parse_args()
    with gzip.open(HISTORY, "rb") as packed:
        one = sum(1 for _ in packed) - 1
    watch = Watch()
    with new_home("million") as home:
        file = home.parent / "deliveries.csv"
        rows = int(given.events / PER_ROW) + 1
        write(file, rows)
        print(f"{rows:,} rows ({one:,} real ones repeated), {file.stat().st_size / 1e6:.0f} MB", flush=True)
        async with installation(Settings(home=home)) as desk:
            await measured(desk, file, watch, given.events)
    watch.end()
    print(f"  peak of Python {watch.python / 1e9:.2f} GB (limit {LIMIT / 1e9:.2f}); of PostgreSQL, its shared memory"
          f" apart, {watch.postgres / 1e9:.2f} GB")  # fmt: skip
    return 0 if watch.python <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
