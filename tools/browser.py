"""See that there is a Chromium for the tests of the web app: `python3 tools/browser.py`. Standard library only.

Prevents: tests of the web app that pass because they were left out. Where it may, it installs the distribution's own;
else it says what to run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = "apt-get install --yes --no-install-recommends chromium"


def found() -> str | None:
    """The browser to test with, if there is one."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def main() -> None:
    """Install it as root; as anybody else say how."""
    if found():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the tests of the web app ...", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, stdout=sys.stderr, check=False)
        subprocess.run([*INSTALL.split(), "-qq"], env=quiet, stdout=sys.stderr, check=False)
    if not found():
        sys.exit(f"The tests of the web app need Chromium. Install it: sudo {INSTALL}")


if __name__ == "__main__":
    main()
