"""Instants are UTC, a bare day is its first moment as an event and its last as a deadline."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.language.errors import Invalid
from sightline.language.time import DAWN, TICK, days, end_of, is_day, parse_instant, parse_span, start_of, words_of

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1800, 1, 1), datetime(2300, 1, 1), timezones=ZONES)
UNITS = {
    "s": 1, "seconds": 1, "min": 60, "minutes": 60, "h": 3_600, "hours": 3_600, "d": 86_400, "days": 86_400,
    "w": 604_800, "weeks": 604_800,
}  # fmt: skip


@given(INSTANTS)
def test_an_instant_survives_being_written(at: datetime) -> None:
    read = parse_instant(at.isoformat())
    assert read == at
    assert read.tzinfo is UTC


@given(st.datetimes())
def test_no_zone_means_utc(at: datetime) -> None:
    assert parse_instant(at.isoformat()) == at.replace(tzinfo=UTC)


@given(st.dates())
def test_a_day_reaches_from_its_first_moment_to_its_last(day: date) -> None:
    text = day.isoformat()
    assert is_day(text)
    assert start_of(text).date() == end_of(text).date() == day
    assert end_of(text) - start_of(text) == days(1) - TICK


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), INSTANTS)
def test_a_deadline_counts_exactly_the_moments_of_its_day_and_before(day: date, at: datetime) -> None:
    assert (at <= end_of(day.isoformat())) == (at.astimezone(UTC).date() <= day)


@given(INSTANTS)
def test_an_instant_is_its_own_start_and_end(at: datetime) -> None:
    assert start_of(at.isoformat()) == end_of(at.isoformat()) == at


@given(st.integers(0, 999_999), st.sampled_from(sorted(UNITS)), st.sampled_from(["", " "]))
def test_a_span_is_its_count_times_its_unit(count: int, unit: str, space: str) -> None:
    assert parse_span(f" {count}{space}{unit} ") == timedelta(seconds=count * UNITS[unit])


@given(st.integers(0, 10**9))
def test_a_span_of_whole_seconds_is_read_as_it_is_written(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert seconds > 999_999 or parse_span(words_of(span)) == span
    assert words_of(timedelta(hours=36)) == "36 hours"
    assert words_of(timedelta(minutes=1)) == "1 minute"


@pytest.mark.parametrize("text", ["", "-3d", "3", "d", "3 months", "1.5d", "1234567d", "30d 2h"])
def test_what_is_no_span_is_refused_with_the_accepted_form(text: str) -> None:
    with pytest.raises(Invalid, match="Write 30d, 6h, 2w or 30min"):
        parse_span(text)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2015-02-30", "31/01/2015", "2015-01-31T25:00", "0001-01-01T00:00+05:00"]
)
def test_what_is_no_date_is_refused_with_the_accepted_form(text: str) -> None:
    with pytest.raises(Invalid, match="Write 2015-01-31"):
        parse_instant(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (parse_instant, parse_span):
        with suppress(Invalid):
            assert isinstance(read(text), datetime | timedelta)


def test_dawn_precedes_all_business() -> None:
    assert parse_instant("1900-01-01") == DAWN
