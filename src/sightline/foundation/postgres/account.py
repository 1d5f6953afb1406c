"""As whom the server runs: PostgreSQL refuses root, so root lends it an account without privileges."""

from __future__ import annotations

import os
import pwd
import stat
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

    def own(self, path: Path) -> None:
        """Hand a path of ours to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, path: Path) -> Path | None:
        """None when the account can walk down to `path`; else the first folder that stops it."""
        if self.uid is None:
            return None
        for folder in [*reversed(path.resolve().parents), path.resolve()]:
            if folder.exists() and not self._may(folder.stat()):
                return folder
        return None

    def _may(self, found: os.stat_result) -> bool:
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)


def server_account() -> Account:
    """The account for this process: its own, or for root the first of CANDIDATES that exists."""
    if os.geteuid() != 0:
        return Account()
    for name in CANDIDATES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise Misconfigured(
        "PostgreSQL does not run as root, and there is no account to lend it.", hint="Run `useradd --system sightline`."
    )
