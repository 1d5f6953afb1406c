"""Numbers: both styles read what they write, dressed or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.observe import numbers
from sightline.language.errors import Invalid


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_read_back(number: int) -> None:
    assert numbers.parser(numbers.POINT)(str(number)) == number
    assert numbers.parser(numbers.POINT)(f"{number:,}") == number
    assert numbers.parser(numbers.COMMA)(f"{number:,}".replace(",", ".")) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_read_back(number: float) -> None:
    assert numbers.parser(numbers.POINT)(repr(number)) == number


@given(st.decimals(-(10**9), 10**9, places=2))
def test_the_comma_style_mirrors_the_point_style(number: object) -> None:
    point = f"{number:,}"
    comma = point.translate(str.maketrans(",.", ".,"))
    assert numbers.parser(numbers.COMMA)(comma) == numbers.parser(numbers.POINT)(point)


@pytest.mark.parametrize(
    ("style", "text", "expected"),
    [
        (numbers.POINT, "$1,234.50", 1234.5),
        (numbers.POINT, "(12.5)", -12.5),
        (numbers.POINT, "12.5-", -12.5),
        (numbers.POINT, "-$3", -3),
        (numbers.POINT, "USD 7", 7),
        (numbers.POINT, "12%", 12),
        (numbers.POINT, "1 234 567.8", 1234567.8),
        (numbers.POINT, ".5", 0.5),
        (numbers.COMMA, "1.234,56 €", 1234.56),
        (numbers.COMMA, "1\u202f234,5", 1234.5),
        (numbers.COMMA, "1.234", 1234),
    ],
)
def test_dressed_numbers(style: str, text: str, expected: float) -> None:
    assert numbers.parser(style)(text) == expected


@pytest.mark.parametrize(
    "text", ["", "abc", "1,2,3", "12 apples", "--3", "1.2.3", "nan", "inf", "1e999", "XYZ 3", "1,23"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(numbers.NotANumber):
        numbers.parser(numbers.POINT)(text)


def test_evidence_decides_the_style() -> None:
    assert numbers.detect(["1.234,56", "0,5", "12"]).style == numbers.COMMA  # type: ignore[union-attr]
    assert numbers.detect(["1,234.56", "0.5", "12"]).style == numbers.POINT  # type: ignore[union-attr]
    assert numbers.detect(["1,234", "5,678"]).undecided  # type: ignore[union-attr]
    assert not numbers.detect(["1.5", "2.25"]).undecided  # type: ignore[union-attr]


def test_a_sign_that_stands_everywhere_is_the_unit() -> None:
    assert numbers.detect(["€ 5", "€ 6,50"]).unit == "EUR"  # type: ignore[union-attr]
    assert numbers.detect(["5%", "6%"]).unit == "%"  # type: ignore[union-attr]
    assert numbers.detect(["€ 5", "$ 6"]).unit is None  # type: ignore[union-attr]


def test_codes_with_leading_zeros_are_no_numbers() -> None:
    assert numbers.detect(["0011", "0012"]) is None


def test_an_unknown_style_is_explained() -> None:
    with pytest.raises(Invalid, match=r"'1234' is no number format. Write '1,234.56' or '1.234,56'"):
        numbers.parser("1234")
