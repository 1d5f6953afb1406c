"""The folder of the embedded server: what lies where, whose it is, and what must hold before it is used."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sightline.foundation.postgres.account import Account, not_ours, server_account
from sightline.foundation.postgres.leases import exclusive
from sightline.language.errors import Misconfigured

NEEDED_BYTES = 512 * 1024**2
"""Free space without which a start would only fail later, in the middle of something."""

UNFIT = frozenset("\"'`$\\\n")
"""Characters in a path that PostgreSQL's own start script or configuration would read as something else."""

LONGEST_SOCKET = 107
"""Bytes a Unix socket's address may have (sun_path on Linux; 103 on macOS)."""


@dataclass(frozen=True, slots=True)
class Folder:
    """`home/pg`. Ours are the folder, the configuration and the passwords; the account's are `data`, `log`, `run`.

    Root never writes into what the account owns: a link planted there must not lead root elsewhere.
    """

    home: Path
    account: Account

    @property
    def path(self) -> Path:
        """The folder itself."""
        return self.home / "pg"

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.path / "data"

    @property
    def log(self) -> Path:
        """What the server writes about itself."""
        return self.path / "log"

    @property
    def start_log(self) -> Path:
        """What the server said before its log was open."""
        return self.log / "start.log"

    @property
    def run(self) -> Path:
        """Where the socket is."""
        return self.path / "run"

    @property
    def config(self) -> Path:
        """The server's configuration, written anew at each start."""
        return self.path / "postgresql.conf"

    @property
    def access(self) -> Path:
        """Who may connect how, written anew at each start."""
        return self.path / "pg_hba.conf"

    @property
    def passwords(self) -> Path:
        """The roles' passwords, for our eyes only."""
        return self.path / "secrets.json"

    @property
    def port(self) -> Path:
        """The port chosen last, so that it stays the same."""
        return self.path / "port"

    @property
    def lock(self) -> Path:
        """Held while the server is started or stopped."""
        return self.path / "start.lock"

    @property
    def shares(self) -> Path:
        """Shared by all processes that use the server."""
        return self.path / "shares.lock"

    def socket_fits(self) -> bool:
        """Whether a socket's address in `run` is short enough."""
        return len(os.fsencode(self.run)) + len("/.s.PGSQL.65535") <= min(LONGEST_SOCKET, 103)

    def make_inner(self) -> None:
        """Make what the account owns, except `data`, which initdb makes."""
        for inner in (self.log, self.run):
            if not inner.exists():
                inner.mkdir(mode=0o700)
                self.account.own(inner)

    def check_space(self) -> None:
        """Raises Misconfigured when the disk is all but full."""
        free = free_bytes(self.path)
        if free < NEEDED_BYTES:
            raise Misconfigured(
                f"Only {free / 1024**2:.0f} MB are free under {self.path}; {NEEDED_BYTES / 1024**2:.0f} MB are needed.",
                hint="Free some space, or set SIGHTLINE_HOME to another disk.",
            )

    def check_way(self) -> None:
        """Raises Misconfigured when the server's account cannot walk down to the folder."""
        stops = self.account.stopped_at(self.path)
        if stops is not None:
            raise Misconfigured(
                f"The database runs as '{self.account.name}' (PostgreSQL refuses root), and that account cannot enter"
                f" {stops}, which {self.path} lies in.",
                hint="Set SIGHTLINE_HOME to a folder it can reach, such as /var/lib/sightline"
                + (f", or run `chmod o+x {stops}`." if stops != Path("/root") else "."),
            )


def prepared(home: Path) -> Folder:
    """The folder below `home`, made if it is missing, and fit to be used.

    Permissions change on what is made here (or was found empty), never on anything else.
    Raises Misconfigured that says what to do instead.
    """
    if UNFIT & set(str(home)):
        raise Misconfigured(
            f"The path {str(home)!r} holds a quote, a dollar sign or a backslash, which PostgreSQL cannot start from.",
            hint="Set SIGHTLINE_HOME to a plainer path.",
        )
    try:
        return _prepared(home)
    except (PermissionError, FileExistsError, NotADirectoryError, FileNotFoundError) as error:
        raise Misconfigured(
            f"{error.filename} cannot be used ({error.strerror}).",
            hint="Set SIGHTLINE_HOME to a folder of yours; it is made if missing.",
        ) from None
    except OSError as error:
        raise Misconfigured(
            f"{home} cannot be written ({error.strerror}).", hint="Set SIGHTLINE_HOME to another disk."
        ) from None


def _prepared(home: Path) -> Folder:
    fresh = not home.exists()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    home = home.resolve()
    # Several may start in a new home at once: who comes second must not meet a folder that is made but not opened yet.
    with exclusive(home):
        return _opened(home, fresh=fresh)


def _opened(home: Path, *, fresh: bool) -> Folder:
    folder = Folder(home, server_account(home / "pg" / "data"))
    if fresh or (home.stat().st_uid == os.geteuid() and not any(home.iterdir())):
        folder.account.open_to(home)
    if not folder.path.exists():
        folder.check_way()
        folder.path.mkdir(mode=0o700)
        folder.account.open_to(folder.path)
    if folder.path.stat().st_uid != os.geteuid():
        raise not_ours(folder.path, folder.path.stat().st_uid)
    folder.check_way()
    return folder


def free_bytes(path: Path) -> int:
    """Free space under the nearest folder that exists."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free
