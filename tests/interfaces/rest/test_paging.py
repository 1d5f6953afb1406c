"""Where a page ends: what went in comes out, and nothing else is taken."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.interfaces.rest.paging import decode, encode, page
from sightline.language.errors import Invalid

TYPES = (datetime, str, int)
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
VALUES = st.tuples(MOMENTS, TEXTS, st.integers(-(2**63), 2**63 - 1))


@given(VALUES)
def test_what_went_in_comes_out(values: tuple[datetime, str, int]) -> None:
    said = encode(values)
    assert decode(said, TYPES) == values
    assert said.isascii()
    assert not set(said) & set("+/=&?#% ")


@given(st.text(max_size=60) | VALUES.map(encode).map(lambda text: text[:-2]) | st.binary(max_size=40).map(repr))
def test_nothing_else_is_taken(text: str) -> None:
    with pytest.raises(Invalid, match="no page of this list"):
        decode(text, TYPES)


@pytest.mark.parametrize("values", [[], [1], ["x"], [2**63], [-(2**64)], [True], [1.5], [None], [1, 2]])
def test_values_of_another_sort_are_refused(values: list[object]) -> None:
    if values != [1]:
        with pytest.raises(Invalid):
            decode(encode(values), (int,))
    assert decode(encode([1]), (int,)) == (1,)


def test_no_text_that_the_database_cannot_compare_with() -> None:
    with pytest.raises(Invalid):
        decode(encode(["a\0b"]), (str,))
    with pytest.raises(Invalid):
        decode(encode([datetime(2020, 1, 1)]), (datetime,))


@pytest.mark.parametrize("said", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_moment_that_is_none_in_utc_is_refused(said: str) -> None:
    with pytest.raises(Invalid):
        decode(encode([said]), (datetime,))
    assert decode(encode(["2015-01-01T01:00:00+01:00"]), (datetime,)) == (datetime(2015, 1, 1, tzinfo=UTC),)


@given(st.lists(st.integers(), max_size=30), st.integers(1, 10))
def test_pages_hold_each_item_once(items: list[int], limit: int) -> None:
    seen: list[int] = []
    start = 0
    while True:
        shown, more = page(list(enumerate(items))[start : start + limit + 1], limit, lambda one: (one[0],))
        seen += [value for _, value in shown]
        if more is None:
            break
        start = decode(more, (int,))[0] + 1
    assert seen == items
