"""Pictures of the web app's pages and states, light and dark, desktop and phone: `make screenshots`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.main.served import run, serving
from tests.web import repairs
from tests.web.conftest import FLAGS, SIZES
from tools.browser import found

OUT = Path(__file__).parents[2] / "docs" / "screenshots"
SETTLED = 700
"""Milliseconds after which a page has come to rest."""
BROAD, NARROW = ("desktop", "light"), ("phone", "dark")
LINE = "predict absent line.delivered until promised_on for line before promised_on 30 days"
COUNTED = f"/ask?line={quote(LINE)}"

Prepare = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Shot:
    """One page in one state."""

    path: str
    then: Prepare | None = None
    """What is done once it is open."""
    before: Prepare | None = None
    """What is done before it is opened."""
    workspace: str = "demo"
    signed_in: bool = True
    locale: str = "en-GB"
    every: bool = False
    """In both colours and sizes, not just in two of the four."""
    whole: bool = False
    """All of the page, not just what is seen first."""


def pressed(*keys: str) -> Prepare:
    """Press keys one after the other."""

    def press(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return press


def held(pattern: str) -> Prepare:
    """Never answer."""

    def hold(page: Page) -> None:
        page.route(pattern, lambda _: None)

    return hold


def failing(pattern: str) -> Prepare:
    """Answer that something went wrong."""

    def answer(route: Route) -> None:
        route.fulfill(status=500, content_type="application/problem+json", body=PROBLEM)

    def fail(page: Page) -> None:
        page.route(pattern, answer)

    return fail


PROBLEM = (
    '{"type": "urn:sightline:error:error", "title": "Internal Server Error", "status": 500, "code": "error",'
    ' "detail": "Something went wrong inside Sightline. It has been written to the log."}'
)


def waited(milliseconds: int) -> Prepare:
    """Let some time pass."""

    def wait(page: Page) -> None:
        page.wait_for_timeout(milliseconds)

    return wait


def cut_off(page: Page) -> None:
    """No live stream."""
    page.route("**/v1/stream*", lambda route: route.abort())


def chosen(page: Page) -> None:
    """Give Import a file."""
    with tempfile.TemporaryDirectory() as folder:
        file = repairs.write(Path(folder) / "repairs.csv", datetime.now(UTC).date())
        page.get_by_test_id("file").set_input_files(file)
        page.locator('[data-row="Zugesagt für"]').wait_for()


def mapped(page: Page) -> None:
    """And look at one of its columns."""
    chosen(page)
    page.locator('[data-row="Zugesagt für"]').click()


def imported(page: Page) -> None:
    """And import it."""
    chosen(page)
    page.locator("button:enabled", has_text="Import").click()
    page.get_by_role("heading", name="What next").wait_for(timeout=120_000)


def mending(page: Page) -> None:
    """Open the first row that was held back."""
    page.locator("[data-row]").first.wait_for()
    page.locator("[data-row]").first.click()


def listed(page: Page) -> None:
    """Wait for the rows."""
    page.locator("tbody [data-row]").first.wait_for()


def opened(page: Page) -> None:
    """Open the first row."""
    listed(page)
    page.locator("tbody [data-row]").first.click()


def shown(page: Page) -> None:
    """Choose the second of what is asked: on a phone that opens it."""
    page.locator("tbody [data-row]").nth(1).wait_for()
    page.locator("tbody [data-row]").nth(1).click()


def rejecting(page: Page) -> None:
    """Say no, but not why."""
    shown(page)
    page.get_by_role("button", name="Reject").click()
    page.keyboard.press("Enter")


def rehearsed(page: Page) -> None:
    """Look what a playbook would have done."""
    page.get_by_role("button", name="Rehearse supply.warn_buyer").click()
    page.get_by_role("button", name="Start").click()
    page.get_by_text("It would have acted").wait_for(timeout=300_000)
    page.evaluate("window.scrollTo(0, 0)")


TODAY, ONE, PROOF = "/", "/subject/line/40963", "/proof/supply.arrives_late"
SHOWN = {
    "today": Shot(TODAY, pressed("j", "j"), every=True),
    "today-overdue": Shot("/?view=overdue"),
    "today-later": Shot("/?view=later"),
    "today-aside": Shot("/?view=aside"),
    "today-groups": Shot("/?group=decision"),
    "today-selected": Shot(TODAY, pressed("j", "x", "j", "x")),
    "today-nothing-fits": Shot("/?q=nothing-like-it"),
    "today-keys": Shot(TODAY, pressed("?")),
    "today-commands": Shot(TODAY, pressed("Control+k")),
    "today-loading": Shot(TODAY, before=held("**/v1/**/predictions*")),
    "today-error": Shot(TODAY, waited(3_000), before=failing("**/v1/**/predictions*")),
    "today-stale": Shot(TODAY, waited(12_000), before=cut_off),
    "today-german": Shot(TODAY, pressed("j"), locale="de-DE"),
    "today-empty": Shot(TODAY, workspace="main"),
    "inbox": Shot("/inbox", shown, every=True),
    "inbox-list": Shot("/inbox", listed),
    "inbox-reject": Shot("/inbox", rejecting),
    "inbox-selected": Shot("/inbox", pressed("j", "x", "j", "x", "a")),
    "inbox-german": Shot("/inbox", shown, locale="de-DE"),
    "inbox-loading": Shot("/inbox", before=held("**/v1/inbox?limit=50*")),
    "inbox-error": Shot("/inbox", waited(3_000), before=failing("**/v1/inbox?limit=50*")),
    "inbox-empty": Shot("/inbox", workspace="main"),
    "playbooks": Shot("/playbooks", listed, every=True),
    "playbooks-run": Shot("/playbooks", opened),
    "playbooks-german": Shot("/playbooks", listed, locale="de-DE"),
    "playbooks-rehearsed": Shot("/playbooks", rehearsed, whole=True),
    "subject": Shot(ONE, every=True),
    "subject-past": Shot(f"{ONE}?as_of=2014-11-20"),
    "subject-german": Shot(ONE, locale="de-DE"),
    "subject-unknown": Shot("/subject/line/no-such-line"),
    "subject-error": Shot(ONE, waited(3_000), before=failing("**/v1/entities/**")),
    "kind": Shot("/kind/vendor", every=True),
    "proof": Shot(PROOF, every=True, whole=True),
    "proof-german": Shot(PROOF, locale="de-DE", whole=True),
    "proof-loading": Shot(PROOF, before=held("**/proof")),
    "import": Shot("/import", every=True),
    "import-columns": Shot("/import", mapped, every=True),
    "import-done": Shot("/import", imported, workspace="main"),
    "import-quarantine": Shot("/import?view=quarantine", mending, workspace="main"),
    "ask": Shot("/ask", every=True),
    "ask-counted": Shot(COUNTED, waited(3_000), every=True),
    "ask-german": Shot(COUNTED, waited(3_000), locale="de-DE"),
    "settings": Shot("/settings", every=True),
    "sign-in": Shot("/sign-in", signed_in=False, every=True),
    "missing": Shot("/no/such/page"),
}


def take(browser: Browser, url: str, token: str, only: set[str]) -> None:
    """Every page in every form, or those that are named."""
    for (name, shot), form in product(SHOWN.items(), product(SIZES, ("light", "dark"))):
        if (only and name not in only) or not (shot.every or form in (BROAD, NARROW)):
            continue
        if shot.workspace == "main" and name == "import-done" and form != BROAD:
            # What is there already would be imported anew, and look otherwise.
            continue
        one(browser, url, token, name, shot, form)


def one(browser: Browser, url: str, token: str, name: str, shot: Shot, form: tuple[str, str]) -> None:
    """One picture."""
    (width, height), scheme = SIZES[form[0]], form[1]
    size = {"width": width, "height": height}
    options = {"color_scheme": scheme, "locale": shot.locale, "reduced_motion": "reduce"}
    context = browser.new_context(viewport=size, base_url=url, **options)  # type: ignore[arg-type]
    context.add_init_script(f"localStorage.setItem('sightline.workspace', '{shot.workspace}')")
    if shot.signed_in:
        assert context.request.post("/v1/session", data={"token": token}).status == 201
    page = context.new_page()
    if shot.before:
        shot.before(page)
    page.goto(shot.path)
    page.wait_for_timeout(SETTLED)
    if shot.then:
        shot.then(page)
        page.wait_for_timeout(SETTLED)
    page.screenshot(path=OUT / f"{name}-{form[0]}-{form[1]}.png", full_page=shot.whole and form in (BROAD, NARROW))
    context.close()


def main() -> None:
    """Serve the demo and look at it; `NAME ...` takes only those."""
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
        take(browser, str(served.client.base_url), token, set(sys.argv[1:]))
        browser.close()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
