"""The shipped deliveries become the events that the pack declares: counted on all 10,324 lines."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files

from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.rows import RowReader
from sightline.kernel.observe.table import Row
from sightline.language.event import Event
from sightline.language.time import DAWN
from sightline.packs.supply.know import EVENTS, KINDS
from sightline.packs.supply.observe import DELIVERIES

PATH = str(files("sightline.packs.supply") / "data" / "scms_delivery.csv.gz")
DATED = {
    "quote.sent": "PQ First Sent to Client Date",
    "order.sent": "PO Sent to Vendor Date",
    "line.delivered": "Delivered to Client Date",
}


@cache
def lines() -> list[tuple[dict[str, str], dict[str, Event]]]:
    """Every row with its events by type."""
    table = open_table(PATH)
    DELIVERIES.check(table.columns)
    found = []
    for row in table.rows():
        assert isinstance(row, Row)
        events = RowReader(DELIVERIES).events(row)
        assert isinstance(events, list), events
        found.append((row.cells, {event.type: event for event in events}))
    return found


def day(text: str) -> datetime | None:
    """The captured day of a cell; None for a word."""
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC) if text[:1].isdigit() else None


def test_every_line_is_described_and_every_captured_date_is_an_event() -> None:
    counts = Counter(kind for _, events in lines() for kind in events)
    captured = {kind: sum(day(cells[column]) is not None for cells, _ in lines()) for kind, column in DATED.items()}
    assert counts == {"line.described": 10_324, **captured, "line.came_late": 1_186}
    assert captured == {"quote.sent": 7_643, "order.sent": 4_592, "line.delivered": 10_324}


def test_a_line_is_known_from_its_quote_or_its_order_and_undated_ones_from_the_start() -> None:
    undated = 0
    for cells, events in lines():
        known = [at for at in (day(cells[DATED["quote.sent"]]), day(cells[DATED["order.sent"]])) if at]
        assert events["line.described"].known_at == min(known, default=DAWN)
        undated += not known
    assert undated == sum(events["line.described"].known_at == DAWN for _, events in lines()) > 0


def test_a_delivery_is_known_when_it_was_recorded_but_never_before_it_happened() -> None:
    for cells, events in lines():
        delivered, recorded = day(cells[DATED["line.delivered"]]), day(cells["Delivery Recorded Date"])
        assert delivered is not None
        assert recorded is not None
        assert (events["line.delivered"].time, events["line.delivered"].known_at) == (
            delivered,
            max(delivered, recorded),
        )


def test_a_line_came_late_when_it_was_delivered_behind_the_promised_day() -> None:
    for cells, events in lines():
        late = events.get("line.came_late")
        assert (late is not None) == (cells[DATED["line.delivered"]] > cells["Scheduled Delivery Date"])
        if late:
            assert (late.time, late.known_at) == (events["line.delivered"].time, events["line.delivered"].known_at)
            assert late.data == {}


def test_what_the_order_says_rides_with_it_or_is_assumed() -> None:
    for cells, events in lines():
        carrier = events.get("order.sent", events["line.described"])
        assert carrier.links["vendor"] == f"vendor/{' '.join(cells['Vendor'].split())}"
        assert carrier.data["incoterm"] == cells["Vendor INCO Term"]
        if "order.sent" in events:
            assert "vendor" not in events["line.described"].links


def test_the_delivery_alone_brings_weight_freight_and_shipment() -> None:
    for cells, events in lines():
        described, delivered = events["line.described"], events["line.delivered"]
        assert not {"weight", "freight", "insurance", "first_line"} & described.data.keys()
        assert "shipment" not in described.links
        assert delivered.links["shipment"] == f"shipment/{cells['ASN/DN #']}"


def test_words_that_mean_nothing_leave_no_trace() -> None:
    values = {
        value
        for _, events in lines()
        for event in events.values()
        for value in event.data.values()
        if isinstance(value, str)
    }
    assert not values & {
        "N/A",
        "Date Not Captured",
        "Pre-PQ Process",
        "Weight Captured Separately",
        "Invoiced Separately",
    }
    assert all(
        isinstance(event.data.get(name, 0.0), int | float)
        for _, events in lines()
        for event in events.values()
        for name in ("weight", "freight", "value")
    )
    assert "links" in lines()[0][1]["line.described"].data
    assert "quote" not in lines()[0][1]["line.described"].links


def test_the_promised_day_and_the_value_are_there_for_every_line() -> None:
    for cells, events in lines():
        assert events["line.described"].data["promised_on"] == cells["Scheduled Delivery Date"]
        assert events["line.described"].data["value"] == float(cells["Line Item Value"])


def test_kinds_and_events_are_declared() -> None:
    line, *others = KINDS
    assert line.words == "order line"
    assert {kind.name for kind in others} == {
        "project", "quote", "country", "product", "vendor", "site", "order", "shipment",
    }  # fmt: skip
    assert {event.name for event in EVENTS} == {"line.described", *DATED, "line.came_late"}
    value = line.attribute("value")
    assert value is not None
    assert value.unit == "USD"
    assert {a.name for a in line.attributes if not a.assumed} == {"weight", "freight", "insurance", "first_line"}
