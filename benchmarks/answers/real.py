"""The five businesses as facts: their files read the way an import reads them, without a database."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sightline.foundation.lake import as_frame
from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.rows import Misfit, RowReader
from sightline.kernel.observe.table import BrokenRow
from sightline.kernel.pack import Pack
from sightline.kernel.predict.facts import Facts
from sightline.main.businesses import Source, business
from sightline.packs.customers.pack import PACK as CUSTOMERS
from sightline.packs.deals.pack import PACK as DEALS
from sightline.packs.leads.pack import PACK as LEADS
from sightline.packs.receivables.pack import PACK as RECEIVABLES
from sightline.packs.supply.pack import PACK as SUPPLY

PACKS: dict[str, Pack] = {
    "supply": SUPPLY, "leads": LEADS, "customers": CUSTOMERS, "receivables": RECEIVABLES, "deals": DEALS,
}  # fmt: skip

AFTER = timedelta(days=400)
"""How long after the last row everything has matured."""


def files(name: str) -> list[tuple[Path, Source]]:
    """Of a business. Raises NotFound, in words, where one is absent: `SIGHTLINE_DATA` names what does not ship."""
    folder = os.environ.get("SIGHTLINE_DATA")
    return business(name).files(Path(folder) if folder else None)


def facts(name: str, *only: str, rewrite: Callable[[Path], Path] = lambda path: path) -> Facts:
    """All of them, or those of the files whose names contain one of `only`. Raises as `files` does.

    `rewrite`: what is read in place of a file.
    """
    numbers, found = count(1), list[Any]()
    for path, source in files(name):
        if only and not any(part in source.file for part in only):
            continue
        reader = RowReader(source.mapping)
        for row in open_table(rewrite(path), source.mapping.dialect).rows():
            assert not isinstance(row, BrokenRow), row
            events = reader.events(row)
            assert not isinstance(events, Misfit), events
            found += [event.but(position=next(numbers)) for event in events]
    return Facts.of(as_frame(found), {kind.name: kind for kind in PACKS[name].kinds})


def end(known: Facts) -> datetime:
    """A moment at which every answer that will ever count does."""
    last = known.seen["known_at"].max()
    assert isinstance(last, datetime)
    return last + AFTER
