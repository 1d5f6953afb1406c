"""Playbooks: what they do and did, their runs, a rehearsal, and those of one's own written in place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.main.served import Demo, run, serving
from tests.web.conftest import Opened, Site, violations
from tests.web.test_inbox import PASSWORD, call, signed_in_as

RUN = "run_" + "5f" * 16
OWN = """\
[own.warn]
question = "supply.arrives_late"
wakes_on = "every day"
party = "project"
whom = "probability above 0.5"
capacity = 20

[[own.warn.choices]]
name = "a note"
channel = "paper"
cost = 5
saves = 0.02
text = "{{ subject }} may be late."

[[own.warn.follow]]
name = "a week"
wait = "7 days"
unless = "line.delivered"
"""
STEPS = [
    {"number": 1, "step": "act", "what": "sends", "at": "2015-01-01T00:00:00Z", "detail": "to paper"},
    {"number": 2, "step": "a week", "what": "waits", "at": "2015-01-01T00:00:00Z", "detail": "until 2015-01-08 00:00"},
]
GOING = {
    "id": RUN,
    "key": "own.warn:line/40963:2014-12-20T00:00:00+00:00",
    "playbook": "own.warn",
    "version": "1",
    "subject": "line/40963",
    "party": "project/133-NG-T30",
    "question": "supply.arrives_late",
    "choice": "a note",
    "state": "running",
    "step": "a week",
    "attempt": 1,
    "listens": ["line.delivered"],
    "due_at": "2015-01-08T00:00:00Z",
    "began_at": "2015-01-01T00:00:00Z",
    "ended_at": None,
    "why": "",
    "outcome": None,
    "steps": STEPS,
}
"""A run that waits, as the interface tells of one."""

DECIDED = {
    "subject": "line/84997",
    "party": "project/104-CI-T30",
    "cutoff": "2014-10-29T00:00:00+00:00",
    "choice": "tell the buyer",
    "verb": "ask",
    "because": "No line keeps the promised precision on 'late', so a person decides.",
    "probability": 0.29,
    "value": 1212.6,
    "answer": 1.0,
    "text": "line/84997 is promised for 28 Nov 2014 and is 29% likely to be late.",
}
REHEARSED = {
    "id": "9f8e7d6c5b4a3928",
    "what": "rehearse",
    "about": "supply.warn_buyer",
    "state": "done",
    "done": None,
    "of": None,
    "note": "",
    "problem": None,
    "by": "owner",
    "made_at": "2026-01-01T00:00:00Z",
    "started_at": "2026-01-01T00:00:00Z",
    "ended_at": "2026-01-01T00:01:00Z",
    "result": {
        "playbook": "supply.warn_buyer",
        "question": "supply.arrives_late",
        "wakes_on": "supply.arrives_late",
        "means": "late",
        "since": "2014-10-03T00:00:00+00:00",
        "until": "2015-01-01T00:00:00+00:00",
        "asked": 986,
        "decided": {"act": 0, "ask": 117, "drop": 128, "hold": 23},
        "value": {"act": 0.0, "ask": 88105.1, "drop": -462.3, "hold": 1862.4},
        "came": {verb: {"mature": 60, "yes": 6} for verb in ("act", "ask", "drop", "hold")},
        "channels": {"mail": 133, "team": 7},
        "sides": [
            {"side": "yes", "called": "late", "line": None, "bound": None},
            {"side": "no", "called": "on time", "line": 0.9486, "bound": 0.9537},
        ],
        "verdict": "use_above",
        "headline": "It would have acted 0 times and asked 117 times, for 88,105 expected.",
        "shown": [{**DECIDED, "subject": f"line/{84997 + number}"} for number in range(7)],
    },
}
"""What a rehearsal of ninety days came to."""


@pytest.fixture(scope="module")
def site(demo: Demo) -> Iterator[Site]:
    home = demo.copy("playbooks")
    token = run(home, "token").stdout.strip()
    with serving(home) as served:
        site = Site(str(served.client.base_url).rstrip("/"), token)
        call(site, "POST", "/v1/users", {"name": "vera", "role": "viewer", "password": PASSWORD})
        yield site


def one(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def test_it_tells_what_wakes_each_what_it_may_do_and_what_it_decided(visit: Opened) -> None:
    page = visit("/playbooks")
    warn = one(page, "supply.warn_buyer")
    expect(warn.get_by_role("link", name="supply.arrives_late")).to_have_attribute("href", "/proof/supply.arrives_late")
    expect(warn).to_contain_text("tell the buyer, by paper · costs $5, assumed to save 2% of what is at stake")
    expect(warn).to_contain_text("Asked 47")
    expect(one(page, "supply.chase_overdue").locator("tbody [data-row]")).to_have_count(4)
    assert violations(page) == []


def test_a_run_is_opened_by_keyboard_and_told_step_by_step(visit: Opened) -> None:
    page = visit("/")
    page.keyboard.type("gp")
    # The list of today has rows too.
    one(page, "supply.chase_overdue").locator("tbody [data-row]").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Run of line/")
    expect(sheet.get_by_role("listitem").first).to_contain_text("sends to paper")
    expect(sheet).to_contain_text("at “two weeks”, until")
    expect(sheet.get_by_role("heading", name="What came of it")).to_be_visible()
    expect(sheet.get_by_text("What happens until 31 Jan 2015 counts.")).to_be_visible()
    assert "run=run_" in page.url
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_a_run_is_paused_gone_on_with_and_cancelled_after_asking(visit: Opened) -> None:
    told: list[Any] = []
    now = dict(GOING)

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            told.append(route.request.post_data_json)
            now["state"] = {"pause": "paused", "cancel": "cancelled"}.get(told[-1]["what"], "running")
        route.fulfill(json=now)

    page = visit(f"/playbooks?run={RUN}", before=lambda page: page.route(f"**/v1/runs/{RUN}*", answer))
    page.route(f"**/v1/runs/{RUN}/change", answer)
    sheet = page.get_by_role("dialog", name="Run of line/40963")
    expect(sheet).to_contain_text("at “a week”, until")
    expect(sheet).to_contain_text("unless line.delivered")
    sheet.get_by_role("button", name="Pause").click()
    expect(sheet.get_by_text("Paused")).to_be_visible()
    sheet.get_by_role("button", name="Go on").click()
    sheet.get_by_role("button", name="Again from “a week”").click()
    expect(sheet.get_by_text("Running")).to_be_visible()
    sheet.get_by_role("button", name="Cancel the run").click()
    asks = page.get_by_role("dialog", name="Cancel this run?")
    expect(asks.get_by_text("What it has sent stays sent")).to_be_visible()
    assert violations(page) == []
    assert [given["what"] for given in told] == ["pause", "resume", "again"]
    asks.get_by_role("button", name="Cancel the run").click()
    expect(sheet.get_by_text("Cancelled")).to_be_visible()
    assert [given["what"] for given in told] == ["pause", "resume", "again", "cancel"]
    assert told[2]["step"] == "a week"


def test_what_a_run_refuses_is_told_on_its_sheet(visit: Opened, site: Site) -> None:
    real = call(site, "GET", "/v1/runs?limit=100")["runs"][-1]
    call(site, "POST", f"/v1/runs/{real['id']}/change", {"what": "cancel"})
    still = {**GOING, "id": real["id"]}
    page = visit(
        f"/playbooks?run={real['id']}",
        before=lambda page: page.route(f"**/v1/runs/{real['id']}", lambda route: route.fulfill(json=still)),
    )
    sheet = page.get_by_role("dialog", name="Run of line/40963")
    sheet.get_by_role("button", name="Pause").click()
    expect(sheet.get_by_role("alert")).to_contain_text("this run is cancelled")


def test_a_rehearsal_is_begun_followed_and_stopped(visit: Opened) -> None:
    page = visit("/playbooks")
    warn = one(page, "supply.warn_buyer")
    warn.get_by_role("button", name="Rehearse supply.warn_buyer").click()
    expect(warn.get_by_label("Days back")).to_have_value("90")
    warn.get_by_role("button", name="Start").click()
    work = page.get_by_role("region", name="Rehearsing supply.warn_buyer")
    work.get_by_text("Running").first.wait_for()
    assert violations(page) == []
    work.get_by_role("button", name="Cancel").click()
    work.get_by_text("Cancelled", exact=True).wait_for(timeout=120_000)


def test_what_a_rehearsal_came_to_is_told_in_full(visit: Opened) -> None:
    asked: list[Any] = []

    def done(route: Route) -> None:
        asked.append(route.request.post_data_json)
        route.fulfill(status=202, body=json.dumps(REHEARSED), content_type="application/json")

    page = visit("/playbooks", before=lambda page: page.route("**/rehearse", done))
    page.get_by_role("button", name="Rehearse supply.warn_buyer").click()
    page.get_by_label("Days back").fill("30")
    page.keyboard.press("Enter")
    work = page.get_by_role("region", name="Rehearsing supply.warn_buyer")
    expect(work.get_by_text("It would have acted 0 times and asked 117 times")).to_be_visible()
    expect(work.get_by_role("row", name="Asked 117 $88,105 60 6")).to_be_visible()
    expect(work.get_by_text("Came so: late.")).to_be_visible()
    expect(work.get_by_text("Channels, with those kept back: mail 133, team 7")).to_be_visible()
    expect(work.get_by_text("“late”: none, so a person would have been asked")).to_be_visible()
    expect(work.get_by_text("“on time”: beyond 95%, precision at least 95%")).to_be_visible()
    expect(work.get_by_text("line/84997 is promised for 28 Nov 2014").first).to_be_visible()
    work.get_by_role("button", name="Show more").click()
    expect(work.get_by_role("link", name="line 85003")).to_be_visible()
    assert asked == [{"since": "30d"}]
    assert violations(page) == []


def test_what_facts_wake_is_rehearsed_by_what_has_happened(visit: Opened) -> None:
    page = visit("/playbooks")
    chase = one(page, "supply.chase_overdue")
    chase.get_by_role("button", name="Rehearse supply.chase_overdue").click()
    expect(chase.get_by_text("What has happened since then is gone through")).to_be_visible()
    chase.get_by_role("button", name="Start").click()
    work = page.get_by_role("region", name="Rehearsing supply.chase_overdue")
    expect(work.get_by_text("supply.overdue would have woken it")).to_be_visible(timeout=60_000)
    expect(work.get_by_text("Came so: no line.delivered within 30 days.", exact=True)).to_be_visible()
    assert work.get_by_text("not recorded as delivered").count() > 0
    assert violations(page) == []


def test_what_cannot_be_rehearsed_says_why(visit: Opened) -> None:
    problem = {"title": "Invalid", "status": 400, "code": "invalid", "detail": "'leads.subscribes' asks of a table."}
    told = {"status": 400, "body": json.dumps(problem), "content_type": "application/problem+json"}
    page = visit(
        "/playbooks", before=lambda page: page.route("**/rehearse", lambda route: route.fulfill(**told))
    )  # fmt: skip
    warn = one(page, "supply.warn_buyer")
    warn.get_by_role("button", name="Rehearse supply.warn_buyer").click()
    warn.get_by_role("button", name="Start").click()
    expect(warn.get_by_role("alert")).to_contain_text("asks of a table")


def test_ones_own_are_checked_and_saved_in_place(visit: Opened) -> None:
    page = visit("/playbooks")
    expect(one(page, "supply.warn_buyer")).to_be_visible()
    written = page.get_by_role("textbox", name="Playbooks as TOML")
    written.fill(OWN.replace('"paper"', '"papers"'))
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("papers")
    expect(written).to_have_value(OWN.replace('"paper"', '"papers"'))
    assert violations(page) == []
    written.fill(OWN)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("It fits: own.warn")).to_be_visible()
    expect(one(page, "own.warn")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    own = one(page, "own.warn")
    expect(own).to_contain_text("Version 1")
    expect(own).to_contain_text("a week: wait 7 days unless line.delivered")
    expect(own).to_contain_text("20 a day")


def test_a_viewer_sees_all_and_is_offered_nothing(visit: Opened) -> None:
    page = visit("/playbooks", signed_in=False, before=signed_in_as("vera"))
    page.locator("tbody [data-row]").first.click()
    sheet = page.get_by_role("dialog", name="Run of line/")
    expect(sheet.get_by_text("sends to paper")).to_be_visible()
    expect(sheet.get_by_role("button")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Rehearse")).to_have_count(0)
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)


def test_it_fits_a_phone_in_the_dark(visit: Opened) -> None:
    page = visit("/playbooks", size="phone", scheme="dark")
    page.locator("tbody [data-row]").first.click()
    expect(page.get_by_role("dialog", name="Run of line/").get_by_text("sends to paper")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
