"""What happens elsewhere arrives by itself; where it cannot, that is said, and made up for afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.main.served import Demo, free_port, run, serving
from tests.web import repairs
from tests.web.conftest import Opened, Site, violations
from tests.web.test_stranger import SLOWLY

EMPTY = "main"
"""A workspace in which nothing was imported when these tests began."""

ADVANCED = "15 Jan 2015, standing clock"
CUT = "ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE"
MINUTE = 60_000


@dataclass(slots=True)
class Installation:
    """A server that may be stopped, and started again where it was."""

    home: Path
    port: int = field(default_factory=free_port)
    running: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        self.running.enter_context(serving(self.home, port=self.port))

    def stop(self) -> None:
        self.running.close()


@pytest.fixture(scope="module")
def installation(demo: Demo) -> Iterator[Installation]:
    made = Installation(demo.copy("live"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def site(installation: Installation) -> Site:
    return Site(f"http://127.0.0.1:{installation.port}", run(installation.home, "token").stdout.strip())


@pytest.mark.slow
def test_the_clock_moves_and_all_that_is_open_follows(visit: Opened, installation: Installation) -> None:
    today, thing = visit("/"), visit("/subject/line/40963")
    for page in (today, thing):
        live(page)
    today.get_by_text("98 open forecasts").wait_for()
    first = today.locator("tbody [data-row]").first.get_attribute("data-row")
    thing.get_by_text("As known today, 1 Jan 2015").wait_for()
    done = run(installation.home, "demo", "--once", "--advance", "14d", "--json")
    assert done.returncode == 0, done.stderr
    today.get_by_text(ADVANCED).wait_for()
    today.get_by_text("Came out since:").wait_for()
    expect(today.get_by_text("98 open forecasts")).to_have_count(0)
    expect(today.locator("tbody [data-row]").first).not_to_have_attribute("data-row", first or "")
    thing.get_by_text("As known today, 15 Jan 2015").wait_for()
    assert stayed(today)
    assert stayed(thing)


@pytest.mark.slow
def test_a_lost_stream_is_told_and_what_was_missed_is_there_when_it_is_back(
    visit: Opened, installation: Installation, tmp_path: Path
) -> None:
    file = repairs.write(tmp_path / "reparaturen.csv", datetime.now(UTC).date())
    page = visit("/import", workspace=EMPTY, before=lambda page: page.clock.install(), expects=CUT)
    live(page)
    installation.stop()
    page.get_by_text("Not live", exact=True).first.wait_for()
    banner = page.get_by_text("What you see may be old.")
    expect(banner).to_have_count(0)
    page.clock.fast_forward(2 * MINUTE)
    banner.wait_for()
    assert violations(page) == []
    done = run(installation.home, "--workspace", EMPTY, "import", str(file), "--yes", "--json")
    assert done.returncode == 0, done.stderr
    installation.start()
    page.clock.fast_forward(MINUTE)
    page.get_by_text("Live", exact=True).first.wait_for()
    expect(banner).to_have_count(0)
    page.get_by_role("grid", name="Imports").get_by_text("reparaturen.csv").first.wait_for()
    page.get_by_text("4 rows did not fit").wait_for()
    assert stayed(page)


@pytest.mark.slow
def test_work_begun_elsewhere_is_followed_by_the_stream_alone(visit: Opened, site: Site, tmp_path: Path) -> None:
    file = repairs.write(tmp_path / "werkstatt.csv", datetime.now(UTC).date())
    page = visit("/import", workspace=EMPTY, before=without_asking_after_jobs)
    live(page)
    begin_to_import(site, file)
    work = page.get_by_role("region", name="Importing werkstatt.csv")
    work.wait_for(timeout=SLOWLY)
    work.get_by_text("Done", exact=True).wait_for(timeout=SLOWLY)
    work.get_by_text("3,004 rows were read.").wait_for()
    assert violations(page, "main") == []
    page.get_by_role("grid", name="Imports").get_by_text("werkstatt.csv").first.wait_for()
    page.get_by_role("button", name="Undo: werkstatt.csv").wait_for()
    assert stayed(page)


def live(page: Page) -> None:
    """Wait until changes arrive, and mark the page: the mark is gone if anything loads it anew."""
    page.get_by_text("Live", exact=True).first.wait_for()
    page.evaluate("window.marked = true")


def stayed(page: Page) -> bool:
    return page.evaluate("window.marked") is True


def without_asking_after_jobs(page: Page) -> None:
    """No question after a single job is ever answered."""
    page.route(re.compile(r"/v1/jobs/[^/?]+$"), lambda route: None)


def begin_to_import(site: Site, file: Path) -> None:
    headers = {"Authorization": f"Bearer {site.token}", "Sightline-Workspace": EMPTY}
    with httpx.Client(base_url=site.url, headers=headers, timeout=60) as client:
        octets = {"Content-Type": "application/octet-stream"}
        sent = client.post("/v1/files", params={"name": file.name}, content=file.read_bytes(), headers=octets).json()
        proposed = client.get(f"/v1/files/{sent['id']}/proposal").json()
        begun = client.post("/v1/imports", json={"file": sent["id"], "mapping": proposed["mapping"]})
        assert begun.status_code == 202, begun.text
