"""Of a line that will be late its buyer is told; where much may be lost, another vendor is asked for a quote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sightline.kernel.act.drawing import best
from sightline.kernel.act.figures import check, facts
from sightline.language.playbook import Situation
from sightline.language.ref import Ref
from sightline.packs.supply.act import WARN_BUYER, second_source
from sightline.testing import make

LINE = Situation(
    subject=Ref("line", "82108"),
    now=make.day(100),
    deadline=make.day(130),
    attributes={"quantity": 12_500.0},
    links={"vendor": "vendor/Aurobindo", "product": "product/HIV-1 Test, 30 Tests", "country": "country/Zambia"},
    probability=0.7,
    worth=20_000.0,
    reasons=("3 of this vendor's last 5 lines were late.",),
)


@pytest.mark.parametrize(
    ("worth", "does"),
    [(None, "tell the buyer"), (20_000, "tell the buyer"), (21_000, "ask another vendor for a quote")],
)
def test_another_vendor_is_asked_where_more_is_likely_to_be_saved_than_asking_costs(
    worth: float | None, does: str
) -> None:
    assert best(WARN_BUYER, replace(LINE, worth=worth)).name == does


def test_who_asks_is_told_whom_not_to_ask_for_what_and_by_when() -> None:
    told = second_source(LINE)
    assert "Ask another vendor than Aurobindo for a quote: 12,500 of HIV-1 Test, 30 Tests for Zambia, delivered" in told
    assert "delivered by 10 May 2020." in told
    assert check(told, facts(LINE, second_source)).strange is None


def test_what_is_not_known_yet_is_left_out() -> None:
    told = second_source(replace(LINE, attributes={}, links={}))
    assert "Ask another vendor for a quote: the same goods, delivered by 10 May 2020." in told
