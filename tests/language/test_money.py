"""Money adds up within one currency and never across two."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.language.errors import Invalid
from sightline.language.money import Money

AMOUNTS = st.decimals(-(10**9), 10**9, places=2)
CODES = st.from_regex(r"[A-Z]{3}", fullmatch=True)


@given(CODES, AMOUNTS, AMOUNTS, AMOUNTS)
def test_the_order_of_adding_does_not_matter(code: str, a: Decimal, b: Decimal, c: Decimal) -> None:
    one, two, three = Money(a, code), Money(b, code), Money(c, code)
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)
    assert one + Money(Decimal(0), code) == one


@given(CODES, CODES, AMOUNTS)
def test_two_currencies_do_not_mix(one: str, other: str, amount: Decimal) -> None:
    if one != other:
        with pytest.raises(Invalid, match=f"Cannot add {other} to {one}. Convert"):
            Money(amount, one) + Money(amount, other)
    assert (Money(amount, one) == Money(amount, other)) == (one == other)


@pytest.mark.parametrize("code", ["", "usd", "US", "USDT", "U$D", "ÄÖÜ", "US "])
def test_what_is_no_currency_is_refused_with_an_example(code: str) -> None:
    with pytest.raises(Invalid, match="such as USD"):
        Money(Decimal(1), code)


def test_it_reads_as_people_write_it() -> None:
    assert str(Money(Decimal("1234567.80"), "EUR")) == "1,234,568 EUR"
