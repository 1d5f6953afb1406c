"""A hundred times `kill -9` at random moments under load: `python -m benchmarks.crash [ROUNDS] [SEED]`.

An interface, a worker and PostgreSQL are killed in random order while three senders send facts, corrections and late
facts. Limits: nothing acknowledged is lost or doubled, every projection equals its rebuild, the lake equals the ledger.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from tests.crash.storm import storm


def main() -> None:
    rounds, seed = [*map(int, sys.argv[1:]), *(100, 0)[len(sys.argv) - 1 :]][:2]
    folder = Path(tempfile.mkdtemp(prefix="storm-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        report = asyncio.run(storm(folder / "home", rounds, seed=seed, told=lambda line: print(line, flush=True)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"PostgreSQL {report.durability}; kills {dict(report.kills)}")
    print(f"acknowledged {report.acknowledged:,}, sent again {report.resent:,}")
    print(f"lost {report.lost}, doubled {report.doubled} (limits 0, 0)")
    print(f"projections unlike their rebuild: {', '.join(report.changed) or 'none'} (limit: none)")
    print(f"lake: missing {report.lake_missing}, doubled {report.lake_doubled} (limits 0, 0)")


if __name__ == "__main__":
    main()
