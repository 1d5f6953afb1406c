"""When a destination is tried again, and when it is left alone for a while."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from sightline.foundation.clock import monotonic

DELAYS = (5.0, 30.0, 120.0, 600.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
"""Seconds until the next attempt, after the first, the second, ...; after the last it is a dead letter (three days)."""

JITTER = 0.2
"""By this share a delay may be shorter or longer, so that what failed together does not come back together."""

FAILURES, FIRST_REST, LONGEST_REST = 5, 5.0, 300.0
"""So many failures in a row, and a destination is left alone: seconds, doubled each time its probe fails too."""

chance = random.SystemRandom()


def delay(attempts: int, *, asked: float = 0.0, drawn: Callable[[], float] = chance.random) -> float | None:
    """Seconds until another attempt after so many, at least as long as was `asked` for; None: it was the last one."""
    if attempts > len(DELAYS):
        return None
    stretched = DELAYS[attempts - 1] * (1 + JITTER * (2 * drawn() - 1))
    return max(stretched, asked)


@dataclass(slots=True)
class Breaker:
    """Leaves a destination alone that failed again and again (Nygard, Release It, 2007), then sends one to see."""

    clock: Callable[[], float] = monotonic
    failures: int = 0
    rest: float = FIRST_REST
    _until: float | None = None
    _probing: bool = False

    def room(self, wanted: int) -> int:
        """How many may be sent now, of so many: all, none, or one to see."""
        if self._until is None:
            return wanted
        return int(wanted > 0 and not self._probing and self.clock() >= self._until)

    def begun(self) -> None:
        """One is being sent."""
        self._probing = self._until is not None

    def ended(self) -> None:
        """A sending ended in another way: of the destination it says nothing."""
        self._probing = False

    def went_well(self) -> None:
        """It answered, whatever it said."""
        self.failures, self.rest, self._until, self._probing = 0, FIRST_REST, None, False

    def failed(self) -> None:
        """It did not."""
        self.failures += 1
        if self._until is not None and self._probing:
            self.rest = min(LONGEST_REST, 2 * self.rest)
        if self.failures >= FAILURES:
            self._until, self._probing = self.clock() + self.rest, False

    @property
    def waits(self) -> float | None:
        """Seconds until it may be tried; None while it is not left alone."""
        return None if self._until is None else max(0.0, self._until - self.clock())


@dataclass(slots=True)
class Lane:
    """What one process has under way to one destination."""

    breaker: Breaker = field(default_factory=Breaker)
    under_way: int = 0
