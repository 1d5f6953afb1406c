"""As whom the server runs: PostgreSQL refuses root, so root lends it an account without privileges."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sightline.language.errors import Misconfigured

CANDIDATES = ("sightline", "postgres", "nobody")
"""Accounts root may lend, the most telling first; one of them exists on every Unix."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account the server's programs run under; both None: the one we are."""

    uid: int | None = None
    gid: int | None = None

    @property
    def name(self) -> str:
        """For messages."""
        return name_of(os.geteuid() if self.uid is None else self.uid)

    def check_named(self) -> None:
        """Raises Misconfigured when the account is a mere number, which initdb does not accept."""
        uid = os.geteuid() if self.uid is None else self.uid
        try:
            pwd.getpwuid(uid)
        except KeyError:
            raise Misconfigured(
                f"User {uid} has no name in /etc/passwd, and PostgreSQL makes its folder for named users only.",
                hint=f"Run Sightline as a named user (in a container: `useradd --uid {uid} sightline` in its image),"
                " or set SIGHTLINE_DATABASE__URL to a PostgreSQL of yours.",
            ) from None

    def own(self, path: Path) -> None:
        """Hand a path of ours to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def open_to(self, folder: Path) -> None:
        """Let the account walk through a folder of ours, and nobody else."""
        if self.gid is not None:
            os.chown(folder, -1, self.gid)
            folder.chmod(0o710)
        else:
            folder.chmod(0o700)

    def stopped_at(self, path: Path) -> Path | None:
        """None when the account can walk down to `path`; else the first folder that stops it."""
        if self.uid is None:
            return None
        whole = path.resolve()
        for folder in [*reversed(whole.parents), whole]:
            if folder.exists() and not self._may(folder.stat(), 0o1) and not self._walks_into(folder):
                return folder
        return None

    def runs(self, program: Path) -> bool:
        """Whether the account can reach, read and execute a file."""
        if self.uid is None:
            return os.access(program, os.R_OK | os.X_OK)
        return self.stopped_at(program.parent) is None and self._may(program.stat(), 0o5)

    def _may(self, found: os.stat_result, bits: int) -> bool:
        if found.st_uid == self.uid:
            shift = 6
        elif found.st_gid == self.gid:
            shift = 3
        else:
            shift = 0
        return stat.S_IMODE(found.st_mode) >> shift & bits == bits

    def _walks_into(self, folder: Path) -> bool:
        """The same by trying, for what mode bits do not tell (access control lists)."""
        tried = subprocess.run(  # noqa: S603 - a fixed script; the path is its argument
            ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)],
            user=self.uid, group=self.gid, extra_groups=[], cwd="/", capture_output=True, check=False,
        )  # fmt: skip
        return tried.returncode == 0


def server_account(data: Path) -> Account:
    """The account for the server over `data`: our own; for root the data's owner, or the first of CANDIDATES.

    Raises Misconfigured when the data belong to somebody else, or root has nobody to lend.
    """
    owner = data.stat() if data.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise not_ours(data, owner.st_uid)
        return Account()
    if owner is not None and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in CANDIDATES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise Misconfigured(
        "PostgreSQL does not run as root, and there is no account to lend it.", hint="Run `useradd --system sightline`."
    )


def not_ours(path: Path, owner: int) -> Misconfigured:
    """The error for a folder of another user."""
    return Misconfigured(
        f"{path} belongs to '{name_of(owner)}', and you are '{name_of(os.geteuid())}'.",
        hint=f"Run Sightline as '{name_of(owner)}', or set SIGHTLINE_HOME to a folder of yours.",
    )


def name_of(uid: int) -> str:
    """The name of a user, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
