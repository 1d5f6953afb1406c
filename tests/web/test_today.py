"""Today by keyboard: walk, open, set aside and take it back, filter, find one's way."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.web.conftest import Opened

ROWS = "tbody [data-row]"


def ready(page: Page) -> Page:
    page.locator(ROWS).first.wait_for()
    return page


def subject(page: Page, place: int) -> str:
    return page.locator(ROWS).nth(place).get_by_role("link").first.inner_text()


def test_it_says_the_day_what_is_open_and_how_far_to_trust_it(visit: Opened) -> None:
    page = ready(visit("/"))
    expect(page.get_by_text("1 Jan 2015, standing clock")).to_be_visible()
    expect(page.get_by_text("98 open forecasts")).to_be_visible()
    expect(page.get_by_role("link", name="Proof")).to_have_attribute("href", "/proof/supply.arrives_late")
    expect(page.get_by_role("tab", name="Overdue 6")).to_be_visible()


def test_the_keys_walk_the_rows_and_open_one(visit: Opened) -> None:
    page = ready(visit("/"))
    page.keyboard.press("j")
    expect(page.locator(ROWS).nth(0)).to_be_focused()
    expect(page.get_by_role("complementary", name="Details")).to_contain_text(subject(page, 0).split()[-1])
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(ROWS).nth(1)).to_be_focused()
    wanted = subject(page, 1).split()[-1]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/subject/line/{wanted}")


def test_a_row_is_set_aside_and_taken_back(visit: Opened) -> None:
    page = ready(visit("/"))
    first, second = subject(page, 0), subject(page, 1)
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator(ROWS).first.get_by_role("link").first).to_have_text(second)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(ROWS).first.get_by_role("link").first).to_have_text(first)


def test_rows_are_selected_and_let_go(visit: Opened) -> None:
    page = ready(visit("/"))
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("2 selected")).to_have_count(0)


def test_the_filter_stands_in_the_address(visit: Opened) -> None:
    page = ready(visit("/"))
    wanted = subject(page, 3).split()[-1]
    page.keyboard.press("/")
    page.keyboard.type(wanted)
    page.wait_for_url(f"**q={wanted}*")
    expect(page.locator(ROWS)).to_have_count(1)
    page.reload()
    expect(page.locator(ROWS)).to_have_count(1)


def test_no_letter_is_lost_however_late_the_address_follows(visit: Opened) -> None:
    page = ready(visit("/"))
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    field = page.get_by_role("searchbox", name="Filter by subject or reason")
    for wanted in ("nothing like this", "1e5"):
        field.fill("")
        # Each letter after the rest for which the field waits, and before the page has followed.
        page.keyboard.type(wanted, delay=215)
        page.wait_for_url(lambda url, wanted=wanted: parse_qs(urlsplit(url).query).get("q") == [wanted])
        expect(page.get_by_text("Nothing fits")).to_be_visible()
        expect(field).to_have_value(wanted)
    page.get_by_role("link", name="Clear the filter").click()
    page.wait_for_url(lambda url: "q=" not in url)
    expect(field).to_have_value("")


def test_what_fits_no_filter_says_so_and_leads_back(visit: Opened) -> None:
    page = visit("/?q=nothing-like-it")
    page.get_by_role("link", name="Clear the filter").click()
    expect(page.locator(ROWS).first).to_be_visible()


def test_letters_lead_to_pages_and_a_question_mark_to_the_map(visit: Opened) -> None:
    page = ready(visit("/"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    ways = (
        ("gn", "/inbox*", "Inbox"),
        ("ga", "/ask", "Ask"),
        ("gp", "/playbooks", "Playbooks"),
        ("gi", "/import", "Import"),
        ("gt", "/", "Today"),
    )
    for keys, path, heading in ways:
        page.keyboard.type(keys)
        page.wait_for_url(f"**{path}")
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_focused()


def test_the_palette_finds_a_page(visit: Opened) -> None:
    page = ready(visit("/"))
    page.keyboard.press("Control+k")
    page.get_by_role("textbox", name="Search and commands").or_(
        page.get_by_label("Search and commands")
    ).first.wait_for()
    page.keyboard.type("settings")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


def test_the_first_stop_of_the_tab_key_skips_to_the_content(visit: Opened) -> None:
    page = ready(visit("/"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
