"""Waiting for what takes long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Protocol, TypeVar

from sightline_client.call import Call, segment
from sightline_client.errors import JobFailed, StillRunning

__all__ = ["J", "Job", "Waiting"]

FIRST, LONGEST, GROWTH = 0.1, 2.0, 1.5
"""Seconds between two looks: short jobs are told at once, long ones cost few requests."""


class Job(Protocol):
    """What a job tells of itself."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def state(self) -> str:
        """`waiting`, `running`, `done`, `failed` or `cancelled`."""


J = TypeVar("J", bound=Job)


class Waiting:
    """The looks at one job. `timeout`: seconds, None for as long as it takes."""

    def __init__(self, timeout: float | None) -> None:
        self._until = None if timeout is None else time.monotonic() + timeout

    def looks(self) -> Iterator[float]:
        """Seconds before each further look."""
        wait = FIRST
        while True:
            yield wait
            wait = min(LONGEST, wait * GROWTH)

    def over(self, job: Job) -> bool:
        """Whether it is done. Raises JobFailed when it ended otherwise, StillRunning when time is up."""
        if job.state in {"failed", "cancelled"}:
            problem = getattr(job, "problem", None)
            told = problem if isinstance(problem, dict) else getattr(problem, "__dict__", {})
            raise JobFailed(told.get("detail") or f"Job {job.id} was {job.state}.", job, hint=told.get("hint"))
        if job.state != "done" and self._until is not None and time.monotonic() >= self._until:
            raise StillRunning(f"Job {job.id} is still {job.state}.", job)
        return job.state == "done"


def look(job: J) -> Call[J]:
    """Asks how it stands."""
    return Call("GET", f"/v1/jobs/{segment(job.id)}", type(job))
