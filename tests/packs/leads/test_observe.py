"""The shipped campaign becomes the events that the pack declares: counted on all 41,188 rows."""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import pairwise

from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.rows import RowReader
from sightline.kernel.observe.table import Row
from sightline.language.event import Event
from sightline.packs.leads.know import EVENTS, KINDS
from sightline.packs.leads.observe import CALL, CAMPAIGN, FIRST, STEP

PATH = str(files("sightline.packs.leads") / "data" / "bank_additional_full.csv.gz")
ROWS = 41_188


@cache
def leads() -> list[tuple[dict[str, str], dict[str, Event]]]:
    """Every row with its events by type, in the order of the file."""
    table = open_table(PATH, CAMPAIGN.dialect)
    CAMPAIGN.check(table.columns)
    reader, found = RowReader(CAMPAIGN), []
    for row in table.rows():
        assert isinstance(row, Row)
        events = reader.events(row)
        assert isinstance(events, list), events
        found.append((row.cells, {event.type: event for event in events}))
    return found


def test_every_lead_is_listed_and_called_and_some_subscribe() -> None:
    counts = Counter(kind for _, events in leads() for kind in events)
    assert counts == {"lead.described": ROWS, "lead.listed": ROWS, "call.ended": ROWS, "lead.subscribed": 4_640}
    assert all(("lead.subscribed" in events) == (cells["y"] == "yes") for cells, events in leads())
    assert len({events["lead.listed"].subject for _, events in leads()}) == ROWS


def test_leads_are_listed_one_after_the_other_from_may_2008_to_november_2010() -> None:
    times = [events["lead.listed"].time for _, events in leads()]
    assert all(second - first == STEP for first, second in pairwise(times))
    assert times[0] - FIRST == STEP
    assert f"{times[-1]:%Y-%m}" == "2010-11"


def test_what_the_call_tells_is_known_when_it_has_ended_and_all_else_before_it() -> None:
    for cells, events in leads():
        described, ended = events["lead.described"], events["call.ended"]
        assert described.known_at == events["lead.listed"].known_at == ended.known_at - CALL
        assert ended.data == {"duration": int(cells["duration"])}
        assert not {"duration", "y"} & described.data.keys()
        assert ended.time == events.get("lead.subscribed", ended).known_at


def test_nine_hundred_and_ninety_nine_days_are_never() -> None:
    called = [cells["pdays"] for cells, events in leads() if "days_since_call" in events["lead.described"].data]
    assert len(called) == sum(cells["pdays"] != "999" for cells, _ in leads()) == 1_515


def test_kinds_and_events_are_declared_with_what_is_taken_for_granted() -> None:
    (lead,) = KINDS
    duration = lead.attribute("duration")
    assert duration is not None
    assert (duration.known_by, duration.assumed) == ("call.ended", False)
    assert len(lead.attributes) == 20
    assert {event.name for event in EVENTS} == {"lead.described", "lead.listed", "call.ended", "lead.subscribed"}
    order, *delays = lead.taken
    assert "the order in which they happened, from 2008-05-01 00:00 on, 32 minutes apart" in order
    assert len(delays) == 2
