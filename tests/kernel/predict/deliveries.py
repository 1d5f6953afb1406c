"""The shipped deliveries as the rows of the lake, read the way an import reads them. For tests and benchmarks."""

from __future__ import annotations

from importlib.resources import as_file, files
from itertools import count

import polars as pl

from sightline.foundation.lake import as_frame
from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.rows import Misfit, RowReader
from sightline.kernel.observe.table import BrokenRow
from sightline.packs.supply.observe import DELIVERIES
from sightline.packs.supply.pack import PACK

KINDS = {kind.name: kind for kind in PACK.kinds}
EVENTS = {event.name: event for event in PACK.events}


def ledger() -> pl.DataFrame:
    """The rows of the lake after the whole file was imported; every row of the file must fit."""
    numbers, reader, found = count(1), RowReader(DELIVERIES), []
    with as_file(files("sightline.packs.supply") / "data" / "scms_delivery.csv.gz") as path:
        for row in open_table(path, DELIVERIES.dialect).rows():
            assert not isinstance(row, BrokenRow), row
            events = reader.events(row)
            assert not isinstance(events, Misfit), events
            found += [event.but(position=next(numbers)) for event in events]
    return as_frame(found)
