"""Questions as people put them, and the names they get."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from sightline.kernel.predict.language import parse, slug
from sightline.language.question import Question
from tests.kernel.predict.language import shop

ON = "for customer every 9 days"


@pytest.mark.parametrize(
    ("line", "asks", "name"),
    [
        ("predict absent customer.left until renews_on for customer before renews_on 9 days",
         "Will customer.left not have happened to this customer by its renews on?",
         "absent_customer_left_by_renews_on"),
        ("predict happens customer.left by renews_on for customer before renews_on 9 days",
         "Will customer.left have happened to this customer by its renews on?",
         "happens_customer_left_by_renews_on"),
        (f"predict absent order.placed within 90 days {ON}", "Will this customer see no order.placed within 90 days?",
         "absent_order_placed_within_90_days_for_customer"),
        (f"predict happens customer.left within 1 day {ON}", "Will this customer see customer.left within 1 day?",
         "happens_customer_left_within_1_day"),
        (f"predict count order.placed where amount above 1000 within 36 hours {ON}",
         "How many order.placed (amount above 1,000) will this customer see within 36 hours?",
         "count_order_placed_where_amount_above_1_000_within_36_hours_for_customer"),
        (f"predict total order.placed.amount within 9 days {ON}",
         "What will the amount of order.placed add up to for this customer within 9 days?",
         "total_order_placed_amount_within_9_days_for_customer"),
        (f"predict next order.placed within 9 days {ON}",
         "In how many days will this customer see its next order.placed, if it does within 9 days?",
         "next_order_placed_within_9_days_for_customer"),
        ("predict value segment is Small for customer where churned is false once",
         "Is segment Small for this customer (churned is false)?",
         "value_segment_is_small_for_customer_where_churned_is_false"),
        (f"predict value charges within 9 days {ON}", "What will charges be for this customer within 9 days?",
         "value_charges_within_9_days_for_customer"),
        ("predict value charges for customer once", "What is charges for this customer?", "value_charges_for_customer"),
        (f"predict value churned by until {ON}", "Will churned be true for this customer by its until?",
         "value_churned_is_true_by_until_for_customer"),
    ],
)  # fmt: skip
def test_every_answer_is_put_in_words(line: str, asks: str, name: str) -> None:
    read = parse(line, shop.KINDS, shop.EVENTS)
    assert (read.asks, slug(read), read.name) == (asks, name, f"asked.{name}")


@given(shop.questions())
def test_a_name_is_fit_to_be_one(question: Question) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,99}", slug(question))


@pytest.mark.parametrize(
    ("one", "other"), [(">50K", "<=50K"), ("Ä", "Ö"), ("-5", "5"), ("x" * 120, "x" * 121), ("a+", "a")]
)
def test_what_the_letters_of_a_name_cannot_tell_apart_gets_two_names(one: str, other: str) -> None:
    line = 'predict value segment is "{}" for customer once'
    names = {slug(parse(line.format(said), shop.KINDS, shop.EVENTS)) for said in (one, other)}
    assert len(names) == 2
