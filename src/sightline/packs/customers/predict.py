"""What we ask about the future of customers."""

from sightline.language.question import (
    Question,
    absent,
    attribute,
    count,
    days,
    every,
    happened,
    next_,
    once,
    total,
    value,
)

QUARTER = days(90)
OF_LATE = every(days(30), active=happened("order.placed", within=days(180)))
"""Whoever bought nothing for half a year has stopped already: to ask about them is no forecast."""

_WORTH = total("order.placed", "amount", past=days(365))

STOPS_BUYING = Question(
    name="customers.stops_buying",
    of="customer",
    asks="Will this customer place no order in the next 90 days?",
    when=OF_LATE,
    answer=absent("order.placed", within=QUARTER),
    worth=_WORTH,
    yes="stops",
    no="buys again",
)
SPENDS = Question(
    name="customers.spends",
    of="customer",
    asks="How much will this customer spend in the next 90 days?",
    when=OF_LATE,
    answer=total("order.placed", "amount", within=QUARTER),
    worth=_WORTH,
    unit="USD",
)
ORDERS = Question(
    name="customers.orders",
    of="customer",
    asks="How many orders will this customer place in the next 90 days?",
    when=OF_LATE,
    answer=count("order.placed", within=QUARTER),
    worth=_WORTH,
    unit="orders",
)
NEXT_ORDER = Question(
    name="customers.next_order",
    of="customer",
    asks="In how many days will this customer order next?",
    when=OF_LATE,
    answer=next_("order.placed", within=days(180)),
    worth=_WORTH,
    unit="days",
)
LEAVES = Question(
    name="customers.leaves",
    of="subscriber",
    asks="Is this subscriber one of those who leave?",
    when=once(),
    answer=value("left", is_="Yes"),
    worth=attribute("monthly_charges"),
    yes="leaves",
    no="stays",
)

QUESTIONS = (STOPS_BUYING, SPENDS, ORDERS, NEXT_ORDER, LEAVES)
