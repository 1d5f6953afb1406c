"""Measure the named rows, or all, print the table and keep it: `python -m benchmarks.answers [NAME ...]`.

Each in a process of its own, one after the other. `SIGHTLINE_DATA` names the folder of what may not ship; what it does
not hold is told and left out. Ends with 1 when a limit is missed, or a row could not be measured for another reason.
"""

from __future__ import annotations

import subprocess
import sys

from benchmarks.answers.rows import Row, keep, taken

MODULES = (
    "deliveries", "leads", "subscribers", "invoices", "customers", "deals", "audit", "features", "ladder", "live",
    "bulk",
)  # fmt: skip
ORDER = (
    "deliveries", "leads", "subscribers", "invoices", "customers", "deals",
    "leaks", "features", "ladder", "live", "bulk",
)  # fmt: skip
"""How the names of rows begin, as they stand in the table."""


def measured(name: str) -> tuple[list[Row], bool]:
    """The rows of one module, and whether it ended as it should: with 1 only where a limit is missed."""
    rows: list[Row] = []
    words = [sys.executable, "-m", f"benchmarks.answers.{name}"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            row = taken(line)
            if row is None:
                print(line, end="", flush=True)
            else:
                rows.append(row)
    return rows, bool(rows)


def main() -> int:
    """Returns 1 when a limit is missed."""
    names = sys.argv[1:] or MODULES
    unknown = [name for name in names if name not in MODULES]
    if unknown:
        print(f"No row {', '.join(unknown)}. Known: {', '.join(MODULES)}")
        return 1
    good = True
    for name in names:
        print(f"\n== {name}", flush=True)
        rows, ended = measured(name)
        table = keep(rows, ORDER)
        good = good and ended and not any(row.held is False for row in rows)
    print("\n" + table)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
