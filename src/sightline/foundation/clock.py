"""The only place that asks what time it is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows the present moment."""

    def now(self) -> datetime:
        """The present moment, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until it is advanced. `at` must say its time zone (ValueError otherwise)."""

    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"{self.at} does not say its time zone: give datetime(..., tzinfo=UTC).")
        self.at = self.at.astimezone(UTC)

    def now(self) -> datetime:
        """Where it stands, in UTC."""
        return self.at

    def advance(self, span: timedelta) -> None:
        """Move it forward; time does not run back (ValueError)."""
        if span < timedelta(0):
            raise ValueError(f"A clock cannot be moved back (by {span}).")
        self.at += span


def monotonic() -> float:
    """Seconds on a clock that never jumps, for durations."""
    return time.monotonic()
