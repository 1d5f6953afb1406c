"""Which happenings fall into which spans of time: an exact join of moments and spans by key, in two binary searches."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

_Whole = npt.NDArray[np.int64]


def pairs(spans: pl.DataFrame, moments: pl.DataFrame) -> pl.DataFrame:
    """The rows of `moments` (key, time, ...) inside each of `spans` (row, key, low, high): low < time <= high.

    A null `low` is without beginning. Returns `row` and the columns of `moments`, by (row, time); costs as many rows as
    there are pairs.
    """
    codes = spans.select(pl.col("key").unique()).with_row_index("code")
    inside = moments.join(codes, on="key").sort("code", "time")
    asked = spans.join(codes, on="key").sort("row")
    time, low, high = (_micros(part) for part in (inside["time"], asked["low"], asked["high"]))
    order = np.unique(time)
    width = len(order) + 1
    place = inside["code"].to_numpy().astype(np.int64) * width + np.searchsorted(order, time)
    group = asked["code"].to_numpy().astype(np.int64) * width
    begins = np.searchsorted(place, group + np.searchsorted(order, low, side="right"))
    ends = np.searchsorted(place, group + np.searchsorted(order, high, side="right"))
    many = np.maximum(ends - begins, 0)
    within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    found: pl.DataFrame = inside[np.repeat(begins, many) + within].drop("code")
    rows = pl.Series("row", np.repeat(asked["row"].to_numpy(), many))
    return found.with_columns(rows)


def _micros(moments: pl.Series) -> _Whole:
    """Microseconds since the epoch; null is before everything."""
    return moments.dt.timestamp("us").fill_null(np.iinfo(np.int64).min).to_numpy()
