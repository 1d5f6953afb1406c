"""Which process serves a data folder, told by its pid file and confirmed by the process itself."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from sightline.foundation.clock import monotonic

STEP = 0.05
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The server process over a data folder."""

    pid: int
    port: int
    """0 while it has not said yet."""
    state: str
    """`ready`, or on its way there or down: `starting`, `stopping`, or nothing yet."""


def find(data: Path) -> Postmaster | None:
    """The server process over `data`, or None. A number that now belongs to another program does not count."""
    lines = _lines(data)
    try:
        pid = int(lines[0])
        alive = str(data) in psutil.Process(pid).cmdline()
        port = int(lines[3]) if len(lines) > 3 else 0
    except (ValueError, IndexError, psutil.Error):
        return None
    return Postmaster(pid, port, lines[7].strip() if len(lines) > 7 else "") if alive else None


def settle(data: Path, seconds: float) -> Postmaster | None:
    """The same once it is ready or gone; whatever it is when `seconds` have passed."""
    end = monotonic() + seconds
    found = find(data)
    while found is not None and found.state != "ready" and monotonic() < end:
        time.sleep(STEP)
        found = find(data)
    return found


def crashed(data: Path) -> bool:
    """Whether a server died here without tidying up (a stop on purpose removes the pid file)."""
    return bool(_lines(data)) and find(data) is None


def tidy(data: Path, sockets: Path, seconds: float) -> None:
    """Clear what a crash left: its worker processes (they end by themselves within moments) and its lock files.

    Those go because PostgreSQL refuses to start while *any* process has the number in them: after a reboot another
    program's, in a container a dead one's that nobody buries. Call it only when `find` has found nothing, under the
    start lock.
    """
    end = monotonic() + seconds
    left = _orphans(data)
    while left and monotonic() < end:
        time.sleep(STEP)
        left = _orphans(data)
    for process in left:
        _terminate(process)
    for lock in (data / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
        lock.unlink(missing_ok=True)


def _lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _orphans(data: Path) -> list[psutil.Process]:
    """Processes of PostgreSQL that work in the data folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.name().startswith("postgres") and process.cwd() == str(data):
                found.append(process)
        except psutil.Error:
            continue
    return found


def _terminate(process: psutil.Process) -> None:
    """End a worker that outlived its postmaster; to its clients that is the crash they have had already."""
    try:
        process.kill()
        process.wait(10)
    except psutil.Error:
        return
