"""What acting changed is plotted with its interval or not believed; an experiment is planned, begun and stopped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from sightline.interfaces.rest.examples_experiments import ANSWERS
from tests.main.served import Demo, run, serving
from tests.web.conftest import Opened, Site, violations
from tests.web.test_inbox import call
from tests.web.test_playbooks import one

TWO = """\
[own.two]
question = "supply.arrives_late"
wakes_on = "supply.overdue"
party = "project"
success = "no"
choices = [
  { name = "a note", channel = "paper", gains = 100, cost = 1, text = "{{ subject }}" },
  { name = "a call", channel = "paper", gains = 100, cost = 5, text = "{{ subject }}" },
]
"""
CHANGED: dict[str, Any] = ANSWERS["/v1/playbooks/{name}/effect"]
WHOLE: dict[str, Any] = ANSWERS["/v1/experiments/{id}"]


@pytest.fixture(scope="module")
def site(demo: Demo) -> Iterator[Site]:
    home = demo.copy("experiments")
    token = run(home, "token").stdout.strip()
    with serving(home) as served:
        site = Site(str(served.client.base_url).rstrip("/"), token)
        call(site, "POST", "/v1/playbooks", {"text": TWO})
        yield site


def test_an_experiment_is_planned_begun_by_keyboard_and_stopped(visit: Opened) -> None:
    page = visit("/playbooks")
    two = one(page, "own.two")
    two.get_by_role("button", name="Effect of own.two").press("Enter")
    expect(two.get_by_text("Not enough evidence yet.")).to_be_visible()
    two.get_by_role("button", name="New experiment").press("Enter")
    page.keyboard.type("spring")
    expect(two.get_by_role("button", name="Begin")).to_be_disabled()
    page.keyboard.press("Enter")
    expect(two.get_by_role("status")).to_contain_text("This rests on the answers to its question")
    assert violations(page) == []
    two.get_by_role("button", name="Begin").press("Enter")
    two.get_by_role("button", name="Show the experiment spring").press("Enter")
    sheet = page.get_by_role("dialog", name="Experiment spring")
    expect(sheet.get_by_role("row", name="a note 50%")).to_contain_text("the others are compared with it")
    expect(sheet).to_contain_text("sightline.contact.stopped, a call: too little yet")
    assert "experiment=exp_" in page.url
    assert violations(page) == []
    sheet.get_by_role("button", name="Stop the experiment").click()
    page.get_by_role("dialog", name="Stop this experiment?").get_by_role("button", name="Stop the experiment").click()
    expect(sheet.get_by_text("Stopped", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(two.get_by_role("button", name="New experiment")).to_be_visible()


def test_an_effect_is_plotted_and_what_is_broken_is_not_believed(visit: Opened) -> None:
    answer = dict(CHANGED)

    def before(page: Page) -> None:
        page.route("**/v1/playbooks/own.two/effect", lambda route: route.fulfill(json=answer))
        page.route("**/v1/experiments/exp_*", lambda route: route.fulfill(json={**WHOLE, "path": series()}))

    page = visit(f"/playbooks?experiment={WHOLE['id']}", before=before)
    sheet = page.get_by_role("dialog", name="Experiment spring")
    expect(sheet).to_contain_text("731 of 1,206 parties have an outcome")
    expect(sheet.get_by_role("img", name="Each arm beside the first")).to_be_visible()
    expect(sheet.get_by_role("row", name="mode: Air")).to_contain_text("+8.0% (-5.0% to +21.0%)")
    assert violations(page) == []
    page.keyboard.press("Escape")
    two = one(page, "own.two")
    two.get_by_role("button", name="Effect of own.two").click()
    expect(two).to_contain_text("Success changed by +9.0% (95% interval +2.0% to +16.0%).")
    expect(two).to_contain_text("was worth $48,200 ($9,100 to $88,400)")
    expect(two).to_contain_text("What was learned chooses")
    chart = two.get_by_role("region", name="The difference over time")
    chart.get_by_role("button").click()
    expect(chart.get_by_role("row", name="1 Jan 2015")).to_contain_text("+2.0%")
    assert violations(page) == []
    effect = {**CHANGED["effect"], "split": {"counts": [800, 20], "shares": [0.9, 0.1], "broken": True}}
    answer["effect"] = effect
    page.reload()
    two.get_by_role("button", name="Effect of own.two").click()
    expect(two.get_by_role("alert")).to_contain_text("The split is broken")
    expect(two.get_by_text("Success changed")).to_have_count(0)


def test_what_speaks_against_a_winner_is_told_before_it_is_adopted_anyway(visit: Opened) -> None:
    told = {**WHOLE, "state": "ended", "verdict": "decided", "winner": "a call"}
    change = {**ANSWERS["POST /v1/experiments/{id}/adopt"], "against": "It was worse by complaints.", "newest": True}
    given: list[dict[str, Any]] = []

    def adopt(route: Route) -> None:
        given.append(route.request.post_data_json)
        route.fulfill(json={**change, "done": not given[-1]["check"]})

    def before(page: Page) -> None:
        page.route("**/v1/experiments/exp_*", lambda route: route.fulfill(json=told))
        page.route("**/v1/experiments/exp_*/adopt", adopt)

    page = visit(f"/playbooks?experiment={WHOLE['id']}", before=before)
    page.get_by_role("button", name="Make “a call” the usual choice").click()
    asked = page.get_by_role("dialog", name="“a call” as the usual choice of own.warn?")
    expect(asked).to_contain_text("A guard stopped “a call”. It was worse by complaints.")
    expect(asked).to_contain_text("For 207 of the newest 412 decisions of the last 30 days")
    assert violations(page) == []
    asked.get_by_role("button", name="Make “a call” the usual choice anyway").click()
    expect(asked).to_have_count(0)
    assert [(one["check"], one["anyway"]) for one in given] == [(True, False), (False, True)]


def test_what_was_learned_is_shown_and_a_winner_adopted_after_a_look(visit: Opened) -> None:
    told = {**WHOLE, "state": "ended", "verdict": "decided", "winner": "a call"}
    given: list[dict[str, Any]] = []

    def adopt(route: Route) -> None:
        given.append(route.request.post_data_json)
        done = not given[-1]["check"]
        told["adopted"] = "a call" if done and not given[-1]["undo"] else None
        route.fulfill(json={**ANSWERS["POST /v1/experiments/{id}/adopt"], "done": done})

    def before(page: Page) -> None:
        page.route("**/v1/playbooks/own.two/effect", lambda route: route.fulfill(json=CHANGED))
        page.route("**/v1/experiments/exp_*", lambda route: route.fulfill(json=told))
        page.route("**/v1/experiments/exp_*/adopt", adopt)

    page = visit(f"/playbooks?experiment={WHOLE['id']}", before=before)
    sheet = page.get_by_role("dialog", name="Experiment spring")
    sheet.get_by_role("button", name="Make “a call” the usual choice").press("Enter")
    asked = page.get_by_role("dialog", name="“a call” as the usual choice of own.warn?")
    expect(asked).to_contain_text(
        "For 207 of 412 decisions of the last 30 days the usual choice would have been another."
    )
    assert violations(page) == []
    asked.get_by_role("button", name="Make “a call” the usual choice").click()
    expect(sheet).to_contain_text("“a call” is the usual choice of own.warn now.")
    sheet.get_by_role("button", name="Take it back").click()
    expect(sheet.get_by_role("button", name="Make “a call” the usual choice")).to_be_visible()
    assert [(one["check"], one["undo"]) for one in given] == [(True, False), (False, False), (False, True)]
    page.keyboard.press("Escape")
    two = one(page, "own.two")
    two.get_by_role("button", name="Effect of own.two").click()
    expect(two).to_contain_text(
        "09:00 is best: 79% (74% to 84%), where 71% succeeded over all. Each party counts once."
    )
    expect(two).to_contain_text("For 31 of 402 parties it is another.")
    expect(two).to_contain_text("Not enough yet: 38 of 50 messages have an outcome.")
    expect(two.get_by_role("img", name="Success by hour")).to_be_visible()
    chart = two.get_by_role("region", name="Success by channel of “a note”")
    chart.get_by_role("button").click()
    expect(chart.get_by_role("row", name="mail 35")).to_contain_text("52%")
    assert violations(page) == []


def series() -> list[dict[str, Any]]:
    (last,) = WHOLE["path"]
    return [{**last, "at": "2014-12-01T00:00:00Z"}, last]
