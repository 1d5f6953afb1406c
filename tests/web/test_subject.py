"""The subject's page: what is known, and what was known on any day, by mouse, keyboard and address."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.foundation.postgres.conftest import until
from tests.web.conftest import Opened, Site, violations

OPEN = "/subject/line/40963"
"""An order line whose forecast stands open on the demo's day."""

RATED = "vendor/Browser%20Ltd"
STATES = (
    *(f"{OPEN}?as_of=2014-10-01", "/subject/vendor/Aurobindo%20Pharma%20Limited", "/subject/vendor/Aurobindo"),
    *("/kind/line?q=409", "/kind/line?linked_to=vendor/Aurobindo%20Pharma%20Limited", "/kind/line?q=nothing-like-it"),
)


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "size"), [("light", "desktop"), ("dark", "phone")])
@pytest.mark.parametrize("path", STATES)
def test_each_state_is_open_to_everybody(visit: Opened, path: str, scheme: str, size: str) -> None:
    page = visit(path, scheme=scheme, size=size)
    expect(page.locator("[aria-busy=true], .mantine-Skeleton-root")).to_have_count(0)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_forecast_is_told_with_its_reasons_and_decision(visit: Opened) -> None:
    page = visit(OPEN)
    forecast = page.get_by_role("article")
    forecast.get_by_text("Chance of “late”").wait_for()
    assert forecast.get_by_role("listitem").count() >= 3
    assert "Speaks for “late”." in (forecast.text_content() or "")
    assert "in 18 days" in (forecast.text_content() or "")
    decided = page.get_by_role("region", name="Decisions").get_by_role("listitem")
    expect(decided).to_contain_text("supply.warn_buyer")
    expect(decided).to_contain_text("What came of itOpenWhat happens until")
    forecast.get_by_role("link", name="undelivered").click()
    page.wait_for_url("**/proof/supply.arrives_late")


def test_the_slider_goes_through_the_days_by_keyboard(visit: Opened) -> None:
    page = visit(OPEN)
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**?as_of=2014-12-31")
    page.get_by_text("As known on 31 Dec 2014; today it is 1 Jan 2015.").wait_for()
    page.get_by_text("No forecast had been made by then.").wait_for()
    expect(page.get_by_role("article")).to_have_count(0)
    page.keyboard.press("Shift+ArrowLeft")
    page.wait_for_url("**?as_of=2014-12-01")
    page.get_by_role("heading", level=1).focus()
    page.keyboard.press("[")
    page.wait_for_url("**?as_of=2014-10-29")
    page.keyboard.press("[")
    page.wait_for_url("**?as_of=2014-09-22")
    page.get_by_text("1 event was not known yet").or_(page.get_by_text("events were not known yet")).wait_for()
    expect(page.get_by_text("Order sent")).to_have_count(0)
    page.get_by_role("button", name="Today").click()
    page.wait_for_url("**/subject/line/40963")
    page.get_by_role("article").wait_for()


def test_the_calendar_chooses_a_day(visit: Opened) -> None:
    page = visit(OPEN)
    page.get_by_label("Day to look at").fill("2014-10-05")
    page.wait_for_url("**?as_of=2014-10-05")
    expect(page.get_by_text("As known on 5 Oct 2014")).to_be_visible()


def test_what_has_changed_since_is_marked(visit: Opened, site: Site) -> None:
    _record(site, "1", time="2014-03-01T00:00:00Z", knownat="2014-03-04T00:00:00Z", data={"rating": "A"})
    _record(
        site, "2", time="2014-06-01T00:00:00Z", knownat="2014-06-01T00:00:00Z", data={"rating": "B", "terms": "net"}
    )
    until(lambda: _read(site)["attributes"] == {"rating": "B", "terms": "net"})
    page = visit(f"/subject/{RATED}?as_of=2014-04-01")
    changed = page.locator("[data-changed]")
    changed.wait_for()
    assert changed.all_text_contents() == ["ratingAnow B"]
    page.get_by_text("1 more fact became known later.").wait_for()
    page.get_by_text("1 event was not known yet.").wait_for()
    page.get_by_text("recorded 3 days later").wait_for()
    assert violations(page) == []


def test_what_is_unknown_leads_to_what_may_have_been_meant(visit: Opened) -> None:
    page = visit("/subject/vendor/Aurobindo")
    page.get_by_text("Nothing is known of vendor/Aurobindo").wait_for()
    page.get_by_role("link", name="vendor Aurobindo Pharma Limited").click()
    page.get_by_role("heading", name="Aurobindo Pharma Limited", level=1).wait_for()
    page.get_by_role("link", name="order line 663").click()
    page.wait_for_url("**/kind/line?linked_to=*")
    page.get_by_role("grid").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("1022")
    page.wait_for_url(re.compile("q=.*1022"))
    assert "linked_to=" in page.url
    page.get_by_role("row", name="10228").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("row", name="10228").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/subject/line/10228")


def _record(site: Site, name: str, *, data: dict[str, Any], **times: str) -> None:
    event = {
        "specversion": "1.0",
        "id": name,
        "source": "browser",
        "type": "vendor.rated",
        "subject": "vendor/Browser Ltd",
    }
    _call(site, lambda client: client.post("/v1/events", json={**event, **times, "data": data}))


def _read(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = _call(site, lambda client: client.get(f"/v1/entities/{RATED}")).json()
    return {"attributes": {}, **found}


def _call(site: Site, work: Callable[[httpx.Client], httpx.Response]) -> httpx.Response:
    headers = {"Authorization": f"Bearer {site.token}", "Sightline-Workspace": "demo"}
    with httpx.Client(base_url=site.url, headers=headers) as client:
        return work(client)
