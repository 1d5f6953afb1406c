"""Keep the lake: every event of the ledger as columns, exactly once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sightline.foundation import ledger
from sightline.foundation.db.session import Transaction
from sightline.foundation.lake import Lake, as_frame
from sightline.foundation.ledger import Batch, Reads
from sightline.foundation.turn import Turn
from sightline.language import derived

if TYPE_CHECKING:
    import polars as pl

EVERYTHING = Reads(facts=True, derived=frozenset(derived.ALL))


async def archive(turn: Turn) -> None:
    """Write the batch as one file, and merge small files when there are many."""
    await turn.lake.write(turn.tx, await turn.events())
    if await turn.lake.compact(turn.tx):
        await turn.lake.sweep(turn.tx)


async def history(tx: Transaction, lake: Lake) -> pl.DataFrame:
    """A tenant's whole ledger as columns: the lake, and behind it what the lake's writer has not taken yet."""
    import polars as pl

    columns = await lake.read(tx)
    reached = int(columns["position"].max() or 0) if columns.height else 0  # type: ignore[arg-type]
    tail = await ledger.read(tx, Batch(tenant=tx.tenant or 0, after=reached, last=2**62, matched=1), EVERYTHING)
    return pl.concat([columns, as_frame(tail)]) if tail else columns
