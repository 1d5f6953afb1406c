"""What to learn from, made up: features, answers that depend on some of them, and the oddities real tables have."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.models.rung import Lessons, Task

EVENT = "order.placed"
"""The event of every made-up task."""

AMOUNT = "amount"
"""What it says, and what a made-up `total` adds up."""

_DAYS = 360.0


def task(form: str = "happens", *, seed: int = 0, budget: float | None = None) -> Task:
    """About EVENT within 90 days, of the answer called `form`."""
    return Task(
        chance=form in {"happens", "absent"}, form=form, event=EVENT, amount=AMOUNT if form == "total" else None,
        horizon=90.0, seed=seed, budget=budget,
    )  # fmt: skip


def matrix(n: int, *, seed: int = 0, words: int = 8) -> Matrix:
    """Subjects with two numbers, one skewed with gaps, a category of `words` values, one that says nothing, and their
    own history of EVENT (count, hours since its first and last, and the mean of its AMOUNT).
    """
    chance = np.random.default_rng(seed)
    first = chance.uniform(30, _DAYS, n) * 24
    count = 1 + chance.poisson(first / 24 * chance.gamma(1.0, 0.02, n))
    last = np.where(count > 1, first * chance.beta(1, count), first)
    skewed = np.where(chance.random(n) < 0.2, np.nan, np.exp(chance.normal(0, 2, n)))
    columns = {
        Spec(name="attribute.size", group=Group.ATTRIBUTE, of=("size",), measure="value"): chance.normal(size=n),
        Spec(name="attribute.skewed", group=Group.ATTRIBUTE, of=("skewed",), measure="value"): skewed,
        Spec(name="attribute.word", group=Group.ATTRIBUTE, of=("word",), measure="text", category=True): np.floor(
            words * chance.random(n) ** 2
        ),
        Spec(name="attribute.nothing", group=Group.ATTRIBUTE, of=("nothing",), measure="value"): np.full(n, np.nan),
        **{
            Spec(name=f"own.{EVENT}.{measure}", group=Group.OWN, of=(EVENT,), measure=measure): values
            for measure, values in (("count", count), ("since_first", first), ("since_last", last))
        },
        Spec(name=f"own.{EVENT}.{AMOUNT}.mean", group=Group.OWN, of=(EVENT, AMOUNT), measure="mean"): chance.gamma(
            2.0, 50.0, n
        ),
    }
    return Matrix(
        specs=tuple(columns),
        values=np.column_stack([np.asarray(values, np.float32) for values in columns.values()]),
        vocabulary={"attribute.word": [f"word {i}" for i in range(words)]},
    )


def answers(asked: Task, features: Matrix, *, seed: int = 1) -> Floats:
    """Of every subject: more of it with size, with the skewed number, and with even words."""
    chance = np.random.default_rng(seed)
    size, skewed, word = features.values[:, :3].T.astype(np.float64)
    strength = 0.8 * size + 0.3 * np.log(np.where(np.isnan(skewed), 1.0, skewed)) + 0.7 * (word % 2) - 0.8
    n = len(strength)
    draw: dict[str, Callable[[], Floats]] = {
        "count": lambda: chance.poisson(np.exp(np.minimum(strength, 3.0))),
        "next": lambda: np.minimum(chance.exponential(60 * np.exp(-strength / 2)), asked.horizon or 90.0),
        "total": lambda: np.where(chance.random(n) < 0.5, 0.0, np.exp(strength) * chance.gamma(2.0, 50.0, n)),
        "value": lambda: 10 * strength + chance.normal(0, 5, n),
    }
    drawn = draw[asked.form]() if asked.form in draw else chance.random(n) < 1 / (1 + np.exp(-strength))
    return np.asarray(drawn, np.float64)


def lessons(asked: Task, features: Matrix, answered: Floats, rows: Rows | None = None) -> Lessons:
    """Learn from `rows` (all), of which `answered` tells the answers."""
    there = np.arange(len(features.values)) if rows is None else rows
    told = answered[there]
    censored = (told >= (asked.horizon or 0)) if asked.form == "next" else np.zeros(len(told), bool)
    return Lessons(
        matrix=features, rows=there, answers=told, observed=~censored, weights=np.ones(len(there)),
        current=np.arange(len(features.values)),
    )  # fmt: skip
