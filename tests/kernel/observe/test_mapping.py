"""A mapping turns a row into events, says why it cannot, and is checked when it is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sightline.kernel.observe.mapping import LINE, Column, Happening, Mapping, as_name
from sightline.kernel.observe.rows import Misfit, RowReader
from sightline.kernel.observe.table import Row
from sightline.language.errors import Invalid
from sightline.language.event import Event
from sightline.language.kind import Sort
from sightline.language.time import DAWN

VISITS = Mapping(
    source="visits",
    kind="visit",
    key=("No",),
    dates="DD/MM/YYYY",
    numbers="1.234,56",
    zone="Europe/Paris",
    missing=("n/a", "see * (#*)"),
    events_=(
        Happening(type="visit.booked", time="Booked", lag=timedelta(days=1)),
        Happening(type="visit.ended", time="Ended", known=("Ended", "Entered"), begins=False),
    ),
    columns=(
        Column(column="For", name="planned_on", sort=Sort.DAY),
        Column(column="Room", name="room", link="room", known="visit.booked", otherwise="assumed"),
        Column(column="Bill", name="bill", sort=Sort.NUMBER, known="visit.ended", unit="EUR"),
        Column(column="First", name="first", sort=Sort.FLAG),
        Column(column="Seen", name="seen_at", sort=Sort.INSTANT, format="ISO"),
        Column(column="Guest", name="guest", link="guest", personal=True),
        Column(column="Note", name="note", sort=Sort.TEXT, missing=()),
    ),
)
FULL = {
    "No": "7", "Booked": "03/02/2024", "Ended": "10/02/2024", "Entered": "12/02/2024", "For": "9/2/2024",
    "Room": " A  1 ", "Bill": "1.234,50 €", "First": "Yes", "Seen": "2024-02-09 08:30", "Guest": "Ada L", "Note": "n/a",
}  # fmt: skip


def at(*parts: int) -> datetime:
    """An instant in UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def read(mapping: Mapping, changes: dict[str, str] | None = None) -> list[Event]:
    """The events of the full row with changes."""
    found = RowReader(mapping).events(Row(2, {**FULL, **(changes or {})}))
    assert isinstance(found, list), found
    return found


def misfit(changes: dict[str, str]) -> Misfit:
    """Why the changed row does not fit."""
    found = RowReader(VISITS).events(Row(12, {**FULL, **changes}))
    assert isinstance(found, Misfit)
    return found


def test_one_row_becomes_what_it_is_and_what_happened() -> None:
    described, booked, ended = read(VISITS)
    assert (described.id, described.type, described.source) == ("7:visit.described", "visit.described", "visits")
    assert (described.time, described.known_at) == (at(2024, 2, 3), at(2024, 2, 4))
    assert described.data == {
        "planned_on": "2024-02-09",
        "first": True,
        "seen_at": "2024-02-09T07:30:00Z",
        "links": {"guest": "guest/Ada L"},
        "note": "n/a",
    }
    assert (booked.time, booked.known_at) == (at(2024, 2, 3), at(2024, 2, 4))
    assert booked.data == {"links": {"room": "room/A 1"}}
    assert (ended.time, ended.known_at, ended.data) == (at(2024, 2, 10), at(2024, 2, 12), {"bill": 1234.5})


def test_an_ending_recorded_before_it_happened_is_known_when_it_happened() -> None:
    assert read(VISITS, {"Entered": "01/02/2024"})[2].known_at == at(2024, 2, 10)
    assert read(VISITS, {"Entered": ""})[2].known_at == at(2024, 2, 10)


def test_without_a_beginning_it_is_assumed_known_from_the_start() -> None:
    described, ended = read(VISITS, {"Booked": "N/A"})
    assert (described.time, described.known_at) == (DAWN, DAWN)
    assert described.links == {"room": "room/A 1", "guest": "guest/Ada L"}
    assert ended.type == "visit.ended"


def test_what_an_ending_brings_is_left_out_until_it_ends() -> None:
    described, _ = read(VISITS, {"Ended": "", "Bill": "12,5"})
    assert "bill" not in described.data


@pytest.mark.parametrize("word", ["n/a", "N/A", "See row 5 (#93)"])
def test_words_for_nothing_are_nothing(word: str) -> None:
    assert "bill" not in read(VISITS, {"Bill": word})[2].data


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"No": " "}, "No", "The key column 'No' is empty: without it nothing tells which visit the row speaks of."),
        ({"No": "n/a"}, "No", "The key column 'No' is empty"),
        ({"No": "x" * 600}, "No", "longer than 512 characters"),
        (
            {"Ended": "31/02/2024"},
            "Ended",
            "Column 'Ended' holds '31/02/2024', which is no date written like DD/MM/YYYY.",
        ),
        ({"Entered": "soon"}, "Ended", "'soon', which is no date"),
        ({"For": "9/2/0206"}, "For", "'9/2/0206': the year must lie between 1900 and 2200."),
        ({"Bill": "a lot"}, "Bill", "'a lot', which is no number written like 1.234,56."),
        ({"First": "maybe"}, "First", "'maybe', which is neither yes nor no."),
        ({"Room": "x" * 600}, "Room", "600 characters, 512 allowed for a link"),
    ],
)
def test_a_row_that_does_not_fit_says_why(changes: dict[str, str], column: str, reason: str) -> None:
    found = misfit(changes)
    assert (found.line, found.column) == (12, column)
    assert reason in found.reason


def test_the_same_row_gives_the_same_events() -> None:
    assert read(VISITS) == read(VISITS)
    assert RowReader(VISITS).key_of(Row(2, FULL)) == "7"


def test_keys_of_several_columns_and_of_the_line() -> None:
    assert RowReader(replace(VISITS, key=("No", "Room"))).key_of(Row(2, FULL)) == "7/A 1"
    assert RowReader(replace(VISITS, key=(LINE,))).key_of(Row(2, FULL)) == "2"


def test_rows_that_are_events_keep_apart() -> None:
    log = Mapping(
        source="log",
        kind="case",
        key=("Case",),
        rows="events",
        events_=(Happening(type="case.touched", time="When"),),
        columns=(Column(column="What", name="what", known="case.touched"),),
    )
    first = RowReader(log).events(Row(2, {"Case": "1", "When": "2024-01-01", "What": "a"}))
    second = RowReader(log).events(Row(3, {"Case": "1", "When": "2024-01-01", "What": "b"}))
    assert isinstance(first, list)
    assert isinstance(second, list)
    assert [e.type for e in (*first, *second)] == ["case.touched"] * 2
    assert first[0].subject == second[0].subject
    assert first[0].id != second[0].id


def test_kinds_and_events_are_declared() -> None:
    visit, room, guest = VISITS.kinds()
    assert {a.name: (a.sort, a.assumed, a.known_by) for a in visit.attributes} == {
        "planned_on": (Sort.DAY, True, None),
        "bill": (Sort.NUMBER, False, "visit.ended"),
        "first": (Sort.FLAG, True, None),
        "seen_at": (Sort.INSTANT, True, None),
        "note": (Sort.TEXT, True, None),
    }
    link = visit.link("room")
    assert link is not None
    assert (link.to, link.assumed, link.known_by) == ("room", True, "visit.booked")
    assert not room.person
    assert guest.person
    assert [e.name for e in VISITS.event_kinds()] == ["visit.described", "visit.booked", "visit.ended"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"source": " "}, "the source needs a name"),
        ({"kind": "Visit"}, "'Visit' is no name of a kind. Write it in small letters"),
        ({"key": ()}, "`key` is missing: name the column that tells one visit from another"),
        ({"rows": "lines"}, "'lines' is not what rows can be. Write things or events"),
        ({"dates": "DMY"}, "'DMY' is no date format"),
        ({"numbers": "12"}, "'12' is no number format"),
        ({"zone": "Paris"}, "'Paris' is no time zone"),
        (
            {"events_": (Happening(type="ended", time="Ended"),)},
            "'ended' is no name of an event. Write it like visit.sent",
        ),
        ({"events_": (Happening(type="visit.described", time="Ended"),)}, "a name that Sightline uses itself"),
        ({"events_": VISITS.events_ * 2}, "'visit.booked' stands twice as the name of an event"),
        ({"columns": (Column(column="A", name="a", known="visit.boked"),)}, "Did you mean 'visit.booked'?"),
        ({"columns": (Column(column="A", name="links"),)}, "'links' is no name for column 'A'"),
        ({"columns": (Column(column="A", name="a", link="The Room"),)}, "'The Room' is no name of a kind"),
        (
            {"columns": (Column(column="A", name="a"), Column(column="B", name="a"))},
            "'a' stands twice as the name of an att",
        ),
        ({"columns": (Column(column="A", name="a", sort=Sort.DAY, format="x"),)}, "'x' is no date format"),
    ],
)
def test_a_mapping_that_does_not_hold_together_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as caught:
        replace(VISITS, **changes)
    assert message in str(caught.value)


def test_a_column_the_file_lacks_is_named_with_its_nearest() -> None:
    VISITS.check(tuple(FULL))
    with pytest.raises(Invalid, match=r"reads a column 'Room', which the file does not have. Did you mean 'Rooms'?"):
        VISITS.check([name if name != "Room" else "Rooms" for name in FULL])


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("customerID", "customer_id"), ("PO / SO #", "po_so"), ("Weight (Kilograms)", "weight_kilograms"),
        ("Année", "annee"), ("2024 sum", "n2024_sum"), ("дата", "column"), ("HTTPStatus", "http_status"),
    ],
)  # fmt: skip
def test_headers_become_names(header: str, name: str) -> None:
    assert as_name(header) == name
