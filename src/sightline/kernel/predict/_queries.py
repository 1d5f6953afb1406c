"""What features are asked of: which thing, as of which moment, for which example."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from sightline.kernel.predict._spec import Spec
from sightline.kernel.predict.facts import Facts

Lazy = nw.LazyFrame[pl.LazyFrame]
Part = tuple[pl.DataFrame, list[Spec]]
"""row and one column per spec; rows that know nothing may be missing."""

DAY_HOURS = 24
SCALE = 10_000
"""Amounts are added up as whole numbers of 1/10,000: sums of whole numbers depend on no order and on no engine."""

LARGEST = 1e12
"""Amounts are cut here, so that a million of them still add up within a word."""


def standing_at_cutoff(histories: Lazy) -> Lazy:
    """The rows whose interval holds `cutoff`."""
    until = nw.col("known_until")
    return histories.filter((nw.col("known_from") <= nw.col("cutoff")) & (until.is_null() | (until > nw.col("cutoff"))))


def hours_between(later: nw.Expr, earlier: nw.Expr) -> nw.Expr:
    """Whole hours from `earlier` to `later`. Whole numbers are the same on every engine."""
    return ((later - earlier).dt.total_seconds() // 3_600).cast(nw.Float64)


def scaled(value: nw.Expr) -> nw.Expr:
    """An amount as a whole number of 1/10,000."""
    return (value.clip(-LARGEST, LARGEST) * SCALE).round(0).cast(nw.Int64)


def targets(kind: str, role: str, queries: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """row, key, cutoff: the things that `queries` (row, key, cutoff; of `kind`) point at in a role, as known then.

    `key` keeps its kind apart: the kind pointed at is one per role.
    """
    arrows = facts.links.filter(pl.col("kind") == kind, pl.col("role") == role, pl.col("to").is_not_null())
    known = standing_at_cutoff(
        nw.from_native(arrows.drop("kind", "role").lazy()).join(nw.from_native(queries.lazy()), on="key", how="inner")
    )
    found: pl.DataFrame = known.select("row", "to", "cutoff").collect().to_native()
    return found.select("row", pl.col("to").str.splitn("/", 2).struct.field("field_1").alias("key"), "cutoff")
