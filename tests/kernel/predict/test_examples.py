"""Who is asked, when, and how the answers read: against the clerk, for every cutoff and every answer."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.kernel.predict.examples import examples
from sightline.kernel.predict.facts import Facts
from sightline.language.question import Every, Next, Question
from tests.kernel.predict.clerk import Clerk
from tests.kernel.predict.histories import Row, day, frame
from tests.kernel.predict.worlds import KINDS, MOMENTS, QUESTIONS, worlds

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
@settings(max_examples=200, deadline=None)
@given(rows=worlds(), moment=MOMENTS, now=st.none() | st.integers(90, 150))
def test_the_clerk_asks_the_same_and_reads_the_same_thoroughly(
    question: Question, rows: list[Row], moment: float, now: float | None
) -> None:
    _check_it_agrees(question, rows, moment + 20, now if isinstance(question.when, Every) else None)
