"""The web app in a real browser, against the real server on the demo's data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sightline.interfaces.rest.pages import BUILT
from tests.main.served import Demo, run, serving
from tools.browser import INSTALL, found

WEB = Path(__file__).parents[2] / "web"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
"""What a browser says of an answer that the app handles itself."""


@dataclass(frozen=True, slots=True)
class Site:
    """A server with the demo in it."""

    url: str
    token: str


@pytest.fixture(scope="session")
def site(demo: Demo) -> Iterator[Site]:
    assert (BUILT / "index.html").is_file(), "The web app has not been built. Run: make web"
    home = demo.copy("site")
    token = run(home, "token").stdout.strip()
    with serving(home) as served:
        yield Site(str(served.client.base_url).rstrip("/"), token)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = found()
    assert path, f"The tests of the web app need Chromium. Install it: sudo {INSTALL}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


Opened = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Opened]:
    """Open a path as the owner (or as nobody); whatever the browser complains of fails the test in the end.

    `before` is called with the page before it goes anywhere; `expects` fits complaints the test brings about itself.
    """
    complaints: list[str] = []
    contexts = []

    def visit(
        path: str = "/", *, scheme: str = "light", size: str = "desktop", signed_in: bool = True,
        workspace: str = "demo", locale: str = "en-GB",
        before: Callable[[Page], None] | None = None, expects: str = r"\b\B",
    ) -> Page:  # fmt: skip
        def heard(text: str) -> None:
            if not REFUSED.search(text) and not re.search(expects, text):
                complaints.append(text)

        width, height = SIZES[size]
        options: dict[str, Any] = {"color_scheme": scheme, "locale": locale, "reduced_motion": "reduce"}
        context = chromium.new_context(viewport={"width": width, "height": height}, base_url=site.url, **options)
        contexts.append(context)
        context.add_init_script(
            f"localStorage.getItem('sightline.workspace') ?? localStorage.setItem('sightline.workspace', '{workspace}')"
        )
        if signed_in:
            assert context.request.post("/v1/session", data={"token": site.token}).status == 201
        page = context.new_page()
        page.on("console", lambda said: heard(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: heard(str(error)))
        page.on("response", lambda answer: heard(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
        if before:
            before(page)
        page.goto(path)
        page.get_by_role("heading", level=1).wait_for()
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


# A machine that runs many tests at once takes its time; whoever waits for nothing waits no longer for it.
expect.set_options(timeout=20_000)


def violations(page: Page, within: str = "html") -> list[str]:
    """What axe finds wrong, once nothing is faded any more while its news are on their way.

    Its script is evaluated, since the policy takes no script element of ours.
    """
    expect(page.locator("[data-waiting]")).to_have_count(0)
    page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished)).then(() => null)")
    page.evaluate((WEB / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("part => axe.run(part, { resultTypes: ['violations'] })", within)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
