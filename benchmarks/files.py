"""How much memory and time a large file takes: `python benchmarks/files.py [--gigabytes 5] [--rows 1000000] [--loop]`.

The shipped deliveries again and again, each time under new keys, orders and shipments, until the file is large enough.
Then the program looks at it (`--preview`) and records its first rows in a home of its own. Memory is the peak of the
process as the system tells it, without PostgreSQL, a process of its own. Limit: 600 MB each; ends with 1 when missed.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from sightline.foundation.settings import Settings
from sightline.kernel.declared import Kinds
from sightline.kernel.observe import mapping_file
from sightline.kernel.observe.imports import Importer
from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.sniff import propose
from sightline.main.installation import installation
from sightline.vocabulary.words import WORDS

DELIVERIES = Path(__file__).parents[1] / "src/sightline/packs/supply/data/scms_delivery.csv.gz"
LIMIT = 600
"""Megabytes, for the look at the file and for recording its rows alike."""


def lines(rows: list[str]) -> Iterator[str]:
    """Endless rows, no two alike."""
    number = again = 0
    while True:
        again += 1
        for row in rows:
            number += 1
            _, project, quote, order, shipment, rest = row.split(",", 5)
            yield f"{number},{project},{quote},{order}-{again},{shipment}-{again},{rest}"


def write(path: Path, size: int) -> int:
    """Write a file of at least `size` bytes; returns its rows."""
    with gzip.open(DELIVERIES, "rt", encoding="utf-8", newline="") as packed:
        header, *rows = packed.readlines()
    done = count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(header)
        for line in lines(rows):
            done += out.write(line)
            count += 1
            if done >= size:
                return count
    return count


def peak() -> float:
    """Megabytes this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def preview(file: Path, home: Path) -> float:
    """The installed program looks at the file, as a user would have it. Returns its peak in megabytes."""
    command = [sys.executable, "-m", "sightline.main", "import", str(file), "--preview", "--json"]
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    needed = used.ru_maxrss / 1e3
    print(f"preview: {needed:,.0f} MB (limit {LIMIT}), {time.perf_counter() - begun:.1f} s", flush=True)
    return needed


async def record(file: Path, home: Path, rows: int, *, loop: bool) -> float:
    """Record the first rows, in this process; with `loop`, let every stage behind the ledger work them off as well.

    Returns the peak of recording in megabytes.
    """
    mapping = propose(file, words=WORDS).mapping
    async with installation(Settings.load(home=home / "home")) as desk:
        tenant = await desk.workspace("main")
        now = desk.now(tenant)
        print(f"a process with all that is needed: {peak():,.0f} MB")
        begun = time.perf_counter()
        importer = Importer(desk.db, tenant, desk.vault, mapping, Kinds(desk.registry), now=now)
        read = islice(open_table(file, mapping.dialect).rows(), rows)
        done = await importer.run(read, file=file.name, mapping_text=mapping_file.text_of(mapping))
        seconds = time.perf_counter() - begun
        told = f"{seconds:.1f} s, {done.rows / seconds:,.0f} rows/s, {done.events / seconds:,.0f} events/s"
        needed = peak()
        print(f"first {done.rows:,} rows, {done.events:,} events recorded: {needed:,.0f} MB (limit {LIMIT}), {told}")
        if loop:
            begun = time.perf_counter()
            await desk.go_round(tenant)
            print(f"all stages behind: {peak():,.0f} MB (no limit here), {time.perf_counter() - begun:.1f} s")
    return needed


def main() -> int:
    """Returns 1 when a limit is missed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--gigabytes", type=float, default=5.0)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--loop", action="store_true", help="work the events off as well (no limit is set on that here)")
    asked.add_argument("--folder", type=Path, default=Path("/var/tmp"))
    given = asked.parse_args()
    size = int(given.gigabytes * 1e9)
    if shutil.disk_usage(given.folder).free < 3 * size:
        sys.exit(f"{given.folder} has not {3 * size / 1e9:.0f} GB free; name another with --folder.")
    home = Path(tempfile.mkdtemp(prefix="sightline-files-", dir=given.folder))
    home.chmod(0o711)
    try:
        file = home / "large.csv"
        count = write(file, size)
        print(f"{file.stat().st_size / 1e9:.2f} GB, {count:,} rows", flush=True)
        peaks = preview(file, home), asyncio.run(record(file, home, given.rows, loop=given.loop))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return 0 if max(peaks) <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
