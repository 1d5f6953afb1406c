"""The TOML form: it reads back as it was, and explains what is wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.observe import mapping_file
from sightline.kernel.observe.mapping import LINE, Column, Happening, Mapping, Only, Order
from sightline.kernel.observe.table import Dialect
from sightline.language.errors import Invalid, NotFound
from sightline.language.kind import Sort
from sightline.packs.supply.observe import DELIVERIES

SMALL = """
source = "visits"
kind = "visit"
key = "No"
missing = ["N/A"]

[dialect]
delimiter = ";"

[events."visit.ended"]
time = "Ended"
known = "Entered"
lag = "2d"
begins = false

[columns]
Room = { link = "room", known = "visit.ended", otherwise = "assumed" }
"For Day" = { sort = "day" }

[columns.Price]
name = "value"
sort = "number"
unit = "EUR"
"""
CALLS = """
source = "calls"
kind = "call"
key = "#line"
order = { from = "2024-01-01", step = "30 minutes" }

[events."call.planned"]
time = "#line"

[events]
"call.ended" = { time = "#line", delay = "1h", says = "Price" }
"call.agreed" = { time = "#line", where = { column = "Result", is = "yes" }, past = "Due" }

[columns]
Price = { sort = "number" }
"""
NAME = st.text("abcdefghij", min_size=1, max_size=8)
SPAN = st.integers(1, 999_999).map(lambda seconds: timedelta(seconds=seconds))
MOMENT = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
HEADER = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=15)


def test_a_small_file_says_it_all() -> None:
    assert mapping_file.parse(SMALL) == Mapping(
        source="visits",
        kind="visit",
        key=("No",),
        missing=("N/A",),
        dialect=Dialect(delimiter=";"),
        events_=(Happening(type="visit.ended", time="Ended", known=("Entered",), lag=timedelta(days=2), begins=False),),
        columns=(
            Column(column="Room", name="room", link="room", known="visit.ended", otherwise="assumed"),
            Column(column="For Day", name="for_day", sort=Sort.DAY),
            Column(column="Price", name="value", sort=Sort.NUMBER, unit="EUR"),
        ),
    )


def test_the_deliveries_read_back() -> None:
    text = mapping_file.text_of(DELIVERIES, {"key": "unique", "line.delivered": "late", "Vendor": "a link"}, ["this"])
    assert mapping_file.parse(text) == DELIVERIES
    for comment in ("# unique", "# late", "# a link", "# Look at this: this"):
        assert comment in text.splitlines()


def test_a_small_file_tells_outcomes_and_orders() -> None:
    assert mapping_file.parse(CALLS) == Mapping(
        source="calls",
        kind="call",
        key=(LINE,),
        order=Order(start=datetime(2024, 1, 1, tzinfo=UTC), step=timedelta(minutes=30)),
        events_=(
            Happening(type="call.planned", time=LINE),
            Happening(type="call.ended", time=LINE, delay=timedelta(hours=1), says=("Price",)),
            Happening(type="call.agreed", time=LINE, where=Only(column="Result", is_=("yes",)), past="Due"),
        ),
        columns=(Column(column="Price", name="price", sort=Sort.NUMBER),),
    )


def happenings(columns: list[str]) -> st.SearchStrategy[Happening]:
    """Events of the kind `a`, saying some of the columns again."""
    where = st.builds(Only, column=HEADER, is_=st.lists(HEADER, min_size=1, max_size=3).map(tuple))
    return st.builds(
        Happening,
        type=NAME.map(lambda verb: f"a.{verb}"),
        time=HEADER,
        where=st.none() | where,
        past=st.none() | HEADER,
        delay=SPAN,
        lag=SPAN,
        says=st.lists(st.sampled_from(columns), unique=True).map(tuple) if columns else st.just(()),
        begins=st.booleans(),
    )


@given(st.data())
def test_any_mapping_reads_back(data: st.DataObject) -> None:
    columns = data.draw(st.lists(st.tuples(HEADER, NAME), max_size=5, unique_by=(lambda c: c[0], lambda c: c[1])))
    placed = Happening(type="a.placed_in_order", time=LINE)
    mapping = Mapping(
        source=data.draw(HEADER.filter(str.strip)),
        kind=data.draw(NAME),
        key=tuple(data.draw(st.lists(HEADER, min_size=1, max_size=3))),
        missing=tuple(data.draw(st.lists(HEADER, max_size=30))),
        events_=(placed, data.draw(happenings([header for header, _ in columns]))),
        order=Order(start=data.draw(MOMENT), step=data.draw(SPAN)),
        columns=tuple(
            Column(column=header, name=name, sort=data.draw(st.sampled_from(Sort)), label=data.draw(HEADER))
            for header, name in columns
        ),
    )
    assert mapping_file.parse(mapping_file.text_of(mapping, {"key": "two\nlines"})) == mapping


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "visit"', 'kynd = "visit"', "there is no `kynd`. Did you mean `kind`? Allowed: source, kind"),
        ('kind = "visit"', "", "lacks `kind`. Begin it with"),
        ('kind = "visit"', "kind = 3", "`kind` must be a text, and is 3"),
        ('missing = ["N/A"]', "missing = [1]", "`missing` must be a list of texts, and is [1]"),
        ('time = "Ended"', 'times = "Ended"', "event 'visit.ended': there is no `times`. Did you mean `time`?"),
        ('time = "Ended"', "", "event 'visit.ended' lacks `time`. Name the column that dates it"),
        ('lag = "2d"', 'lag = "soon"', "'soon' is no span of time"),
        ('begins = false', 'begins = "no"', "`begins` must be true or false"),
        ('sort = "day"', 'sort = "dayy"', "column 'For Day': 'dayy' is no sort. Did you mean `day`? Allowed: number"),
        ('known = "visit.ended"', 'known = "visit.endet"', "is no event here. Did you mean 'visit.ended'?"),
        ('otherwise = "assumed"', 'otherwise = "maybe"', "Write assumed or unknown"),
        ('{ sort = "day" }', '"day"', "column 'For Day' must be a table. Write it like"),
        ('delimiter = ";"', "skip = true", "`skip` must be a whole number"),
        ("[dialect]", "[dialect", "is not TOML"),
    ],
)  # fmt: skip
def test_mistakes_are_told_by_place_with_what_was_allowed(old: str, new: str, message: str) -> None:
    assert old in SMALL
    with pytest.raises(Invalid) as caught:
        mapping_file.parse(SMALL.replace(old, new, 1))
    assert message in str(caught.value)


@pytest.mark.parametrize("chosen", ["true", "[1, 2.5]", "false"])
def test_what_is_chosen_reads_back(chosen: str) -> None:
    text = SMALL.replace('unit = "EUR"', f"actionable = {chosen}")
    mapping = mapping_file.parse(text)
    price = mapping.columns[-1]
    assert price.actionable == {"true": True, "[1, 2.5]": (1, 2.5), "false": False}[chosen]
    assert mapping_file.parse(mapping_file.text_of(mapping)) == mapping
    known = mapping.kinds()[0].attribute("value")
    assert known is not None
    assert known.actionable == price.actionable


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('unit = "EUR"', 'actionable = "yes"', "`actionable` must be true, false, or a list of the values"),
        ('unit = "EUR"', 'actionable = ["dear"]', "column 'Price' is to be chosen, and 'dear' does not fit it"),
        ('unit = "EUR"', "actionable = true\npersonal = true", "column 'Price' is personal"),
        ('link = "room",', 'link = "room", actionable = true,', "column 'Room' is a link"),
    ],
)
def test_what_cannot_be_chosen_is_told(old: str, new: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        mapping_file.parse(SMALL.replace(old, new, 1))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('from = "2024-01-01", ', "", "order lacks `from`. It needs `from` and `step`."),
        (
            'from = "2024-01-01", ',
            'form = "2024", ',
            "order: there is no `form`. Did you mean `from`? Allowed: from, s",
        ),
        ('"2024-01-01"', '"soon"', "'soon' is no date or time"),
        ('"30 minutes"', '"a while"', "'a while' is no span of time. Write 30d, 6h, 2w or 30min."),
        ('"1h"', '"1"', "'1' is no span of time"),
        (
            'order = { from = "2024-01-01", step = "30 minutes" }',
            'order = "2024-01-01"',
            "`order` must be a table, and",
        ),
        ('order = { from = "2024-01-01", step = "30 minutes" }', "", "nothing says when rows do. Write order = { from"),
        (', is = "yes"', "", "event 'call.agreed': `where` lacks `is`. It needs `column` and `is`."),
        ('is = "yes"', "is = true", "event 'call.agreed': `where`: `is` must be a list of texts, and is True"),
        ('where = { column = "Result", is = "yes" }', 'where = "yes"', "event 'call.agreed': `where` must be a table"),
        ('"Price" }', '"Prize" }', "'call.ended' says 'Prize', which is no column of an attribute here. Did you mean"),
    ],
)
def test_mistakes_in_outcomes_and_orders_are_told_too(old: str, new: str, message: str) -> None:
    assert old in CALLS
    with pytest.raises(Invalid) as caught:
        mapping_file.parse(CALLS.replace(old, new, 1))
    assert message in str(caught.value)


def test_files_are_loaded(tmp_path: Path) -> None:
    path = tmp_path / "visits.mapping.toml"
    path.write_text(SMALL, encoding="utf-8")
    assert mapping_file.load(path) == mapping_file.parse(SMALL)
    with pytest.raises(NotFound, match="There is no mapping"):
        mapping_file.load(tmp_path / "none.toml")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Invalid, match="A mapping is a TOML file in UTF-8"):
        mapping_file.load(path)
