"""What a page shows while it waits, where it could not read or has nothing to tell, and to whom a session ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.conftest import SIZES, Opened, Site, violations

WAITING = "[aria-busy=true], .mantine-Skeleton-root"
OPEN = "/subject/line/40963"
THEN = f"{OPEN}?as_of=2014-10-01"
PROOF = "/proof/supply.arrives_late"

READS = {
    "the questions": ("/", r"/v1/questions$", "98 open forecasts"),
    "the ranking": ("/", r"/v1/predictions\?", "Show more"),
    "who one is": ("/", r"/v1/me$", "1 Jan 2015, standing clock"),
    "what is overdue": ("/?view=overdue", r"/v1/findings$", "Facts, not forecasts"),
    "who is asked later": ("/?view=later", r"/population$", "the next on"),
    "what people are asked": ("/inbox", r"/v1/inbox\?limit=50", "tell the buyer"),
    "the playbooks": ("/playbooks", r"/v1/playbooks$", "supply.warn_buyer"),
    "their runs": ("/playbooks", r"/v1/runs\?.*warn_buyer", "None has begun."),
    "a thing": (OPEN, r"/v1/entities/line/40963$", "Order sent"),
    "a thing as it was": (THEN, r"/v1/entities/line/40963\?as_of", "quote sent"),
    "what is forecast of it": (OPEN, r"/v1/predictions\?", "Chance of “late”"),
    "the things of a kind": ("/kind/line", r"/v1/entities/line\?", "Show more"),
    "a proof": (PROOF, r"/v1/questions/[^/]+/proof$", "it may act by itself on “on time” only"),
    "what was imported": ("/import", r"/v1/imports\?", "deliveries"),
    "what waits to be mended": ("/import?view=quarantine", r"/v1/quarantine\?", "Nothing waits"),
    "what is asked": ("/ask", r"/v1/questions$", "undelivered"),
    "what must be true": ("/settings", r"/v1/invariants$", "sentences hold, asked just now"),
    "who is asked in a chat": ("/settings", r"/v1/destinations$", "Nobody is asked in Slack or Teams yet"),
    "who posts here": ("/settings", r"/v1/hooks$", "No other system posts here yet"),
    "the account": ("/settings", r"/v1/me$", "Signed in as"),
}
"""What is read, on which page, by which request, and a text that only shows when it has been."""

BROKEN = {"code": "broken", "detail": "The disk is full.", "hint": "Make room, then come back."}


@dataclass(slots=True)
class Gate:
    """Stands before requests: holds them, until it is told what to do with these and all that follow."""

    pattern: re.Pattern[str]
    held: list[Route] = field(default_factory=list)
    deal: Callable[[Route], None] | None = None

    def stand(self, page: Page) -> None:
        page.route(self.pattern, lambda route: self.deal(route) if self.deal else self.held.append(route))

    def from_now_on(self, deal: Callable[[Route], None]) -> None:
        self.deal = deal
        for route in self.held:
            deal(route)
        self.held.clear()


def refuse(route: Route) -> None:
    route.fulfill(status=500, json=BROKEN)


def shown(page: Page, text: str) -> Locator:
    return page.get_by_role("main").get_by_text(text).first


@pytest.mark.slow
@pytest.mark.parametrize("what", READS)
def test_a_page_shows_that_it_waits_why_it_could_not_read_and_then_what_it_read(visit: Opened, what: str) -> None:
    path, asks, text = READS[what]
    gate = Gate(re.compile(asks))
    page = visit(path, before=gate.stand, expects=r"status of 500|^500 ")
    expect(page.locator(WAITING).first).to_be_visible()
    expect(shown(page, text)).to_have_count(0)
    assert violations(page) == []
    gate.from_now_on(refuse)
    told = page.get_by_role("alert").filter(has_text="The disk is full.")
    expect(told).to_contain_text("Make room, then come back.")
    assert violations(page) == []
    gate.from_now_on(lambda route: route.continue_())
    # News may have had it read again before anybody could press the button.
    again = told.get_by_role("button", name="Try again")
    again.or_(shown(page, text)).first.wait_for()
    if again.is_visible():
        again.click()
    expect(shown(page, text)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(WAITING)).to_have_count(0)


NOTHING = {
    "/": "No forecasts yet",
    "/?view=overdue": "No forecasts yet",
    "/inbox": "Nothing is asked",
    "/playbooks": "None has begun.",
    "/inbox?mine=1": "Nothing is handed to you",
    "/ask": "Nothing to ask about yet",
    "/import": "Choose a file",
    "/import?view=quarantine": "Nothing waits here",
    "/settings": "Signed in as",
    "/subject/line/1": "Nothing is known of line/1",
    "/kind/line": "Nothing fits",
    "/proof/own.any": "There is no question “own.any”",
}
"""What each page says in a workspace in which nothing has ever happened."""


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTHING)
def test_a_page_with_nothing_to_show_says_so(visit: Opened, path: str) -> None:
    page = visit(path, workspace="main")
    expect(shown(page, NOTHING[path])).to_be_visible()
    expect(page.locator(WAITING)).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert violations(page) == []
    width, height = SIZES["phone"]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_server_that_does_not_answer_is_named_as_that(visit: Opened) -> None:
    asks = re.compile(READS["the things of a kind"][1])
    page = visit("/kind/line", before=lambda page: page.route(asks, lambda route: route.abort()), expects="ERR_FAILED")
    told = page.get_by_role("alert").filter(has_text="The server does not answer.")
    told.wait_for()
    page.unroute(asks)
    told.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("grid")).to_be_visible()


def test_an_answer_that_is_none_of_ours_is_named_as_that(visit: Opened) -> None:
    asks = re.compile(READS["the things of a kind"][1])
    page = visit(
        "/kind/line",
        before=lambda page: page.route(asks, lambda route: route.fulfill(status=502, body="<html>Bad gateway")),
        expects=r"status of 502|^502 ",
    )
    told = page.get_by_role("alert").filter(has_text="The answer could not be read.")
    expect(told).to_contain_text("HTTP 502")


def test_a_server_that_is_not_ready_yet_is_asked_again_without_a_word(visit: Opened) -> None:
    asks = re.compile(READS["the things of a kind"][1])
    refusals: list[Route] = []

    def once(route: Route) -> None:
        refusals.append(route)
        if len(refusals) == 1:
            route.fulfill(status=503, json=BROKEN)
        else:
            route.continue_()

    page = visit("/kind/line", before=lambda page: page.route(asks, once), expects=r"status of 503|^503 ")
    expect(page.get_by_role("grid")).to_be_visible()
    assert len(refusals) >= 2
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("path", ["/?q=40963", "/kind/line?q=409", PROOF, "/import"])
def test_a_session_that_ended_leads_to_sign_in_and_back_to_the_same_place(visit: Opened, site: Site, path: str) -> None:
    page = visit(path)
    expect(page.locator(WAITING)).to_have_count(0)
    title = page.get_by_role("heading", level=1).inner_text()
    end_the_session(page, site)
    page.reload()
    sign_in(page, site)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert page.url == f"{site.url}{path}"


def test_a_session_that_ends_while_one_reads_leads_to_sign_in_and_back(visit: Opened, site: Site) -> None:
    page = visit(THEN)
    page.get_by_text("As known on 1 Oct 2014").wait_for()
    end_the_session(page, site)
    page.keyboard.press("[")
    sign_in(page, site)
    # What asks by itself, such as the number of what is open, may have noticed before the key was pressed.
    page.get_by_text(re.compile(r"As known on (22 Sept?|1 Oct) 2014")).wait_for()
    assert page.url.removeprefix(f"{site.url}{OPEN}?as_of=") in {"2014-09-22", "2014-10-01"}


def test_signing_in_says_what_hinders_it(visit: Opened, site: Site) -> None:
    page = visit("/sign-in", signed_in=False, expects=r"status of 500|^500 ")
    asks = re.compile("/v1/session$")
    page.route(asks, lambda route: route.fulfill(status=500, json=BROKEN))
    give_token(page, site)
    expect(page.get_by_role("alert")).to_have_text("The disk is full.")
    assert violations(page) == []
    page.unroute(asks)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()


def end_the_session(page: Page, site: Site) -> None:
    """As it ends by itself or by another's hand: the browser keeps its cookie."""
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    answer = httpx.delete(f"{site.url}/v1/session", cookies=cookies, headers={"Origin": site.url})
    assert answer.status_code == 204, answer.text


def sign_in(page: Page, site: Site) -> None:
    page.wait_for_url("**/sign-in?to=*")
    page.get_by_text("Sign in to go on where you were").wait_for()
    give_token(page, site)


def give_token(page: Page, site: Site) -> None:
    page.get_by_text("Access token", exact=True).click()
    page.get_by_role("textbox", name="Token").fill(site.token)
    page.keyboard.press("Enter")
