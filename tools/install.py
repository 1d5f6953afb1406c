"""Make .venv hold exactly what the locks say: `python3 tools/install.py base|dev`. Standard library only.

Prevents: a first look that fails on somebody else's machine. Nothing but Python 3.11 with venv is taken for granted;
an environment that happens to be active is left alone; a second run finds its stamp and does nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED = (3, 11)
NEWEST_FIRST = ("python3.14", "python3.13", "python3.12", "python3.11")
FOREIGN = (
    *("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONUSERBASE"),
    *("UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_PROJECT_ENVIRONMENT", "UV_TARGET", "UV_PREFIX"),
    *("PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT", "PIP_PYTHON"),
)
"""Variables that would send an installation elsewhere. Those that name an index or a proxy are kept."""


def run(*command: str | Path) -> None:
    """Run one step; stop with its exit code when it fails."""
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=False)
    if done.returncode:
        print(f"\nThis step failed: {' '.join(map(str, command))}\nMend it and run make again: what is done is kept.")
        sys.exit(done.returncode)


def find_python() -> None:
    """Go on under a Python that is new enough, or say what is needed."""
    if sys.version_info >= NEEDED:
        return
    for name in NEWEST_FIRST:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, *sys.argv])
    print(f"Sightline needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")
    print(
        "Install one (Debian: apt-get install python3 python3-venv), or name it: make demo PYTHON=/path/to/python3.12"
    )
    sys.exit(1)


def digest(*names: str) -> str:
    """What the stamp of these files says: their content, and where the environment stands."""
    content = b"".join((ROOT / name).read_bytes() for name in names)
    return f"{ROOT}\n{hashlib.sha256(content).hexdigest()}\n"


def read(stamp: Path) -> str:
    """A stamp's text, empty when there is none."""
    return stamp.read_text(encoding="utf-8") if stamp.is_file() else ""


def works() -> bool:
    """Whether there is an environment here that starts and was not moved from elsewhere."""
    stamps = [read(path) for path in VENV.glob("*.stamp")]
    moved = any(not text.startswith(f"{ROOT}\n") for text in stamps)
    test = [str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    return PYTHON.exists() and not moved and subprocess.run(test, check=False).returncode == 0


def create() -> None:
    """A new, empty environment with pip."""
    print("Creating .venv ...", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        print("\nPython came without venv. Debian and Ubuntu: apt-get install python3-venv; then run make again.")
        sys.exit(1)


def install(group: str) -> None:
    """The installer, the locked packages, the client and Sightline itself in place."""
    print(f"Installing requirements/{group}.lock into .venv ...", flush=True)
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    if subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode:
        run(PYTHON, "-m", "ensurepip")
    run(*pip, "--require-hashes", "--only-binary", ":all:", "-r", "requirements/build.lock")
    uv = (VENV / "bin" / "uv", "pip", "install", "--python", PYTHON)
    run(*uv, "--require-hashes", "-r", f"requirements/{group}.lock")
    run(*uv, "--quiet", "--no-deps", "--no-build-isolation", "--editable", CLIENT, "--editable", ".")
    run(PYTHON, "tools/system.py")


def main(group: str) -> None:
    """Do what is not done yet."""
    find_python()
    if not works():
        create()
    told = ("pyproject.toml", f"{CLIENT}/pyproject.toml", "requirements/build.lock")
    wanted = {name: digest(*told, f"requirements/{name}.lock") for name in LOCKS}
    enough = LOCKS[LOCKS.index(group) :]
    if not any(read(VENV / f"{name}.stamp") == wanted[name] for name in enough):
        install(group)
        (VENV / f"{group}.stamp").write_text(wanted[group], encoding="utf-8")


CLIENT = "clients/python"
LOCKS = ("base", "dev")
"""Each holds all that stands before it."""

if __name__ == "__main__":
    if sys.argv[1:] not in [[name] for name in LOCKS]:
        sys.exit(f"Say which lock: python3 tools/install.py {' | '.join(LOCKS)}")
    main(sys.argv[1])
