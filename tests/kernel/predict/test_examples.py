"""Who is asked, when, and how the answers read: against the clerk, for every cutoff and every answer."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.kernel.predict.examples import Examples, examples
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.treatment import MOST, Treatment
from sightline.language.question import (
    Absent,
    Answer,
    At,
    Before,
    Count,
    Every,
    Happens,
    Next,
    Question,
    Total,
    at,
    before,
    days,
)
from tests.kernel.predict.clerk import Clerk
from tests.kernel.predict.histories import Row, day, due, frame
from tests.kernel.predict.worlds import DUE, KINDS, MOMENTS, QUESTIONS, worlds

SHAPES = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)


def _check_it_agrees(question: Question, rows: list[Row], moment: float, now: float | None) -> None:
    clerk = Clerk(rows, KINDS)
    asked = examples(question, Facts.of(frame(rows), KINDS), now=None if now is None else day(now))
    expected = clerk.asked(question, None if now is None else day(now))
    columns = ("key", "cutoff", "deadline", "matures_at", "worth")
    told = asked.eligible.select(columns).rows()
    assert [row[:4] for row in told] == [(one.key, one.cutoff, one.deadline, one.matures_at) for one in expected]
    assert [row[4] for row in told] == pytest.approx([one.worth for one in expected])
    at = day(moment)
    answers = asked.answers(at)
    for one, value, observed in zip(expected, answers.value, answers.observed, strict=True):
        read = clerk.answer(question, one, at) if one.matures_at <= at else None
        censored = isinstance(question.answer, Next) and one.matures_at <= at and read is None
        assert observed == (not censored), one
        wanted = (one.deadline - one.cutoff).days if censored else read
        assert value == pytest.approx(math.nan if wanted is None else wanted, nan_ok=True, abs=1e-9), one
    for row, value, answered in asked.answer(at).iter_rows():
        assert value == pytest.approx(clerk.answer(question, expected[row], at), abs=1e-9), expected[row]
        assert answered == clerk.answered(question, expected[row], at), expected[row]


@SHAPES
@settings(max_examples=8, deadline=None)
@given(rows=worlds(), moment=MOMENTS, now=st.none() | st.integers(90, 150))
def test_the_clerk_asks_the_same_and_reads_the_same(
    question: Question, rows: list[Row], moment: float, now: float | None
) -> None:
    _check_it_agrees(question, rows, moment + 20, now if isinstance(question.when, Every) else None)


@pytest.mark.slow
@SHAPES
@settings(max_examples=25, deadline=None)
@given(rows=worlds(), moment=MOMENTS, now=st.none() | st.integers(90, 150))
def test_the_clerk_asks_the_same_and_reads_the_same_thoroughly(
    question: Question, rows: list[Row], moment: float, now: float | None
) -> None:
    _check_it_agrees(question, rows, moment + 20, now if isinstance(question.when, Every) else None)


SAID = Row("s1", "s1", "thing.seen", "t0", 5, 5, (("n", 2),))
SEEN_BEFORE = [
    Row("d0", "d0", "thing.described", "t0", 0, 0, (("due", due(40)),)),
    Row("d1", "d1", "thing.described", "t1", 0, 0, (("due", due(40)),)),
    SAID,
    replace(SAID, id="s2", root="s2", time=35, known=35),
    *(Row(f"g{key}", f"g{key}", "thing.done", key, 20, 20) for key in ("t0", "t1")),
]
"""Two things due on day 40 and done on day 20; one of them was seen on day 5, and on day 35."""

WITHIN = days(30)


@pytest.mark.parametrize("when", [before(DUE, days(10)), at("thing.done")], ids=["before", "at"])
@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (Count(event="thing.seen", within=WITHIN), ["t0", "t1"]),
        (Total(event="thing.seen", amount="n", within=WITHIN), ["t0", "t1"]),
        (Happens(event="thing.seen", within=WITHIN), ["t1"]),
        (Absent(event="thing.seen", within=WITHIN), ["t1"]),
        (Next(event="thing.seen", within=WITHIN), ["t1"]),
    ],
    ids=["count", "total", "happens", "absent", "next"],
)
def test_what_adds_up_is_asked_of_who_had_the_event_too(when: At | Before, answer: Answer, asked: list[str]) -> None:
    question = Question(name="lab.again", of="thing", asks="?", when=when, answer=answer)
    found = examples(question, Facts.of(frame(SEEN_BEFORE), KINDS))
    assert found.eligible["key"].sort().to_list() == asked
    if isinstance(answer, Count | Total):
        counted = found.labelled(day(100)).sort("key")["value"].to_list()
        assert counted == ([1.0, 0.0] if isinstance(answer, Count) else [2.0, 0.0])
    _check_it_agrees(question, SEEN_BEFORE, 100, None)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(QUESTIONS), worlds(), st.data())
def test_treated_examples_teach_nothing_and_those_held_back_stand_for_them(
    question: Question, rows: list[Row], data: st.DataObject
) -> None:
    facts = Facts.of(frame(rows), KINDS)
    plain = examples(question, facts)
    chance = st.none() | st.sampled_from([0.0, 0.5, 0.9, 0.99, 1.0])
    after = st.integers(0, 40)
    done = [
        (key, cutoff + days(data.draw(after)), *data.draw(st.tuples(st.booleans(), chance, st.sampled_from("xy"))))
        for key, cutoff in _drawn(plain, data)
    ]
    treatment = Treatment(frame=pl.DataFrame(done, Treatment().frame.schema, orient="row"))
    at = day(400)
    before, found = plain.answers(at), examples(question, facts, treatment=treatment).answers(at)
    for row, (key, cutoff, deadline) in enumerate(plain.eligible.select("key", "cutoff", "deadline").rows()):
        since = [one for one in done if one[0] == key and one[1] >= cutoff]
        inside = [one for one in since if one[1] <= deadline or cutoff == deadline]
        treated = any(one[2] for one in inside)
        assert found.value[row] == pytest.approx(math.nan if treated else before.value[row], nan_ok=True)
        # Of what one lot decides about the likeliest counts; two lots are independent of each other.
        kept = math.prod(1 - max((one[3] or 0.0 for one in inside if one[4] == lot), default=0.0) for lot in "xy")
        assert found.weight[row] == pytest.approx(1.0 if treated else min(MOST, 1 / max(kept, 1 / MOST)))
    assert (before.weight == 1).all()


def _drawn(asked: Examples, data: st.DataObject) -> list[tuple[str, datetime]]:
    """Some of the examples."""
    rows: list[tuple[str, datetime]] = asked.eligible.select("key", "cutoff").rows()
    return [one for one in rows if data.draw(st.booleans())]
