"""The installed program, as a process of its own on a home of its own."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx

STARTS_WITHIN = 120.0


def environment(home: Path, **more: str) -> dict[str, str]:
    """What a process on that home is started with."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SIGHTLINE_")}
    return {**clean, "SIGHTLINE_HOME": str(home), **more}


def run(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """One command, to its end."""
    command = [sys.executable, "-m", "sightline.main", *words]
    return subprocess.run(
        command, env=environment(home, **more), capture_output=True, text=True, check=False, timeout=600
    )


def answer(home: Path, *words: str) -> Any:
    """What a command answers as JSON."""
    done = run(home, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A home with the demo in it, which nobody serves or changes, and what was told when it was made."""

    home: Path
    told: Path
    """JSON."""

    def copy(self, name: str) -> Path:
        """A home of its own with the same in it: owners and rights are those that PostgreSQL needs."""
        made = self.home.parent / f"{name}-{secrets.token_hex(4)}"
        subprocess.run(["cp", "-a", str(self.home), str(made)], check=True)
        return made


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Served:
    """A server that is ready."""

    process: subprocess.Popen[bytes]
    client: httpx.Client
    home: Path

    def post(self, *events: dict[str, Any]) -> httpx.Response:
        """Send events."""
        return self.client.post("/v1/events", json=list(events))

    def until(self, path: str, holds: Any) -> Any:
        """Ask again and again until the answer is as it will be in the end."""
        ends = time.monotonic() + STARTS_WITHIN
        while True:
            found = self.client.get(path)
            if found.status_code == 200 and holds(found.json()):
                return found.json()
            assert time.monotonic() < ends, f"{path} still says {found.text}"
            time.sleep(0.1)


@contextmanager
def serving(home: Path, *words: str, port: int | None = None) -> Iterator[Served]:
    """`sightline serve` on a port, or on a free one; stopped at the end."""
    port = port or free_port()
    env = environment(home, SIGHTLINE_HTTP__PORT=str(port))
    command = [sys.executable, "-m", "sightline.main", "serve", *words]
    # Into a file: a pipe that nobody reads fills up, and whoever logs into it stands still.
    with tempfile.TemporaryFile("w+") as said, subprocess.Popen(command, env=env, stderr=said) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                _await_ready(process, client, said)
                client.headers["Authorization"] = f"Bearer {(home / 'owner.token').read_text().strip()}"
                yield Served(process, client, home)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def _await_ready(process: subprocess.Popen[bytes], client: httpx.Client, said: IO[str]) -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while True:
        if process.poll() is not None:
            said.seek(0)
            raise AssertionError(said.read())
        assert time.monotonic() < ends, "it never became ready"
        try:
            if client.get("/v1/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)


@contextmanager
def working(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`sightline serve --role worker`; stopped at the end, which must go well."""
    command = [sys.executable, "-m", "sightline.main", "serve", "--role", "worker"]
    with subprocess.Popen(command, env=environment(home)) as process:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
