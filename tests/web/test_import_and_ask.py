"""Importing and asking beyond the stranger's way: refusals in place, quarantine, undo, the line that helps to write."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web import repairs
from tests.web.conftest import Opened, Site, violations
from tests.web.test_stranger import SLOWLY, site

__all__ = ["Site", "site"]

LINE = "predict absent auftragsnr.repariert_am until zugesagt_fur for auftragsnr before zugesagt_fur 7 days"


@pytest.mark.slow
def test_a_file_is_mended_imported_and_taken_back(visit: Opened, tmp_path: Path) -> None:
    file = repairs.write(tmp_path / "reparaturen.csv", datetime.now(UTC).date())
    page = visit("/import")
    page.get_by_test_id("file").set_input_files(file)
    a_mapping_that_does_not_hold_cannot_be_imported(page)
    page.locator('[data-row="Zugesagt für"]').click()
    page.get_by_label("What it is").select_option("attribute")
    page.locator("button:enabled", has_text="Import").click()
    page.get_by_role("heading", name="What next").wait_for(timeout=SLOWLY)
    page.get_by_role("link", name="Mend 4 rows").click()
    a_row_is_mended_and_another_set_aside(page)
    the_line_helps_to_write(visit("/ask"))
    page = visit("/import")
    the_import_is_undone(page)
    assert violations(page, "main") == []


def test_what_the_business_chooses_is_ticked_and_survives_other_edits(visit: Opened, tmp_path: Path) -> None:
    file = repairs.write(tmp_path / "reparaturen.csv", datetime.now(UTC).date())
    page = visit("/import")
    page.get_by_test_id("file").set_input_files(file)
    row = page.locator('[data-row="Fehlerbild"]')
    row.click()
    page.get_by_label("What it is").select_option("attribute")
    choice = page.get_by_label("Your choice: forecasts hint at what else to choose")
    choice.check()
    expect(row.get_by_text("Your choice")).to_be_visible()
    assert violations(page, "main") == []
    page.get_by_role("tab", name="TOML").click()
    text = page.get_by_label("The mapping as TOML")
    expect(text).to_have_value(re.compile(r'"Fehlerbild" = .*actionable = true'))
    text.fill(text.input_value().replace("actionable = true", 'actionable = ["Akku", "Display"]'))
    page.get_by_role("tab", name="Columns").click()
    expect(page.get_by_text("Akku, Display")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("fault")
    page.get_by_role("tab", name="TOML").click()
    expect(text).to_have_value(re.compile(r'"Fehlerbild" = .*name = "fault".*actionable = \["Akku", "Display"\]'))
    page.get_by_role("tab", name="Columns").click()
    page.get_by_label("Personal data: kept as a token").check()
    expect(choice).to_be_hidden()
    expect(row.get_by_text("Your choice")).to_be_hidden()
    page.locator("button:enabled", has_text="Import").wait_for()


def a_mapping_that_does_not_hold_cannot_be_imported(page: Page) -> None:
    kind = page.get_by_label("One row is about one")
    before = kind.input_value()
    kind.fill("Auftrag Nr.")
    page.get_by_text("This does not hold yet").wait_for()
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_disabled()
    assert violations(page, "main") == []
    kind.fill(before)
    page.get_by_text("This does not hold yet").wait_for(state="hidden")


def a_row_is_mended_and_another_set_aside(page: Page) -> None:
    page.get_by_text("etwa hundert").click()
    price = page.get_by_label("Preis (EUR)")
    expect(price).to_be_focused()
    assert violations(page, "main") == []
    price.fill("100,00")
    page.keyboard.press("Enter")
    page.get_by_text("1 row is recorded.").first.wait_for(timeout=SLOWLY)
    expect(page.locator("[data-row]")).to_have_count(3)
    page.locator("[data-row]").first.click()
    page.get_by_role("button", name="Set aside").click()
    page.get_by_role("button", name="Set it aside").click()
    expect(page.locator("[data-row]")).to_have_count(2)


def the_line_helps_to_write(page: Page) -> None:
    line = page.get_by_role("combobox", name="The question in one line")
    line.click()
    page.keyboard.type("pre")
    page.keyboard.press("Tab")
    page.keyboard.type("a")
    assert page.get_by_role("option").first.inner_text().startswith("absent")
    page.keyboard.press("Enter")
    assert line.input_value() == "predict absent "
    assert violations(page, "main") == []
    line.fill(LINE.replace(" until ", " by "))
    page.get_by_text("Allowed there: until").wait_for()
    assert line.get_attribute("aria-invalid") == "true"
    line.fill(LINE)
    page.get_by_text("Enough to learn from").wait_for(timeout=SLOWLY)
    assert violations(page, "main") == []


def the_import_is_undone(page: Page) -> None:
    page.get_by_role("button", name="Undo: reparaturen.csv").click()
    page.get_by_role("dialog").get_by_text("facts from reparaturen.csv are taken back").wait_for()
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_text("facts taken back").wait_for(timeout=SLOWLY)
    page.get_by_text("Undone", exact=True).wait_for()


def test_what_is_no_table_is_told_in_place(visit: Opened) -> None:
    page = visit("/import")
    page.get_by_test_id("file").set_input_files({"name": "empty.csv", "mimeType": "text/csv", "buffer": b""})
    page.get_by_text("The file is empty").wait_for()
    page.get_by_role("button", name="Choose another file").click()
    noise = bytes(range(256)) * 20
    page.get_by_test_id("file").set_input_files({"name": "noise.csv", "mimeType": "text/csv", "buffer": noise})
    page.get_by_role("alert").wait_for()
    page.get_by_role("button", name="Leave it").click()
    page.get_by_role("button", name="Choose a file").wait_for()
    assert "file=" not in page.url
