"""What every implementation of a protocol must hold to, whoever wrote it: call these from its tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import numpy as np

from sightline.kernel.act.channels import Channel
from sightline.kernel.predict import models
from sightline.kernel.predict._matrix import Floats, Matrix
from sightline.kernel.predict.models.rung import Fitted, Lessons, Rung, Said, Task
from sightline.language.action import Destination
from sightline.testing import lessons as teach
from sightline.testing import make

ODD = 50
"""Subjects a rung is asked about that it never saw the like of."""


async def channel(
    open_again: Callable[[], Channel], to: Destination, delivered: Callable[[], list[tuple[str, str]]]
) -> None:
    """A channel does each key once, also for another instance of itself; where the other side gives no way to, it tells
    it the same name twice.

    `open_again` makes a channel onto the same outside world; `delivered` returns what arrived there at `to`: the name
    it goes by, and the text.
    """
    first, second = make.action("law:1", text="one"), make.action("law:2", text="two")
    at = make.day(0)
    receipt = await open_again().send(first, to, at=at)
    assert (receipt.key, receipt.at, receipt.repeated) == (first.key, at, False)
    assert receipt.reference
    again = await open_again().send(first, to, at=at + timedelta(days=1))
    assert again.reference == receipt.reference
    other = await open_again().send(second, to, at=at)
    assert not other.repeated
    assert other.reference != receipt.reference
    assert sorted(text for _, text in set(delivered())) == ["one", "two"]
    assert len(delivered()) == (2 if again.repeated else 3)


def rung(one: Rung, form: str, *, n: int = 600) -> Fitted:
    """A rung of the ladder of models, for the answer called `form`, on `n` examples. Gives what it learned."""
    asked = teach.task(form)
    known = teach.matrix(n)
    told = teach.answers(asked, known)
    lessons = teach.lessons(asked, known, told)
    assert one.suits(asked, lessons)
    fitted = one.fit(asked, lessons)
    assert fitted.name == one.name
    _says(asked, fitted, known)
    _survives_strangers(asked, fitted, known)
    _is_kept(fitted, known)
    again = one.fit(asked, lessons)
    assert _same(fitted.say(known), again.say(known))
    _learns_from_odd_tables(one, asked, known, told)
    return fitted


def _says(asked: Task, fitted: Fitted, matrix: Matrix) -> None:
    """Finite, in order, within bounds, and its contributions sum to its score."""
    said, n = fitted.say(matrix), len(matrix.values)
    assert said.score.shape == (n,)
    assert np.isfinite(said.score).all()
    names, shares = fitted.contributions(matrix)
    assert shares.shape == (n, len(names) + 1)
    assert len(set(names)) == len(names)
    assert np.allclose(shares.sum(axis=1), said.score, rtol=1e-5, atol=1e-6)
    if asked.chance:
        assert said.median is None
        return
    assert said.median is not None
    assert said.low is not None
    assert said.high is not None
    assert (said.low <= said.median).all()
    assert (said.median <= said.high).all()
    assert np.isfinite([said.low, said.median, said.high]).all()
    if asked.form != "value":
        assert min(said.low.min(), said.score.min()) >= 0
    if asked.form == "next":
        assert max(said.high.max(), said.score.max()) <= (asked.horizon or 0) + 1e-6


def _survives_strangers(asked: Task, fitted: Fitted, known: Matrix) -> None:
    """Nobody at all, all missing, no column it knows, categories never seen, numbers out of all bounds."""
    few = known.rows(np.arange(ODD))
    nobody = known.rows(np.zeros(0, np.int64))
    assert len(fitted.say(nobody).score) == 0
    missing = Matrix(specs=few.specs, values=np.full_like(few.values, np.nan), vocabulary=few.vocabulary)
    plain = [spec for spec in few.specs if spec.category]
    unseen = Matrix(
        specs=few.specs,
        values=few.values,
        vocabulary={s.name: [f"?{w}" for w in few.vocabulary[s.name]] for s in plain},
    )
    wild = np.where(np.arange(len(few.specs)) == few.specs.index(plain[0]), few.values, few.values * np.float32(1e6))
    bare = Matrix(specs=(), values=np.zeros((ODD, 0), np.float32), vocabulary={})
    far = Matrix(specs=few.specs, values=wild.astype(np.float32), vocabulary=few.vocabulary)
    for odd in (missing, unseen, far, bare):
        _says(asked, fitted, odd)
    one = fitted.say(few.rows(np.array([3])))
    assert np.allclose(one.score, fitted.say(few).score[3])


def _is_kept(fitted: Fitted, matrix: Matrix) -> None:
    """Written as JSON and read again it says the same, to the last bit."""
    text = json.dumps(fitted.document(), allow_nan=False)
    back = models.read(json.loads(text))
    assert back.name == fitted.name
    assert _same(fitted.say(matrix), back.say(matrix))
    assert np.array_equal(fitted.contributions(matrix)[1], back.contributions(matrix)[1])


def _same(first: Said, second: Said) -> bool:
    pairs = [(getattr(first, part), getattr(second, part)) for part in ("score", "median", "low", "high")]
    return all((a is None and b is None) or np.array_equal(a, b) for a, b in pairs)


def _learns_from_odd_tables(one: Rung, asked: Task, known: Matrix, told: Floats) -> None:
    """One row, answers all alike, all features missing, a category of a million values: it does not suit, or works."""
    n = len(known.values)
    empty = Matrix(specs=known.specs, values=np.full_like(known.values, np.nan), vocabulary=known.vocabulary)
    many = teach.matrix(n, words=1_000_000)
    tables: list[Lessons] = [
        teach.lessons(asked, known, told, np.array([4])),
        teach.lessons(asked, known, np.ones(n)),
        teach.lessons(asked, empty, told),
        teach.lessons(asked, many, told),
    ]
    for lessons in tables:
        if one.suits(asked, lessons):
            _says(asked, one.fit(asked, lessons), lessons.matrix)
