"""Features of 5 million events at 100,000 cutoffs: `python -m benchmarks.answers features`.

The engine and the same columns by hand in Polars, each in a process of its own that the system tells the peak of. Then
Featuretools with cutoff times, on a sample that it finishes.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.answers import features_by_hand, race
from benchmarks.answers.events import QUESTION, log
from benchmarks.answers.rows import Row, hand_over
from sightline.kernel.predict.examples import examples
from sightline.kernel.predict.features import features

EVENTS, CUSTOMERS = 5_000_000, 20_000
SAMPLE_EVENTS, SAMPLE_CUSTOMERS = 200_000, 4_000
SECONDS, GIGABYTES, RATIO, FASTER, LEAST_COLUMNS, LEAST_CUTOFFS = 30.0, 6.0, 4.0, 30.0, 100, 100_000
SEEN = "MEASURED "


def measure(way: str, events: int, customers: int) -> None:
    """Runs in a process of its own: print what the features took, the log and the examples left out, and the peak."""
    made = log(events, customers)
    asked = examples(QUESTION, made.facts)
    began, spent = time.perf_counter(), time.process_time()
    if way == "engine":
        columns = features(QUESTION, asked, made.facts).frame.width - 1
    else:
        columns = features_by_hand.table(made, asked.eligible).width
    found = {
        "columns": columns, "rows": asked.eligible.height, "wall": time.perf_counter() - began,
        "spent": time.process_time() - spent, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2,
    }  # fmt: skip
    print(SEEN + json.dumps(found), flush=True)


def measured(way: str, events: int, customers: int) -> dict[str, Any]:
    """By a child."""
    words = [sys.executable, "-m", "benchmarks.answers.features", way, str(events), str(customers)]
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    line = next(line for line in told.splitlines() if line.startswith(SEEN))
    found: dict[str, Any] = json.loads(line.removeprefix(SEEN))
    print(f"  {way}, {events:,} events: {found}", flush=True)
    return found


def alone(found: dict[str, Any]) -> float:
    """Seconds of wall clock, or of computing where those are fewer: on a machine that does nothing else what only
    computes takes no longer than it computes.
    """
    return float(min(found["wall"], found["spent"]))


def slow(events: int, customers: int) -> dict[str, Any]:
    """Featuretools on the same log."""
    made = log(events, customers)
    with tempfile.TemporaryDirectory(prefix="slow-", dir="/var/tmp") as name:
        folder = Path(name)
        made.events.write_parquet(folder / "events.parquet")
        made.customers.write_parquet(folder / "customers.parquet")
        examples(QUESTION, made.facts).eligible.select("key", "cutoff").write_parquet(folder / "asked.parquet")
        subprocess.run([race.python(), race.ROOT / "benchmarks" / "slow_features.py", folder], check=True)
        found: dict[str, Any] = json.loads((folder / "slow.json").read_text())
    print(f"  Featuretools: {found}", flush=True)
    return found


def rows() -> list[Row]:
    """At full size beside Polars by hand, and on a sample beside Featuretools."""
    own, hand = measured("engine", EVENTS, CUSTOMERS), measured("by hand", EVENTS, CUSTOMERS)
    ratio = own["spent"] / hand["spent"]
    little, others = measured("engine", SAMPLE_EVENTS, SAMPLE_CUSTOMERS), slow(SAMPLE_EVENTS, SAMPLE_CUSTOMERS)
    faster, less = others["wall"] / little["wall"], others["spent"] / little["spent"]
    enough = own["columns"] >= LEAST_COLUMNS and own["rows"] >= LEAST_CUTOFFS
    return [
        Row(
            name="features", data=f"made-up log, {EVENTS:,} events, {CUSTOMERS:,} subjects",
            split=f"{own['rows']:,} cutoffs", peers=f"plain Polars by hand, {hand['columns']} columns",
            seconds=f"ours {own['wall']:.1f} ({own['spent']:.1f}); by hand {hand['wall']:.1f} ({hand['spent']:.1f})",
            ours=f"{own['columns']} columns in {own['wall']:.1f} s, {own['spent']:.1f} s of computing,"
                 f" peak {own['peak']:.1f} GB",
            best=f"{hand['wall']:.1f} s, {hand['spent']:.1f} s of computing, peak {hand['peak']:.1f} GB",
            difference=f"{ratio:.1f} times the computing",
            limit=f"{SECONDS:.0f} s, {GIGABYTES:.0f} GB, {RATIO:.0f} times by hand",
            held=enough and alone(own) <= SECONDS and own["peak"] <= GIGABYTES and ratio <= RATIO,
        ),
        Row(
            name="features: Featuretools", data=f"made-up log, {SAMPLE_EVENTS:,} events, {SAMPLE_CUSTOMERS} subjects",
            split=f"{little['rows']:,} cutoffs", peers=f"Featuretools with cutoff times, {others['columns']} columns",
            seconds=f"ours {little['wall']:.1f} ({little['spent']:.1f});"
                    f" Featuretools {others['wall']:.1f} ({others['spent']:.1f})",
            ours=f"{little['columns']} columns in {little['wall']:.2f} s, {little['spent']:.2f} s of computing",
            best=f"{others['wall']:.1f} s, {others['spent']:.1f} s of computing",
            difference=f"{faster:.0f} times faster, {less:.0f} times less computing",
            limit=f"at least {FASTER:.0f} times faster", held=faster >= FASTER,
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
        sys.exit(0)
    sys.exit(hand_over(rows))
