"""The law of the two clocks: nothing known after a cutoff reaches what is said at it."""

from __future__ import annotations

import random
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from sightline.kernel.predict import facts as reader
from sightline.kernel.predict.examples import Examples, examples
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.features import Group, Table, features
from sightline.language.question import Every, Once, Question
from tests.kernel.predict.histories import DONE, KINDS, Row, changed_after, day, due, frame, histories
from tests.kernel.predict.worlds import KINDS as WORLD
from tests.kernel.predict.worlds import MOMENTS, QUESTIONS, changed, worlds

FROZEN = ["key", "cutoff", "deadline", "matures_at", "worth", "eligible"]


def _read(rows: list[Row]) -> tuple[Examples, Table, Facts]:
    facts = Facts.of(frame(rows), KINDS)
    asked = examples(DONE, facts)
    return asked, features(DONE, asked, facts), facts


def _asked_by(asked: Examples, moment: float) -> pl.DataFrame:
    return asked.eligible.filter(pl.col("cutoff") <= day(moment)).select(FROZEN)


def _features_by(asked: Examples, table: Table, moment: int) -> pl.DataFrame:
    """The rows of those asked by then, without columns that tell nothing about them."""
    rows = table.frame.join(_asked_by(asked, moment).select("key"), on="key", how="semi").sort("key")
    told = [c for c in rows.columns if c == "key" or _tells(rows[c])]
    return rows.select(sorted(told))


def _tells(column: pl.Series) -> bool:
    known = column.drop_nulls()
    return len(known) > 0 and not (known.dtype.is_numeric() and bool((known == 0).all()))


@settings(max_examples=15, deadline=None)
@given(st.data(), histories(), st.integers(0, 110))
def test_what_is_known_later_changes_nothing_said_before(data: st.DataObject, rows: list[Row], moment: int) -> None:
    other = data.draw(changed_after(rows, moment))
    asked, table, _ = _read(rows)
    asked_too, table_too, _ = _read(other)
    assert_frame_equal(_asked_by(asked, moment), _asked_by(asked_too, moment))
    assert_frame_equal(_features_by(asked, table, moment), _features_by(asked_too, table_too, moment), check_exact=True)


def test_a_fact_that_stands_is_not_cut_by_what_becomes_known_later() -> None:
    """What was linked to c from day 35 to 51 is so in one piece, though day 36 ends an older word about it."""

    def said(name: str, key: str, known: int, due_on: int, place: str, *, time: int | None = None) -> Row:
        data = (("due", due(due_on)), ("size", 1))
        links = (("maker", "a"), ("place", place))
        return Row(name, f"{name.rpartition('.')[0]}.0", "thing.described", key, time or known, known, data, links)

    def gone(name: str, key: str, known: int) -> Row:
        return Row(name, f"{name.rpartition('.')[0]}.0", "sightline.retracted", key, known, known, retracted=True)

    rows = [
        said("t0.said.0", "t0", 46, 87, "c"), said("t3.said.0", "t3", 35, 35, "c"), gone("t3.said.1", "t3", 51),
        said("t3.said.2", "t3", 51, 35, "a"), said("t3.also.0", "t3", 4, 26, "a"), said("t3.also.1", "t3", 29, 4, "a"),
        gone("t3.also.2", "t3", 36),
    ]  # fmt: skip
    later = Row("later", "t3.said.0", "thing.done", "t3", 0, 78, (), (("maker", "a"),))
    (asked, table, _), (_, table_too, _) = _read(rows), _read([*rows, later])
    features_now = _features_by(asked, table, 77)
    assert features_now["link.place.since_yes"].to_list() == [42 * 24, None]
    assert_frame_equal(features_now, _features_by(asked, table_too, 77), check_exact=True)


@settings(max_examples=30, deadline=None)
@given(st.data(), histories(), st.integers(0, 140))
def test_training_at_a_moment_sees_the_check_answers_of_that_moment(
    data: st.DataObject, rows: list[Row], moment: int
) -> None:
    other = data.draw(changed_after(rows, moment))
    columns = ["key", "cutoff", "deadline", "matures_at", "value"]
    one, two = (examples(DONE, Facts.of(frame(each), KINDS)).labelled(day(moment)) for each in (rows, other))
    assert_frame_equal(one.select(columns), two.select(columns))
    cut = examples(DONE, Facts.of(frame(rows), KINDS).until(day(moment))).labelled(day(moment))
    assert_frame_equal(one.select(columns), cut.select(columns))


@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(0, 140))
def test_no_example_counts_before_deadline_and_grace(rows: list[Row], moment: int) -> None:
    labelled = examples(DONE, Facts.of(frame(rows), KINDS)).labelled(day(moment))
    assert (labelled["deadline"] + DONE.grace <= day(moment)).all()
    assert (labelled["cutoff"] + timedelta(days=10) <= labelled["deadline"]).all()


@settings(max_examples=12, deadline=None)
@given(histories(), st.data())
def test_an_early_answer_teaches_nothing_before_it_is_mature(rows: list[Row], data: st.DataObject) -> None:
    asked, table, _ = _read(rows)
    if asked.eligible.is_empty():
        return
    one = data.draw(st.sampled_from(asked.eligible.rows(named=True)))
    first = (one["cutoff"] - day(0)).days + 1
    known = data.draw(st.integers(first, first + 20))
    early = Row("early", "early", "thing.done", one["key"], known, known)
    _, table_too, _ = _read([*rows, early])
    rest = asked.eligible.filter(pl.col("cutoff") < one["matures_at"], pl.col("key") != one["key"])
    others = rest["key"].to_list()
    learned = [
        s.name
        for s in table.specs
        if s.group in {Group.LINK, Group.PAIR, Group.DRIFT}
        and s.measure.startswith(("yes", "share", "n", "delay", "since_yes"))
    ]
    before, after = (t.frame.filter(pl.col("key").is_in(others)).select("key", *learned) for t in (table, table_too))
    assert_frame_equal(before, after, check_exact=True)


@settings(max_examples=8, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(rows: list[Row], chance: random.Random) -> None:
    lake = frame(rows)
    order = list(range(lake.height))
    chance.shuffle(order)
    facts, shuffled = Facts.of(lake, KINDS), Facts.of(lake[order], KINDS)
    asked, asked_too = examples(DONE, facts), examples(DONE, shuffled)
    assert_frame_equal(asked.frame, asked_too.frame)
    assert_frame_equal(features(DONE, asked, facts).frame, features(DONE, asked_too, shuffled).frame, check_exact=True)


@settings(max_examples=40, deadline=None)
@given(histories(), st.integers(1, 5))
def test_reading_a_stretch_at_a_time_is_the_same_as_reading_at_once(rows: list[Row], rows_a_stretch: int) -> None:
    lake = frame(rows)
    whole = Facts.of(lake, KINDS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "CHUNK", rows_a_stretch)
        parts = Facts.of(lake, KINDS)
    for name in ("happenings", "attributes", "links", "said", "born", "seen"):
        assert_frame_equal(getattr(whole, name), getattr(parts, name))


@pytest.mark.parametrize("cut", [0, 30, 60, 90])
@settings(max_examples=20, deadline=None)
@given(rows=histories())
def test_cutting_the_facts_at_a_moment_is_the_same_as_not_having_the_rest(cut: int, rows: list[Row]) -> None:
    known = Facts.of(frame(rows), KINDS).until(day(cut))
    never = Facts.of(frame(rows).filter(pl.col("known_at") <= day(cut)), KINDS)
    for name in ("happenings", "attributes", "links", "said", "born", "seen"):
        assert_frame_equal(getattr(known, name), getattr(never, name))


# The same laws for every cutoff and every answer, over the wider worlds.

SHAPES = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
TIMED = pytest.mark.parametrize(
    "question", [q for q in QUESTIONS if not isinstance(q.when, Once)], ids=lambda question: question.name
)


def _shaped(question: Question, rows: list[Row], moment: float) -> tuple[Examples, Facts]:
    facts = Facts.of(frame(rows), WORLD)
    return examples(question, facts, now=day(moment) if isinstance(question.when, Every) else None), facts


def _said_by(asked: Examples, table: Table, moment: float) -> pl.DataFrame:
    """The features of those asked by then, without columns that tell nothing about them."""
    rows = pl.concat([asked.eligible.select("cutoff"), table.frame], how="horizontal")
    rows = rows.filter(pl.col("cutoff") <= day(moment))
    return rows.select(sorted(c for c in rows.columns if c in {"key", "cutoff"} or _tells(rows[c])))


def _answers_by(asked: Examples, moment: float) -> pl.DataFrame:
    """What counts at that moment, and how."""
    told = asked.answers(day(moment))
    rows = asked.eligible.select("key", "cutoff").with_columns(value=told.value, observed=told.observed)
    return rows.filter(pl.col("value").is_not_nan())


def _check_nothing_later_moves_it(question: Question, rows: list[Row], other: list[Row], moment: float) -> None:
    (asked, facts), (asked_too, facts_too) = (_shaped(question, each, moment) for each in (rows, other))
    assert_frame_equal(_asked_by(asked, moment), _asked_by(asked_too, moment))
    assert_frame_equal(_answers_by(asked, moment), _answers_by(asked_too, moment), check_exact=True)
    one, two = (
        _said_by(each, features(question, each, known), moment)
        for each, known in ((asked, facts), (asked_too, facts_too))
    )
    assert_frame_equal(one, two, check_exact=True)


@settings(max_examples=12, deadline=None)
@given(st.data(), st.sampled_from([q for q in QUESTIONS if not isinstance(q.when, Once)]), worlds(), MOMENTS)
def test_of_every_shape_nothing_known_later_changes_what_was_said(
    data: st.DataObject, question: Question, rows: list[Row], moment: float
) -> None:
    _check_nothing_later_moves_it(question, rows, data.draw(changed(rows, moment)), moment)


@pytest.mark.slow
@TIMED
@settings(max_examples=2, deadline=None)
@given(data=st.data(), rows=worlds(), moment=MOMENTS)
def test_of_every_shape_nothing_known_later_changes_what_was_said_thoroughly(
    question: Question, data: st.DataObject, rows: list[Row], moment: float
) -> None:
    _check_nothing_later_moves_it(question, rows, data.draw(changed(rows, moment)), moment)


def _check_answers_of_that_moment(question: Question, rows: list[Row], other: list[Row], moment: float) -> None:
    asked, facts = _shaped(question, rows, moment)
    then, _ = _shaped(question, other, moment)
    at = day(moment)
    cut = examples(question, facts.until(at), now=at if isinstance(question.when, Every) else None)
    for each in (then, cut):
        assert_frame_equal(_answers_by(asked, moment), _answers_by(each, moment), check_exact=True)
    assert (asked.labelled(at)["deadline"] + question.grace <= at).all()


@SHAPES
@settings(max_examples=4, deadline=None)
@given(data=st.data(), rows=worlds(), moment=MOMENTS)
def test_of_every_shape_training_sees_the_check_answers_of_that_moment(
    question: Question, data: st.DataObject, rows: list[Row], moment: float
) -> None:
    _check_answers_of_that_moment(question, rows, data.draw(changed(rows, moment)), moment)


@pytest.mark.slow
@SHAPES
@settings(max_examples=2, deadline=None)
@given(data=st.data(), rows=worlds(), moment=MOMENTS)
def test_of_every_shape_training_sees_the_answers_of_that_moment_thoroughly(
    question: Question, data: st.DataObject, rows: list[Row], moment: float
) -> None:
    _check_answers_of_that_moment(question, rows, data.draw(changed(rows, moment)), moment)


def _check_in_any_order(question: Question, rows: list[Row], chance: random.Random) -> None:
    lake = frame(rows)
    order = list(range(lake.height))
    chance.shuffle(order)
    facts, shuffled = Facts.of(lake, WORLD), Facts.of(lake[order], WORLD)
    asked, asked_too = examples(question, facts), examples(question, shuffled)
    assert_frame_equal(asked.frame, asked_too.frame)
    assert_frame_equal(asked.readings.sort("row", "known_from"), asked_too.readings.sort("row", "known_from"))
    one, two = (features(question, *each).frame for each in ((asked, facts), (asked_too, shuffled)))
    assert_frame_equal(one, two, check_exact=True)


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(QUESTIONS), worlds(), st.randoms(use_true_random=False))
def test_of_every_shape_the_order_of_rows_is_irrelevant(
    question: Question, rows: list[Row], chance: random.Random
) -> None:
    _check_in_any_order(question, rows, chance)


@pytest.mark.slow
@SHAPES
@settings(max_examples=2, deadline=None)
@given(rows=worlds(), chance=st.randoms(use_true_random=False))
def test_of_every_shape_the_order_of_rows_is_irrelevant_thoroughly(
    question: Question, rows: list[Row], chance: random.Random
) -> None:
    _check_in_any_order(question, rows, chance)
