"""Each page and state: its heading has the focus, axe finds nothing, nothing runs past the edge."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.conftest import Opened, Site, violations

PAGES = (
    *("/", "/?view=overdue", "/?view=later", "/?view=aside", "/?group=decision", "/?q=nothing-like-it"),
    *(
        "/inbox",
        "/inbox?state=rejected",
        "/playbooks",
        "/ask",
        "/import",
        "/import?view=quarantine",
        "/settings",
        "/subject/line/40963",
        "/proof/supply.arrives_late",
        "/no/such/page",
    ),
)


# What hangs on the colours hangs on no width: two of the four ways to look at a page show both.
@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "size"), [("light", "phone"), ("dark", "desktop")])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_open_to_everybody(visit: Opened, path: str, scheme: str, size: str) -> None:
    page = visit(path, scheme=scheme, size=size)
    expect(page.locator("[aria-busy=true], .mantine-Skeleton-root")).to_have_count(0)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signing_in_is_open_to_everybody(visit: Opened, scheme: str, size: str) -> None:
    page = visit("/sign-in", signed_in=False, scheme=scheme, size=size)
    for way in ("Password", "Link code", "Access token"):
        page.get_by_text(way, exact=True).first.click()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_stranger_is_led_to_sign_in_and_back(visit: Opened, site: Site) -> None:
    page = visit("/settings", signed_in=False)
    page.wait_for_url("**/sign-in?to=*")
    page.get_by_text("Access token", exact=True).click()
    page.get_by_role("textbox", name="Token").fill(site.token)
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings")
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


def test_a_wrong_token_is_told_in_place(visit: Opened) -> None:
    page = visit("/sign-in", signed_in=False)
    page.get_by_text("Access token", exact=True).click()
    page.get_by_role("textbox", name="Token").fill("sl_wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert "/sign-in" in page.url


def test_a_code_leaves_the_address_at_once(visit: Opened) -> None:
    page = visit("/sign-in#code=used-before", signed_in=False)
    page.get_by_role("alert").wait_for()
    assert "code" not in page.url


def test_it_speaks_german(visit: Opened) -> None:
    page = visit("/settings")
    page.get_by_text("Deutsch", exact=True).click()
    page.get_by_role("heading", name="Einstellungen", level=1).wait_for()
    assert page.evaluate("document.documentElement.lang") == "de"
    page.reload()
    page.get_by_role("heading", name="Einstellungen", level=1).wait_for()


def test_the_colour_scheme_is_kept(visit: Opened) -> None:
    page = visit("/settings")
    page.get_by_text("Dark", exact=True).click()
    page.reload()
    page.get_by_role("heading", level=1).wait_for()
    assert page.evaluate("document.documentElement.dataset.mantineColorScheme") == "dark"
