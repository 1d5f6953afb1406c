"""How much history it takes: what training, judging and counting beforehand agree on. Loads nothing that trains."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from sightline.kernel.predict.examples import Examples
from sightline.language.question import Once

MIN_ROWS, MIN_CLASS = 200, 20
"""Fewer mature answers, or fewer of the rarer one, and only the base rate is taken from them."""

MIN_JUDGED = 10
"""Clusters with either answer among the judged: below it a bootstrap says too little to stake anything on."""

ORIGIN = 0.7
"""The quantile of cutoffs from which on the model is judged."""


def decided(asked: Examples, now: datetime) -> datetime:
    """By when answers were known that may decide what is learned from: the origin; of a flat table `now`."""
    return now if isinstance(asked.question.when, Once) else (origin_of(asked, now) or now)


def origin_of(asked: Examples, now: datetime) -> datetime | None:
    """The 70 % quantile of the cutoffs of the subjects mature at `now`; None when there are none."""
    mature = asked.eligible.filter(pl.col("matures_at") <= now)["cutoff"].sort()
    found: datetime | None = mature[int(ORIGIN * len(mature))] if len(mature) else None
    return found
