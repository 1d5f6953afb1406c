"""The TOML form: it reads back as it was, and explains what is wrong with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.observe import mapping_file
from sightline.kernel.observe.mapping import Column, Happening, Mapping
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
NAME = st.text("abcdefghij", min_size=1, max_size=8)
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


@given(st.data())
def test_any_mapping_reads_back(data: st.DataObject) -> None:
    columns = data.draw(st.lists(st.tuples(HEADER, NAME), max_size=5, unique_by=(lambda c: c[0], lambda c: c[1])))
    mapping = Mapping(
        source=data.draw(HEADER.filter(str.strip)),
        kind=data.draw(NAME),
        key=tuple(data.draw(st.lists(HEADER, min_size=1, max_size=3))),
        missing=tuple(data.draw(st.lists(HEADER, max_size=30))),
        events_=(Happening(type="a.b", time=data.draw(HEADER), lag=timedelta(hours=data.draw(st.integers(0, 99)))),),
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


def test_files_are_loaded(tmp_path: Path) -> None:
    path = tmp_path / "visits.mapping.toml"
    path.write_text(SMALL, encoding="utf-8")
    assert mapping_file.load(path) == mapping_file.parse(SMALL)
    with pytest.raises(NotFound, match="There is no mapping"):
        mapping_file.load(tmp_path / "none.toml")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Invalid, match="A mapping is a TOML file in UTF-8"):
        mapping_file.load(path)
