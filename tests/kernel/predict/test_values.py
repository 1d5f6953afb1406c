"""Questions about what an attribute will say: it may say something now and something else by the deadline."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.kernel.predict.examples import examples
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.leaks import audit
from sightline.kernel.predict.population import population
from sightline.kernel.predict.prepare import Prepared
from sightline.language.question import Question, attribute, before, days, every, value
from tests.kernel.predict.histories import KINDS, Row, day, due, frame
from tests.kernel.predict.worlds import KINDS as WORLD
from tests.kernel.predict.worlds import QUESTIONS, worlds

NOW = day(300)


def things(*, moving: float = 0.1, seed: int = 0) -> Facts:
    """Sixty things whose colour, said every ten days, changes now and then, and whose size is known from the start."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(60):
        colour, end = "red", 150 + 5 * number
        for at in range(0, 300, 10):
            if rng.random() < moving:
                colour = "blue" if colour == "red" else "red"
            said = (("colour", colour), ("size", number), ("due", due(end)))
            name = f"{number}:{at}"
            rows.append(Row(name, name, "thing.described", f"t{number:02}", at, at, said))
    return Facts.of(frame(rows), KINDS)


def asked(when: object, answer: object) -> Question:
    return Question(name="lab.v", of="thing", asks="?", when=when, answer=answer)  # type: ignore[arg-type]


QUESTIONS_OF_VALUES = {
    "a class, asked again and again": asked(every(days(30)), value("colour", within=days(60), is_="red")),
    "a number by a day": asked(before(attribute("due"), days(60)), value("size", by=attribute("due"))),
    "a class by a day": asked(before(attribute("due"), days(60)), value("colour", by=attribute("due"), is_="blue")),
}


@pytest.mark.parametrize("question", QUESTIONS_OF_VALUES.values(), ids=QUESTIONS_OF_VALUES)
def test_who_has_a_value_is_asked_what_it_will_be(question: Question) -> None:
    facts = things()
    known = facts.until(NOW)
    found = examples(question, known)
    here = population(found, known, NOW)
    assert here.open.height > 0
    assert here.trainable.height > 0
    assert "answered_before_cutoff" not in here.excluded
    assert (here.open["deadline"] >= NOW).all()


def test_what_it_says_now_is_a_feature_and_no_leak_while_it_changes() -> None:
    question = QUESTIONS_OF_VALUES["a class, asked again and again"]
    facts = things()
    prepared = Prepared.of(question, facts, NOW)
    assert any("colour" in spec.of for spec in prepared.matrix.specs)
    suspects = audit(question, prepared.asked, prepared.matrix, facts.until(NOW), NOW).suspects
    assert "colour" not in {one.what for one in suspects}


def test_what_never_changes_is_no_forecast() -> None:
    question = asked(every(days(30)), value("size", within=days(60)))
    facts = things()
    prepared = Prepared.of(question, facts, NOW)
    suspects = audit(question, prepared.asked, prepared.matrix, facts.until(NOW), NOW).suspects
    assert "size" in {one.what for one in suspects}
    told = prepared.asked.answers(NOW).value
    rows = np.flatnonzero(~np.isnan(told))
    assert prepared.asked.unmoved(rows, told[rows]) == 1.0


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([one for one in QUESTIONS if one.deadline is not None]), worlds())
def test_nobody_is_asked_by_a_day_whose_answer_is_known(question: Question, rows: list[Row]) -> None:
    found = examples(question, Facts.of(frame(rows), WORLD))
    first = found.readings.sort("row", "known_from").unique("row", keep="first")
    cutoffs = found.eligible.select("row", "cutoff").join(first, on="row")
    stood = cutoffs.filter(cutoffs["known_from"] == cutoffs["cutoff"], cutoffs["answered"])
    assert stood.height == 0, question.name
