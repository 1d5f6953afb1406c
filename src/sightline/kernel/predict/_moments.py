"""Stored days and instants as moments, and histories as of a moment."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from sightline.kernel.predict.facts import INSTANT, Facts
from sightline.language.errors import Invalid
from sightline.language.time import end_of, start_of


def history(facts: Facts, kind: str, name: str) -> pl.DataFrame:
    """key, number, text, known_from, known_until of one attribute of all subjects."""
    return facts.attributes.filter(pl.col("kind") == kind, pl.col("name") == name).drop("kind", "name")


def standing(histories: pl.DataFrame, at: str) -> pl.DataFrame:
    """The rows of a history whose interval holds the moment in column `at`."""
    until = pl.col("known_until")
    return histories.filter(pl.col("known_from") <= pl.col(at), until.is_null() | (until > pl.col(at)))


def moments(texts: pl.Series, *, end: bool = False) -> pl.Series:
    """Stored days and instants as datetimes (`end`: the last moment that counts as that day); null where neither."""
    read = end_of if end else start_of
    known: dict[str, datetime | None] = {}
    for text in texts.drop_nulls().unique():
        try:
            known[text] = read(text)
        except (Invalid, OverflowError):
            known[text] = None
    found = [known.get(text) if text is not None else None for text in texts]
    return pl.Series(texts.name, found, dtype=INSTANT)
