"""What a thing is at a moment, against the clerk; by the join and by the running maximum."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings

from sightline.kernel.predict import _attributes
from sightline.kernel.predict._attributes import attributes, pointed, worded
from sightline.kernel.predict._queries import targets
from sightline.kernel.predict.facts import INSTANT, Facts
from sightline.language.time import start_of
from tests.kernel.predict.clerk import Book, Clerk
from tests.kernel.predict.histories import Row, day, frame
from tests.kernel.predict.test_happenings import ASKED
from tests.kernel.predict.worlds import KINDS, worlds

PATHS = pytest.mark.parametrize("often", [-1, 10**6], ids=["running maximum", "join"])


def _queries(asked: list[tuple[str, float]]) -> pl.DataFrame:
    rows = [(row, key, day(at)) for row, (key, at) in enumerate(asked)]
    return pl.DataFrame(rows, {"row": pl.UInt32, "key": pl.String, "cutoff": INSTANT}, orient="row")


def _own(book: Book, key: str, at: Any) -> dict[str, Any]:
    """What is known of a thing, as its columns tell it."""
    size, fine, due, colour = (book.attribute("thing", key, name) for name in ("size", "fine", "due", "colour"))
    return {
        "attribute.size": size,
        "attribute.fine": None if fine is None else float(fine),
        "days.due": None if due is None else (start_of(due) - at) // timedelta(hours=1),
        "text.colour": colour,
        # Nobody declared it: events said it.
        "attribute.n": book.attribute("thing", key, "n"),
        "link.maker": book.link("thing", key, "maker"),
        "link.place": book.link("thing", key, "place"),
    }


def _check_as_the_clerk(rows: list[Row], asked: list[tuple[str, float]]) -> None:
    clerk, facts, queries = Clerk(rows, KINDS), Facts.of(frame(rows), KINDS), _queries(asked)
    parts = [attributes("thing", queries, facts), pointed("thing", queries, facts), worded("thing", queries, facts)]
    makers = targets("thing", "maker", queries, facts)
    lands = targets("maker", "land", makers, facts)
    parts.append(attributes("maker", makers, facts, path=("maker",)))
    parts.append(attributes("land", lands, facts, path=("maker", "land")))
    table = queries
    for part, _ in parts:
        assert part["row"].is_unique().all()
        table = table.join(part, on="row", how="left")
    for told in table.to_dicts():
        key, at = told["key"], told["cutoff"]
        book = clerk.book(at)
        wanted = _own(book, key, at)
        maker = book.link("thing", key, "maker")
        land = None if maker is None else book.link("maker", maker[6:], "land")
        wanted["attribute.maker.rank"] = None if maker is None else book.attribute("maker", maker[6:], "rank")
        wanted["attribute.maker.land.warm"] = None if land is None else book.attribute("land", land[5:], "warm")
        note = book.attribute("thing", key, "note")
        wanted[f"word.note.{_attributes.BUCKETS}"] = None if note is None else len(note.split())
        for name, value in wanted.items():
            # What nobody ever said has no column.
            assert told.get(name) == value, (name, key, at)


@PATHS
@settings(max_examples=15, deadline=None)
@given(rows=worlds(), asked=ASKED)
def test_attributes_are_as_known_at_the_moment(often: int, rows: list[Row], asked: list[tuple[str, float]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_attributes, "OFTEN", often)
        _check_as_the_clerk(rows, asked)


@pytest.mark.slow
@PATHS
@settings(max_examples=30, deadline=None)
@given(rows=worlds(), asked=ASKED)
def test_attributes_are_as_known_at_the_moment_thoroughly(
    often: int, rows: list[Row], asked: list[tuple[str, float]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_attributes, "OFTEN", often)
        _check_as_the_clerk(rows, asked)


def test_words_are_counted() -> None:
    rows = [Row("a", "a", "thing.described", "t0", 0, 0, (("note", "made well Made"),))]
    table, specs = worded("thing", _queries([("t0", 1)]), Facts.of(frame(rows), KINDS))
    counts = [value for name, value in table.row(0, named=True).items() if name != "row"]
    assert len(specs) == _attributes.BUCKETS + 1
    assert sorted(counts[:-1])[-2:] in ([1, 2], [0, 3])
    assert counts[-1] == 3
