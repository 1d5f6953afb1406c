"""How long the first look takes: installing on a bare clone, the first run, the second.

`python -m benchmarks.first_look [--clone]`. Limits: from a bare clone to the printed list under 4 minutes; installed,
the first run under 90 s, the second under 10 s. With `--clone` it clones this repository and installs it as well.
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


def timed(*command: str, cwd: Path, home: Path) -> float:
    """Seconds a command takes; stops the benchmark when it fails."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SIGHTLINE_")}
    begun = time.perf_counter()
    subprocess.run(command, cwd=cwd, env={**env, "SIGHTLINE_HOME": str(home)}, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="first-look-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        if "--clone" in sys.argv:
            subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "clone")], check=True)
            seconds = timed("make", "demo", "ARGS=--once", cwd=folder / "clone", home=folder / "bare")
            print(f"bare clone to the printed list: {seconds:.1f} s (limit 240)")
        demo = (sys.executable, "-m", "sightline.main", "demo", "--once")
        for run, limit in (("first", 90), ("second", 10), ("third", 10)):
            print(f"installed, {run} run: {timed(*demo, cwd=ROOT, home=folder / 'home'):.1f} s (limit {limit})")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
