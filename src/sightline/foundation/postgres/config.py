"""How the embedded server is set: durable, on loopback only, tuned to the machine."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

from sightline.foundation.postgres.folder import Folder

LOG_FILES = 5
LOG_FILE_MB = 10
"""The newest LOG_FILES of this size are kept, so a bad night fills no disk."""

SMALL_SHARED_MEMORY = 256 * 1024**2
"""Containers give /dev/shm 64 MB by default: a parallel query would fail there, so it gets files instead."""

_CONFIG = """\
# Written at each start; changes here are lost.
hba_file = '{access}'
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
password_encryption = scram-sha-256

shared_buffers = '{buffers}MB'
effective_cache_size = '{cache}MB'
maintenance_work_mem = '256MB'
work_mem = '32MB'
dynamic_shared_memory_type = {dynamic}
random_page_cost = 1.1
jit = off

client_connection_check_interval = 1s
fsync = on
synchronous_commit = on
full_page_writes = on
max_wal_size = '4GB'
checkpoint_timeout = '15min'
wal_compression = on

timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'

logging_collector = on
log_directory = '{log}'
log_filename = 'postgres-%Y%m%d-%H%M%S.log'
log_rotation_age = '1d'
log_rotation_size = '{log_mb}MB'
# Neither rows nor statements get into the log: they may hold personal data.
log_error_verbosity = terse
log_min_error_statement = panic
"""

_ACCESS = """\
# Written at each start; changes here are lost.
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""


def write(folder: Folder, port: int) -> None:
    """Write the server's configuration and its access list; they hold no secret."""
    memory = memory_mb()
    text = _CONFIG.format(
        access=folder.access,
        port=port,
        sockets=folder.run if folder.socket_fits() else "",
        buffers=max(128, min(1024, memory // 8)),
        cache=max(256, memory // 2),
        dynamic="posix" if _shared_memory_is_ample() else "mmap",
        log=folder.log,
        log_mb=LOG_FILE_MB,
    )
    for path, content in ((folder.config, text), (folder.access, _ACCESS)):
        path.write_text(content, encoding="utf-8")
        path.chmod(0o644)


def prune_logs(folder: Folder) -> None:
    """Remove all but the newest log files."""
    logs = sorted(folder.log.glob("postgres-*.log"))
    for old in logs[:-LOG_FILES]:
        old.unlink(missing_ok=True)


def memory_mb() -> int:
    """Memory we may use: the machine's, or less where a control group says so."""
    total = int(psutil.virtual_memory().total)
    for limit in (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes")):
        try:
            total = min(total, int(limit.read_text()))
        except (OSError, ValueError):
            continue
    return total // 1024**2


def _shared_memory_is_ample() -> bool:
    try:
        found = os.statvfs("/dev/shm")  # noqa: S108 - asked about, not written to
    except OSError:
        return True
    return found.f_frsize * found.f_bavail >= SMALL_SHARED_MEMORY
