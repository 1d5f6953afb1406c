"""What comes within a time after a moment is what the question itself would say, had it been asked then for so long."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from sightline.kernel.predict.afterwards import afterwards
from sightline.kernel.predict.examples import examples
from sightline.kernel.predict.facts import Facts
from sightline.language.question import Absent, Question, Value, days, happens
from tests.kernel.predict.histories import Row, day, frame
from tests.kernel.predict.worlds import KINDS, MOMENTS, QUESTIONS, worlds

WITHIN = [one for one in QUESTIONS if not isinstance(one.answer, Value) and one.deadline is None]


@pytest.mark.parametrize("question", WITHIN, ids=lambda one: one.name)
@settings(max_examples=15)
@given(worlds(), MOMENTS)
def test_asked_at_its_own_cutoffs_it_says_what_the_question_does(
    question: Question, rows: list[Row], now: float
) -> None:  # fmt: skip
    facts = Facts.of(frame(rows), KINDS).until(day(now))
    counted = examples(question, facts).labelled(day(now))
    spans = counted.select("key", "cutoff", "deadline").rows()
    assert afterwards(question, facts, spans, day(now)) == counted["value"].to_list()


def test_the_day_that_its_own_answer_waits_until_is_none_of_it() -> None:
    rows = [Row("d", "d", "thing.done", "t0", 30, 30)]
    facts = Facts.of(frame(rows), KINDS)
    still = next(one for one in QUESTIONS if one.name == "lab.undone_still")
    assert isinstance(still.answer, Absent)
    spans = [("t0", day(0), day(20)), ("t0", day(20), day(40)), ("t0", day(30), day(50)), ("gone", day(0), day(90))]
    assert afterwards(still, facts, spans, day(60)) == [1.0, 0.0, 1.0, 1.0]
    done = replace(still, answer=happens("thing.done", within=days(5)))
    assert afterwards(done, facts, spans, day(60)) == [0.0, 1.0, 0.0, 0.0]
