"""SCMS deliveries, retrained every 60 days from the 70 % quantile on: `python -m benchmarks.answers deliveries`."""

from __future__ import annotations

import sys

import polars as pl

from benchmarks.answers import by_hand, race, real, versus
from benchmarks.answers.ours import ours
from benchmarks.answers.rows import Row, hand_over
from sightline.packs.supply.predict import ARRIVES_LATE

MOST_VALUES = 100
"""What explainable boosting is given: its pairs have a cell for every two values, and an order line has thousands of
quotes, orders and products. Even so its defaults take over an hour for 13 folds (the second was through after 8
minutes), so it has the settings of Sightline's own rung here.
"""
NAME = "deliveries: late"
DATA = "SCMS deliveries (USAID, real, ships), 10,324 lines"


def rows() -> list[Row]:
    """Beside boosting on the lines' own attributes, and LightGBM with histories written by hand."""
    found = ours(ARRIVES_LATE, real.facts("supply"))
    attributes = race.plain(found)
    histories = by_hand.deliveries(real.files("supply")[0][0], found.prepared.asked.eligible)
    both = pl.concat([attributes, histories], how="horizontal")
    narrow = attributes.select(
        one.name for one in attributes if one.dtype != pl.String or one.n_unique() <= MOST_VALUES
    )
    peers = [
        *race.race(found, attributes, ("LightGBM", "CatBoost")),
        *race.race(
            found, narrow, ("light explainable boosting",), called=f" (attributes of at most {MOST_VALUES} values)"
        ),
        *race.race(found, both, ("LightGBM",), called=" with histories by hand"),
    ]
    return [
        versus.chances(NAME, DATA, found, peers, short=0.01, least=0.82, error=0.05),
        versus.promise(NAME, DATA, found),
    ]


if __name__ == "__main__":
    sys.exit(hand_over(rows, NAME, DATA))
