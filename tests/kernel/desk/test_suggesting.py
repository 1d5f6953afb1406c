"""Lines to start from: what a mapping shows, as questions that can be asked as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from sightline.kernel.desk.suggesting import suggested
from sightline.kernel.observe.mapping_file import parse as mapping_of
from sightline.kernel.predict.language import canonical, misfits, parse

LOG = """
source = "orders"
kind = "customer"
key = "id"
rows = "events"
[events]
"order.placed" = { time = "day" }
[columns]
"pieces" = { sort = "number", known = "order.placed" }
"paid" = { sort = "number", unit = "USD", known = "order.placed" }
"""
FLAT = """
source = "accounts"
kind = "account"
key = "id"
[columns]
"plan" = { sort = "category" }
"city" = { sort = "category" }
"fee" = { sort = "number", unit = "EUR" }
"name" = { sort = "category", personal = true }
"paperless" = { sort = "flag" }
"left" = { sort = "category" }
"""
DATED = """
source = "bills"
kind = "bill"
key = "id"
[events]
"bill.sent" = { time = "sent" }
"bill.paid" = { time = "paid", begins = false }
[columns]
"due" = { sort = "day", known = "bill.sent" }
"fee" = { sort = "number", unit = "EUR" }
"""
OPEN_ENDED = DATED.replace('"due" = { sort = "day", known = "bill.sent" }\n', "")
ACCOUNTS = [
    {
        "plan": "ABC"[n % 3], "city": f"C{n}", "name": f"N{n % 2}", "paperless": n % 3 == 0,
        "left": "Yes" if n % 5 == 0 else "No",
    }
    for n in range(150)
]  # fmt: skip


def lines(text: str, things: Sequence[Mapping[str, Any]] = ()) -> list[str]:
    """What is suggested, each of it checked against what the mapping declares."""
    mapping = mapping_of(text)
    kinds = {kind.name: kind for kind in mapping.kinds()}
    events = {event.name: event for event in mapping.event_kinds()}
    found = list(suggested(mapping, things))
    assert [list(misfits(one, kinds, events)) for one in found] == [[] for _ in found]
    assert [canonical(parse(canonical(one), kinds, events)) for one in found] == [canonical(one) for one in found]
    return [canonical(one) for one in found]


def test_what_happens_again_and_again_is_asked_monthly() -> None:
    tail = "within 90 days for customer every 30 days active 180 days worth total order.placed.paid past 365 days"
    assert lines(LOG) == [
        f"predict absent order.placed {tail}",
        f"predict total order.placed.paid {tail}",
        f"predict count order.placed {tail}",
        f"predict next order.placed {tail}",
    ]


def test_a_log_without_amounts_asks_for_none() -> None:
    found = lines(LOG.partition("[columns]")[0])
    assert [line.split()[1] for line in found] == ["absent", "count", "next"]
    assert not any("worth" in line for line in found)


def test_a_table_without_time_is_asked_once_for_its_rarer_class() -> None:
    assert lines(FLAT, ACCOUNTS) == [
        "predict value left is Yes for account once worth fee",
        "predict value paperless is true for account once worth fee",
        "predict value plan is A for account once worth fee",
    ]


@pytest.mark.parametrize("things", [[], ACCOUNTS[:20], [{"left": None}] * 50])
def test_a_table_of_which_little_is_known_is_asked_nothing(things: list[dict[str, Any]]) -> None:
    assert lines(FLAT, things) == []


def test_what_has_a_deadline_is_asked_about_it() -> None:
    assert lines(DATED) == ["predict absent bill.paid until due for bill before due 7 days worth fee"]


def test_what_ends_without_a_deadline_is_asked_how_long_it_takes() -> None:
    assert lines(OPEN_ENDED) == ["predict next bill.paid within 90 days for bill at bill.sent worth fee"]
