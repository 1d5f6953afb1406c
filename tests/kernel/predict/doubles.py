"""Worlds made of numbers: examples, their answers and three features, without facts behind them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import numpy as np
import polars as pl

from sightline.kernel.predict._matrix import Floats, Matrix
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.examples import Answers, Examples
from sightline.kernel.predict.facts import INSTANT
from sightline.kernel.predict.population import Population
from sightline.kernel.predict.prepare import Prepared
from sightline.language.kind import Attribute, Kind, Sort
from sightline.language.question import Question, at, count, days, happens, next_, once, value

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
DAY, WITHIN = days(1), days(30)

COMES = Question(
    name="lab.comes", of="thing", asks="Will it come?", when=at("thing.seen"),
    answer=happens("thing.came", within=WITHIN), yes="comes", no="stays away",
)  # fmt: skip
OFTEN = replace(COMES, name="lab.often", answer=count("thing.came", within=WITHIN), unit="times")
SOON = replace(COMES, name="lab.soon", answer=next_("thing.came", within=WITHIN), unit="days")
FLAT = replace(COMES, name="lab.flat", when=once(), answer=value("came", is_="yes"))

KIND = Kind(
    name="thing",
    attributes=(
        Attribute(name="size", sort=Sort.NUMBER, actionable=(1.0, -1.0)),
        Attribute(name="colour", sort=Sort.CATEGORY, actionable=True),
    ),
)

SPECS = (
    Spec(name="attribute.size", group=Group.ATTRIBUTE, of=("size",), measure="value"),
    Spec(name="text.colour", group=Group.ATTRIBUTE, of=("colour",), measure="text", category=True),
    Spec(name="own.thing.came.count_90", group=Group.OWN, of=("thing.came",), measure="count_90"),
)
COLOURS = ["blue", "green", "red"]


@dataclass(frozen=True)
class Asked:
    """What `Examples` says, from arrays."""

    question: Question
    eligible: pl.DataFrame
    truth: Floats
    observed: np.typing.NDArray[np.bool_]
    revised: dict[int, tuple[datetime, float]] = field(default_factory=dict)
    """Row to when its answer was corrected, and to what."""

    def answers(self, at: datetime) -> Answers:
        """Mature ones only, as corrected by then."""
        found = self.truth.copy()
        for row, (known, answer) in self.revised.items():
            if known <= at:
                found[row] = answer
        mature = (self.eligible["matures_at"] <= at).to_numpy()
        return Answers(value=np.where(mature, found, np.nan), observed=self.observed, weight=np.ones(len(found)))


def world(
    question: Question,
    things: int,
    *,
    seed: int = 0,
    signal: float = 2.0,
    together: int = 1,
    gap: timedelta = DAY,
    revised: dict[int, tuple[datetime, float]] | None = None,
) -> Prepared:
    """So many things, one every `gap`, `together` in a cluster; `signal`: how much features tell of what comes."""
    rng = np.random.default_rng(seed)
    size, colour = rng.normal(size=things), rng.integers(0, 3, things)
    often = rng.poisson(2, things).astype(float)
    pull = signal * (0.6 * size + 0.5 * (often - 2) / 1.4 + 0.4 * (colour - 1))
    truth, observed = _answers(question, pull, rng)
    now = BEGIN + gap * things + days(60)
    moments = [BEGIN + gap * i for i in range(things)] if question is not FLAT else [BEGIN] * things
    eligible = pl.DataFrame(
        {
            "row": np.arange(things),
            "key": [f"t{i:05}" for i in range(things)],
            "exists_from": moments,
            "cutoff": moments,
            "deadline": [moment + WITHIN for moment in moments],
            "matures_at": [moment + WITHIN + days(5) for moment in moments],
            "worth": rng.gamma(1, 100, things),
            "cluster": [f"c{i // together}" for i in range(things)],
        },
        schema_overrides=dict.fromkeys(("exists_from", "cutoff", "deadline", "matures_at"), INSTANT),
    )
    asked = cast(Examples, Asked(question, eligible, truth, observed, revised or {}))
    values = np.column_stack([size, colour, often]).astype(np.float32)
    matrix = Matrix(specs=SPECS, values=values, vocabulary={"text.colour": COLOURS})
    return Prepared(
        question=question, kind=KIND, now=now, rows=things, last_position=things, asked=asked, matrix=matrix,
        population=population(eligible, now),
    )  # fmt: skip


def population(eligible: pl.DataFrame, now: datetime, **excluded: int) -> Population:
    """Everybody is open who could be asked again: the last hundred."""
    frame, none = eligible.drop("row"), eligible.drop("row").clear()
    return Population(
        now=now, trainable=frame, open=frame.tail(100), later=none, waiting=none, overdue=none, excluded=excluded,
        overlap=0, undated=0,
    )  # fmt: skip


def answered(prepared: Prepared, truth: Any) -> Prepared:
    """The same with these answers."""
    asked = cast(Asked, prepared.asked)
    return replace(prepared, asked=cast(Examples, replace(asked, truth=np.asarray(truth, float))))


def revise(prepared: Prepared, revised: dict[int, tuple[datetime, float]]) -> Prepared:
    """The same with answers corrected later."""
    asked = cast(Asked, prepared.asked)
    return replace(prepared, asked=cast(Examples, replace(asked, revised=revised)))


def _answers(question: Question, pull: Floats, rng: np.random.Generator) -> tuple[Floats, np.typing.NDArray[np.bool_]]:
    observed = np.ones(len(pull), np.bool_)
    if question is OFTEN:
        return rng.poisson(np.exp(0.5 + pull / 3)).astype(float), observed
    if question is SOON:
        days_ = rng.exponential(15 * np.exp(-pull / 2))
        return np.minimum(days_, 30.0), days_ < 30
    return (rng.random(len(pull)) < 1 / (1 + np.exp(-pull))).astype(float), observed
