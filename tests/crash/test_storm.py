"""A short storm; the long one is `python -m benchmarks.crash`."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.packs.supply.act import CHASE_OVERDUE, WARN_BUYER
from tests.crash.acting import ASK, CLIMB
from tests.crash.storm import storm


@pytest.mark.slow
async def test_nothing_acknowledged_is_lost_whatever_is_killed(home: Path) -> None:
    report = await storm(home, 6, seed=3)
    assert report.kills.total() == 6
    assert report.kills.keys() == {"api", "worker", "postgres"}
    assert report.acknowledged > 100
    assert (report.lost, report.doubled) == (0, 0)
    assert report.changed == ()
    assert (report.lake_missing, report.lake_doubled) == (0, 0)
    assert report.merges > 0
    deeds = report.deeds
    assert deeds.called > 10
    assert deeds.acted.keys() == {WARN_BUYER.name, CHASE_OVERDUE.name, CLIMB, ASK}
    assert deeds.acted_twice == 0
    assert (deeds.undecided, deeds.unweighed, deeds.unfounded) == (0, 0, 0)
    assert (deeds.undone, deeds.uncalled) == (0, 0)
    assert (deeds.unended, deeds.unanswered) == (0, 0)
    assert deeds.refused > 0
