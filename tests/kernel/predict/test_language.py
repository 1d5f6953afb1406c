"""The line of a question: both ways, and pointing at what does not fit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.predict.language import canonical, parse
from sightline.language.errors import Invalid, NotFound, Unparsable
from sightline.language.kind import Attribute, EventKind, Kind, Link, Sort
from sightline.language.question import AttributeOf, Before, Question, absent, attribute, happens
from sightline.packs.supply.predict import ARRIVES_LATE
from tests.kernel.predict.deliveries import EVENTS, KINDS

LINE = (
    "predict absent line.delivered until promised_on for line before promised_on 30 days"
    " grace 21 days worth value together order"
)

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True) | st.sampled_from(["for", "until", "worth", "days"])


@st.composite
def questions(draw: st.DrawFn) -> Question:
    event, deadline = draw(NAMES) + "." + draw(NAMES), draw(NAMES)
    answer = absent(event, until=attribute(deadline)) if draw(st.booleans()) else happens(event, by=attribute(deadline))
    return Question(
        name="lab.asked",
        of=draw(NAMES),
        asks="",
        when=Before(draw(NAMES), timedelta(hours=draw(st.integers(0, 9999)))),
        answer=answer,
        grace=timedelta(hours=draw(st.integers(0, 9999))),
        worth=draw(st.none() | NAMES.map(AttributeOf)),
        together=draw(st.none() | NAMES),
    )


def _declared(question: Question) -> tuple[dict[str, Kind], dict[str, EventKind]]:
    worth = [question.worth.name] if question.worth else []
    names = {question.when.attribute, question.deadline, *worth}
    kind = Kind(
        name=question.of,
        attributes=tuple(Attribute(name=n, sort=Sort.DAY) for n in sorted(names)),
        links=(Link(name=question.together, to="other"),) if question.together else (),
    )
    event = question.answer.event
    return {question.of: kind}, {event: EventKind(name=event, of=question.of)}


@given(questions())
def test_a_line_and_its_question_are_the_same(question: Question) -> None:
    line = canonical(question)
    read = parse(line, *_declared(question), name="lab.asked")
    assert canonical(read) == line
    assert (read.of, read.when, read.answer, read.grace, read.worth, read.together) == (
        question.of, question.when, question.answer, question.grace, question.worth, question.together
    )  # fmt: skip


def test_the_deliveries_in_one_line() -> None:
    assert canonical(ARRIVES_LATE) == LINE
    assert canonical(parse(LINE, KINDS, EVENTS)) == LINE
    assert canonical(parse(LINE.replace("30 days", " 720  hours "), KINDS, EVENTS)) == LINE
    assert canonical(parse(LINE.replace("21 days", "3 weeks"), KINDS, EVENTS)) == LINE


@pytest.mark.parametrize(
    ("line", "word", "allowed"),
    [
        (LINE.replace("absent", "absnt"), "absnt", "absent, happens"),
        (LINE.replace(" for ", " of "), "of", "for"),
        (LINE.replace("30 days", "thirty days"), "thirty", "a whole number"),
        (LINE.replace("30 days", "30"), "grace", "days, hours or weeks"),
        (LINE + " please", "please", "grace"),
        (LINE + " worth value", "value", "'worth' is given twice"),
        ("sell everything", "sell", "predict"),
    ],
)
def test_an_error_points_at_the_word(line: str, word: str, allowed: str) -> None:
    with pytest.raises(Unparsable) as caught:
        parse(line, KINDS, EVENTS)
    text = str(caught.value)
    _, shown, caret, *_ = text.splitlines()
    assert shown[caret.index("^") : caret.rindex("^") + 1] == word
    assert allowed in text
    assert "predict absent EVENT until ATTRIBUTE" in text


@pytest.mark.parametrize("line", ["", "   ", "predict", LINE[:40]])
def test_a_line_that_ends_too_early_says_what_comes_next(line: str) -> None:
    with pytest.raises(Unparsable, match="Allowed there"):
        parse(line, KINDS, EVENTS)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("for line", "for lin"), ("line.delivered", "line.deliverd"), ("until promised_on", "until promised"),
     ("worth value", "worth vale"), ("together order", "together ordre")],
)  # fmt: skip
def test_an_unknown_name_gets_its_near_misses(wrong: str, right: str) -> None:
    with pytest.raises(NotFound, match="Did you mean"):
        parse(LINE.replace(wrong, right), KINDS, EVENTS)


def test_a_line_of_a_thousand_words_is_refused() -> None:
    with pytest.raises(Unparsable, match="at most"):
        parse("predict " * 1000, KINDS, EVENTS)


def test_a_span_of_minutes_cannot_be_written() -> None:
    question = Question(
        name="a.b", of="a", asks="", when=Before("c", timedelta(minutes=5)), answer=absent("d", until=attribute("c"))
    )
    with pytest.raises(Invalid, match="whole hours"):
        canonical(question)


@given(questions(), st.integers(0, 12), st.lists(st.sampled_from([" ", "  ", "\t", "\n "]), min_size=40, max_size=40))
def test_a_word_that_does_not_fit_is_found_however_the_line_is_spaced(
    question: Question, place: int, gaps: list[str]
) -> None:
    words = canonical(question).split()
    place = min(place, len(words))
    words.insert(place, "§")
    line = gaps[-1] + "".join(word + gap for word, gap in zip(words, gaps, strict=False))
    with pytest.raises(Unparsable) as caught:
        parse(line, *_declared(question))
    assert line[caught.value.at : caught.value.at + caught.value.length] == "§"
    assert caught.value.allowed
