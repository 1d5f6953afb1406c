"""Dates: every pattern reads what it writes, and evidence decides which pattern a column follows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.observe import dates
from sightline.language.errors import Invalid

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = st.dates(date(1970, 1, 1), date(2069, 12, 31))


def written(day: date, pattern: str) -> str:
    """A day as somebody following the pattern writes it."""
    if pattern == dates.ISO:
        return day.isoformat()
    text = pattern.replace("YYYY", f"{day.year:04d}").replace("YY", f"{day.year % 100:02d}")
    text = text.replace("DD", f"{day.day:02d}").replace("MM", f"{day.month:02d}")
    return text.replace("Mon", MONTHS[day.month - 1])


@given(day=DAYS, pattern=st.sampled_from(dates.PATTERNS))
def test_every_pattern_reads_what_it_writes(day: date, pattern: str) -> None:
    assert dates.parser(pattern)(written(day, pattern)) == (day, None)


@given(days=st.lists(DAYS, min_size=60, max_size=80, unique=True), pattern=st.sampled_from(dates.PATTERNS))
def test_a_column_shows_its_pattern(days: list[date], pattern: str) -> None:
    found = dates.detect([written(day, pattern) for day in days])
    assert found is not None
    assert found.share == 1
    assert not found.timed
    if all(day.day <= 12 for day in days):
        return
    read = dates.parser(found.pattern)
    assert [read(written(day, pattern))[0] for day in days] == days


@given(at=st.datetimes(datetime(1980, 1, 1), datetime(2069, 12, 31)).map(lambda d: d.replace(microsecond=0)))
def test_seconds_since_1970_read_back(at: datetime) -> None:
    aware = at.replace(tzinfo=UTC)
    stamp = dates.parser(dates.EPOCH_SECONDS)(str(int(aware.timestamp())))
    assert dates.to_instant(stamp, UTC) == aware
    stamp = dates.parser(dates.EPOCH_MILLISECONDS)(str(int(aware.timestamp() * 1000)))
    assert dates.to_instant(stamp, UTC) == aware


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("DD/MM/YYYY", "3/2/2024 4:05 PM", datetime(2024, 2, 3, 16, 5)),
        ("MM/DD/YYYY", "02/03/2024 12:00:00 AM", datetime(2024, 2, 3)),
        ("YYYY/MM/DD", "2012/10/09 14:50:17.250", datetime(2012, 10, 9, 14, 50, 17, 250_000)),
        (dates.ISO, "2024-02-03T04:05:06+02:00", datetime(2024, 2, 3, 2, 5, 6, tzinfo=UTC)),
        (dates.ISO, "2024-02-03 04:05:06 UTC", datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("DD. Mon YYYY", "3. März 2024", None),
        ("DD-Mon-YY", "03-févr-24", None),
    ],
)
def test_times_and_foreign_months(pattern: str, text: str, expected: datetime | None) -> None:
    day, at = dates.parser(pattern)(text)
    assert at == expected
    assert day.year in {2012, 2024}


@pytest.mark.parametrize(
    "text", ["2024-02-30", "31/02/2024", "hello", "", "13 o'clock", "2024-13-01", "1/2/2024 25:00"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    for pattern in dates.PATTERNS:
        with pytest.raises(dates.NotADate):
            dates.parser(pattern)(text)


def test_a_naive_time_is_read_in_the_stated_zone_and_a_day_is_not_moved() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert dates.to_instant(dates.parser("ISO")("2024-07-01 00:30:00"), paris) == datetime(
        2024, 6, 30, 22, 30, tzinfo=UTC
    )
    assert dates.to_instant(dates.parser("ISO")("2024-07-01"), paris) == datetime(2024, 7, 1, tzinfo=UTC)


def test_one_day_beyond_the_twelfth_decides() -> None:
    assert dates.detect(["01/02/2024", "25/02/2024"]).pattern == "DD/MM/YYYY"  # type: ignore[union-attr]
    assert dates.detect(["01/02/2024", "02/25/2024"]).pattern == "MM/DD/YYYY"  # type: ignore[union-attr]


def test_no_day_beyond_the_twelfth_leaves_it_open() -> None:
    found = dates.detect(["01/02/2024", "03/04/2024"])
    assert found is not None
    assert found.rival == "MM/DD/YYYY"


def test_both_orders_in_one_column_are_told() -> None:
    found = dates.detect(["13/02/2024", "14/02/2024", "15/02/2024", "02/25/2024"])
    assert found is not None
    assert (found.pattern, found.mixed) == ("DD/MM/YYYY", 1)


def test_numbers_are_no_epochs_unless_the_header_says_time() -> None:
    assert dates.detect(["1700000000", "1700000100"]) is None
    assert dates.detect(["1700000000", "1700000100"], epochs=True).pattern == dates.EPOCH_SECONDS  # type: ignore[union-attr]


def test_a_spreadsheets_serials_are_days_and_lengths_of_time_are_not() -> None:
    assert dates.detect(["43831", "43832.5"], epochs=True).pattern == dates.SERIAL  # type: ignore[union-attr]
    assert dates.parser(dates.SERIAL)("43831") == (date(2020, 1, 1), None)
    assert dates.parser(dates.SERIAL)("43831.75") == (date(2020, 1, 1), datetime.fromisoformat("2020-01-01T18:00"))
    assert dates.detect(["3", "14", "30", "120"], epochs=True) is None
    with pytest.raises(dates.NotADate):
        dates.parser(dates.EPOCH_SECONDS)("43000")


def test_mistakes_are_explained() -> None:
    with pytest.raises(Invalid, match=r"'dd/mm' is no date format. Write it with YYYY"):
        dates.parser("dd/mm")
    with pytest.raises(Invalid, match=r"'Mars/Olympus' is no time zone. Write an IANA name"):
        dates.zone("Mars/Olympus")
