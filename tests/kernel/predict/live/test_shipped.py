"""The law of live scoring on the shipped deliveries: days of real events, and every row that is asked of by then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import polars as pl
import pytest

from sightline.kernel.predict._matrix import Matrix
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.live import Book
from sightline.kernel.predict.prepare import Prepared
from sightline.language.event import Event
from sightline.language.ref import Ref
from sightline.packs.supply.predict import ARRIVES_LATE
from tests.kernel.predict.deliveries import KINDS, ledger

BEGIN = datetime(2011, 3, 1, tzinfo=UTC)
"""In the middle of the deliveries; the days after it are told event by event."""

DAYS = (3, 10)


def events(frame: pl.DataFrame) -> Iterator[Event]:
    for one in frame.iter_rows(named=True):
        yield Event(
            id=one["id"], source=one["source"], type=one["type"], subject=Ref(one["kind"], one["key"]),
            time=one["time"], known_at=one["known_at"], position=one["position"],
            data=msgspec.json.decode(one["data"]), revises=None if one["root"] == one["id"] else one["root"],
        )  # fmt: skip


def until(lake: pl.DataFrame, after: datetime, upto: datetime) -> pl.DataFrame:
    return lake.filter(pl.col("known_at") > after, pl.col("known_at") <= upto)


@pytest.mark.slow
def test_rows_of_the_deliveries_are_those_of_the_bulk_read() -> None:
    lake = ledger().sort("known_at", "position")
    first = lake.filter(pl.col("known_at") <= BEGIN)
    facts = Facts.of(first, KINDS)
    begun = Prepared.of(ARRIVES_LATE, facts, BEGIN)
    book = Book.of(ARRIVES_LATE, first, facts, BEGIN, begun.matrix.specs, {})
    at = BEGIN
    for days in DAYS:
        now = BEGIN + timedelta(days=days)
        moved = book.take(events(until(lake, at, now)))
        assert moved.stale is None
        bulk = Prepared.of(ARRIVES_LATE, Facts.of(lake.filter(pl.col("known_at") <= now), KINDS), now)
        asked = bulk.asked.eligible.with_row_index("place")
        mine = asked.filter(pl.col("key").is_in(list(moved.subjects)) | pl.col("cutoff").is_between(at, now))
        sample = pl.concat([mine.sample(min(70, mine.height), seed=7), asked.sample(40, seed=8)]).unique("place")
        differing = _differing(book, bulk.matrix, sample)
        assert sample.height > 50
        assert differing == []
        at = now


def _differing(book: Book, matrix: Matrix, sample: pl.DataFrame) -> list[tuple[str, str, object, object]]:
    places = {spec.name: at for at, spec in enumerate(matrix.specs)}
    wrong: list[tuple[str, str, object, object]] = []
    for one in sample.iter_rows(named=True):
        row = book.values(one["key"], one["cutoff"])
        assert row is not None, one["key"]
        for spec, value in zip(book.plan.specs, row, strict=True):
            said = matrix.values[one["place"], places[spec.name]]
            if spec.category:
                known = None if np.isnan(said) else matrix.vocabulary[spec.name][int(said)]
                same = known == value
            else:
                single = np.float32(np.nan if value is None else value)
                same = bool(single == said) or (np.isnan(single) and np.isnan(said))
            if not same:
                wrong.append((one["key"], spec.name, value, said))
    return wrong
