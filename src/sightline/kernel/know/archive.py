"""Keep the lake: every event of the ledger as columns, exactly once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sightline.foundation import cursors, ledger
from sightline.foundation.db.session import Transaction
from sightline.foundation.lake import Lake, as_frame
from sightline.foundation.ledger import Reads
from sightline.foundation.turn import Turn
from sightline.language import derived

if TYPE_CHECKING:
    import polars as pl

WRITER = "archive"
"""The consumer that writes the lake."""

EVERYTHING = Reads(facts=True, derived=frozenset(derived.ALL))

STRETCH = 25_000
"""Events behind the lake that are held as objects at a time: after a rebuild all of the ledger lies there."""


async def archive(turn: Turn) -> None:
    """Write the batch as one file, merge small files when there are many, and sweep out what an older merge left."""
    await turn.lake.write(turn.tx, await turn.events())
    await turn.lake.compact(turn.tx)
    await turn.lake.sweep(turn.tx)


async def history(tx: Transaction, lake: Lake, *, stretch: int = STRETCH) -> pl.DataFrame:
    """A tenant's whole ledger as columns: the lake, and behind it, `stretch` events at a time, what the lake's writer
    has not taken yet.
    """
    import polars as pl

    parts = [await lake.read(tx)]
    reached = int(parts[0]["position"].max() or 0) if parts[0].height else 0  # type: ignore[arg-type]
    last = await ledger.last_position(tx)
    while batch := await ledger.next_batch(tx, after=reached, upto=last, limit=stretch, reads=EVERYTHING):
        parts.append(as_frame(await ledger.read(tx, batch, EVERYTHING)))
        reached = batch.last
    return pl.concat(parts)


async def counted(tx: Transaction, lake: Lake) -> int:
    """How many events a tenant's ledger holds: those in the lake, as its manifest says, and those behind it."""
    held, last = await lake.held(tx)
    behind = await tx.value(
        "select count(*) from sightline.ledger where tenant = :t and position > :last", t=tx.tenant, last=last
    )
    return held + int(behind or 0)


async def write_again(tx: Transaction, lake: Lake) -> None:
    """Let the lake be written anew from the ledger, in the next turns of its writer."""
    await cursors.put(tx, WRITER, 0)
    await lake.forget(tx)
