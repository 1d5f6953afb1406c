"""In German every page is German: its words, its days and its numbers. What a pack says is its own."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import SIZES, WEB, Opened, violations

PAGES = {
    "/": "98 offene Vorhersagen",
    "/?view=overdue": "Tatsachen, keine Vorhersagen",
    "/?view=later": "Nach 718 weiteren",
    "/?view=aside": "Nichts ist beiseitegelegt",
    "/?q=nothing-like-it": "Nichts passt zum Filter",
    "/inbox": "Was gesendet würde",
    "/inbox?state=rejected": "Hier ist nichts",
    "/playbooks": "two weeks",
    "/subject/line/40963": "bekannt seit 22. Sept. 2014",
    "/subject/line/40963?as_of=2014-10-01": "Wie bekannt am 1. Okt. 2014; heute ist der 1. Jan. 2015.",
    "/subject/vendor/Aurobindo": "Über vendor/Aurobindo ist nichts bekannt",
    "/kind/line": "Mehr zeigen",
    "/proof/supply.arrives_late": "Zum Ordnen verwendbar",
    "/import": "Datei wählen",
    "/import?view=quarantine": "Hier wartet nichts",
    "/ask": "Zum Ordnen verwendbar",
    "/settings": "Angemeldet als",
    "/sign-in": "Zum ersten Mal hier?",
    "/no/such/page": "Diese Seite gibt es nicht",
}
"""Each page, and a text that shows only when it has been read."""

SAID = """
() => {
  const said = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    if (!walk.currentNode.parentElement.closest("script, style")) said.push(walk.currentNode.data);
  for (const name of ["aria-label", "placeholder", "title", "alt"])
    for (const one of document.querySelectorAll(`[${name}]`)) said.push(one.getAttribute(name));
  return [document.title, ...said].map((text) => text.trim()).filter(Boolean);
}
"""
MONTHS = r"(Jan\.|Feb\.|März|Apr\.|Mai|Juni|Juli|Aug\.|Sept\.|Okt\.|Nov\.|Dez\.)"
A_DAY = re.compile(rf"\d{{1,2}}\. {MONTHS}( \d{{4}})?|in [\d.]+ Tag(en)?|vor [\d.]+ Tag(en)?|heute|.*Datum.*")
NO_GERMAN_NUMBER = re.compile(r"\b[1-9]\d{0,2},\d{3}\b|\d\.\d{1,2}\b|\$\d|\d%")
ENTRY = re.compile(r'^  "?([\w.]+)"?:\s+(\{.*?\}|"(?:[^"\\]|\\.)*"),?$', re.MULTILINE | re.DOTALL)
TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
BLANK = re.compile(r"\{\w+\}")
BLANKS = re.compile(r"(\{\w+\})")


@cache
def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    """All texts of a language by their keys; a text that depends on a number has two forms."""
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(Path(WEB / "src" / "texts" / language).glob("*.ts")):
        for key, told in ENTRY.findall(file.read_text(encoding="utf-8")):
            found[key] = tuple(TEXT.findall(told))
    return found


@cache
def english() -> re.Pattern[str]:
    """What is only said in English: whole texts, whatever their blanks are filled with."""
    german = {text for texts in catalogue("de").values() for text in texts}
    only = {text for texts in catalogue("en").values() for text in texts} - german
    telling = sorted(text for text in only if re.search(r"[A-Za-z]{3}", BLANK.sub("", text)))
    return re.compile("|".join("".join(map(filled, BLANKS.split(text))) for text in telling))


def filled(part: str) -> str:
    """What a part of a text looks like when it is shown: a number that is counted, or anything, in place of a blank."""
    return r"[\d.,\s]+" if part in {"{count}", "{line}"} else ".+" if BLANK.fullmatch(part) else re.escape(part)


def test_the_catalogues_are_read_whole() -> None:
    assert catalogue("en").keys() == catalogue("de").keys()
    assert len(catalogue("en")) > 600
    assert english().fullmatch("98 open forecasts")
    assert not english().fullmatch("98 offene Vorhersagen")


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_german(visit: Opened, path: str) -> None:
    page = visit(path, locale="de-DE", signed_in=path != "/sign-in")
    page.get_by_text(PAGES[path]).first.wait_for()
    expect(page.locator("[aria-busy=true], .mantine-Skeleton-root")).to_have_count(0)
    assert page.evaluate("document.documentElement.lang") == "de"
    said = page.evaluate(SAID)
    assert [text for text in said if english().fullmatch(text)] == []
    assert [text for text in said if ("." in text and text in catalogue("en")) or BLANK.search(text)] == []
    assert [text for text in page.locator("time").all_inner_texts() if not A_DAY.fullmatch(text)] == []
    assert [text for text in page.locator(".num").all_inner_texts() if NO_GERMAN_NUMBER.search(text)] == []
    assert violations(page) == []
    assert fits_a_phone(page)


def test_money_shares_and_days_are_written_as_germans_do(visit: Opened) -> None:
    page = visit("/subject/line/40963", locale="de-DE")
    page.get_by_text("549.130 $", exact=False).first.wait_for()
    assert re.search(r"\b\d{1,2}\s%", page.get_by_role("article").inner_text())
    assert "0,89 $" in page.get_by_role("complementary").inner_text().replace("\u00a0", " ")


def fits_a_phone(page: Page) -> bool:
    """German words are long: nothing of them may run past the edge."""
    width, height = SIZES["phone"]
    page.set_viewport_size({"width": width, "height": height})
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
