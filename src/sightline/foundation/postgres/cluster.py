"""The embedded server over its folder: made once, started when it is not running, adopted when it is."""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import socket
from dataclasses import dataclass

import msgspec

from sightline.foundation.postgres import config, leases, postmaster
from sightline.foundation.postgres.folder import Folder
from sightline.foundation.postgres.postmaster import Postmaster
from sightline.foundation.postgres.programs import Programs, copied_to, fail
from sightline.language.errors import Misconfigured, Unavailable

OWNER = "sightline_owner"
START_SECONDS = 300
"""After a crash the server first replays up to 4 GB of its log."""
STOP_SECONDS = 120
ORPHAN_SECONDS = 10
"""Workers notice within a second that their postmaster died; one in a long query may not."""
ATTEMPTS = 3
"""Another program may take the port between our look and the server's start."""

_TAKEN = ("Address already in use", "could not create any TCP/IP sockets")


@dataclass(frozen=True, slots=True)
class Secrets:
    """Passwords of the two roles."""

    owner: str
    app: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data folder and its server. Every method is called under the start lock, except `running` and `crashed`."""

    folder: Folder
    programs: Programs
    fixed_port: int | None = None

    def running(self) -> Postmaster | None:
        """The server when there is one (a stale pid file does not count)."""
        return postmaster.find(self.folder.data)

    def crashed(self) -> bool:
        """Whether the server died without being stopped."""
        return postmaster.crashed(self.folder.data)

    def ensure(self) -> Postmaster:
        """Adopt the server that runs, or start one. Raises Misconfigured or Unavailable that says what to do."""
        if self.folder.data.exists():
            self._check_version()
        found = postmaster.settle(self.folder.data, START_SECONDS)
        if found is not None and self._must_move(found):
            self.stop()
            found = None
        if found is None:
            return self._start()
        if found.state != "ready":
            raise Unavailable(f"The embedded database is still {found.state or 'starting'}.", hint="Try again.")
        config.prune_logs(self.folder)
        return found

    def stop(self) -> None:
        """End the server cleanly; nothing happens when it is not running. Raises Unavailable when it will not end."""
        if self.running() is None:
            return
        ended = self.programs.run(
            "pg_ctl", "-D", str(self.folder.data), "-w", "-t", str(STOP_SECONDS), "-m", "fast", "stop",
            timeout=STOP_SECONDS + 30,
        )  # fmt: skip
        if ended.returncode != 0 and self.running() is not None:
            raise Unavailable(
                "The embedded database does not stop; it is left running.", hint="See `sightline doctor`."
            )

    def secrets(self) -> Secrets:
        """The roles' passwords. Raises Misconfigured when they are lost."""
        try:
            return msgspec.json.decode(self.folder.passwords.read_bytes(), type=Secrets)
        except (FileNotFoundError, msgspec.DecodeError):
            raise Misconfigured(
                f"The database's passwords in {self.folder.passwords} are missing or unreadable.",
                hint="Put that file back from a backup; without it the database stays closed.",
            ) from None

    def _must_move(self, found: Postmaster) -> bool:
        """Another port was fixed meanwhile, and nobody uses the server (it only outlived its owner)."""
        moved = self.fixed_port is not None and self.fixed_port != found.port
        return moved and leases.unused(self.folder.shares)

    def _start(self) -> Postmaster:
        self.folder.check_space()
        for old in self.folder.path.glob("programs-*"):
            if old != copied_to(self.folder.path):
                shutil.rmtree(old)
        self.folder.make_inner()
        if not self.folder.data.exists():
            self._make()
        postmaster.tidy(self.folder.data, self.folder.run, ORPHAN_SECONDS)
        for _ in range(ATTEMPTS - 1):
            found = self._try(self._port())
            if found is not None:
                return found
        found = self._try(self._port())
        if found is None:
            raise self._taken()
        return found

    def _try(self, port: int) -> Postmaster | None:
        """Start on a port; None when it was taken after all."""
        config.write(self.folder, port)
        config.prune_logs(self.folder)
        self.folder.start_log.unlink(missing_ok=True)
        started = self.programs.run(
            "pg_ctl", "-D", str(self.folder.data), "-w", "-t", str(START_SECONDS), "-l", str(self.folder.start_log),
            "-o", f"-c config_file={shlex.quote(str(self.folder.config))}", "start",
            timeout=START_SECONDS + 30,
        )  # fmt: skip
        found = self.running()
        if found is not None and found.state == "ready":
            return found
        if found is not None:
            raise Unavailable("The embedded database is recovering from a crash and not ready yet.", hint="Try again.")
        words = [started.stderr, *self._last_words()]
        if any(sign in text for sign in _TAKEN for text in words):
            return None
        raise fail("The embedded database did not start", words)

    def _make(self) -> None:
        """Make it beside, then rename: a start that dies in the middle leaves nothing that looks finished."""
        self.folder.account.check_named()
        for left in self.folder.path.glob("making-*"):
            shutil.rmtree(left)
        passwords = Secrets(secrets.token_urlsafe(24), secrets.token_urlsafe(24))
        beside = self.folder.path / f"making-{os.getpid()}"
        beside.mkdir(mode=0o700)
        password_file = beside / "password"
        _write_secret(password_file, passwords.owner.encode())
        self.folder.account.own(password_file)
        self.folder.account.own(beside)
        made = self.programs.run(
            "initdb", "-D", str(beside / "data"), "-U", OWNER, "--auth=scram-sha-256", f"--pwfile={password_file}",
            "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--no-instructions", timeout=300,
        )  # fmt: skip
        if made.returncode != 0:
            shutil.rmtree(beside, ignore_errors=True)
            raise fail("The database's folder could not be made", [made.stderr])
        _write_secret(self.folder.passwords, msgspec.json.encode(passwords))
        (beside / "data").rename(self.folder.data)
        shutil.rmtree(beside)

    def _check_version(self) -> None:
        try:
            written = int((self.folder.data / "PG_VERSION").read_text())
        except (OSError, ValueError):
            raise Misconfigured(
                f"{self.folder.data} is not a PostgreSQL data folder.",
                hint="Restore it from a backup, or set SIGHTLINE_HOME to another folder.",
            ) from None
        ours = self.programs.major()
        if written != ours:
            remedy = "Install the newer Sightline" if written > ours else "Dump it with the older one and restore it"
            raise Misconfigured(
                f"{self.folder.data} was written by PostgreSQL {written}; this version brings {ours}.",
                hint=f"{remedy}, or set SIGHTLINE_HOME to another folder.",
            )

    def _port(self) -> int:
        """The fixed port, the one used last, or a free one."""
        if self.fixed_port is not None:
            if not is_free(self.fixed_port):
                raise self._taken()
            return self.fixed_port
        try:
            last = int(self.folder.port.read_text())
        except (OSError, ValueError):
            last = 0
        port = last if last and is_free(last) else _free_port()
        self.folder.port.write_text(f"{port}\n")
        return port

    def _taken(self) -> Misconfigured:
        return Misconfigured(
            f"Port {self.fixed_port or 'after port'} on 127.0.0.1 is taken by another program.",
            hint="Set SIGHTLINE_DATABASE__PORT to a free one, or leave it out to have one chosen.",
        )

    def _last_words(self) -> list[str]:
        logs = [self.folder.start_log, *sorted(self.folder.log.glob("postgres-*.log"))[-1:]]
        return [log.read_text(errors="replace")[-2000:] for log in logs if log.exists()]


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write_secret(path: os.PathLike[str], content: bytes) -> None:
    """Write it so that only we can read it and a power cut cannot leave it empty."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
