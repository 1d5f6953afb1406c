"""Run the named benchmarks, or all: `python -m benchmarks [NAME ...]`."""

from __future__ import annotations

import subprocess
import sys

MODULES = (
    "answers", "leaks", "quality", "first_look", "crash", "ingest", "million", "files", "live", "delivery",
    "acting", "runs", "reads", "paint", "interface", "effect",
)  # fmt: skip


def main() -> int:
    """Each in a process of its own, so that none measures another's memory. Returns how many failed."""
    names = sys.argv[1:] or MODULES
    failed = 0
    for name in names:
        print(f"\n== {name}", flush=True)
        failed += subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
