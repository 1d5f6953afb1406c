"""A proof as one file: the document stands in it, harmless, and nothing of it is fetched from elsewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sightline.interfaces.rest import proof_file
from sightline.language.errors import Misconfigured

PAGE = f"<html><head>{proof_file.PLACE}</head><body><script>draw()</script></body></html>"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """What the build leaves of the file."""
    (tmp_path / proof_file.NAME).write_text(PAGE)
    return tmp_path


def inside(page: str) -> Any:
    """The document that a browser finds in the file."""
    (found,) = re.findall(r'<script type="application/json" id="proof">(.*?)</script>', page, re.DOTALL)
    return json.loads(found)


def test_the_document_stands_in_the_file_with_the_unit_of_its_money(built: Path) -> None:
    document = {"question": "own.late", "metrics": {"auc": 0.802}, "asks": "Kommt sie verspätet?"}
    page = proof_file.html(document, "EUR", built)
    assert inside(page) == {"proof": document, "unit": "EUR"}
    assert page.endswith("</head><body><script>draw()</script></body></html>")


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!-- <script>", "a $& b \\u0026 \u2028"])
def test_nothing_in_a_document_ends_the_element_it_stands_in(built: Path, text: str) -> None:
    page = proof_file.html({"asks": text}, None, built)
    assert inside(page)["proof"]["asks"] == text
    assert page.count("<script") == PAGE.count("<script")
    assert "<!--" not in page


def test_a_place_in_the_document_is_no_place_for_it(built: Path) -> None:
    page = proof_file.html({"asks": proof_file.PLACE}, None, built)
    assert inside(page)["proof"]["asks"] == proof_file.PLACE


def test_where_the_app_was_not_built_the_error_says_how(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="not been built") as missing:
        proof_file.html({}, None, tmp_path)
    assert "make web" in str(missing.value.hint)
    (tmp_path / proof_file.NAME).write_text("<html></html>")
    with pytest.raises(Misconfigured, match="no place"):
        proof_file.html({}, None, tmp_path)


def test_a_browser_is_told_what_the_file_allows_itself(built: Path) -> None:
    own = "default-src 'none'; script-src 'sha256-abc'"
    meta = f'<meta http-equiv="Content-Security-Policy" content="{own}">'
    (built / proof_file.NAME).write_text(PAGE.replace("<head>", f"<head>{meta}"))
    page = proof_file.html({"asks": meta.replace("abc", "def")}, None, built)
    assert proof_file.policy(page).startswith(f"{own}; frame-ancestors 'none'")
    assert "script-src" not in proof_file.policy(PAGE)
