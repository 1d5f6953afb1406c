"""Bulk scoring: a million subjects whose features are ready, without reasons: `python -m benchmarks.answers bulk`.

Told are the raw `Booster.predict` on encoded numbers; the engine's own path (encode, predict,
calibrate, intervals, rank, the predictions themselves); and storing them. Limit: a million a minute for the engine's
path, features ready; its ratio to raw `predict` and the time for storing stand beside it.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

import numpy as np
import polars as pl

from benchmarks import shops
from benchmarks.answers.rows import Row, hand_over
from benchmarks.common import new_home
from sightline.foundation.lake import as_frame
from sightline.foundation.settings import Settings
from sightline.kernel.predict import registry
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.models import _boosting
from sightline.kernel.predict.models.boosted import Trees
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.scoring import score
from sightline.kernel.predict.trained import Trained
from sightline.language.prediction import Prediction
from sightline.main.installation import MAIN, installation
from sightline.packs.customers.pack import PACK
from sightline.packs.customers.predict import STOPS_BUYING

SUBJECTS = 1_000_000
SAMPLE = 20_000
"""Subjects whose features are made; a million are these again and again, under keys of their own."""

LIMIT = 60.0
"""Seconds a million."""


def prepared() -> Prepared:
    """The features of the sample."""
    now = shops.present()
    events = [event.but(position=at) for at, event in enumerate(shops.events(SAMPLE, now), 1)]
    facts = Facts.of(as_frame(events), {kind.name: kind for kind in PACK.kinds})
    return Prepared.of(STOPS_BUYING, facts, now)


def repeated(one: Prepared, subjects: int) -> Prepared:
    """So many subjects, each open at one cutoff."""
    last = one.asked.current
    rows = np.resize(last, subjects)
    eligible = one.asked.eligible[rows].drop("row").with_columns(key=pl.format("n{}", pl.int_range(subjects)))
    frame = eligible.with_columns(eligible=pl.lit(value=True), reason=pl.lit(None, pl.String),
                                  also_unknown=pl.lit(value=False))  # fmt: skip
    asked = replace(one.asked, frame=frame.select(one.asked.frame.columns), readings=one.asked.readings.clear())
    population = replace(one.population, open=frame.select(one.asked.frame.columns))
    return replace(one, asked=asked, matrix=one.matrix.rows(rows), population=population)


Made = TypeVar("Made")


def timed(label: str, subjects: int, work: Callable[[], Made]) -> tuple[float, Made]:
    """Tell how long it took; returns seconds and what it made."""
    began = time.perf_counter()
    made = work()
    took = time.perf_counter() - began
    print(f"  {label:44} {took:7.1f} s, {subjects / took * 60:13,.0f} a minute", flush=True)
    return took, made


async def stored(settings: Settings, predictions: list[Prediction]) -> float:
    """Seconds into the table, in one transaction."""
    async with installation(settings) as desk:
        tenant = await desk.workspace(MAIN)
        began = time.perf_counter()
        async with desk.db.transaction(tenant.number) as tx:
            await registry.keep(tx, predictions, grace=STOPS_BUYING.grace, at=shops.present())
        return time.perf_counter() - began


def rows(subjects: int = SUBJECTS) -> list[Row]:
    """The raw model, the engine and the table one after the other."""
    sample = prepared()
    trained = Trained.load(shops.model(sample).document)
    many = repeated(sample, subjects)
    assert isinstance(trained.model, Trees)
    trees = trained.model
    values = trees.encoder.encode(many.matrix)
    raw, _ = timed("raw Booster.predict, encoded, one thread", subjects, partial(_boosting.raw, trees.boosters, values))
    work = partial(score, trained, many, reasons_for_top=0)
    engine, found = timed("the engine: encode, say, intervals, rank", subjects, work)
    with new_home("bulk") as home:
        kept = asyncio.run(stored(Settings(home=home), found.predictions))
    return [
        Row(
            name="bulk: scoring without reasons",
            data=f"made-up shop, the features of {SAMPLE:,} subjects over and over: {subjects:,}",
            split=f"{len(trees.encoder.specs)} features, {trees.rounds} rounds of {len(trees.boosters)} boosters",
            peers="raw Booster.predict on encoded numbers, one thread", seconds=f"ours {engine:.1f}; raw {raw:.1f}",
            ours=f"{subjects / engine * 60:,.0f} a minute; storing them {kept:.0f} s more",
            best=f"{subjects / raw * 60:,.0f} a minute", difference=f"{engine / raw:.2f} times raw predict",
            limit="a million a minute", held=engine <= LIMIT * subjects / 1_000_000,
        )
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(hand_over(lambda: rows(*map(int, sys.argv[1:]))))
