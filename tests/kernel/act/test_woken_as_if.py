"""What stood forecast of those whom an event would have woken."""

from __future__ import annotations

import numpy as np
import polars as pl

from sightline.kernel.act.woken_as_if import Calls, foreseen
from sightline.kernel.predict.as_if import AsIf
from sightline.kernel.predict.facts import INSTANT
from sightline.language.event import Event
from sightline.language.playbook import Situation
from sightline.language.ref import Ref
from sightline.testing import make

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
    found, rows = foreseen(called(("a", 4), ("a", 5), ("a", 9), ("b", 1.5), ("b", 3), ("c", 3), ("a", 0.5)), told)
    assert [one.probability for one in found.situations] == [0.1, 0.5, 0.1, 0.3, None, None, None]
    assert rows == {0: 0, 1: 1, 2: 0, 3: 3}
    assert [one.worth for one in found.situations[:5]] == [7, 7, 7, 7, None]
    assert [one.now for one in found.situations] == [make.day(day) for day in (4, 5, 9, 1.5, 3, 3, 0.5)]


def test_of_nobody_nothing_is_forecast() -> None:
    found, rows = foreseen(called(), said(("a", 1, 0.1, NEVER)))
    assert (found.situations, rows) == ([], {})
