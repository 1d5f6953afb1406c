"""Who uses the server: a shared lock per process, which the kernel gives back whatever the process dies of."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """One process (and one thread) at a time; the others wait. `path` is a file, made if missing, or a folder."""
    how = os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT
    descriptor = os.open(path, how | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def unused(path: Path) -> bool:
    """Whether nobody holds a share now. Call it under `exclusive`."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


class Lease:
    """A share in the server, held until released or until the process ends. Take it under `exclusive`."""

    def __init__(self, path: Path) -> None:
        self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._path = path
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def release(self) -> bool:
        """Give the share back; True when nobody else holds one. Call it under `exclusive`; a second time is idle."""
        if self._descriptor is None:
            return False
        os.close(self._descriptor)
        self._descriptor = None
        return unused(self._path)
