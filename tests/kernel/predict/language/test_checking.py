"""What a question must fit: the same check for lines and for packs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sightline.kernel.pack import Pack, Registry
from sightline.kernel.predict.language import misfits, parse
from sightline.language.errors import Misconfigured, NotFound, Unparsable
from sightline.language.question import (
    Absent,
    Every,
    Happened,
    Once,
    Question,
    Value,
    Where,
    absent,
    attribute,
    before,
    count,
    every,
    value,
)
from sightline.language.time import days
from tests.kernel.predict.language.shop import EVENTS, KINDS

WITHIN = "within 9 days for customer every 9 days"


@pytest.mark.parametrize(
    ("line", "word", "said"),
    [
        ("predict value segment for customer once", "segment", "value segment is CLASS"),
        ("predict value renews_on for customer once", "renews_on", "must be a number, and is a day"),
        ("predict value renews_on is Monday for customer once", "renews_on", "neither a class nor a number"),
        ("predict value churned is maybe for customer once", "maybe", "true, false"),
        ("predict value charges is high for customer once", "high", "a number"),
        ('predict value segment is "" for customer once', '""', "a text"),
        ('predict value segment is "a\\u0000" for customer once', '"a\\u0000"', "no text"),
        ('predict value segment is "a\\q" for customer once', '"a\\q"', "stands only before"),
        ("predict value charges for customer every 9 days", "charges", "within N days, by ATTRIBUTE"),
        ("predict value charges within 9 days for customer once", "9", "nothing is waited for"),
        ("predict value charges by renews_on for customer once", "renews_on", "nothing is waited for"),
        ("predict value email is x for customer once", "email", "personal"),
        ("predict absent order.placed within 9 days for customer once", "once", "every N days"),
        ("predict value charges for customer once grace 3 days", "3", "says nothing"),
        ("predict value charges for customer once unless customer.left", "customer.left", "says nothing"),
        ("predict value charges for customer once worth total order.placed.amount past 9 days", "order.placed.amount",
         "says nothing"),
        ("predict absent order.placed until segment for customer every 9 days", "segment", "Allowed there: renews_on"),
        ("predict absent order.placed within 9 days for customer before charges 9 days", "charges", "renews_on, until"),
        (f"predict total order.placed {WITHIN}", "order.placed", "Allowed there: order.placed.amount"),
        (f"predict total amount {WITHIN}", "amount", "order.placed.amount"),
        (f"predict total order.placed.mode {WITHIN}", "order.placed.mode", "Allowed there: order.placed.amount"),
        (f"predict count order.placed {WITHIN} worth segment", "segment", "Allowed there: charges, total"),
        (f"predict count order.placed {WITHIN} worth total order.placed.gift past 9 days", "order.placed.gift",
         "order.placed.amount"),
        (f"predict count order.placed where mode above 5 {WITHIN}", "mode", "must be a number"),
        (f"predict count order.placed where amount is Air {WITHIN}", "Air", "a number"),
        (f"predict count order.placed where gift is 1 {WITHIN}", "1", "true or false"),
        (f"predict count order.placed where amount above Air {WITHIN}", "Air", "a number"),
        ("predict count order.placed within 9 days for customer where email is x every 9 days", "email", "personal"),
        ("predict count order.placed within 0 days for customer every 9 days", "0", "longer than nothing"),
        ("predict count order.placed within 9 days for customer every 0 hours", "0", "longer than nothing"),
        ("predict count order.placed within 9 days for customer active 0 days", "0", "longer than nothing"),
        ("predict count order.placed within 99999 weeks for customer active 9 days", "99999", "hundred years"),
        ("predict count order.placed within 9999999 days for customer active 9 days", "9999999", "6 digits"),
        ("predict value charges within 9 days for customer active 30 days", "30", "which event"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_pointed_at_and_told_what_is_allowed(line: str, word: str, said: str) -> None:
    with pytest.raises(Unparsable) as caught:
        parse(line, KINDS, EVENTS)
    assert line[caught.value.at : caught.value.at + caught.value.length] == word
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"predict count region.closed {WITHIN}", "customer.left, order.placed"),
        (f"predict count order.plced {WITHIN}", "Did you mean 'order.placed'"),
        (f"predict total order.placed.amont {WITHIN}", "Did you mean 'amount'"),
        (f"predict count order.placed where mood is Air {WITHIN}", "Did you mean 'mode'"),
        ("predict count order.placed within 9 days for customer at order.plced", "Did you mean 'order.placed'"),
        ("predict count order.placed within 9 days for customer active order.plced 9 days", "'order.placed'"),
        (f"predict count order.placed {WITHIN} unless customer.lef", "Did you mean 'customer.left'"),
        (f"predict count order.placed {WITHIN} worth total order.plced.amount past 9 days", "'order.placed'"),
        ("predict value segmnt is x for customer once", "Did you mean 'segment'"),
        ("predict value charges for customer where segmnt is x once", "Did you mean 'segment'"),
    ],
)
def test_what_is_not_declared_is_told_with_what_is(line: str, said: str) -> None:
    with pytest.raises(NotFound) as caught:
        parse(line, KINDS, EVENTS)
    assert said in caught.value.message


GOOD = Question(
    name="lab.asked", of="customer", asks="?", when=every(days(9)), answer=count("order.placed", within=days(9))
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"of": "custommer"}, "names the kind 'custommer', which nobody declares"),
        ({"answer": count("region.closed", within=days(9))}, "names the event about customer 'region.closed'"),
        ({"answer": absent("order.placed")}, "how long the answer is waited for"),
        ({"answer": Absent(event="order.placed", within=days(1), until="renews_on")}, "two deadlines"),
        ({"answer": count("order.placed", within=days(-1))}, "longer than nothing"),
        ({"when": before(attribute("renews_on"), days(-1))}, "longer than nothing"),
        ({"when": Every(days(1), Happened("order.placed", days(0)))}, "longer than nothing"),
        ({"when": Once(), "answer": Value(attribute="churned")}, "value churned is true"),
        ({"when": Once(), "answer": value("segment", is_="a\0")}, "no text"),
        ({"where": (Where("segment", "is", 5),)}, "never 5"),
        ({"where": (Where("charges", "above", True),)}, "never True"),
        ({"grace": days(-1)}, "longer than nothing"),
        ({"together": "rgion"}, "names the link of customer 'rgion'"),
        ({"where": tuple(Where("segment", "is not", "x" * 99) for _ in range(9))}, "at most 1000 characters"),
    ],
)
def test_a_pack_s_question_is_checked_at_the_door(change: dict[str, object], said: str) -> None:
    question = replace(GOOD, **change)  # type: ignore[arg-type]
    pack = Pack(name="lab", kinds=tuple(KINDS.values()), events=tuple(EVENTS.values()), questions=(question,))
    with pytest.raises(Misconfigured, match=r"Pack 'lab': question lab\.asked") as caught:
        Registry((pack,)).catalog()
    assert said in caught.value.message


def test_a_pack_is_not_to_blame_for_what_an_import_calls_personal() -> None:
    asked = replace(GOOD, where=(Where("email", "is", "x"),))
    pack = Pack(name="lab", kinds=tuple(KINDS.values()), events=tuple(EVENTS.values()), questions=(asked,))
    assert [one.personal for one in misfits(asked, KINDS, EVENTS)] == [True]
    assert Registry((pack,)).catalog().questions["lab.asked"] == asked
