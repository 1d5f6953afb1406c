"""What benchmarks share: a home on disk that goes away, a server process, and how PostgreSQL keeps its promises."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

DURABILITY = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
STARTS_WITHIN = 120.0


@contextmanager
def new_home(name: str) -> Iterator[Path]:
    """A home on a real disk (/tmp may be memory), removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix=f"sightline-{name}-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        yield folder / "home"
    finally:
        shutil.rmtree(folder)


@contextmanager
def serving(home: Path, *words: str, **more: str) -> Iterator[int]:
    """`sightline serve` as a process of its own; gives its port once it is ready. `more`: settings."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SIGHTLINE_")}
    env = {**clean, "SIGHTLINE_HOME": str(home), "SIGHTLINE_HTTP__PORT": str(port), **more}
    with subprocess.Popen([sys.executable, "-m", "sightline.main", "serve", *words], env=env) as process:
        try:
            _await_ready(process, f"http://127.0.0.1:{port}/v1/health/ready")
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def _await_ready(process: subprocess.Popen[bytes], url: str) -> None:
    ends = time.perf_counter() + STARTS_WITHIN
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if process.poll() is not None or time.perf_counter() > ends:
                raise SystemExit("The server did not become ready.") from None
            time.sleep(0.1)


async def durability(connection: asyncpg.Connection) -> str:
    """How the server keeps what it acknowledged, as it says itself."""
    told = [f"{name}={await connection.fetchval(f'show {name}')}" for name in DURABILITY]
    return "PostgreSQL " + ", ".join(told)
