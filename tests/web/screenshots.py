"""Pictures of the web app's pages and states, light and dark, desktop and phone: `make screenshots`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.main.served import run, serving
from tests.web.conftest import FLAGS, SIZES
from tools.browser import found

OUT = Path(__file__).parents[2] / "docs" / "screenshots"
SHOWN = {
    "today": "/", "today-overdue": "/?view=overdue", "today-later": "/?view=later", "today-aside": "/?view=aside",
    "today-groups": "/?group=decision", "today-nothing-fits": "/?q=nothing-like-it", "settings": "/settings",
    "sign-in": "/sign-in", "missing": "/no/such/page",
}  # fmt: skip
SETTLED = 700
"""Milliseconds after which a page has come to rest."""


def take(browser: Browser, url: str, token: str) -> None:
    """Every page in every form."""
    for (name, path), (size, (width, height)), scheme in product(SHOWN.items(), SIZES.items(), ("light", "dark")):
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=url, color_scheme=scheme)
        context.add_init_script("localStorage.setItem('sightline.workspace', 'demo')")
        if name != "sign-in":
            assert context.request.post("/v1/session", data={"token": token}).status == 201
        page = context.new_page()
        page.goto(path)
        page.wait_for_timeout(SETTLED)
        if name == "today" and size == "desktop":
            page.keyboard.press("j")
            page.wait_for_timeout(SETTLED)
        page.screenshot(path=OUT / f"{name}-{size}-{scheme}.png")
        context.close()


def main() -> None:
    """Serve the demo and look at it."""
    folder = Path(tempfile.mkdtemp(prefix="sightline-screenshots-"))
    folder.chmod(0o711)
    home = folder / "home"
    OUT.mkdir(parents=True, exist_ok=True)
    made = run(home, "demo", "--once", "--json")
    if made.returncode:
        sys.exit(made.stderr)
    token = run(home, "token").stdout.strip()
    with serving(home) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found(), args=list(FLAGS))
        take(browser, str(served.client.base_url), token)
        browser.close()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
