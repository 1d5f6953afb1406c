"""What a row can say beyond dates: outcomes in a column of states, places in an order, amounts said again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.observe.mapping import LINE, Column, Happening, Mapping, Only, Order
from sightline.kernel.observe.rows import Misfit, RowReader
from sightline.kernel.observe.table import Row
from sightline.language.errors import Invalid
from sightline.language.event import Event
from sightline.language.kind import Sort
from sightline.language.time import TICK, end_of

CLOSED = Only(column="Stage", is_=("Won", "Lost"))
OFFERS = Mapping(
    source="offers",
    kind="offer",
    key=("No",),
    events_=(
        Happening(type="offer.made", time="Made"),
        Happening(type="offer.closed", time="Closed", where=CLOSED, begins=False),
        Happening(
            type="offer.won", time="Closed", where=Only(column="Stage", is_=("Won",)), says=("Price",), begins=False
        ),
        Happening(type="offer.overran", time="Closed", past="Until", begins=False),
    ),
    columns=(
        Column(column="Until", name="valid_until", sort=Sort.DAY),
        Column(column="Price", name="price", sort=Sort.NUMBER),
        Column(column="Paid", name="paid", sort=Sort.NUMBER, known="offer.closed"),
    ),
)
FULL = {
    "No": "7", "Made": "2024-02-03", "Closed": "2024-02-10", "Stage": "Won", "Until": "2024-02-09", "Price": "5",
    "Paid": "4",
}  # fmt: skip
HALF_HOUR = timedelta(minutes=30)
START = datetime(2024, 1, 1, tzinfo=UTC)
CALLS = Mapping(
    source="calls",
    kind="call",
    key=(LINE,),
    order=Order(start=START, step=HALF_HOUR),
    missing=("3",),
    events_=(
        Happening(type="call.planned", time=LINE),
        Happening(type="call.ended", time=LINE, delay=timedelta(hours=2), lag=timedelta(days=1), begins=False),
    ),
    columns=(Column(column="Seconds", name="seconds", sort=Sort.NUMBER, known="call.ended"),),
)


def read(mapping: Mapping, cells: dict[str, str], line: int = 2) -> dict[str, Event]:
    """The events of a row, by type."""
    found = RowReader(mapping).events(Row(line, cells))
    assert isinstance(found, list), found
    return {event.type: event for event in found}


@pytest.mark.parametrize(
    ("stage", "seen"),
    [("Won", {"closed", "won"}), (" wOn ", {"closed", "won"}), ("Lost", {"closed"}), ("Open", set()), ("", set())],
)
def test_what_happens_only_in_some_rows(stage: str, seen: set[str]) -> None:
    found = read(OFFERS, {**FULL, "Stage": stage, "Until": ""})
    assert set(found) == {"offer.described", "offer.made", *(f"offer.{verb}" for verb in seen)}
    known = found["offer.closed"].data if "offer.closed" in found else {}
    assert known == ({"paid": 4} if seen else {})


def test_a_state_that_changes_takes_back_what_the_row_said() -> None:
    reader = RowReader(OFFERS)
    lost = reader.events(Row(2, {**FULL, "Stage": "Lost", "Until": ""}))
    assert isinstance(lost, list)
    assert {event.id for event in reader.unsaid(lost)} == {"7:offer.won", "7:offer.overran"}


def test_an_event_says_again_what_was_known_before() -> None:
    found = read(OFFERS, FULL)
    assert found["offer.described"].data["price"] == found["offer.won"].data["price"] == 5
    assert "price" not in found["offer.closed"].data


@given(st.dates(datetime(2000, 1, 1).date()), st.dates(datetime(2000, 1, 1).date(), datetime(2100, 1, 1).date()))
def test_too_late_is_behind_the_end_of_the_day(until: Any, closed: Any) -> None:
    if until.year > 2100:
        until = until.replace(year=2100, day=1)
    found = read(OFFERS, {**FULL, "Until": until.isoformat(), "Closed": closed.isoformat()})
    assert ("offer.overran" in found) == (closed > until)


def test_too_late_on_the_day_itself_and_by_the_hour() -> None:
    last = end_of("2024-02-09")
    for at, late in ((last, False), (last + TICK, True)):
        assert ("offer.overran" in read(OFFERS, {**FULL, "Closed": at.isoformat()})) == late
    timed = {**FULL, "Until": "2024-02-10T08:00:00Z", "Closed": "2024-02-10T08:00:01Z"}
    assert "offer.overran" in read(OFFERS, timed)
    assert "offer.overran" not in read(OFFERS, {**FULL, "Until": ""})


@given(st.integers(1, 2_000_000), st.integers(1, 2_000_000))
def test_rows_happen_in_the_order_in_which_they_stand(one: int, other: int) -> None:
    first, second = (read(CALLS, {"Seconds": "9"}, line)["call.planned"].time for line in (one, other))
    assert second - first == (other - one) * HALF_HOUR
    assert (first < second) == (one < other)


@given(st.integers(1, 2_000_000))
def test_nothing_of_a_row_in_order_is_known_before_it_happened(line: int) -> None:
    found = read(CALLS, {"Seconds": "9"}, line)
    planned, ended = found["call.planned"], found["call.ended"]
    assert planned.known_at == planned.time == found["call.described"].known_at == START + HALF_HOUR * (line - 1)
    assert (ended.time, ended.known_at) == (planned.time + timedelta(hours=2), ended.time + timedelta(days=1))
    assert ended.data == {"seconds": 9}
    assert found["call.described"].data == {}


def test_a_line_that_is_a_word_for_nothing_is_a_line_still() -> None:
    assert read(CALLS, {"Seconds": "9"}, 3)["call.planned"].subject.key == "3"


@pytest.mark.parametrize("step", [timedelta(days=90), timedelta(days=90_000)])
def test_an_order_that_ends_beyond_all_calendars_is_told(step: timedelta) -> None:
    found = RowReader(replace(CALLS, order=Order(start=START, step=step))).events(Row(9_000, {"Seconds": "1"}))
    assert isinstance(found, Misfit)
    assert found.reason == (
        f"Column '{LINE}' holds 'line 9000' of the order, which lies beyond 2200: the step is too long."
    )


def test_equal_rows_happened_once_or_as_often_as_they_stand() -> None:
    log = Mapping(
        source="log",
        kind="buyer",
        key=("Who",),
        rows="events",
        events_=(Happening(type="order.placed", time="When"),),
        columns=(Column(column="Sum", name="amount", sort=Sort.NUMBER, known="order.placed"),),
    )
    cells = {"Who": "1", "When": "2024-01-01", "Sum": "9"}
    once, lined = RowReader(log), RowReader(replace(log, row=(LINE, "Who")))
    assert once.key_of(Row(2, cells)) == once.key_of(Row(3, cells))
    assert lined.key_of(Row(2, cells)) != lined.key_of(Row(3, cells))
    assert lined.key_of(Row(2, cells)) == lined.key_of(Row(2, {**cells, "Sum": "8"}))


def test_what_is_assumed_of_time_is_listed() -> None:
    assert CALLS.kinds()[0].taken == (
        "Nothing dates call.planned, call.ended: the rows are taken to stand in the order in which they happened, from"
        " 2024-01-01 00:00 on, 30 minutes apart.",
        "Nothing dates call.ended: it is taken to have happened 2 hours after its row's place.",
    )
    assert OFFERS.kinds()[0].taken == ()
    assert CALLS.used() == {"Seconds": None}
    assert CALLS.by_place
    assert not OFFERS.by_place
    assert list(OFFERS.used()) == ["No", "Made", "Closed", "Stage", "Until", "Price", "Paid"]


HAPPENING = Happening(type="call.planned", time=LINE)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"order": None}, "'call.planned' happens by its row's place, and nothing says when rows do. Write order = {"),
        ({"order": Order(start=START, step=timedelta(0))}, "`step` must be longer than nothing"),
        ({"order": Order(start=datetime(2024, 1, 1), step=timedelta(1))}, "the first moment needs a zone"),
        ({"events_": (), "columns": ()}, '`order` dates no event. Write time = "#line" for the event'),
        (
            {"events_": (replace(HAPPENING, where=Only(column="A", is_=())),), "columns": ()},
            "'call.planned' happens where 'A' holds nothing that is named. Write is = [\"Won\"]",
        ),
        (
            {"events_": (replace(HAPPENING, delay=timedelta(-1)),), "columns": ()},
            "cannot happen, nor be known, before its time",
        ),
        (
            {"events_": (*CALLS.events_, replace(HAPPENING, type="call.x", says=("Second",)))},
            "'call.x' says 'Second', which is no column of an attribute here. Did you mean 'Seconds'?",
        ),
    ],
)
def test_what_does_not_hold_together_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as caught:
        replace(CALLS, **changes)
    assert message in str(caught.value)
