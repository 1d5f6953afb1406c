"""The proof's page, and the same proof as a file that needs nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from sightline.interfaces.rest import proof_file
from sightline.interfaces.rest.examples_proof import PROOF as CHANCE
from tests.web.conftest import Opened, Site, violations

NAME = "supply.arrives_late"
PROOF = f"/proof/{NAME}"


@pytest.fixture(scope="module")
def document(site: Site) -> dict[str, Any]:
    """The proof of the demo's question."""
    headers = {"Authorization": f"Bearer {site.token}", "Sightline-Workspace": "demo"}
    found: dict[str, Any] = httpx.get(f"{site.url}/v1/questions/{NAME}/proof", headers=headers).json()
    return found


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Any]:
    """Open a proof from a file, with no network at all; complaints and requests fail the test."""
    told: list[str] = []
    contexts = []

    def opened(page_source: str, scheme: str = "light", width: int = 1440) -> Page:
        file = tmp_path / "proof.html"
        file.write_text(page_source, encoding="utf-8")
        context = chromium.new_context(
            offline=True, color_scheme=scheme, locale="en-GB", viewport={"width": width, "height": 900},
            reduced_motion="reduce",
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: told.append(said.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda sent: None if sent.url == file.as_uri() else told.append(sent.url))
        page.goto(file.as_uri())
        page.get_by_role("heading", level=1).wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [one for one in told if not one.startswith("data:")] == []


def test_the_verdict_comes_first_in_plain_words(visit: Opened) -> None:
    page = visit(PROOF)
    page.get_by_text("it may act by itself on “on time” only").wait_for()
    page.get_by_text("“late”: never acts by itself").wait_for()
    titles = page.get_by_role("heading", level=2).all_text_contents()
    assert "How much money does the top of the list hold?" in titles
    assert "Where was it sure, and wrong?" in titles
    page.get_by_role("img").nth(4).wait_for()


def test_every_chart_has_its_figures(visit: Opened) -> None:
    page = visit(PROOF)
    page.get_by_role("img").first.wait_for()
    buttons = page.get_by_role("button", name="Show as a table")
    while buttons.count():
        buttons.first.click()
    assert page.get_by_role("img").count() == 0
    assert page.get_by_role("table", name="Calibration").get_by_role("row").count() == 11
    assert violations(page) == []


def test_a_wrong_case_leads_to_what_was_known_on_its_day(visit: Opened, document: dict[str, Any]) -> None:
    page = visit(PROOF)
    wrong = document["sure_and_wrong"][0]
    page.get_by_role("link", name=wrong["subject"]).click()
    page.wait_for_url(f"**/subject/{wrong['subject']}?as_of={wrong['cutoff'][:10]}")
    expect(page.get_by_text("today it is 1 Jan 2015")).to_be_visible()


def test_a_question_nobody_knows_leads_to_those_there_are(visit: Opened) -> None:
    page = visit("/proof/supply.arrives_lat")
    page.get_by_text("There is no question “supply.arrives_lat”").wait_for()
    assert violations(page) == []
    page.get_by_role("link", name="undelivered").click()
    page.wait_for_url(f"**{PROOF}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_proof_is_saved_as_a_file_that_needs_nobody(visit: Opened, opened: Any, scheme: str) -> None:
    page = visit(PROOF)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as one file").click()
    assert saving.value.suggested_filename == f"{NAME}.html"
    file = opened(saving.value.path().read_text(encoding="utf-8"), scheme)
    file.get_by_text("it may act by itself on “on time” only").wait_for()
    file.get_by_role("img").nth(4).wait_for()
    assert violations(file) == []
    file.emulate_media(media="print")
    assert file.get_by_role("button").count() == 0
    assert file.pdf().startswith(b"%PDF")


DOUBTS = {
    "prior": ("too little history to learn from", {"model": {"rung": "prior"}, "metrics": {"auc": None}}),
    "same": ("nothing to measure it by", {"metrics": {"auc": None}}),
    "guess": ("no better than guessing", {"metrics": {"auc_interval": [0.45, 0.58]}}),
    "thin": ("too few answers came out", {}),
}


@pytest.mark.parametrize("why", DOUBTS)
@pytest.mark.parametrize("width", [1440, 390])
def test_a_model_not_to_be_used_says_why(opened: Any, document: dict[str, Any], why: str, width: int) -> None:
    said, changes = DOUBTS[why]
    sides = [{**side, "line": None, "precision": None, "bound": None, "coverage": 0} for side in document["sides"]]
    doubtful = {**document, "verdict": "do_not_use", "sides": sides}
    doubtful |= {name: {**document[name], **change} for name, change in changes.items()}
    page = opened(proof_file.html(doubtful, "USD"), width=width)
    page.get_by_role("heading", level=2, name=said).or_(page.get_by_text(said).first).first.wait_for()
    assert page.get_by_text("A model that is not to be used acts on nobody.").count() == 2
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


CHAMPION = {
    "version": "2c26b46b68ffc68f", "as_of": "2014-06-01T00:00:00Z", "judged": 912, "clusters": 204, "of": "log-loss",
    "difference": 0.013, "interval": [0.004, 0.022], "better": True, "worse": False,
    "words": "Better than the champion beyond doubt.",
}  # fmt: skip
QUANTITY: dict[str, Any] = {
    **CHANCE,
    "form": "quantity", "answer": "next", "unit": "days", "verdict": "use", "sides": [], "lines": {}, "money": None,
    "metrics": {
        "auc": None, "mae": 6.2, "rmse": 9.8, "total_ratio": 0.97, "coverage": 0.87, "coverage_promised": 0.9,
        "width": 24.0,
    },
    "baseline": {"mae": 8.1, "rmse": 12.4, "total_ratio": 1.1},
    "reliability": [], "sure_and_wrong": [],
    "calibration": [
        {"from": 2.0, "to": 8.0, "mean_forecast": 5.0, "mean_answer": 5.4, "coverage": 0.91, "subjects": 310},
        {"from": 8.0, "to": 60.0, "mean_forecast": 22.0, "mean_answer": 19.0, "coverage": 0.83, "subjects": 298},
    ],
    "outside": [
        {
            "subject": "line/82108", "cutoff": "2014-12-15T00:00:00Z", "quantity": 14.0, "low": 6.0, "high": 31.0,
            "came": 95.0, "worth": None,
        }
    ],
    "champion": {**CHAMPION, "of": "absolute error of the median", "difference": -1.5, "interval": [-2.2, -0.8],
                 "better": False, "worse": True},
    "notes": ["Only 41 answers are known: what is usual among so few says little, and intervals are wide."],
}  # fmt: skip


@pytest.mark.parametrize("width", [1440, 390])
def test_quantities_tell_how_their_intervals_hold(opened: Any, width: int) -> None:
    page = opened(proof_file.html(QUANTITY, "USD"), width=width)
    intervals = page.get_by_role("group", name="Do its amounts and intervals mean what they say?")
    assert intervals.get_by_role("row").nth(2).inner_text().split("\t") == [
        "8 to 60 days", "298", "22 days", "19 days", "83%",
    ]  # fmt: skip
    expect(page.get_by_text("87% of the answers lie in their intervals; 90% should.")).to_be_visible()
    far = page.get_by_role("row").filter(has_text="line/82108")
    assert far.inner_text().split("\t")[2:5] == ["14 days", "6 to 31 days", "95 days"]
    before = page.get_by_role("region", name="Is it better than the version before it?")
    expect(before).to_contain_text("No: on subjects asked about after the version before was trained")
    expect(before).to_contain_text("-1.5 days (-2.2 days to -0.8 days)")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_is_odd_and_the_version_before_are_told_where_there_is_something(opened: Any) -> None:
    note = "The time did not suffice for more than 12 folds."
    page = opened(proof_file.html({**CHANCE, "champion": CHAMPION, "notes": [note]}, "USD"))
    expect(page.get_by_role("region", name="What was out of the ordinary?")).to_contain_text(note)
    before = page.get_by_role("region", name="Is it better than the version before it?")
    expect(before).to_contain_text("Yes, beyond doubt")
    expect(before).to_contain_text("+0.013 (+0.004 to +0.022)")
    page.get_by_role("navigation").get_by_role("link", name="What was out of the ordinary?").click()
    assert page.url.endswith("#notes")
    bare = opened(proof_file.html(CHANCE, "USD")).get_by_role("heading", level=2).all_text_contents()
    assert "Where was it sure, and wrong?" in bare
    assert not {"What was out of the ordinary?", "Is it better than the version before it?"} & set(bare)


def test_a_file_without_a_proof_says_so(opened: Any) -> None:
    page = opened((proof_file.BUILT / proof_file.NAME).read_text(encoding="utf-8"))
    expect(page.get_by_text("This file holds no proof.")).to_be_visible()
