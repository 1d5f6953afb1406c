"""Whom facts would have woken since a day, and what stood forecast of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.kernel.act.woken_as_if import Calls, calls, foreseen, stretches
from sightline.kernel.predict.as_if import AsIf
from sightline.kernel.predict.facts import INSTANT, Facts
from sightline.language.catalog import Catalog
from sightline.language.errors import Cancelled
from sightline.language.event import Event
from sightline.language.finding import Finding, Severity
from sightline.language.playbook import Choice, Detector, Playbook, Situation
from sightline.language.ref import Ref
from sightline.testing import make
from tests.kernel.predict.histories import DONE, KINDS, Row, changed_after, day, due, frame, histories

NEVER = 10_000


def said(*rows: tuple[str, float, float, float]) -> AsIf:
    """Key, day of the cutoff, probability, day from which its answer was known."""
    cutoffs = [make.day(row[1]) for row in rows]
    asked = {"key": [row[0] for row in rows], "cutoff": cutoffs, "deadline": cutoffs, "worth": [7.0] * len(rows)}
    told = np.array([row[2] for row in rows])
    return AsIf(
        asked=pl.DataFrame(asked, schema_overrides={"cutoff": INSTANT, "deadline": INSTANT}), value=told, low=told,
        high=told, answer=told, met=pl.Series("met", [make.day(row[3]) for row in rows], dtype=INSTANT), sides=(),
        chance=True, verdict="use", why=lambda rows: [("one reason",) for _ in rows],
    )  # fmt: skip


def called(*rows: tuple[str, float]) -> Calls:
    found = [Situation(subject=Ref("thing", key), now=make.day(on)) for key, on in rows]
    woke: list[Event] = [make.event(str(one.subject), type="thing.rang") for one in found]
    return Calls(situations=found, events=woke)


def test_the_last_forecast_of_each_stands_while_its_answer_is_not_known() -> None:
    told = said(("a", 1, 0.1, NEVER), ("a", 5, 0.5, 9), ("a", 20, 0.9, NEVER), ("b", 1, 0.3, 2))
    moments = (("a", 4), ("a", 5), ("a", 9), ("a", 10), ("b", 1.5), ("b", 3), ("c", 3), ("a", 0.5))
    found, rows = foreseen(called(*moments), told)
    # What answers it is decided about with it; once that is known nothing stands, nor does what was said before.
    assert [one.probability for one in found.situations] == [0.1, 0.5, 0.5, None, 0.3, None, None, None]
    assert rows == {0: 0, 1: 1, 2: 1, 4: 3}
    assert [one.worth for one in found.situations[:4]] == [7, 7, 7, None]
    assert [one.now for one in found.situations] == [make.day(day) for _, day in moments]


def test_of_nobody_nothing_is_forecast() -> None:
    found, rows = foreseen(called(), said(("a", 1, 0.1, NEVER)))
    assert (found.situations, rows) == ([], {})


def patient(wait: int) -> Detector:
    """Finds what is overdue by so many days."""

    def look(situation: Situation) -> Finding | None:
        assert situation.deadline is not None
        if situation.now < situation.deadline + timedelta(days=wait):
            return None
        return Finding(
            detector="lab.overdue", subject=situation.subject, severity=Severity.WARNING, text="It is overdue.",
            at=situation.now, evidence={},
        )  # fmt: skip

    return Detector(name="lab.overdue", question=DONE.name, look=look)


def catalog(wait: int = 0) -> Catalog:
    return Catalog(kinds=KINDS, questions={DONE.name: DONE}, detectors={"lab.overdue": patient(wait)})


CHASE = Playbook(
    name="lab.chase", question=DONE.name, wakes_on="lab.overdue", party="self",
    choices=(Choice(name="ask", channel="paper", write=lambda _: "", gains=1),),
)  # fmt: skip


Known = list[tuple[str | None, datetime, datetime | None]]


def overdue(named: Known, came: Known, at: datetime) -> bool:
    """Whether a day that was named has passed, and nothing awaited is known; read at one moment."""

    def then(known: Known) -> list[str | None]:
        return [said for said, begins, ends in known if begins <= at and (ends is None or ends > at)]

    return not then(came) and any(one and one < f"{at:%Y-%m-%d}" for one in then(named))


@given(histories())
def test_a_thing_is_overdue_in_its_stretches_and_at_no_other_moment(rows: list[Row]) -> None:
    facts = Facts.of(frame(rows), KINDS)
    found = stretches(DONE, facts, day(200))
    for key in {row.key for row in rows}:
        mine, shown = pl.col("key") == key, ("known_from", "known_until")
        named = facts.attributes.filter(mine, pl.col("name") == "due").select("text", *shown).rows()
        came = facts.happenings.filter(mine, pl.col("type") == "thing.done").select("type", *shown).rows()
        spans = found.filter(mine).select("begins", "ends").rows()
        assert all(before[1] < after[0] for before, after in pairwise(spans))
        for number in range(170):
            at = day(number + 0.5)
            assert any(begins <= at < ends for begins, ends in spans) == overdue(named, came, at), (key, number)


@settings(max_examples=25)
@given(histories(), st.data(), st.integers(10, 120), st.integers(0, 20))
def test_what_becomes_known_later_wakes_nobody_before(
    rows: list[Row], data: st.DataObject, moment: int, wait: int
) -> None:  # fmt: skip
    then = day(moment + 0.5)
    other = data.draw(changed_after(rows, moment))
    woken = [calls(CHASE, catalog(wait), Facts.of(frame(one), KINDS), day(0), day(200)) for one in (rows, other)]
    before = [[one for one in found.situations if one.now <= then] for found in woken]
    assert before[0] == before[1]


def test_what_was_overdue_before_is_found_by_whoever_waits_until_it_is_his_time() -> None:
    rows = [Row("a", "a", "thing.described", "t0", 1, 1, (("due", due(10)), ("size", 3)))]
    facts = Facts.of(frame(rows), KINDS)
    for since, found in ((0, [25]), (20, [25]), (25, [])):
        told = calls(CHASE, catalog(14), facts, day(since), day(100)).situations
        assert [one.now for one in told] == [day(number) for number in found]
    (one,) = calls(CHASE, catalog(), facts, day(0), day(100)).situations
    assert (one.now, one.worth, one.finding) == (day(11), 3, "It is overdue.")
    assert calls(CHASE, catalog(), facts, day(11), day(100)).situations == []
    with pytest.raises(Cancelled):
        calls(CHASE, catalog(), facts, day(0), day(100), cancelled=lambda: True)
