"""Somebody who has never seen Sightline, with a file it has never seen, and no mouse: from the file to the reason."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import FileChooser, Page

from tests.main.served import run, serving
from tests.web import repairs
from tests.web.conftest import Opened, Site, violations

MOST = 25
"""Presses and choices from the first page to the reason of a forecast."""

SLOWLY = 120_000
"""Milliseconds for what is imported and trained."""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A new installation with nothing in it."""
    folder = Path(tempfile.mkdtemp(prefix="sightline-stranger-"))
    folder.chmod(0o711)
    home = folder / "home"
    made = run(home, "workspace", "demo")
    assert made.returncode == 0, made.stderr
    token = run(home, "token").stdout.strip()
    with serving(home) as served:
        yield Site(str(served.client.base_url).rstrip("/"), token)
    shutil.rmtree(folder)


@dataclass(slots=True)
class Hands:
    """A keyboard whose use is counted."""

    page: Page
    used: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.used += 1

    def choose(self, chooser: FileChooser, file: Path) -> None:
        chooser.set_files(file)
        self.used += 1


@pytest.mark.slow
def test_a_stranger_comes_from_a_file_to_a_reason_by_keyboard(visit: Opened, tmp_path: Path) -> None:
    file = repairs.write(tmp_path / "reparaturen.csv", datetime.now(UTC).date())
    page = visit("/")
    hands = Hands(page)
    look_at_the_file(hands, file)
    mend_a_column(hands)
    import_it(hands)
    ask_what_is_suggested(hands)
    read_the_proof(hands)
    find_the_reason(hands)
    assert hands.used <= MOST


def look_at_the_file(hands: Hands, file: Path) -> None:
    page = hands.page
    # From now on choosers are ours; asked for only when the key is pressed, the browser would be faster.
    page.on("filechooser", lambda chooser: None)
    hands.press("g", "i")
    page.get_by_role("button", name="Choose a file").wait_for()
    page.get_by_role("button", name="Try it with the demo’s deliveries").wait_for()
    assert violations(page, "main") == []
    hands.press("Tab")
    with page.expect_file_chooser() as chosen:
        hands.press("Enter")
    hands.choose(chosen.value, file)
    page.get_by_role("heading", name="Look at these first").wait_for()
    assert violations(page, "main") == []


def mend_a_column(hands: Hands) -> None:
    """The promised day was taken for something that happened; a doubt leads there."""
    page = hands.page
    row = page.locator('[data-row="Zugesagt für"]')
    assert "happened" in row.inner_text()
    hands.press("Tab", "Tab", "Tab", "Tab", "Enter")
    page.get_by_label("What it is").wait_for()
    hands.press("a")
    row.get_by_text("Changed").wait_for()
    assert "Day" in row.inner_text()
    page.get_by_text("zugesagt_fur", exact=True).first.wait_for()
    assert violations(page, "main") == []


def import_it(hands: Hands) -> None:
    page = hands.page
    page.locator("button:enabled", has_text="Import").wait_for()
    hands.press("Control+Enter")
    page.get_by_role("heading", name="What next").wait_for(timeout=SLOWLY)
    page.get_by_text(f"{repairs.ORDERS + len(repairs.BROKEN):,} rows were read.").wait_for()
    page.get_by_role("link", name="Mend 4 rows").wait_for()
    assert violations(page, "main") == []


def ask_what_is_suggested(hands: Hands) -> None:
    page = hands.page
    page.locator("[data-row^='predict absent']").first.wait_for()
    hands.press("Tab", "Enter")
    page.get_by_text("Enough to learn from").wait_for(timeout=SLOWLY)
    assert violations(page, "main") == []
    hands.press("Enter")


def read_the_proof(hands: Hands) -> None:
    page = hands.page
    proof = page.get_by_role("link", name="Read the proof")
    proof.wait_for(timeout=SLOWLY)
    assert proof.evaluate("link => link === document.activeElement")
    hands.press("Enter")
    page.wait_for_url("**/proof/own.*")
    page.get_by_role("heading", level=1).wait_for()


def find_the_reason(hands: Hands) -> None:
    page = hands.page
    hands.press("g", "t")
    row = page.locator("tr[data-row*='own.']").first
    row.wait_for()
    hands.press("j", "Enter")
    page.wait_for_url("**/subject/**")
    page.get_by_text("fehlerbild").or_(page.get_by_text("werkstatt")).first.wait_for()
