"""A list of invoices of the form of the set, which does not ship, becomes the events that the pack declares."""

from __future__ import annotations

from pathlib import Path

from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.rows import RowReader
from sightline.kernel.observe.table import Row
from sightline.language.event import Event
from sightline.language.time import end_of, parse_instant
from sightline.packs.receivables.know import EVENTS, KINDS
from sightline.packs.receivables.observe import INVOICES

LIST = """\
countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,PaperlessBill,\
DaysToSettle,DaysLate\r
391,0379-NEVHP,4/6/2013,0000611365,1/2/2013,2/1/2013,55.94,No,1/15/2013,Paper,13,0\r
406,8976-AMJEO,3/3/2012,0007900770,1/26/2013,2/25/2013,61.74,Yes,3/3/2013,Electronic,36,6\r
391,2820-XGXSB,1/26/2012,0009231909,7/3/2013,8/2/2013,65.88,No,8/2/2013,Electronic,30,0\r
391,2820-XGXSB,1/26/2012,0009231910,7/4/2013,8/3/2013,5,,,Electronic,,\r
"""


def invoices(path: Path) -> list[dict[str, Event]]:
    """The events of each invoice, by type."""
    path.write_bytes(LIST.encode())
    table = open_table(path, INVOICES.dialect)
    INVOICES.check(table.columns)
    found = []
    for row in table.rows():
        assert isinstance(row, Row)
        events = RowReader(INVOICES).events(row)
        assert isinstance(events, list), events
        found.append({event.type: event for event in events})
    return found


def test_an_invoice_is_issued_and_paid_and_late_behind_its_due_day(tmp_path: Path) -> None:
    found = invoices(tmp_path / "list.csv")
    late = [
        "invoice.paid" not in one or one["invoice.paid"].known_at > end_of(str(one["invoice.described"].data["due_on"]))
        for one in found
    ]
    assert late == [False, True, False, True]
    assert found[0]["invoice.issued"].time == found[0]["invoice.described"].known_at == parse_instant("2013-01-02")
    assert set(found[3]) == {"invoice.described", "invoice.issued"}


def test_what_the_settlement_tells_is_known_with_it(tmp_path: Path) -> None:
    for one in invoices(tmp_path / "list.csv"):
        assert not {"disputed", "days_to_settle", "days_late"} & one["invoice.described"].data.keys()
    first, second, *_ = invoices(tmp_path / "list.csv")
    assert first["invoice.paid"].data == {"amount": 55.94, "disputed": False, "days_to_settle": 13, "days_late": 0}
    assert second["invoice.paid"].data["disputed"]
    assert second["invoice.described"].links == {"customer": "customer/8976-AMJEO", "country": "country/406"}


def test_what_is_paid_adds_up_by_the_event_itself(tmp_path: Path) -> None:
    paid = [one["invoice.paid"] for one in invoices(tmp_path / "list.csv") if "invoice.paid" in one]
    assert sum(event.data["amount"] for event in paid) == 55.94 + 61.74 + 65.88


def test_kinds_and_events_are_declared() -> None:
    invoice, customer, country = KINDS
    assert {one.name for one in invoice.attributes if one.known_by == "invoice.paid"} == {
        "disputed", "days_to_settle", "days_late",
    }  # fmt: skip
    assert (customer.name, customer.person, country.name) == ("customer", False, "country")
    assert [event.name for event in EVENTS] == [
        "invoice.described", "invoice.issued", "invoice.paid", "invoice.disputed", "invoice.promised", "payment.failed",
    ]  # fmt: skip
    assert INVOICES.ignored == ("PaperlessDate",)
