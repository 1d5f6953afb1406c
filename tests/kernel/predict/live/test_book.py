"""The law of live scoring: a row of the book is the row of the bulk features after the same events."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.kernel.predict.examples import Examples, examples
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.features import Table, features
from sightline.kernel.predict.live import Book
from sightline.language.question import Every, Question
from tests.kernel.predict.live.worlds import KINDS, QUESTIONS, Told, day, frame, worlds

MORNING = 0.3
"""Of a day: no step of any grid."""


def read(question: Question, told: Sequence[Told], now: datetime) -> tuple[Examples, Table, Facts]:
    facts = Facts.of(frame(told), KINDS)
    asked = examples(question, facts, now=now if isinstance(question.when, Every) else None)
    return asked, features(question, asked, facts), facts


def made(question: Question, told: Sequence[Told], now: datetime, like: Table) -> Book:
    lake = frame(told)
    return Book.of(question, lake, Facts.of(lake, KINDS), now, like.specs, {})


def single(value: float | str | None) -> float | str | None:
    if value is None or isinstance(value, str):
        return value
    return float(struct.unpack("f", struct.pack("f", value))[0])


def differing(book: Book, asked: Examples, table: Table, now: datetime) -> list[tuple[object, ...]]:
    """Where the rows of the book and of the bulk read are not the same."""
    wrong: list[tuple[object, ...]] = []
    for one in asked.eligible.filter(pl.col("cutoff") <= now).iter_rows(named=True):
        told = book.asks(one["key"], one["cutoff"])
        if told is None or (told.deadline, told.worth) != (one["deadline"], one["worth"]):
            wrong.append((one["key"], one["cutoff"], "asked", told, one["deadline"], one["worth"]))
            continue
        row = book.values(one["key"], one["cutoff"])
        assert row is not None
        for spec, value in zip(book.plan.specs, row, strict=True):
            if spec.name in table.frame.columns:
                bulk = table.frame[spec.name][one["row"]]
                if single(value) != single(bulk):
                    wrong.append((one["key"], one["cutoff"], spec.name, value, bulk))
    return wrong


@pytest.mark.parametrize("shape", sorted(QUESTIONS))
@settings(max_examples=2, deadline=None)
@given(told=worlds(), data=st.data())
def test_a_live_row_is_the_bulk_row(shape: str, told: list[Told], data: st.DataObject) -> None:
    question = QUESTIONS[shape]
    end = told[-1].arrives + MORNING
    _, like, _ = read(question, told, day(end))
    known = data.draw(st.integers(len(told) // 3, len(told)))
    now = told[known - 1].arrives + MORNING
    book = made(question, told[:known], day(now), like)
    while True:
        asked, table, _ = read(question, told[:known], day(now))
        assert differing(book, asked, table, day(now)) == []
        if known == len(told):
            break
        more = data.draw(st.integers(1, max(1, (len(told) - known) // 2)))
        events = [one.event(at) for at, one in enumerate(told[known : known + more], known + 1)]
        known += more
        now = told[known - 1].arrives + MORNING
        moved = book.take(events)
        if moved.stale or book.grid.expires <= (day(now) - day(0)).total_seconds() * 1e6 + 1577836800e6:
            book = made(question, told[:known], day(now), like)
