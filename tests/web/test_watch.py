"""The watch over the model on duty: what it tells, an alarm that somebody lifts, and nothing looked at yet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sightline.foundation.settings import Settings
from sightline.interfaces.rest.examples_watch import ANSWERS
from sightline.kernel.predict import alarms, registry
from sightline.kernel.predict.alarms import Alarm
from sightline.main.installation import installation
from sightline.packs.supply.predict import ARRIVES_LATE
from tests.main.served import Demo, run, serving
from tests.web.conftest import Opened, Site, violations

PROOF = f"/proof/{ARRIVES_LATE.name}"
WATCH = ANSWERS["/v1/questions/{name}/watch"]


@pytest.fixture(scope="module")
def site(demo: Demo) -> Iterator[Site]:
    home = demo.copy("watch")
    token = run(home, "token").stdout.strip()
    with serving(home) as served:
        # A loop of its own: the browser's runs in this thread.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, alarmed(home)).result()
        yield Site(str(served.client.base_url).rstrip("/"), token)


async def alarmed(home: Path) -> None:
    """What the watch does that finds a promise broken."""
    async with installation(Settings(home=home)) as desk:
        tenant = await desk.workspace("demo")
        async with desk.db.transaction(tenant.number) as tx:
            model = await registry.champion(tx, ARRIVES_LATE)
            assert model is not None
            raised = Alarm(
                id="", question=model.question, version=model.version, what="promise:no", words="Half were right.",
                advice="Nothing is done by itself on this side.", since=None, raised_at=desk.now(tenant),
                lifted_at=None, lifted_by=None, why="",
            )  # fmt: skip
            assert await alarms.raise_(tx, raised)


def test_an_alarm_is_told_and_lifted_for_a_reason(visit: Opened) -> None:
    page = visit(PROOF)
    duty = page.get_by_role("region", name="Does it still hold?")
    # The demo's clock stands: no day began since its model came on duty.
    expect(duty.get_by_text("Nothing was looked at yet")).to_be_visible()
    alarm = duty.get_by_role("note")
    expect(alarm).to_contain_text("1 Jan 2015: Half were right. Nothing is done by itself on this side.")
    assert violations(page, "main") == []
    alarm.get_by_role("button", name="Lift the alarm").click()
    asks = page.get_by_role("dialog", name="Lift this alarm?")
    asks.get_by_label("Why").fill("A strike.")
    assert violations(page) == []
    asks.get_by_role("button", name="Lift the alarm").click()
    expect(alarm).to_contain_text("Lifted by owner: A strike.")
    expect(alarm.get_by_role("button")).to_have_count(0)


def test_what_came_is_laid_beside_what_was_said(visit: Opened) -> None:
    page = visit(PROOF, before=lambda page: page.route("**/watch", lambda route: route.fulfill(json=WATCH)))
    duty = page.get_by_role("region", name="Does it still hold?")
    row = duty.get_by_role("row", name="Right beyond the line: on time")
    for figure in ("214", "95%", "88%", "130"):
        expect(row).to_contain_text(figure)
    expect(duty.get_by_text("mode: not known of 41% instead of 2% of those asked, since 1 Dec 2014")).to_be_visible()
    expect(duty.get_by_text("Something is beyond chance.")).to_be_visible()
    assert violations(page, "main") == []
