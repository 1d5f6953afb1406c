"""What a stage is handed when its turn comes: a stretch of the ledger and everything it may use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sightline.foundation import ledger
from sightline.foundation.db.session import Transaction
from sightline.foundation.lake import Lake
from sightline.foundation.ledger import Batch, Reads
from sightline.foundation.settings import Settings
from sightline.foundation.vault import Vault
from sightline.language.catalog import Catalog
from sightline.language.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One consumer's turn over one batch; its effect and its cursor commit together."""

    tx: Transaction
    batch: Batch
    reads: Reads
    now: datetime
    """The present moment of the tenant."""
    catalog: Catalog
    lake: Lake
    vault: Vault
    settings: Settings
    memory: dict[str, Any] | None = None
    """What this process keeps from turn to turn, each stage under a name of its own; gone with it. None: nothing."""

    async def events(self) -> list[Event]:
        """The events of the batch that the consumer asked for, in order."""
        return await ledger.read(self.tx, self.batch, self.reads)

    def record(self, events: Sequence[Event]) -> None:
        """Append derived events at the end of this turn's transaction."""
        ledger.record(self.tx, events, at=self.now)
