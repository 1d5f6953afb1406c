"""The inbox: decided by keyboard in a moment; what is not taken is told in its place, and nothing written is lost.

What is answered stays answered, so these tests have a copy of the demo for themselves, and each answers other items.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.main.served import Demo, run, serving
from tests.web.conftest import Opened, Site, violations

ROWS = "tbody [data-row]"
PASSWORD = "correct horse battery staple"
LIMIT = {
    "status": 403,
    "code": "forbidden",
    "detail": "549,130 are at stake; a role 'operator' decides about 1,000 at most.",
    "hint": "Delegate it to an owner; SIGHTLINE_ACT__OPERATOR_LIMIT sets the limit.",
}

CAME = {
    "state": "settled",
    "success": True,
    "happened": True,
    "happened_at": "2015-01-09T00:00:00Z",
    "within": "30 days",
    "closes_at": "2015-01-31T00:00:00Z",
    "corrected_at": "2015-03-05T00:00:00Z",
}
"""What came within the time that counts, as a late record has it."""


@pytest.fixture(scope="module")
def site(demo: Demo) -> Iterator[Site]:
    home = demo.copy("inbox")
    token = run(home, "token").stdout.strip()
    with serving(home) as served:
        site = Site(str(served.client.base_url).rstrip("/"), token)
        for name, role in (("ada", "operator"), ("vera", "viewer")):
            call(site, "POST", "/v1/users", {"name": name, "role": role, "password": PASSWORD})
        yield site


def call(site: Site, method: str, path: str, given: Any = None) -> Any:
    """What somebody else does meanwhile."""
    headers = {"Authorization": f"Bearer {site.token}", "Sightline-Workspace": "demo"}
    answer = httpx.request(method, f"{site.url}{path}", json=given, headers=headers, timeout=60)
    assert answer.status_code < 300, answer.text
    return answer.json()


def signed_in_as(name: str) -> Callable[[Page], None]:
    def sign_in(page: Page) -> None:
        given = {"name": name, "password": PASSWORD}
        assert page.context.request.post("/v1/session", data=given).status == 201

    return sign_in


def without_news(page: Page) -> None:
    page.route("**/v1/stream*", lambda route: route.abort())


def ready(page: Page) -> Page:
    expect(page.locator(f"{ROWS}[data-current]")).to_have_count(1)
    return page


def chosen(page: Page) -> str:
    """The item that is looked at."""
    (found,) = re.findall("item=(ask_[0-9a-f]+)", page.url)
    return str(found)


def detail(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Decision")


def draft(page: Page) -> Locator:
    return detail(page).get_by_role("textbox", name="What would be sent")


def last(page: Page) -> None:
    """Choose the last row: the first ones are answered by others."""
    page.locator(ROWS).last.click()
    expect(page.locator(ROWS).last).to_have_attribute("data-current", "true")
    page.wait_for_url(f"**{page.locator(ROWS).last.get_attribute('data-row')}*")


def test_it_shows_the_most_money_first_and_all_that_is_needed_to_decide(visit: Opened, site: Site) -> None:
    page = ready(visit("/inbox"))
    (first, *_) = told = call(site, "GET", "/v1/inbox?state=open")["asked"]
    expect(page.locator(ROWS).first).to_contain_text(first["subject"].split("/")[1])
    expect(page.get_by_role("navigation").get_by_role("link", name=f"Inbox {len(told)} open")).to_be_visible()
    one = detail(page)
    for text in ("Expected gain", "At stake", "Answer due", first["because"], first["reasons"][0], "nothing is done"):
        expect(one.get_by_text(text).first).to_be_visible()
    expect(draft(page)).to_have_value(first["text"])
    expect(one.get_by_role("link", name=f"Open {first['subject']}")).to_be_visible()
    expect(one.get_by_role("link", name="Proof of the question")).to_have_attribute(
        "href", "/proof/supply.arrives_late"
    )
    expect(one.get_by_role("button", name="Approve")).to_be_in_viewport()


def test_a_draft_is_changed_and_approved_with_nothing_but_keys(visit: Opened, site: Site) -> None:
    page = visit("/")
    page.keyboard.type("gn")
    ready(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    asked = chosen(page)
    # What is typed goes where one looks: two steps down the list, its draft has to be there first.
    expect(detail(page)).to_contain_text(call(site, "GET", f"/v1/inbox/{asked}")["subject"].partition("/")[2])
    page.keyboard.press("e")
    expect(draft(page)).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Please look at this. ")
    expect(detail(page).get_by_text("Changed by you")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f'[data-row="{asked}"]')).to_be_focused()
    page.keyboard.press("a")
    page.get_by_text("Approved: line/").wait_for()
    expect(page.locator(f'[data-row="{asked}"]')).to_have_count(0)
    expect(page).not_to_have_url(re.compile(asked))
    expect(page.locator(f'[data-row="{chosen(page)}"]')).to_be_focused()
    told = call(site, "GET", f"/v1/inbox/{asked}")
    assert told["state"] == "approved"
    assert told["text"].startswith("Please look at this. line/")


def test_what_came_of_it_stands_beside_what_was_answered(visit: Opened, site: Site) -> None:
    """Open until its time is over; how that ends is told as the interface tells it."""
    asked = call(site, "GET", "/v1/inbox?state=open")["asked"][-1]
    call(site, "POST", f"/v1/inbox/{asked['id']}/approve", {})
    page = visit(f"/inbox?state=approved&item={asked['id']}")
    expect(detail(page).get_by_role("heading", name="What came of it")).to_be_visible()
    expect(detail(page).get_by_text("What happens until")).to_be_visible()
    told = call(site, "GET", f"/v1/inbox/{asked['id']}")
    came = {**told["outcome"], **CAME, "decided_at": told["made_at"]}
    page.route(f"**/v1/inbox/{asked['id']}*", lambda route: route.fulfill(json={**told, "outcome": came}))
    page.reload()
    expect(detail(page).get_by_text("Happened on 9 Jan 2015, within the 30 days that count.")).to_be_visible()
    expect(detail(page).get_by_text("A record that came late corrected it on 5 Mar 2015.")).to_be_visible()
    expect(detail(page).locator(".came").get_by_text("Success", exact=True)).to_be_visible()
    assert violations(page, "main") == []


def test_a_no_needs_a_reason(visit: Opened, site: Site) -> None:
    page = ready(visit("/inbox"))
    page.keyboard.press("j")
    asked = chosen(page)
    page.keyboard.press("r")
    why = detail(page).get_by_role("textbox", name="Why not?")
    expect(why).to_be_focused()
    page.keyboard.press("Enter")
    expect(detail(page).get_by_text("A no needs a reason.")).to_be_visible()
    assert violations(page, "main") == []
    assert call(site, "GET", f"/v1/inbox/{asked}")["state"] == "open"
    page.keyboard.type("They told us already.")
    page.keyboard.press("Enter")
    page.get_by_text("Rejected: line/").wait_for()
    told = call(site, "GET", f"/v1/inbox/{asked}")
    assert (told["state"], told["why"]) == ("rejected", "They told us already.")
    page.get_by_role("tab", name="Answered").click()
    page.get_by_text("Rejected", exact=True).click()
    expect(detail(page).get_by_text("They told us already.")).to_be_visible()
    expect(detail(page).get_by_role("button", name="Approve")).to_have_count(0)


def test_it_is_put_off_but_not_beyond_its_deadline(visit: Opened, site: Site) -> None:
    page = ready(visit("/inbox"))
    page.keyboard.press("j")
    asked = chosen(page)
    page.keyboard.press("s")
    expect(detail(page).get_by_role("button", name="Tomorrow")).to_be_focused()
    expect(detail(page).get_by_role("button", name="In a week")).to_be_disabled()
    expect(detail(page).get_by_text("Only what is before 8 Jan 2015 can be chosen")).to_be_visible()
    assert violations(page, "main") == []
    page.keyboard.press("Enter")
    page.get_by_text("Put off: line/").wait_for()
    expect(page.locator(f'[data-row="{asked}"]')).to_have_count(0)
    assert call(site, "GET", f"/v1/inbox/{asked}")["snoozed_until"] == "2015-01-02T00:00:00Z"
    page.get_by_role("tab", name="Put off").click()
    expect(page.locator(f'[data-row="{asked}"]')).to_contain_text("until 2 Jan")


def test_it_is_handed_to_somebody_and_found_by_them(visit: Opened, site: Site) -> None:
    page = ready(visit("/inbox"))
    last(page)
    asked = chosen(page)
    page.keyboard.press("d")
    detail(page).get_by_label("Whose it is to be").select_option("ada")
    detail(page).get_by_role("button", name="Hand over").first.click()
    page.get_by_text("Handed to ada: line/").wait_for()
    expect(page.locator(f'[data-row="{asked}"]')).to_contain_text("ada")
    theirs = ready(visit("/inbox?mine=1", signed_in=False, before=signed_in_as("ada")))
    expect(theirs.locator(ROWS)).to_have_count(1)
    theirs.keyboard.press("d")
    expect(detail(theirs).get_by_role("textbox", name="Whose it is to be")).to_have_value("ada")


def test_several_are_rejected_with_one_reason_and_what_was_not_is_told(visit: Opened, site: Site) -> None:
    page = ready(visit("/inbox", before=without_news, expects="ERR_FAILED"))
    ids = [page.locator(ROWS).nth(place).get_attribute("data-row") for place in (4, 5, 6)]
    for place in (4, 5, 6):
        page.locator(ROWS).nth(place).focus()
        page.keyboard.press("x")
    expect(page.get_by_text("3 selected")).to_be_visible()
    call(site, "POST", f"/v1/inbox/{ids[1]}/reject", {"why": "Too late."})
    page.keyboard.press("r")
    asks = page.get_by_role("dialog", name="Reject these 3?")
    asks.get_by_role("textbox", name="Why not?").wait_for()
    page.keyboard.press("Enter")
    expect(asks.get_by_text("A no needs a reason.")).to_be_visible()
    page.keyboard.type("The vendor is gone.")
    page.keyboard.press("Enter")
    expect(asks.get_by_text("2 were taken. 1 was not:")).to_be_visible()
    expect(asks.get_by_role("listitem")).to_contain_text("It is rejected already by owner.")
    assert violations(page) == []
    page.keyboard.press("Escape")
    for one in ids:
        expect(page.locator(f'[data-row="{one}"]')).to_have_count(0)
    told = [call(site, "GET", f"/v1/inbox/{one}")["why"] for one in ids]
    assert told == ["The vendor is gone.", "Too late.", "The vendor is gone."]


def test_what_somebody_else_was_faster_with_is_told_and_the_draft_is_kept(visit: Opened, site: Site) -> None:
    page = ready(visit("/inbox", before=without_news, expects="ERR_FAILED"))
    asked = page.locator(ROWS).nth(8).get_attribute("data-row") or ""
    with page.expect_response(f"**/v1/inbox/{asked}"):
        page.locator(ROWS).nth(8).click()
    draft(page).fill("My own words.")
    call(site, "POST", f"/v1/inbox/{asked}/approve", {})
    detail(page).get_by_role("button", name="Approve as changed").click()
    expect(detail(page).get_by_text("Approved by owner")).to_be_visible()
    expect(detail(page).get_by_role("alert")).to_contain_text("It is approved already by owner.")
    expect(detail(page).get_by_text("Your version, which was not sent")).to_be_visible()
    expect(detail(page).get_by_text("My own words.")).to_be_visible()
    assert violations(page, "main") == []


def test_a_limit_of_money_is_told_in_its_place_and_the_draft_stays(visit: Opened) -> None:
    def refuse(page: Page) -> None:
        page.route("**/approve", lambda route: route.fulfill(status=403, json=LIMIT))

    page = ready(visit("/inbox", before=refuse))
    last(page)
    asked = chosen(page)
    draft(page).fill("My own words.")
    detail(page).get_by_role("button", name="Approve as changed").click()
    alert = detail(page).get_by_role("alert")
    expect(alert).to_contain_text("549,130 are at stake")
    expect(alert).to_contain_text("Delegate it to an owner")
    page.get_by_role("link", name="Today").click()
    page.go_back()
    assert chosen(page) == asked
    expect(draft(page)).to_have_value("My own words.")


def test_what_others_answer_leaves_by_itself(visit: Opened, site: Site) -> None:
    page = ready(visit("/inbox"))
    page.get_by_text("Live", exact=True).first.wait_for()
    asked = page.locator(ROWS).nth(10).get_attribute("data-row") or ""
    page.locator(ROWS).nth(10).click()
    page.wait_for_url(f"**{asked}*")
    draft(page).fill("My own words.")
    call(site, "POST", f"/v1/inbox/{asked}/reject", {"why": "Not this one."})
    expect(page.locator(f'[data-row="{asked}"]')).to_have_count(0)
    expect(detail(page).get_by_text("Rejected by owner")).to_be_visible()
    expect(detail(page).get_by_text("My own words.")).to_be_visible()


def test_a_link_from_a_chat_leads_to_what_is_asked_whoever_has_to_sign_in_and_however_it_ended(
    visit: Opened, site: Site
) -> None:
    asked = call(site, "GET", "/v1/inbox?state=open")["asked"][-3]
    call(site, "POST", f"/v1/inbox/{asked['id']}/reject", {"why": "Asked in a chat."})
    page = visit(f"/inbox?workspace=demo&item={asked['id']}", workspace="main", signed_in=False)
    page.wait_for_url("**/sign-in?to=*")
    page.get_by_text("Access token", exact=True).click()
    page.get_by_role("textbox", name="Token").fill(site.token)
    page.keyboard.press("Enter")
    expect(detail(page).get_by_role("heading", name=asked["subject"].replace("/", " "))).to_be_visible()
    expect(detail(page).get_by_text("Rejected by owner")).to_contain_text("Asked in a chat.")
    assert chosen(page) == asked["id"]
    assert "workspace" not in page.url
    page.reload()
    expect(detail(page).get_by_role("heading", name=asked["subject"].replace("/", " "))).to_be_visible()
    # Only this tab was led there.
    other = page.context.new_page()
    other.goto("/")
    expect(other.get_by_role("button", name="Change workspace, now main")).to_be_visible()


def test_a_link_leads_to_no_workspace_but_from_a_chat_and_locks_nobody_out(visit: Opened, site: Site) -> None:
    item = f"item={call(site, 'GET', '/v1/inbox?state=open')['asked'][-4]['id']}"
    now = "Change workspace, now demo"
    for path in ("/?workspace=main", "/inbox?workspace=main", f"/inbox?workspace=Main.&{item}"):
        page = visit(path)
        expect(page.get_by_role("button", name=now)).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)
    page = ready(visit(f"/inbox?workspace=gone&{item}"))
    told = page.get_by_role("alert").filter(has_text="the workspace “gone”, which is not there or not open to you.")
    expect(told).to_contain_text("This is “demo”.")
    expect(page.get_by_role("button", name=now)).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('sightline.workspace')") is None
    assert violations(page) == []
    theirs = visit(f"/inbox?workspace=gone&{item}", signed_in=False, locale="de-DE")
    theirs.wait_for_url("**/sign-in?to=*")
    tried = list[str | None]()

    def seen(asked: Request) -> None:
        if asked.method == "POST" and asked.url.endswith("/v1/session"):
            tried.append(asked.headers.get("sightline-workspace"))

    theirs.on("request", seen)
    theirs.get_by_text("Zugangs-Token", exact=True).click()
    theirs.get_by_role("textbox", name="Token").fill("wrong")
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_role("alert")).to_be_visible()
    assert tried == ["gone"]
    theirs.get_by_text("Passwort", exact=True).click()
    theirs.get_by_role("textbox", name="Name").fill("vera")
    theirs.get_by_role("textbox", name="Passwort").fill(PASSWORD)
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_text("Der Link führt in den Arbeitsbereich „gone“")).to_be_visible()
    theirs.locator(ROWS).first.wait_for()
    assert tried == ["gone", "gone", "demo"]


def test_which_chats_ask_what_and_who_answers_there_as_whom_is_said_in_the_settings(visit: Opened, site: Site) -> None:
    expect(visit("/settings").get_by_text("Nobody is asked in Slack or Teams yet")).to_be_visible()
    keys = {"password": "xoxb-0123456789-abcdef", "signing_secret": "0123456789abcdef"}
    call(site, "POST", "/v1/destinations", {"name": "team", "address": "slack:C0123456789", **keys})
    page = visit("/settings")
    team = page.get_by_role("listitem").filter(has_text="slack:C0123456789")
    expect(team).to_contain_text("Nothing is asked there.")
    team.get_by_role("button", name="Ask there: team").click()
    team.get_by_role("checkbox", name="supply.warn_buyer").check()
    team.get_by_label("Only with at least so much at stake").fill("10000")
    assert violations(page, "main") == []
    team.get_by_role("button", name="Save").click()
    expect(team).to_contain_text("is asked there: supply.warn_buyer. Only with at least 10,000 at stake.")
    expect(page.get_by_text("Nobody yet. “Copy member ID”")).to_be_visible()
    page.get_by_label("Member ID in Slack").fill("somebody")
    page.get_by_label("Answers as").select_option("ada")
    page.get_by_role("button", name="Let them answer").click()
    expect(page.get_by_role("alert")).to_contain_text("'somebody' is nobody in Slack.")
    page.get_by_label("Member ID in Slack").fill("U0123456789")
    page.keyboard.press("Enter")
    linked = page.get_by_role("listitem").filter(has_text="U0123456789")
    expect(linked).to_contain_text("answers as ada")
    assert violations(page, "main") == []
    linked.get_by_role("button", name="Remove: U0123456789").click()
    expect(linked).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(linked).to_contain_text("answers as ada")
    theirs = visit("/settings", signed_in=False, before=signed_in_as("vera"))
    told = theirs.get_by_role("listitem").filter(has_text="slack:C0123456789")
    expect(told).to_contain_text("Only with at least 10,000 at stake.")
    expect(told.get_by_role("button")).to_have_count(0)
    expect(theirs.get_by_text("Who answers in Slack")).to_have_count(0)
    team.get_by_role("button", name="Ask there no more: team").click()
    expect(team).to_contain_text("Nothing is asked there.")
    (known,) = [one for one in call(site, "GET", "/v1/destinations")["destinations"] if one["name"] == "team"]
    assert known["asks"] is None


def test_who_is_asked_what_is_said_in_the_settings(visit: Opened, site: Site) -> None:
    page = visit("/settings")
    expect(page.get_by_text("What enters the inbox is for nobody in particular")).to_be_visible()
    page.get_by_role("button", name="Add a route").click()
    page.get_by_label("Name of the route").fill("air")
    page.get_by_label("What this playbook asks").select_option("supply.warn_buyer")
    page.get_by_label("Only about those with").fill("mod is Air")
    expect(page.get_by_role("button", name="Save the route")).to_be_disabled()
    expect(page.get_by_role("checkbox", name="vera")).to_have_count(0)
    page.get_by_role("checkbox", name="ada").check()
    assert violations(page, "main") == []
    page.get_by_role("button", name="Save the route").click()
    expect(page.get_by_role("alert")).to_contain_text("Did you mean 'mode'?")
    page.get_by_label("Only about those with").fill("mode is Air")
    page.keyboard.press("Enter")
    air = page.get_by_role("listitem").filter(has_text="air")
    expect(air).to_contain_text("What supply.warn_buyer asks about those with mode is Air is for ada.")
    (known,) = call(site, "GET", "/v1/routes")["routes"]
    assert (known["name"], known["playbook"], known["to"]) == ("air", "supply.warn_buyer", ["ada"])
    theirs = visit("/settings", signed_in=False, before=signed_in_as("vera"))
    told = theirs.get_by_role("listitem").filter(has_text="air")
    expect(told).to_contain_text("is for ada.")
    expect(told.get_by_role("button")).to_have_count(0)
    expect(theirs.get_by_role("button", name="Add a route")).to_have_count(0)
    air.get_by_role("button", name="Remove: air").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(air).to_have_count(0)
    assert call(site, "GET", "/v1/routes")["routes"] == []


def test_a_viewer_sees_all_and_is_offered_nothing(visit: Opened) -> None:
    page = ready(visit("/inbox", signed_in=False, before=signed_in_as("vera")))
    expect(detail(page).get_by_text("Your role can look, but not answer.")).to_be_visible()
    expect(detail(page).get_by_text("is promised for").first).to_be_visible()
    expect(detail(page).get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    for key in ("j", "x", "a", "r"):
        page.keyboard.press(key)
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(page.get_by_text("selected")).to_have_count(0)
    assert violations(page) == []


def test_on_a_phone_what_is_asked_has_a_page_of_its_own(visit: Opened) -> None:
    page = visit("/inbox", size="phone", scheme="dark")
    page.locator(ROWS).first.wait_for()
    expect(detail(page)).to_have_count(0)
    page.locator(ROWS).last.click()
    expect(detail(page)).to_be_visible()
    expect(page.locator(ROWS)).to_have_count(0)
    expect(detail(page).get_by_role("button", name="Approve")).to_be_in_viewport()
    detail(page).get_by_role("button", name="Put off").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="All that is asked").click()
    expect(page.locator(ROWS).first).to_be_visible()
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("menuitem", name="Settings")).to_be_visible()


def test_the_key_that_leads_elsewhere_approves_nothing(visit: Opened, site: Site) -> None:
    page = ready(visit("/inbox"))
    page.keyboard.press("j")
    asked = chosen(page)
    page.keyboard.type("ga")
    page.get_by_role("heading", name="Ask", level=1).wait_for()
    assert call(site, "GET", f"/v1/inbox/{asked}")["state"] == "open"
