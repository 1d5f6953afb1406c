"""The embedded server's folder and its process: made once, started when it is not running, adopted when it is."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psutil

from sightline.foundation.postgres.account import Account
from sightline.foundation.postgres.programs import Programs, fail
from sightline.language.errors import Misconfigured

OWNER = "sightline_owner"
NEEDED_BYTES = 512 * 1024**2
"""Free space without which a start would only fail later, in the middle of something."""

_CONF = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 100
shared_buffers = '{shared_buffers}MB'
maintenance_work_mem = '256MB'
work_mem = '32MB'
max_wal_size = '4GB'
checkpoint_timeout = '15min'
wal_compression = on
jit = off
timezone = 'UTC'
fsync = on
synchronous_commit = on
logging_collector = on
log_directory = 'log'
log_filename = 'postgres-%a.log'
log_truncate_on_rotation = on
log_rotation_age = '1d'
log_rotation_size = 0
log_timezone = 'UTC'
"""

_HBA = "host all all 127.0.0.1/32 scram-sha-256\n"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Passwords of the two roles."""

    owner: str
    app: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """The folder `home/pg` and the server over it."""

    home: Path
    account: Account
    programs: Programs
    fixed_port: int | None = None

    @property
    def folder(self) -> Path:
        """All that belongs to the embedded server."""
        return self.home / "pg"

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.folder / "data"

    def running(self) -> int | None:
        """The port of the server over this folder, or None when there is none (a stale pid file does not count)."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            command = psutil.Process(int(lines[0])).cmdline()
        except (OSError, ValueError, IndexError, psutil.Error):
            return None
        ready = len(lines) > 7 and lines[7].strip() == "ready"
        return int(lines[3]) if ready and str(self.data) in command else None

    def start(self) -> int:
        """Make the folder if need be, start the server, return its port. Raises Misconfigured that says what to do."""
        self._check()
        if not self.data.exists():
            self._make()
        self._check_version()
        port = self._port()
        (self.data / "postgresql.conf").write_text(_CONF.format(port=port, shared_buffers=_shared_buffers()))
        (self.data / "pg_hba.conf").write_text(_HBA)
        started = self.programs.run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "90", "-l", str(self.data / "start.log"), "start"
        )
        if started.returncode != 0:
            raise fail("The embedded database did not start", [started.stderr, *self._last_words()])
        return port

    def stop(self) -> None:
        """End the server cleanly; nothing happens when it is not running."""
        if self.data.exists():
            self.programs.run("pg_ctl", "-D", str(self.data), "-w", "-m", "fast", "stop")

    def secrets(self) -> Secrets:
        """The roles' passwords."""
        return msgspec.json.decode((self.folder / "secrets.json").read_bytes(), type=Secrets)

    def _check(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o711)
        self.folder.mkdir(exist_ok=True, mode=0o711)
        stops = self.account.can_enter(self.folder)
        if stops is not None:
            raise Misconfigured(
                f"The database's account cannot enter {stops}, so it cannot work below it.",
                hint="Set SIGHTLINE_HOME to a folder everybody may enter, such as /var/lib/sightline.",
            )
        free = shutil.disk_usage(self.folder).free
        if free < NEEDED_BYTES:
            raise Misconfigured(
                f"Only {free / 1024**2:.0f} MB are free under {self.folder}; {NEEDED_BYTES / 1024**2:.0f} MB are needed.",
                hint="Free some space, or set SIGHTLINE_HOME to another disk.",
            )

    def _make(self) -> None:
        """initdb beside, then rename: a start that dies in the middle leaves nothing that looks finished."""
        passwords = Secrets(secrets.token_urlsafe(24), secrets.token_urlsafe(24))
        beside = self.folder / f"making-{os.getpid()}"
        beside.mkdir(mode=0o700)
        self.account.own(beside)
        password_file = beside / "password"
        _write_secret(password_file, passwords.owner.encode())
        self.account.own(password_file)
        made = self.programs.run(
            "initdb", "-D", str(beside / "data"), "-U", OWNER, "--auth=scram-sha-256", f"--pwfile={password_file}",
            "--encoding=UTF8", "--locale=C", "--no-instructions",
        )  # fmt: skip
        if made.returncode != 0:
            shutil.rmtree(beside, ignore_errors=True)
            raise fail("The database's folder could not be made", [made.stderr])
        _write_secret(self.folder / "secrets.json", msgspec.json.encode(passwords))
        (beside / "data").rename(self.data)
        shutil.rmtree(beside)

    def _check_version(self) -> None:
        written, ours = int((self.data / "PG_VERSION").read_text()), self.programs.major()
        if written != ours:
            newer = (
                "Install the newer Sightline" if written > ours else "Dump it with the old version and restore it here"
            )
            raise Misconfigured(
                f"{self.data} was written by PostgreSQL {written}; this version brings {ours}.",
                hint=f"{newer}, or set SIGHTLINE_HOME to another folder.",
            )

    def _port(self) -> int:
        if self.fixed_port is not None:
            if not _is_free(self.fixed_port):
                raise Misconfigured(
                    f"Port {self.fixed_port} is taken by another program.",
                    hint="Set SIGHTLINE_DATABASE__PORT to another one, or leave it out to have a free one chosen.",
                )
            return self.fixed_port
        kept = self.folder / "port"
        last = int(kept.read_text()) if kept.exists() else 0
        port = last if last and _is_free(last) else _free_port()
        kept.write_text(str(port))
        return port

    def _last_words(self) -> list[str]:
        logs = [
            *self.data.glob("start.log"),
            *sorted(self.data.glob("log/*.log"), key=lambda p: p.stat().st_mtime)[-1:],
        ]
        return [log.read_text(errors="replace")[-2000:] for log in logs]


def _shared_buffers() -> int:
    """An eighth of the memory, in MB, between 128 MB and 2 GB."""
    return max(128, min(2048, psutil.virtual_memory().total // 8 // 1024**2))


def _is_free(port: int) -> bool:
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


def _write_secret(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
