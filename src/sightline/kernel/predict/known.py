"""Everything known to a tenant, read from its lake and what lies behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sightline.foundation.db.session import Transaction
from sightline.foundation.lake import Lake
from sightline.kernel.know.archive import history
from sightline.language.kind import Kind

if TYPE_CHECKING:
    import polars as pl

    from sightline.kernel.predict.facts import Facts


async def known(tx: Transaction, lake: Lake, kinds: Mapping[str, Kind]) -> Facts:
    """The facts as histories; the columns they are read from are not kept."""
    return await facts_of(await history(tx, lake), kinds)


async def facts_of(frame: pl.DataFrame, kinds: Mapping[str, Kind]) -> Facts:
    """The facts of the lake's columns."""
    from sightline.kernel.predict.facts import Facts

    return await asyncio.to_thread(Facts.of, frame, kinds)
