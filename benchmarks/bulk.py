"""Bulk scoring: a million subjects whose features are ready, without reasons: `python -m benchmarks.bulk`.

`[--subjects 1000000]`. Told are the raw `Booster.predict` on encoded numbers; the engine's own path (encode, predict,
calibrate, intervals, rank, the predictions themselves); and storing them. Limit: a million a minute for the engine's
path, features ready; its ratio to raw `predict` and the time for storing stand beside it. Ends with 1 when missed.
"""

from __future__ import annotations

import argparse
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


async def stored(settings: Settings, predictions: list[Prediction]) -> None:
    """Into the table, in one transaction."""
    async with installation(settings) as desk:
        tenant = await desk.workspace(MAIN)
        began = time.perf_counter()
        async with desk.db.transaction(tenant.number) as tx:
            await registry.keep(tx, predictions, grace=STOPS_BUYING.grace, at=shops.present())
        took = time.perf_counter() - began
    print(f"  {'storing them':44} {took:7.1f} s, {len(predictions) / took * 60:13,.0f} a minute", flush=True)


def main() -> int:
    """Returns 1 when the limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=1_000_000)
    given = parser.parse_args()
    sample = prepared()
    trained = Trained.load(shops.model(sample).document)
    many = repeated(sample, given.subjects)
    assert isinstance(trained.model, Trees)
    trees = trained.model
    print(f"{given.subjects:,} subjects, {len(trees.encoder.specs)} features read, {trees.rounds} rounds of"
          f" {len(trees.boosters)} boosters", flush=True)  # fmt: skip
    values = trees.encoder.encode(many.matrix)
    count = given.subjects
    raw, _ = timed("raw Booster.predict, encoded, one thread", count, partial(_boosting.raw, trees.boosters, values))
    work = partial(score, trained, many, reasons_for_top=0)
    engine, found = timed("the engine: encode, say, intervals, rank", count, work)
    print(f"  ratio to raw predict {engine / raw:.2f}; limit {LIMIT:.0f} s a million")
    with new_home("bulk") as home:
        asyncio.run(stored(Settings(home=home), found.predictions))
    return 0 if engine <= LIMIT * given.subjects / 1_000_000 else 1


if __name__ == "__main__":
    sys.exit(main())
