"""What would have been said, had a model been trained on a past day and been on duty since: nothing it could not have
known touches it, neither what it learned from nor what it reads of each subject.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from sightline.kernel.predict import engine
from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict._moments import history, standing
from sightline.kernel.predict.clock import Clock
from sightline.kernel.predict.contest import Progress
from sightline.kernel.predict.examples import Examples
from sightline.kernel.predict.explain import explain
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.promise import PROMISE
from sightline.kernel.predict.scoring import interval
from sightline.kernel.predict.stopping import Stopping
from sightline.kernel.predict.teaching import teachable
from sightline.kernel.predict.treatment import Treatment
from sightline.language.errors import NotEnough
from sightline.language.kind import Kind
from sightline.language.proof import Side
from sightline.language.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class AsIf:
    """What was said of those asked since a day, aligned with the rows of `asked`."""

    asked: pl.DataFrame
    """key, cutoff, deadline, worth, cluster of each, by cutoff and key."""
    value: Floats
    """Probability, or the median of a quantity."""
    low: Floats
    high: Floats
    answer: Floats
    """As it reads now; nan where it is not mature yet."""
    met: pl.Series
    """When its answer was first recorded, or counted without: what was forecast is past then."""
    sides: tuple[Side, ...]
    """From which line on the promise was kept, as of that day."""
    chance: bool
    verdict: str
    """Of the proof as of that day."""
    why: Callable[[Sequence[int]], list[tuple[str, ...]]]
    """The strongest reasons of what was said of these rows, in words."""

    def forecast(self, row: int) -> dict[str, Any]:
        """What was said in one row, as a situation tells it: deadline, worth, probability or quantity, low, high."""
        told = self.asked.row(row, named=True)
        value = float(self.value[row])
        said = {"probability": value} if self.chance else {"quantity": value}
        return {
            "deadline": told["deadline"],
            "worth": told["worth"],
            "low": float(self.low[row]),
            "high": float(self.high[row]),
            **said,
        }


def as_if(
    question: Question, facts: Facts, since: datetime, now: datetime, *, seed: int = 0, promise: float = PROMISE,
    budget: float = 60.0, treatment: Treatment | None = None, kind: Kind | None = None,
    progress: Progress | None = None, cancelled: Stopping | None = None, standing_too: bool = False,
) -> AsIf:  # fmt: skip
    """Train as of `since` and say what is asked from then on to `now`. `budget`: seconds, of two cores; `kind`: what is
    declared of the subjects; `progress`: as of `engine.train`; `standing_too`: and of whom was asked last before it,
    where no answer was known by then.

    Raises NotEnough where nobody is asked since then, and Cancelled.
    """
    before = teachable(question, facts, since, seed=seed, treatment=treatment, cancelled=cancelled)
    trained = engine.train(before, seed, progress, cancelled, promise=promise, budget=budget)
    whole = Prepared.of(question, facts, now)
    clock = Clock.of(whole.asked)
    rows = clock.since(since)
    if standing_too:
        rows = np.union1d(rows, _unanswered(clock, since))
    if not len(rows):
        raise NotEnough(f"Nobody is asked since {since:%Y-%m-%d}.", hint="Begin earlier.")
    matrix = whole.matrix.rows(rows)
    told = trained.tell(matrix)
    low, high = interval(trained, matrix, told)

    def why(these: Sequence[int]) -> list[tuple[str, ...]]:
        found = explain(trained, question, kind, matrix.rows(np.array(these, np.int64)))
        return [tuple(reason.text for reason in one) for one in found]

    columns = ["key", "cutoff", "deadline", "worth", "cluster"]
    return AsIf(
        asked=whole.asked.eligible[rows].select(columns),
        value=told.value if trained.task.chance else told.median,
        low=low,
        high=high,
        answer=clock.answers(now).value[rows],
        met=_met(whole.asked, rows),
        sides=trained.proof.sides if trained.proof else (),
        chance=trained.task.chance,
        verdict=trained.proof.verdict if trained.proof else "",
        why=why,
    )


def _unanswered(clock: Clock, at: datetime) -> Rows:
    """The last example of each subject before a moment, where no answer was known by then."""
    known = clock.asked.answer(at).filter("answered")["row"].to_numpy()
    return np.setdiff1d(clock.current(at), known)


def _met(asked: Examples, rows: Rows) -> pl.Series:
    first = asked.readings.filter("answered").group_by("row").agg(first=pl.col("known_from").min())
    known = asked.eligible.select("row", "matures_at").join(first, on="row", how="left", maintain_order="left")
    return known.select(pl.min_horizontal("first", "matures_at")).to_series()[rows]


def attributes_then(
    facts: Facts, question: Question, asked: pl.DataFrame, names: Sequence[str]
) -> list[dict[str, str | float | bool | None]]:
    """Of each row of `asked` (key, cutoff) the attributes of these names as they were known at its cutoff."""
    found: list[dict[str, str | float | bool | None]] = [{} for _ in range(asked.height)]
    placed = asked.select("key", "cutoff").with_row_index("place")
    for name in names:
        said = standing(placed.join(history(facts, question.of, name), on="key"), "cutoff")
        for place, number, text in said.select("place", "number", "text").iter_rows():
            found[place][name] = text if text is not None else number
    return found


def links_then(facts: Facts, question: Question, asked: pl.DataFrame, role: str) -> list[str | None]:
    """Of each row of `asked` (key, cutoff) whom it was linked to by this role at its cutoff."""
    links = facts.links.filter(pl.col("kind") == question.of, pl.col("role") == role).drop("kind", "role")
    placed = asked.select("key", "cutoff").with_row_index("place")
    said = standing(placed.join(links, on="key"), "cutoff")
    found = dict(said.select("place", "to").iter_rows())
    return [found.get(place) for place in range(asked.height)]
