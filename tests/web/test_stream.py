"""The live stream: nothing is missed, not even what happens before it has begun."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.web.conftest import Opened, Site

ROWS = "tbody [data-row]"
STREAM = "**/v1/stream*"


@contextmanager
def set_aside(page: Page, site: Site) -> Iterator[str]:
    """The first forecast is set aside by somebody else; its subject is given. It is taken up again in the end."""
    headers = {"Authorization": f"Bearer {site.token}", "Sightline-Workspace": "demo"}
    asks = page.context.request
    first: dict[str, Any] = asks.get("/v1/predictions?limit=1", headers=headers).json()["predictions"][0]
    named = {name: first[name] for name in ("question", "subject", "cutoff")}
    made = asks.put("/v1/asides", data=named, headers=headers)
    assert made.ok, made.text()
    yield first["subject"].partition("/")[2]
    assert asks.delete(f"/v1/asides/{made.json()['id']}", headers=headers).ok


def live(page: Page) -> None:
    expect(page.locator("[data-state=live]").first).to_be_visible()


def test_what_happens_before_the_stream_has_begun_is_shown(visit: Opened, site: Site) -> None:
    page = visit("/sign-in")
    held: list[Route] = []
    page.route(STREAM, lambda route: held.append(route))
    page.goto("/")
    page.locator(ROWS).first.wait_for()
    with set_aside(page, site) as subject:
        expect(page.locator(ROWS).first).to_contain_text(subject)
        for route in held:
            route.continue_()
        live(page)
        expect(page.locator(ROWS).first).not_to_contain_text(subject)


BROWSERS_LIMIT = 6
"""Connections a browser gives to one host over HTTP/1.1, for all of its tabs together."""

RESTING = "[data-state=connecting]"
LOOK = """seen => {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => seen });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


def test_more_tabs_than_a_browser_has_connections(visit: Opened, site: Site) -> None:
    first = visit("/")
    live(first)
    tabs = [first]
    for _ in range(BROWSERS_LIMIT + 1):
        tabs[-1].evaluate(LOOK, "hidden")
        expect(tabs[-1].locator(RESTING).first).to_be_visible()
        tabs.append(first.context.new_page())
        tabs[-1].goto("/")
        tabs[-1].locator(ROWS).first.wait_for()
        live(tabs[-1])
    tabs[-1].get_by_role("link", name="Settings").first.click()
    expect(tabs[-1].get_by_role("heading", name="Settings", level=1)).to_be_visible()
    with set_aside(first, site) as subject:
        expect(first.locator(ROWS).first).to_contain_text(subject)
        with first.expect_request(lambda asked: "/v1/stream" in asked.url and "after=" in asked.url):
            first.evaluate(LOOK, "visible")
        live(first)
        expect(first.locator(ROWS).first).not_to_contain_text(subject)
