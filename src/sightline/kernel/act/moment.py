"""What moves a run: a transaction, what is declared, and what time it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.foundation.turn import Turn
from sightline.language.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A transaction and what holds in it."""

    tx: Transaction
    catalog: Catalog
    now: datetime
    """The present moment of the tenant."""
    limit: float | None = None
    """Money at stake up to which whoever is no owner decides; None: any."""
    kept: dict[type, Any] = field(default_factory=dict, compare=False, repr=False)
    """By its class, what was read once to go on with in this transaction."""

    @property
    def awaited(self) -> dict[str, str]:
        """Question to the event that it waits for, where it waits for one of its subject."""
        events = {name: one.event for name, one in self.catalog.questions.items()}
        return {name: event for name, event in events.items() if event}

    @classmethod
    def of(cls, turn: Turn) -> Moment:
        """That of a consumer's turn."""
        return cls(tx=turn.tx, catalog=turn.catalog, now=turn.now, limit=turn.settings.act.operator_limit)
