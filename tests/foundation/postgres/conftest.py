"""Servers and their users, to be started, killed and looked at."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest

from sightline.foundation.postgres import Server, open_server, running
from sightline.foundation.settings import DatabaseSettings, Settings

ACTOR = Path(__file__).parent / "actor.py"
PATIENCE = 60
"""Seconds after which something that should have happened has not."""


class Actor:
    """Another process that uses the server."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(ACTOR), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._said: dict[str, Any] | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What it joined: pid, port, url; or its error."""
        if self._said is None:
            assert self.process.stdout is not None
            self._said = json.loads(self.process.stdout.readline())
        return self._said

    def leave(self) -> None:
        """Let it close its share and end."""
        self.process.communicate("leave\n", timeout=PATIENCE)

    def die(self) -> None:
        """Kill it without a word."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=PATIENCE)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder to be the home of a Sightline, below one that everybody may enter; it does not exist yet."""
    folder = Path(tempfile.mkdtemp(prefix="sightline-home-"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture
def actor(home: Path) -> Iterator[Callable[..., Actor]]:
    """Start another process that uses the server of this home."""
    actors: list[Actor] = []

    def start(*arguments: str) -> Actor:
        actors.append(Actor(str(home), *arguments))
        return actors[-1]

    yield start
    for one in actors:
        if one.process.poll() is None:
            one.die()
    put_down(home)


@pytest.fixture
def opened(home: Path) -> Iterator[Callable[..., Server]]:
    """Open the server of this home in this process."""
    servers: list[Server] = []

    def start(port: int | None = None) -> Server:
        servers.append(open_server(Settings(home=home, database=DatabaseSettings(port=port))))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
    put_down(home)


def put_down(home: Path) -> None:
    """No test leaves a server behind."""
    left = running(home)
    if left is not None:
        kill(left.pid)


def kill(pid: int) -> None:
    """End a server as a power cut would, and see it gone."""
    process = psutil.Process(pid)
    process.send_signal(signal.SIGKILL)
    until(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)


def until(true: Callable[[], object]) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "It did not happen."
        time.sleep(0.02)


def ask(url: str, *statements: str) -> Any:
    """Run statements in one connection; the value of the last."""

    async def work() -> Any:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(work())


def as_root() -> bool:
    """Whether the tests run as root."""
    return os.geteuid() == 0
