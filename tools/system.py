"""See that the machine has what wheels take for granted; lend it what is missing. Runs inside .venv.

Prevents: `OSError: libgomp.so.1: cannot open shared object file` at the first training. LightGBM's wheel expects the
system's OpenMP runtime, which a bare Debian lacks; scikit-learn's wheel carries the same library under another name.
A copy under the expected name, loaded when this .venv's Python starts, changes nothing outside .venv.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
import sysconfig
from pathlib import Path

WANTED = b"libgomp.so.1"
SITE = Path(sysconfig.get_paths()["purelib"])
LENT = SITE / "sightline_openmp"
PTH = SITE / "sightline_openmp.pth"
ADVICE = "Install it as root and run make again: apt-get install -y libgomp1 (Fedora: dnf install libgomp)."


def has(library: str) -> bool:
    """Whether the system's loader finds a library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def renamed(source: Path) -> bytes:
    """The library with the name it answers to (its SONAME) set to the expected one, at the same length."""
    own = source.name.encode()
    return source.read_bytes().replace(own + b"\0", WANTED + b"\0" * (len(own) - len(WANTED) + 1))


def lend() -> bool:
    """Put the copy into .venv; tell whether LightGBM then loads."""
    for source in sorted((SITE / "scikit_learn.libs").glob("libgomp-*.so*")):
        LENT.mkdir(exist_ok=True)
        copy = LENT / WANTED.decode()
        copy.write_bytes(renamed(source))
        PTH.write_text(f"import ctypes; ctypes.CDLL({str(copy)!r})\n", encoding="utf-8")
        if loads():
            return True
    PTH.unlink(missing_ok=True)
    return False


def loads() -> bool:
    """Whether a fresh Python of this .venv can load LightGBM's library."""
    library = SITE / "lightgbm" / "lib" / "lib_lightgbm.so"
    test = [sys.executable, "-c", f"import ctypes; ctypes.CDLL({str(library)!r})"]
    return subprocess.run(test, capture_output=True, check=False).returncode == 0


def main() -> int:
    """0 when everything is there or was lent."""
    if not sys.platform.startswith("linux") or has(WANTED.decode()) or loads():
        return 0
    if lend():
        print("The system has no OpenMP runtime (libgomp1); using the one that came with scikit-learn.")
        return 0
    print(f"LightGBM needs the OpenMP runtime libgomp.so.1. {ADVICE}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
