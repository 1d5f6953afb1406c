"""A hundred times `kill -9` at random moments under load: `python -m benchmarks.crash [ROUNDS] [SEED]`.

An interface, a worker and PostgreSQL are killed in random order while three senders send facts, corrections and late
facts, and lines that call for a forecast, a decision and a deed: at once, after somebody's yes, or in
two messages with a minute between them, the second to a destination that refuses some at first and takes some
without answering. Limits: nothing acknowledged is lost or doubled, every
projection equals its rebuild, the lake equals the ledger through all its merges, each deed that was decided is done
once and no other. Ends with 1 when one is missed.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from tests.crash.storm import Report, storm

NONE = 0
"""How much may be lost, doubled or changed: a kill leaves no trace."""


def limited(label: str, *found: int) -> bool:
    """Print figures beside their limit. Whether they all hold."""
    print(f"{label}: {', '.join(map(str, found))} (limit {NONE} each)")
    return max(found) <= NONE


def told(report: Report) -> bool:
    """Print what was counted. Whether every limit holds."""
    print(f"PostgreSQL {report.durability}; kills {dict(report.kills)}")
    print(f"acknowledged {report.acknowledged:,}, sent again {report.resent:,}")
    for name in report.changed:
        print(f"the projection '{name}' is unlike its rebuild")
    deeds = report.deeds
    print(f"lines that called for a decision {deeds.called:,}, done by itself {dict(deeds.acted)} (limit: some)")
    print(f"messages refused at first {deeds.refused}, taken again under the same name {deeds.repeated}")
    print(f"merges of the lake {report.merges} (limit: more than {NONE})")
    holds = (
        report.merges > NONE and deeds.acted.total() > NONE,
        limited("lost, doubled", report.lost, report.doubled),
        limited("projections unlike their rebuild", len(report.changed)),
        limited("lake: missing, doubled", report.lake_missing, report.lake_doubled),
        limited("lines without a decision, decisions that know nothing of the line, decisions without their events",
                deeds.undecided, deeds.unweighed, deeds.unfounded),
        limited("runs that did not end, questions that nobody could answer", deeds.unended, deeds.unanswered),
        limited("done twice, decided but not done, done but not decided",
                deeds.acted_twice, deeds.undone, deeds.uncalled),
    )  # fmt: skip
    return all(holds)


def main() -> int:
    """Returns 1 when a limit is missed."""
    rounds, seed = [*map(int, sys.argv[1:]), *(100, 0)[len(sys.argv) - 1 :]][:2]
    folder = Path(tempfile.mkdtemp(prefix="storm-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        report = asyncio.run(storm(folder / "home", rounds, seed=seed, told=lambda line: print(line, flush=True)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if told(report) else 1


if __name__ == "__main__":
    sys.exit(main())
