"""Moments in spans, against looking at every pair."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.kernel.predict._pairs import pairs
from sightline.kernel.predict.facts import INSTANT
from tests.kernel.predict.histories import day

KEYS = st.sampled_from(["a", "b", "c"])
PLACES = st.integers(0, 6)
SPANS = st.lists(st.tuples(KEYS, st.none() | PLACES, st.none() | PLACES), max_size=8)
MOMENTS = st.lists(st.tuples(KEYS, st.none() | PLACES), max_size=12)


def _at(place: int | None) -> Any:
    return None if place is None else day(place)


@settings(max_examples=150, deadline=None)
@given(SPANS, MOMENTS)
def test_every_moment_inside_every_span(
    spans: list[tuple[str, int | None, int | None]], moments: list[tuple[str, int | None]]
) -> None:
    """An open beginning, a closed end; no low is without beginning, no high never begins, no time lies nowhere."""
    asked = pl.DataFrame(
        [(row, key, _at(low), _at(high)) for row, (key, low, high) in enumerate(spans)],
        {"row": pl.UInt32, "key": pl.String, "low": INSTANT, "high": INSTANT}, orient="row",
    )  # fmt: skip
    there = pl.DataFrame(
        [(key, _at(time), number) for number, (key, time) in enumerate(moments)],
        {"key": pl.String, "time": INSTANT, "number": pl.Int64}, orient="row",
    )  # fmt: skip
    told = pairs(asked.reverse(), there)
    expected = [
        (row, number)
        for row, (key, low, high) in enumerate(spans)
        for number, (of, time) in enumerate(moments)
        if of == key and time is not None and high is not None and (low is None or low < time) and time <= high
    ]
    assert sorted(told.select("row", "number").iter_rows()) == expected
    assert told.select("row", "time").rows() == sorted(told.select("row", "time").rows())
    assert set(told.columns) == {"key", "time", "number", "row"}


def test_nothing_asked_and_nothing_there() -> None:
    asked = pl.DataFrame(schema={"row": pl.UInt32, "key": pl.String, "low": INSTANT, "high": INSTANT})
    there = pl.DataFrame(schema={"key": pl.String, "time": INSTANT})
    assert pairs(asked, there).is_empty()
    one = pl.DataFrame([(0, "a", None, day(1))], asked.schema, orient="row")
    assert pairs(one, there).is_empty()
    assert pairs(asked, pl.DataFrame([("a", day(0))], there.schema, orient="row")).is_empty()
