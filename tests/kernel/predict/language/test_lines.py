"""The line of a question: both ways, and pointing at what does not fit."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sightline.kernel.predict.language import FORMS, MAX_LENGTH, canonical, hint, misfits, parse, words
from sightline.language.errors import Invalid, NotFound, Unparsable
from sightline.language.kind import Attribute, EventKind, Kind, Link, Sort
from sightline.language.question import (
    Absent,
    AttributeOf,
    Before,
    Every,
    Happened,
    Question,
    TotalOf,
    Value,
    Where,
    absent,
    attribute,
    happens,
)
from sightline.language.time import days
from sightline.packs.supply.predict import ARRIVES_LATE
from tests.kernel.predict import deliveries
from tests.kernel.predict.language import shop

LINE = (
    "predict absent line.delivered until promised_on for line before promised_on 30 days"
    " grace 21 days worth value together order"
)
LEAVES = (
    "predict absent order.placed within 90 days for customer active 180 days"
    " worth total order.placed.amount past 365 days"
)

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True) | st.sampled_from(
    ["for", "until", "worth", "days", "total", "where", "is", "not", "once", "active", "within", "past", "and"]
)


@st.composite
def oddly_named(draw: st.DrawFn) -> Question:
    """Questions whose names may be words of the grammar."""
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
    assert isinstance(question.when, Before)
    worth = {question.worth.name} if isinstance(question.worth, AttributeOf) else set()
    dated = {question.when.attribute, str(question.deadline)}
    kind = Kind(
        name=question.of,
        attributes=(
            *(Attribute(name=n, sort=Sort.DAY) for n in sorted(dated)),
            *(Attribute(name=n, sort=Sort.NUMBER) for n in sorted(worth - dated)),
        ),
        links=(Link(name=question.together, to="other"),) if question.together else (),
    )
    event = str(question.event)
    return {question.of: kind}, {event: EventKind(name=event, of=question.of)}


def _said(question: Question) -> Question:
    """What a line holds of a question."""
    return replace(question, name="", asks="", unit=None)


@given(oddly_named())
def test_words_of_the_grammar_may_be_names(question: Question) -> None:
    kinds, events = _declared(question)
    line = canonical(question)
    assume(not any(misfits(question, kinds, events)))
    assert canonical(parse(line, kinds, events)) == line
    assert _said(parse(line, kinds, events)) == _said(question)


@given(shop.questions())
def test_a_line_and_its_question_are_the_same(question: Question) -> None:
    assert list(misfits(question, shop.KINDS, shop.EVENTS)) == []
    line = canonical(question)
    read = parse(line, shop.KINDS, shop.EVENTS, name="lab.asked")
    assert canonical(read) == line
    assert _said(read) == _said(question)
    assert len(line) <= MAX_LENGTH
    assert read.asks.endswith("?")


def test_the_deliveries_in_one_line() -> None:
    kinds, events = deliveries.KINDS, deliveries.EVENTS
    assert canonical(ARRIVES_LATE) == LINE
    assert canonical(parse(LINE, kinds, events)) == LINE
    assert canonical(parse(LINE.replace("30 days", " 720  hours "), kinds, events)) == LINE
    assert canonical(parse(LINE.replace("21 days", "3 weeks"), kinds, events)) == LINE


def test_active_alone_asks_every_thirty_days_about_the_event_of_the_answer() -> None:
    read = parse(LEAVES, shop.KINDS, shop.EVENTS)
    assert read.when == Every(days(30), Happened("order.placed", days(180)))
    assert read.worth == TotalOf("order.placed", "amount", days(365))
    assert canonical(read) == LEAVES.replace("active", "every 30 days active")
    other = parse(LEAVES.replace("active", "active customer.left"), shop.KINDS, shop.EVENTS)
    assert other.when == Every(days(30), Happened("customer.left", days(180)))


def test_filters_name_what_counts_and_who_is_asked() -> None:
    line = (
        "predict absent order.placed where amount above 50 and mode is not Air within 90 days"
        ' for customer where segment is "Small shops" and churned is false at customer.left unless order.returned'
    )
    read = parse(line, shop.KINDS, shop.EVENTS)
    assert isinstance(read.answer, Absent)
    assert read.answer.where == (Where("amount", "above", 50.0), Where("mode", "is not", "Air"))
    assert read.where == (Where("segment", "is", "Small shops"), Where("churned", "is", False))
    assert read.unless == ("order.returned",)
    assert canonical(read) == line


@pytest.mark.parametrize(
    ("said", "meant"),
    [("01", "01"), ('"01"', "01"), ("true", "true"), ("1.50", "1.50"), ('"a \\"b\\" \\u00e9\\n"', 'a "b" é\n')],
)
def test_what_is_compared_with_a_text_is_one(said: str, meant: str) -> None:
    line = f"predict count order.placed within 9 days for customer where segment is {said} every 9 days"
    assert parse(line, shop.KINDS, shop.EVENTS).where == (Where("segment", "is", meant),)
    value = f"predict value segment is {said} for customer once"
    assert parse(value, shop.KINDS, shop.EVENTS).answer == Value(attribute="segment", is_=meant)


def test_a_flag_is_asked_whether_it_is_true() -> None:
    read = parse("predict value churned for customer once", shop.KINDS, shop.EVENTS)
    assert read.answer == Value(attribute="churned", is_="true")
    assert read.chance
    assert canonical(read) == "predict value churned is true for customer once"


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("predict total order.placed.amount within 9 days for customer every 9 days", "EUR"),
        ("predict count order.placed within 9 days for customer every 9 days", None),
        ("predict next order.placed within 9 days for customer every 9 days", "days"),
        ("predict value charges for customer once", "EUR"),
        ("predict value charges is 5 for customer once", None),
    ],
)
def test_a_quantity_has_the_unit_of_what_it_is_made_of(line: str, unit: str | None) -> None:
    assert parse(line, shop.KINDS, shop.EVENTS).unit == unit


@pytest.mark.parametrize(
    ("line", "word", "allowed"),
    [
        (LINE.replace("absent", "absnt"), "absnt", "absent, count, happens, next, total, value"),
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
        parse(line, deliveries.KINDS, deliveries.EVENTS)
    text = str(caught.value)
    _, shown, caret, *_ = text.splitlines()
    assert shown[caret.index("^") : caret.rindex("^") + 1] == word
    assert allowed in text
    assert "predict absent EVENT until ATTRIBUTE" in text


def test_a_text_of_several_words_is_told_to_stand_in_quotes() -> None:
    line = "predict count order.placed where mode is Air Charter within 9 days for customer every 9 days"
    with pytest.raises(Unparsable, match='stands in quotes: "Air Charter"') as caught:
        parse(line, shop.KINDS, shop.EVENTS)
    assert line[caught.value.at :].startswith("Charter")


@pytest.mark.parametrize("line", ["", "   ", "predict", LINE[:40]])
def test_a_line_that_ends_too_early_says_what_comes_next(line: str) -> None:
    with pytest.raises(Unparsable, match="Allowed there") as caught:
        parse(line, deliveries.KINDS, deliveries.EVENTS)
    assert (caught.value.at, caught.value.length) == (len(line.rstrip()), 0)
    assert not [one for one in caught.value.allowed if "_" in one]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("for line", "for lin"), ("line.delivered", "line.deliverd"), ("until promised_on", "until promised"),
     ("worth value", "worth vale"), ("together order", "together ordre")],
)  # fmt: skip
def test_an_unknown_name_gets_its_near_misses(wrong: str, right: str) -> None:
    with pytest.raises(NotFound, match="Did you mean"):
        parse(LINE.replace(wrong, right), deliveries.KINDS, deliveries.EVENTS)


def test_a_line_of_a_thousand_words_is_refused() -> None:
    with pytest.raises(Unparsable, match="at most"):
        parse("predict " * 1000, deliveries.KINDS, deliveries.EVENTS)


@pytest.mark.parametrize(
    "change",
    [
        {"when": Before("c", timedelta(minutes=5))},
        {"answer": absent("d", until=attribute("one two"))},
        {"worth": TotalOf("d", "e.f", days(1))},
        {"where": (Where("c", "above", float("nan")),)},
    ],
)
def test_what_cannot_be_written_is_refused(change: dict[str, object]) -> None:
    question = Question(
        name="a.b", of="a", asks="", when=Before("c", days(1)), answer=absent("d", until=attribute("c"))
    )
    assert canonical(question) == "predict absent d until c for a before c 1 days"
    with pytest.raises(Invalid):
        canonical(replace(question, **change))  # type: ignore[arg-type]


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\S+')


@given(shop.lines(), st.integers(0, 12), st.lists(st.sampled_from([" ", "  ", "\t", "\n "]), min_size=60, max_size=60))
def test_a_word_that_does_not_fit_is_found_however_the_line_is_spaced(line: str, place: int, gaps: list[str]) -> None:
    spaced = _TOKEN.findall(line)
    spaced.insert(min(place, len(spaced)), "§")
    text = gaps[-1] + "".join(word + gap for word, gap in zip(spaced, gaps, strict=False))
    assume(len(text) <= MAX_LENGTH)
    with pytest.raises(Unparsable) as caught:
        parse(text, shop.KINDS, shop.EVENTS)
    assert text[caught.value.at : caught.value.at + caught.value.length] == "§"
    assert caught.value.allowed


@given(st.text(max_size=80) | st.lists(st.sampled_from([*words(), "order.placed", "7", '"', "customer"])).map(" ".join))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    with suppress(Unparsable, NotFound):
        assert parse(text, shop.KINDS, shop.EVENTS)


def test_every_form_can_be_filled_in() -> None:
    filled = {"EVENT.AMOUNT": "order.placed.amount", "EVENT": "order.placed", "KIND": "customer", "N": "30"}
    for form in FORMS:
        number = form.replace("[is CLASS] ", "").replace("value ATTRIBUTE", "value charges").replace("[", "")
        line = number.replace("]", "").replace("ATTRIBUTE", "renews_on")
        for name, example in filled.items():
            line = line.replace(name, example)
        assert parse(line, shop.KINDS, shop.EVENTS).of == "customer"
        assert set(re.findall(r"\b[a-z]+\b", form)) <= set(words())


def test_the_hint_shows_the_forms_of_the_answer_that_was_begun() -> None:
    assert hint("predict count x").count("predict ") == 1
    assert hint("predict").count("predict ") == len(FORMS)
