"""The whole ladder and its proof on 100,000 examples of 150 features: `python -m benchmarks.answers ladder`."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import numpy as np
import polars as pl

from benchmarks.answers import race
from benchmarks.answers.ours import proved
from benchmarks.answers.rows import Row, hand_over
from sightline.kernel.predict._matrix import Floats, Matrix
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.examples import Answers, Examples
from sightline.kernel.predict.facts import INSTANT
from sightline.kernel.predict.population import Population
from sightline.kernel.predict.prepare import Prepared
from sightline.language.question import Question, at, days, happens

EXAMPLES, FEATURES, TELLING = 100_000, 150, 20
BEGIN, APART = datetime(2020, 1, 1, tzinfo=UTC), timedelta(minutes=15)
WITHIN = days(30)
SECONDS = 300.0
BUDGET = 200.0
"""What the engine is told to take for choosing and judging; the rest is the last fit and the proof."""

COMES = Question(
    name="own.comes",
    of="thing",
    asks="Will it come?",
    when=at("thing.seen"),
    answer=happens("thing.came", within=WITHIN),
)


@dataclass(frozen=True)
class Asked:
    """What `Examples` says, from arrays."""

    question: Question
    eligible: pl.DataFrame
    truth: Floats

    def answers(self, at: datetime) -> Answers:
        """Mature ones only."""
        mature = (self.eligible["matures_at"] <= at).to_numpy()
        many = len(self.truth)
        return Answers(
            value=np.where(mature, self.truth, np.nan), observed=np.ones(many, np.bool_), weight=np.ones(many)
        )


def made(seed: int = 0) -> Prepared:
    """Examples a quarter of an hour apart; a few of the numbers tell something, two of them together, most nothing."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(EXAMPLES, FEATURES)).astype(np.float32)
    values[:, 100:] = np.round(np.exp(values[:, 100:]))
    weights = rng.normal(size=TELLING) * 0.3
    pull = values[:, :TELLING] @ weights + 0.5 * values[:, 0] * values[:, 1] + 0.3 * np.abs(values[:, 2]) - 1.5
    truth = (rng.random(EXAMPLES) < 1 / (1 + np.exp(-pull))).astype(np.float64)
    moments = pl.Series([BEGIN + APART * i for i in range(EXAMPLES)], dtype=INSTANT)
    names = pl.Series(np.arange(EXAMPLES)).cast(pl.String).str.zfill(6)
    eligible = pl.DataFrame({"key": names, "exists_from": moments, "cutoff": moments}).with_columns(
        deadline=pl.col("cutoff") + WITHIN, matures_at=pl.col("cutoff") + WITHIN, worth=pl.lit(None, pl.Float64),
        cluster="key",
    ).with_row_index("row")  # fmt: skip
    specs = tuple(
        Spec(name=f"attribute.{i}", group=Group.ATTRIBUTE, of=(str(i),), measure="value")
        if i < FEATURES // 3
        else Spec(name=f"own.event.{i}", group=Group.OWN, of=(f"event.{i}",), measure="count")
        for i in range(FEATURES)
    )
    now, frame = BEGIN + APART * EXAMPLES + WITHIN, eligible.drop("row")
    nobody = frame.clear()
    return Prepared(
        question=COMES, kind=None, now=now, rows=EXAMPLES, last_position=EXAMPLES,
        asked=cast(Examples, Asked(COMES, eligible, truth)),
        matrix=Matrix(specs=specs, values=values, vocabulary={}),
        population=Population(
            now=now, trainable=frame, open=nobody, later=nobody, waiting=nobody, overdue=nobody, excluded={},
            overlap=0, undated=0,
        ),
    )  # fmt: skip


def rows() -> list[Row]:
    """Beside FLAML for the same time."""
    prepared = made()
    found = proved(prepared, None, budget=BUDGET, seed=0, since=(time.perf_counter(), time.process_time()))
    matrix = found.prepared.matrix
    table = pl.DataFrame({spec.name: matrix.values[:, i] for i, spec in enumerate(matrix.specs)})
    peers = race.race(found, table, ("FLAML",), seconds=found.wall, threads=2)
    own, other = race.auc(found, found.test.model.value), race.auc(found, peers[0].said)
    return [
        Row(
            name="ladder and proof", data=f"made-up, {EXAMPLES:,} examples, {FEATURES} features", split=found.split,
            peers=f"FLAML {other:.4f}", seconds=race.seconds(found, peers),
            ours=f"{found.wall:.0f} s; AUC {own:.4f}, {found.test.chosen.rung} of {', '.join(found.test.chosen.ladder)}"
                 f" (left out for lack of time: {', '.join(found.test.chosen.untried) or 'none'})",
            best=f"FLAML {other:.4f}", difference=race.shown(race.difference(found, peers[0].said)),
            limit=f"under {SECONDS:.0f} s, nothing left out",
            held=min(found.wall, found.spent) < SECONDS and not found.test.chosen.untried,
        )
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(hand_over(rows))
