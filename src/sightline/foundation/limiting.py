"""How often somebody may: so many a minute, in this process (GCRA: one moment is kept per name, no list of calls)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sightline.foundation.clock import monotonic

MOST_NAMES = 100_000
"""Remembered at once; then whoever has been quiet is forgotten, which changes nothing for them."""


@dataclass(slots=True)
class Limit:
    """So many a minute for each name, evenly refilled; all of them may come at once."""

    per_minute: int
    clock: Callable[[], float] = monotonic
    _free_at: dict[str, float] = field(default_factory=dict)
    """When the whole allowance is there again, in seconds of the clock."""

    def wait(self, name: str) -> float:
        """Count one call: 0 lets it pass, otherwise the seconds until one would (it then counts for nothing)."""
        now, each = self.clock(), 60 / self.per_minute
        free_at = max(now, self._free_at.get(name, now))
        # The tolerance is a whole minute less one call: an allowance that was not touched for a minute is full.
        over = free_at + each - (now + 60)
        if over > 1e-9:
            return over
        if name not in self._free_at and len(self._free_at) >= MOST_NAMES:
            self._free_at = {known: at for known, at in self._free_at.items() if at > now}
        self._free_at[name] = free_at + each
        return 0.0
