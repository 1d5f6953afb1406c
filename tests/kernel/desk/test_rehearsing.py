"""A rehearsal decides as duty did: about the same subjects, at the same moments, for the same reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, deciding
from sightline.kernel.desk.rehearsing import rehearse
from sightline.language import derived
from sightline.language.errors import Invalid, NotFound
from sightline.language.event import Event
from sightline.testing import make
from tests.kernel.act.world import HEAD, declare, delivered, line, tell

CAME = """
[own.thank]
question = "supply.arrives_late"
wakes_on = "line.delivered"
party = "project"
priority = 9
whom = "mode is Air"
attribution = "2d"
choices = [{ name = "thank", channel = "paper", gains = 20, cost = 1, text = "{{ key }} came by {{ it.mode }}." }]
"""

MOVED = make.event("line/moved", type="line.described", on=1001.5, promised_on=f"{make.day(1006):%Y-%m-%d}")

LINES = (
    line("late", promised=1002), line("came", promised=1002), line("early", promised=1005), line("ship", mode="Ship"),
    line("moved", promised=1003), line("back", promised=1002), line("again", promised=1003), line("far", promised=1400),
)  # fmt: skip

THEN: Mapping[float, Sequence[Event]] = {
    1001.5: [MOVED, delivered("early", on=1001, known=1001.5), delivered("back", on=1001, known=1001.5)],
    1004.5: [
        delivered("came", on=1004, known=1004.5),
        make.retraction(delivered("back", on=1001), known=1004.5),
        # A correction of what is overdue already, and another day that has passed as well.
        make.event("line/again", type="line.described", on=1004.5, promised_on=f"{make.day(1001):%Y-%m-%d}"),
    ],
    1006.5: [delivered("ship", on=1006, known=1006.5)],
}
"""What became known on which day."""


async def lived(desk: Desk, tenant: Tenant, text: str) -> Tenant:
    """A playbook on duty for a week in which lines come, are late and are moved."""
    await tell(desk, tenant, *LINES)
    await declare(desk, tenant, text)
    for moment in sorted([*range(1001, 1008), *THEN]):
        tenant = await desk.advance(tenant, make.day(moment))
        if events := THEN.get(moment):
            await tell(desk, tenant, *events)
    return tenant


Said = set[tuple[str, datetime, str, str]]


async def done(desk: Desk, tenant: Tenant, playbook: str) -> Said:
    found = await deciding.list_decisions(desk, tenant, playbook=playbook, limit=100)
    return {(one.subject, one.at, one.verb, one.because) for one in found}


def told(found: Mapping[str, Any]) -> Said:
    return {
        (one["subject"], datetime.fromisoformat(one["cutoff"]), one["verb"], one["because"]) for one in found["shown"]
    }


async def test_what_findings_would_have_woken_is_what_they_woke(desk: Desk, standing: Tenant) -> None:
    tenant = await lived(desk, standing, HEAD)
    found = await rehearse(desk, tenant, "own.chase", make.day(1000))
    on_duty = {one for one in await done(desk, tenant, "own.chase") if one[1] > make.day(1000)}
    assert told(found) == on_duty
    assert {(subject, at) for subject, at, _, _ in on_duty} == {
        ("line/late", make.day(1003)), ("line/came", make.day(1003)), ("line/moved", make.day(1007)),
        ("line/back", make.day(1004.5)), ("line/again", make.day(1004)),
    }  # fmt: skip
    # It was overdue before the day, so it had been found by then.
    assert "line/ship" not in {one[0] for one in on_duty}
    assert (found["asked"], found["forecast"], found["sides"], found["verdict"]) == (5, 0, [], "")
    (late,) = [one for one in found["shown"] if one["subject"] == "line/late"]
    assert late["text"].startswith(f"line/late: Promised for {make.day(1002):%d %b %Y}")
    assert sum(found["decided"].values()) == 5
    assert [one["answer"] for one in found["shown"]] == [None] * 5
    # A month and the three weeks of late records afterwards: the playbook declares no time of its own.
    tenant = await desk.advance(tenant, make.day(1070))
    found = await rehearse(desk, tenant, "own.chase", make.day(1000))
    answers = {one["subject"]: one["answer"] for one in found["shown"] if one["cutoff"] < f"{make.day(1010):%Y-%m-%d}"}
    assert answers == {"line/late": 1, "line/came": 0, "line/moved": 1, "line/back": 1, "line/again": 1}
    assert found["means"] == "no line.delivered within 30 days"


async def test_what_events_would_have_woken_is_what_they_woke(desk: Desk, standing: Tenant) -> None:
    tenant = await lived(desk, standing, CAME)
    found = await rehearse(desk, tenant, "own.thank", make.day(1000))
    on_duty = await done(desk, tenant, "own.thank")
    assert told(found) == on_duty
    # What was taken back later had woken it; by ship it is not concerned.
    assert {(subject, at) for subject, at, _, _ in on_duty} == {
        ("line/early", make.day(1001.5)), ("line/back", make.day(1001.5)), ("line/came", make.day(1004.5)),
    }  # fmt: skip
    assert found["means"] == "no line.delivered within 2 days"
    later = await rehearse(desk, tenant, "own.thank", make.day(1002))
    assert {one["subject"] for one in later["shown"]} == {"line/came"}


async def test_an_empty_past_and_a_wrong_day_are_told(desk: Desk, standing: Tenant) -> None:
    await tell(desk, standing, line("far", promised=1400))
    found = await rehearse(desk, standing, "own.chase", make.day(900), text=HEAD)
    assert (found["headline"], found["asked"]) == ("Nothing would have called for it.", 0)
    with pytest.raises(Invalid, match="is not past"):
        await rehearse(desk, standing, "own.chase", make.day(1001), text=HEAD)
    with pytest.raises(NotFound):
        await rehearse(desk, standing, "own.chse", make.day(900), text=HEAD)


async def test_what_was_only_mended_wakes_nobody_again(desk: Desk, standing: Tenant) -> None:
    first = delivered("a", on=995)
    mended = make.event("line/a", type="line.delivered", on=994, known=998, revises=first.id)
    gone = make.event("line/a", type=derived.RETRACTED, on=994, known=999, revises=first.id)
    await tell(desk, standing, line("a"), first, mended, gone)
    found = await rehearse(desk, standing, "own.thank", make.day(950), text=CAME)
    assert [one["cutoff"] for one in found["shown"]] == [make.day(995).isoformat()]
