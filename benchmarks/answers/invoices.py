"""Invoices: paid late, and in how many days: `python -m benchmarks.answers invoices`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.answers import by_hand, race, real, versus
from benchmarks.answers.ours import Ours, ours
from benchmarks.answers.rows import Row, hand_over
from sightline.kernel.predict import metrics
from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict._spec import Group
from sightline.packs.receivables.predict import DAYS_TO_PAY, PAID_LATE

NAME = "invoices: late"
DATA = "invoices (IBM, synthetic), 2,466"
LEAST, MOST_DAYS = 0.87, 5.9
BY_HAND = " with histories by hand"


def rows() -> list[Row]:
    """Both questions, expanding in time."""
    known = real.facts("receivables")
    path = real.files("receivables")[0][0]
    return [*_late(ours(PAID_LATE, known), path), _days(ours(DAYS_TO_PAY, known), path)]


def _tables(found: Ours, path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Attributes, the customer's number among them (there are 100); and with histories beside them."""
    attributes = race.plain(found, (Group.ATTRIBUTE,))
    histories = by_hand.invoices(path, found.prepared.asked.eligible)
    return attributes, pl.concat([attributes, histories], how="horizontal")


def _late(found: Ours, path: Path) -> list[Row]:
    attributes, both = _tables(found, path)
    peers = race.race(found, attributes, race.ALL) + race.race(found, both, ("LightGBM", "CatBoost"), called=BY_HAND)
    return [
        versus.chances(NAME, DATA, found, peers, least=LEAST),
        versus.promise(NAME, DATA, found),
    ]


def _days(found: Ours, path: Path) -> Row:
    attributes, both = _tables(found, path)
    peers = race.race(found, attributes, ("LightGBM",)) + race.race(
        found, both, ("LightGBM", "CatBoost"), called=BY_HAND
    )
    own = _errors(found, found.test.model.median)
    errors = {peer.name: _errors(found, peer.said) for peer in peers}
    best = min(errors, key=lambda name: float(errors[name].mean()))
    less = own - errors[best]
    low, high = metrics.mean_interval(less, found.clusters, race.rng())
    inside = (found.yes >= found.test.model.low[found.rows]) & (found.yes <= found.test.model.high[found.rows])
    return Row(
        name="invoices: days to pay", data=DATA, split=found.split, seconds=race.seconds(found, peers),
        peers=", ".join(f"{name} {found_.mean():.2f}" for name, found_ in errors.items()),
        ours=f"mean absolute error {own.mean():.2f}, {found.test.chosen.rung}; intervals hold {inside.mean():.3f}",
        best=f"{best} {errors[best].mean():.2f}",
        difference=f"{less.mean():+.3f} ({low:+.3f} to {high:+.3f})",
        limit=f"at most {MOST_DAYS}", held=bool(own.mean() <= MOST_DAYS),
    )  # fmt: skip


def _errors(found: Ours, said: Floats) -> Floats:
    """Of those whose answer is fully known: days missed."""
    errors: Floats = np.abs(said[found.rows] - found.yes)
    return errors


if __name__ == "__main__":
    sys.exit(hand_over(rows, NAME, DATA))
