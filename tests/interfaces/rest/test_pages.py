"""The web app's page and files: every address leads to it, none beyond it, under a strict policy."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from sightline.interfaces.rest.pages import NONCE, OURS, Pages
from tests.interfaces.rest.conftest import Api, problem

PAGE = f'<meta property="csp-nonce" nonce="{NONCE}"><script nonce="{NONCE}" src="/assets/app-1.js"></script>'
SCRIPT = b"console.log('Sightline')"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A small app as the build leaves it, and a file beside it that is nobody's business."""
    web = tmp_path / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text(PAGE)
    (web / "manifest.json").write_text("{}")
    (web / "icon.svg").write_text("<svg/>")
    (web / "assets" / "app-1.js").write_bytes(SCRIPT)
    (web / "assets" / "app-1.js.gz").write_bytes(gzip.compress(SCRIPT))
    (web / "assets" / "app-1.js.br").write_bytes(b"brotli")
    (tmp_path / "secret").write_text("secret")
    return web


def client(built: Path) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(Starlette(routes=[Pages(built)]))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def test_every_address_answers_with_the_page_under_a_nonce_of_its_own(built: Path) -> None:
    nonces = set()
    async with client(built) as browser:
        for path in ("/", "/subject/line/82108", "/proof/supply.arrives_late", "/versions", "/icon"):
            answer = await browser.get(path)
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "no-store"
            policy = answer.headers["content-security-policy"]
            (nonce,) = re.findall(r"style-src 'self' 'nonce-([\w-]+)'", policy)
            assert answer.text == PAGE.replace(NONCE, nonce)
            nonces.add(nonce)
    assert len(nonces) == 5


async def test_the_policy_allows_nothing_foreign_and_nothing_inline(built: Path) -> None:
    async with client(built) as browser:
        answer = await browser.get("/")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["font-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    for name in ("x-content-type-options", "referrer-policy", "cross-origin-opener-policy", "permissions-policy"):
        assert answer.headers[name]


@pytest.mark.parametrize(
    ("accepted", "coding", "content"),
    [
        ("gzip, deflate, br", "br", b"brotli"),
        ("gzip", "gzip", SCRIPT),
        ("br;q=0, gzip", "gzip", SCRIPT),
        ("", None, SCRIPT),
    ],
)
async def test_a_file_comes_in_the_smallest_form_taken(
    built: Path, accepted: str, coding: str | None, content: bytes
) -> None:
    async with (
        client(built) as browser,
        browser.stream("GET", "/assets/app-1.js", headers={"Accept-Encoding": accepted}) as answer,
    ):
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert (gzip.decompress(raw) if coding == "gzip" else raw) == content
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["vary"] == "Accept-Encoding"


async def test_what_lies_beside_the_page_is_kept_for_a_short_time(built: Path) -> None:
    async with client(built) as browser:
        answer = await browser.get("/icon.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize(
    "path", ["/%2e%2e/secret", "/assets/..%2f..%2fsecret", "/..%2fsecret", "/%00", "/manifest.json"]
)
async def test_nothing_beyond_the_app_is_shown(built: Path, path: str) -> None:
    async with client(built) as browser:
        answer = await browser.get(path)
    assert answer.status_code in (200, 404)
    assert "secret" not in answer.text
    assert answer.text != "{}"


async def test_a_file_of_an_older_build_is_missing_rather_than_a_page(built: Path) -> None:
    async with client(built) as browser:
        assert (await browser.get("/assets/app-0.js")).status_code == 404


async def test_without_a_build_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    async with client(tmp_path) as browser:
        answer = await browser.get("/")
    assert answer.status_code == 200
    assert "make web" in answer.text
    assert "nonce-" in answer.headers["content-security-policy"]


async def test_the_interface_keeps_its_own_paths(api: Api) -> None:
    for path in (*(f"{own}/nowhere/at/all" for own in OURS), "/v1"):
        problem(await api.client.get(path), 404, "not_found")
    problem(await api.client.get("/v1/events"), 405, "method_not_allowed")
    problem(await api.client.post("/import"), 405, "method_not_allowed")
    assert (await api.client.get("/import")).headers["content-type"].startswith("text/html")
    problem(await api.client.get("/assets/nothing.js"), 404, "not_found")
