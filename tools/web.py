"""Build the web app into the Python package: `python3 tools/web.py [check]`. Standard library only.

Prevents: a first look that fails for want of Node, or shows an app older than its source. A Node that is new enough is
used where there is one; else it is taken from the Python package index into `.node`. What has not changed is not built
again. `check` also runs the app's own checks: style, types, the client against docs/openapi.json, unit tests.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
OUT = ROOT / "src" / "sightline" / "interfaces" / "rest" / "web"
NODE = ROOT / ".node"
LOCK = ROOT / "requirements" / "node.lock"
NEEDED = (20, 19)
"""The oldest Node that the build tools run on."""

LEFT_OUT = {"node_modules"}


def enough(version: str) -> bool:
    """Whether a Node that calls itself so (v20.19.2) is new enough."""
    numbers = version.strip().removeprefix("v").split(".")
    return len(numbers) > 1 and all(n.isdigit() for n in numbers[:2]) and tuple(map(int, numbers[:2])) >= NEEDED


def present(path: str) -> bool:
    """Whether Node and npm are found on `path`, and new enough."""
    node = shutil.which("node", path=path)
    if node is None or shutil.which("npm", path=path) is None:
        return False
    return enough(subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout)


def node_path() -> str:
    """A PATH on which Node and npm are found, fetched first where there are none."""
    path = os.environ.get("PATH", "")
    if present(path):
        return path
    own = f"{NODE / 'bin'}{os.pathsep}{path}"
    if read(NODE / "stamp") != stamp_of(LOCK) or not present(own):
        print("Fetching Node into .node ...", flush=True)
        shutil.rmtree(NODE, ignore_errors=True)
        run(sys.executable, "-m", "venv", NODE)
        pip = (NODE / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
        run(*pip, "--require-hashes", "--only-binary", ":all:", "-r", LOCK)
        (NODE / "stamp").write_text(stamp_of(LOCK), encoding="utf-8")
    return own


def run(*command: str | Path, path: str | None = None) -> None:
    """Run one step in web/; show what it said and stop with its code when it fails."""
    environment = {**os.environ, "PATH": path or os.environ.get("PATH", "")}
    done = subprocess.run([str(part) for part in command], cwd=WEB, env=environment, check=False)
    if done.returncode:
        print(f"\nThis step failed, in web/: {' '.join(map(str, command))}\nMend it and run make web again.")
        sys.exit(done.returncode)


def sources() -> list[Path]:
    """Every file the app is built from."""
    found = []
    for folder, inside, names in os.walk(WEB):
        inside[:] = [name for name in inside if name not in LEFT_OUT]
        found += [Path(folder, name) for name in names]
    return sorted(found)


def stamp_of(*paths: Path) -> str:
    """What a stamp says of files: their names and their content."""
    content = hashlib.sha256()
    for path in paths:
        content.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return content.hexdigest()


def read(stamp: Path) -> str:
    """A stamp's text, empty when there is none."""
    return stamp.read_text(encoding="utf-8") if stamp.is_file() else ""


def packages(path: str) -> None:
    """What package-lock.json names, in web/node_modules."""
    stamp = WEB / "node_modules" / ".sightline"
    wanted = stamp_of(WEB / "package-lock.json")
    if read(stamp) != wanted:
        run("npm", "ci", "--silent", path=path)
        stamp.write_text(wanted, encoding="utf-8")


def main(check: bool) -> None:
    """Do what is not done yet."""
    wanted = stamp_of(*sources())
    stamp = OUT / ".stamp"
    built = read(stamp) == wanted
    if built and not check:
        return
    path = node_path()
    packages(path)
    if check:
        run("npm", "run", "--silent", "check", path=path)
    if not built:
        print("Building the web app ...", flush=True)
        run("npm", "run", "--silent", "build", path=path)
        stamp.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    main("check" in sys.argv[1:])
