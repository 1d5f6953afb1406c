"""A roster spreads evenly and leaves a party with whoever has it; the first route that is met holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.foundation.identity import Role
from sightline.kernel.act import routing
from sightline.kernel.act.routes import Route
from sightline.kernel.act.routing import Roster, Routes
from sightline.language.errors import Invalid
from sightline.language.playbook import Playbook, Situation
from sightline.language.question import Question, TotalOf
from sightline.language.ref import Ref
from sightline.main.installation import REGISTRY
from sightline.testing import make

CATALOG = REGISTRY.catalog()

NAMES = ("anna", "ben", "carl", "dora")
ROLES = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([Role.OWNER, Role.OPERATOR]))
LISTS = st.lists(st.sampled_from(NAMES), min_size=1, unique=True)
WORTHS = st.one_of(st.none(), st.floats(0, 20))
ITEMS = st.lists(st.tuples(st.sampled_from("pqrstu"), WORTHS), max_size=30)


def roster(roles: dict[str, Role], **more: Any) -> Roster:
    return Roster(roles=roles, **more)


@given(to=LISTS, waiting=st.dictionaries(st.sampled_from(NAMES), st.integers(0, 5)), many=st.integers(0, 50))
def test_a_batch_is_spread_evenly_over_what_waits_already(to: list[str], waiting: dict[str, int], many: int) -> None:
    known = roster(dict.fromkeys(NAMES, Role.OPERATOR), waiting=dict(waiting))
    given_ = Counter(known.give(to, f"party {n}", None) for n in range(many))
    assert sum(given_.values()) == many
    assert set(given_) <= set(to)
    after = {one: waiting.get(one, 0) + given_[one] for one in to}
    # Whoever got anything has at most one more than whoever has least.
    assert all(after[one] <= min(after.values()) + 1 for one in to if given_[one])
    if not waiting:
        assert [given_[one] for one in to] == [len(range(place, many, len(to))) for place in range(len(to))]


@given(to=LISTS, roles=ROLES, limit=st.one_of(st.none(), st.just(10.0)), items=ITEMS)
def test_whoever_may_not_decide_is_skipped_and_a_party_stays_with_whoever_has_it(
    to: list[str], roles: dict[str, Role], limit: float | None, items: list[tuple[str, float | None]]
) -> None:  # fmt: skip
    known = roster(roles, limit=limit)
    holding: dict[str, set[str]] = {}
    for party, worth in items:
        able = [one for one in to if one in roles and routing.may(roles[one], worth, limit)]
        found = known.give(to, party, worth)
        assert (found is None) == (not able)
        if found is None:
            continue
        assert found in able
        holds = holding.setdefault(party, set())
        assert found in holds or not holds & set(able)
        holds.add(found)
    if limit is None and roles:
        assert all(len(one) == 1 for one in holding.values())


def test_what_nobody_knows_the_worth_of_is_for_owners_where_money_is_limited() -> None:
    assert [routing.may(Role.OPERATOR, worth, 10.0) for worth in (None, 10.0, 10.1)] == [False, True, False]
    assert routing.may(Role.OWNER, None, 10.0)
    assert routing.may(Role.OPERATOR, None, None)


def route(name: str, whom: str = "", *to: str, playbook: str = "own.chase") -> Route:
    return Route(name=name, playbook=playbook, whom=whom, to=to or ("anna",), made_at=make.day(1), by="ada")


@given(lines=st.lists(st.integers(0, 10), max_size=5), age=st.one_of(st.none(), st.integers(0, 10)))
def test_the_first_route_that_is_met_holds_and_what_is_unknown_meets_none(lines: list[int], age: int | None) -> None:
    made = [route(str(n), f"age above {least}", playbook="leads.first_contact") for n, least in enumerate(lines)]
    situation = Situation(subject=Ref("lead", "1"), now=make.day(1), attributes={} if age is None else {"age": age})
    found = Routes([route("other"), *made], CATALOG).met("leads.first_contact", situation)
    fits = [str(n) for n, least in enumerate(lines) if age is not None and age > least]
    assert (found and found.name) == (fits[0] if fits else None)
    rest = Routes([*made, route("rest", playbook="leads.first_contact")], CATALOG).met("leads.first_contact", situation)
    assert rest
    assert rest.name == (fits[0] if fits else "rest")


def test_a_forecast_is_a_condition_too_and_what_cannot_be_read_is_met_by_nobody() -> None:
    situation = Situation(subject=Ref("lead", "1"), now=make.day(1), probability=0.4, worth=10.0)
    for whom, met in (("probability above 0.3 and worth below 20", True), ("quantity above 0", False), ("so", False)):
        assert (Routes([route("one", whom)], CATALOG).met("own.chase", situation) is not None) is met
    strange = replace(situation, subject=Ref("unheard", "1"))
    assert Routes([route("one", "probability above 0.3")], CATALOG).met("own.chase", strange) is None
    assert Routes([route("one")], CATALOG).met("own.chase", strange)


def test_what_is_never_known_where_a_playbook_asks_is_refused_as_a_condition() -> None:
    late, quantity = CATALOG.question("supply.arrives_late"), CATALOG.question("receivables.days_to_pay")
    by_forecast, by_finding = (CATALOG.playbooks[one] for one in ("supply.warn_buyer", "supply.chase_overdue"))
    by_event = replace(by_finding, wakes_on="line.described")

    def refused(name: str, playbook: Playbook, question: Question = late) -> str:
        catalog = replace(CATALOG, questions={**CATALOG.questions, question.name: question})
        try:
            routing.check(f"{name} above 0.3", replace(playbook, question=question.name), catalog)
        except Invalid as error:
            return error.message
        return ""

    assert "a finding wakes 'supply.chase_overdue'" in refused("probability", by_finding)
    assert "a finding wakes" in refused("quantity", by_finding)
    assert not refused("worth", by_finding)
    for playbook in (by_forecast, by_event):
        assert not refused("probability", playbook)
        assert "what 'supply.arrives_late' forecasts is a probability" in refused("quantity", playbook)
        assert f"what '{quantity.name}' forecasts is a quantity" in refused("probability", playbook, quantity)
        assert not refused("quantity", playbook, quantity)
        assert "names nothing that is at stake" in refused("worth", playbook, replace(late, worth=None))
    total = replace(late, worth=TotalOf("line.delivered", "value", timedelta(days=30)))
    assert "a finding wakes" in refused("worth", by_finding, total)
    assert not refused("worth", by_forecast, total)
    with pytest.raises(Invalid, match=r"Nobody ever meets 'probability above 0\.3' here") as caught:
        routing.check("mode is Air and probability above 0.3", by_finding, CATALOG)
    assert caught.value.hint == "Leave it out, or name an attribute of what 'supply.chase_overdue' asks about."
