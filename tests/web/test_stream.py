"""The live stream and a server that comes back: nothing is missed, and what did not arrive is fetched again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

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


PART = re.compile(r"/assets/Settings[^/]*$")
"""The files of a page that is fetched when it is opened."""

SERVER = re.compile(r"/assets/Settings|/v1/")


@pytest.fixture
def alone(chromium: Browser, site: Site) -> Iterator[Page]:
    """Today, live, in a browser that may complain of what did not arrive."""
    context = chromium.new_context(base_url=site.url, locale="en-GB", viewport={"width": 1440, "height": 900})
    context.add_init_script("localStorage.setItem('sightline.workspace', 'demo')")
    assert context.request.post("/v1/session", data={"token": site.token}).status == 201
    page = context.new_page()
    page.goto("/")
    page.locator(ROWS).first.wait_for()
    live(page)
    yield page
    context.close()


def open_settings(page: Page) -> None:
    page.get_by_role("link", name="Settings").first.click()


def settings(page: Page) -> None:
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    # Its styles have come too.
    assert page.evaluate("[...document.querySelectorAll('link[rel=stylesheet]')].every(one => one.sheet)")


def is_told(page: Page) -> None:
    """That the page has not come; it does not try just now."""
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
    expect(page.get_by_role("button", name="Try again")).to_be_enabled()


def count_loads(page: Page) -> list[str]:
    loads: list[str] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded.url))
    return loads


def test_a_page_opened_without_a_server_comes_when_it_is_asked_for_again(alone: Page) -> None:
    loads = count_loads(alone)
    alone.route(SERVER, lambda route: route.abort())
    open_settings(alone)
    is_told(alone)
    alone.unroute(SERVER)
    alone.get_by_role("button", name="Try again").click()
    settings(alone)
    assert loads == []


def test_a_page_opened_without_a_server_comes_with_the_stream(alone: Page) -> None:
    alone.route(SERVER, lambda route: route.abort())
    alone.evaluate(LOOK, "hidden")
    expect(alone.locator(RESTING).first).to_be_visible()
    alone.evaluate(LOOK, "visible")
    expect(alone.locator("[data-state=lost]").first).to_be_visible()
    open_settings(alone)
    is_told(alone)
    alone.unroute(SERVER)
    settings(alone)
    live(alone)


def test_a_page_whose_files_have_gone_is_loaded_anew(alone: Page) -> None:
    loads = count_loads(alone)
    alone.route(PART, lambda route: route.fulfill(status=404))
    alone.once("domcontentloaded", lambda _: alone.unroute(PART))
    open_settings(alone)
    settings(alone)
    assert len(loads) == 1


def test_files_that_stay_away_do_not_load_the_page_for_ever(alone: Page) -> None:
    loads = count_loads(alone)
    alone.route(PART, lambda route: route.fulfill(status=404))
    open_settings(alone)
    live(alone)
    is_told(alone)
    alone.get_by_role("button", name="Try again").click()
    is_told(alone)
    assert len(loads) == 1


def test_words_of_the_server_are_marked_as_english_in_german(visit: Opened) -> None:
    page = visit("/")
    page.evaluate("localStorage.setItem('sightline.language', 'de')")
    page.reload()
    expect(page.get_by_role("heading", name="Heute", level=1)).to_be_visible()
    page.locator(ROWS).first.wait_for()
    page.keyboard.press("j")
    english = page.locator("main [lang=en]")
    # The question's title, a reason in the list, a reason and the decision in the details, the words for the answers.
    for text in ("Will this order line", " on time", "decides"):
        expect(english.filter(has_text=text).first).to_be_visible()
    expect(page.locator("aside li [lang=en]").first).to_be_visible()
    page.goto("/proof/supply.arrives_late")
    expect(page.get_by_role("heading", level=1)).to_have_attribute("lang", "en")
    page.evaluate("localStorage.setItem('sightline.language', 'en')")
    page.goto("/")
    page.locator(ROWS).first.wait_for()
    expect(page.locator("main [lang]")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "de"])
def test_all_lists_of_today_can_be_reached_on_a_phone(visit: Opened, language: str) -> None:
    page = visit("/", size="phone")
    page.evaluate("language => localStorage.setItem('sightline.language', language)", language)
    page.reload()
    page.locator(ROWS).first.wait_for()
    page.get_by_role("tab", name="6").wait_for()
    assert page.get_by_role("tablist").evaluate("list => list.scrollWidth <= list.clientWidth")
