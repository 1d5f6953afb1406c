"""How the workspace and the process stand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sightline.interfaces.rest.models.shape import Open, Shape


class Recorded(Shape):
    """What became of the events of a request; all of it is on disk."""

    recorded: int
    repeated: int
    """Events that were known by source and id, and added nothing."""
    position: int | None
    """The recorded events stand at or before this position of the ledger."""


class Invariant(Shape):
    """A sentence that must always be true, and whether it is."""

    name: str
    says: str
    broken: int
    """For how many it does not hold."""
    example: str
    """One of them."""
    checked_at: datetime
    broken_since: datetime | None
    """Since when, as the daily look saw it."""


class Invariants(Shape):
    """What must always be true of a workspace, looked at just now."""

    items = "invariants"

    invariants: list[Invariant]


class Status(Open):
    """How a workspace stands."""

    passing = frozenset({"now"})

    workspace: str
    now: datetime
    clock: str
    """`running` with the world, or `standing` at a fixed moment."""
    events: int
    position: int
    lags: dict[str, int]
    """Consumer to how many positions it is behind."""
    staged: int
    next_known_at: datetime | None
    quarantined: int
    batches: list[dict[str, Any]]
    """The newest imports."""
    decisions: dict[str, int]


class Live(Shape):
    """The process runs."""

    status: str


class Ready(Shape):
    """Whether the process can serve."""

    status: str
    schema_version: str
    """Of the database."""
    loop_lag_seconds: float
    """How late the event loop last woke up."""
