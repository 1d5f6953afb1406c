"""How long the first look takes: installing on a bare clone, the first run, the second.

`python -m benchmarks.first_look [--clone]`. Limits: from a bare clone to the printed list under 4 minutes; installed,
the first run under 90 s, every later one under 10 s. With `--clone` it clones this repository and installs it as well,
for which it fetches packages; without, it says that this one is not measured. Ends with 1 when a limit is missed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BARE, FIRST, AGAIN = 240, 90, 10
"""Seconds from a bare clone to the printed list, of the first run once installed, and of every later one."""
RUNS = (("first", FIRST), ("second", AGAIN), ("third", AGAIN))


def timed(*command: str, cwd: Path, home: Path) -> float:
    """Seconds a command takes; stops the benchmark when it fails."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SIGHTLINE_")}
    begun = time.perf_counter()
    subprocess.run(command, cwd=cwd, env={**env, "SIGHTLINE_HOME": str(home)}, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def held(label: str, seconds: float, limit: int) -> bool:
    """Print a figure beside its limit. Whether it holds."""
    print(f"{label}: {seconds:.1f} s (limit {limit})", flush=True)
    return seconds < limit


def bare(folder: Path) -> bool:
    """Clone, install and run. Whether the limit holds."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "clone")], check=True)
    seconds = timed("make", "demo", "ARGS=--once", cwd=folder / "clone", home=folder / "bare")
    return held("bare clone to the printed list", seconds, BARE)


def main() -> int:
    """Returns 1 when a limit is missed."""
    good = True
    folder = Path(tempfile.mkdtemp(prefix="first-look-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        if "--clone" in sys.argv:
            good = bare(folder)
        else:
            print(f"bare clone to the printed list: not measured, for that give --clone (limit {BARE})", flush=True)
        demo = (sys.executable, "-m", "sightline.main", "demo", "--once")
        for run, limit in RUNS:
            good = held(f"installed, {run} run", timed(*demo, cwd=ROOT, home=folder / "home"), limit) and good
    finally:
        shutil.rmtree(folder)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
