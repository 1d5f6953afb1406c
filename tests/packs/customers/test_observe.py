"""Files of the form of the two sets, which do not ship, become the facts that the pack declares."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.kernel.observe.mapping import Mapping
from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.rows import Misfit, RowReader
from sightline.kernel.observe.table import Row
from sightline.language.event import Event
from sightline.language.time import DAWN, parse_instant
from sightline.packs.customers.know import EVENTS, KINDS
from sightline.packs.customers.observe import PURCHASES, SUBSCRIBERS

ORDERS = """\
 customer_id  date number_of_cds  dollar_value\r
 00001 19970101  1   11.77\r
 00002 19970112  5   77.00\r
 00002 19970112  1   12.00\r
 00003 19970102  2   20.76\r
 00003 19970102  2   20.76\r
 00003 19980528 12    0.00\r
"""
TELCO = """\
customerID,gender,SeniorCitizen,Partner,Dependents,tenure,PhoneService,MultipleLines,InternetService,OnlineSecurity,\
OnlineBackup,DeviceProtection,TechSupport,StreamingTV,StreamingMovies,Contract,PaperlessBilling,PaymentMethod,\
MonthlyCharges,TotalCharges,Churn\r
0001-AAAAA,Female,0,Yes,No,1,No,No phone service,DSL,No,Yes,No,No,No,No,Month-to-month,Yes,Electronic check,29.85,29.85,No\r
0002-BBBBB,Male,1,No,No,0,Yes,No,No,No internet service,No internet service,No internet service,No internet service,\
No internet service,No internet service,Two year,No,Mailed check,20.05, ,Yes\r
"""  # noqa: E501


def read(path: Path, text: str, mapping: Mapping) -> list[Event]:
    """The events of a file."""
    path.write_bytes(text.encode())
    table = open_table(path, mapping.dialect)
    mapping.check(table.columns)
    reader, found = RowReader(mapping), []
    for row in table.rows():
        assert isinstance(row, Row)
        events = reader.events(row)
        assert not isinstance(events, Misfit), events
        found += events
    return found


def test_every_row_is_an_order_of_its_customer_with_quantity_and_amount(tmp_path: Path) -> None:
    events = read(tmp_path / "orders.txt", ORDERS, PURCHASES)
    assert {event.type for event in events} == {"order.placed"}
    assert [str(event.subject) for event in events] == [f"customer/0000{n}" for n in (1, 2, 2, 3, 3, 3)]
    assert [event.data for event in events][:2] == [{"quantity": 1, "amount": 11.77}, {"quantity": 5, "amount": 77}]
    assert events[-1].data == {"quantity": 12, "amount": 0}
    assert events[-1].known_at == events[-1].time == parse_instant("1998-05-28")


def test_two_equal_rows_are_two_orders(tmp_path: Path) -> None:
    events = read(tmp_path / "orders.txt", ORDERS, PURCHASES)
    assert len({event.id for event in events}) == len(events)
    assert [event.id for event in events] == [event.id for event in read(tmp_path / "again.txt", ORDERS, PURCHASES)]


def test_a_subscriber_is_known_from_the_start_with_all_that_the_table_says(tmp_path: Path) -> None:
    first, second = read(tmp_path / "telco.csv", TELCO, SUBSCRIBERS)
    assert first.known_at == second.known_at == DAWN
    assert (first.data["left"], second.data["left"]) == ("No", "Yes")
    assert (first.data["senior"], second.data["senior"]) == (False, True)
    assert first.data["total_charges"] == first.data["monthly_charges"] == 29.85
    assert "total_charges" not in second.data
    assert len(first.data) == 20


def test_customers_and_subscribers_are_kinds_of_their_own() -> None:
    customer, subscriber = KINDS
    assert (customer.name, subscriber.name) == ("customer", "subscriber")
    assert {one.name: one.known_by for one in customer.attributes} == {
        "quantity": "order.placed",
        "amount": "order.placed",
    }
    assert not [one for one in subscriber.attributes if not one.assumed]
    assert {event.name for event in EVENTS} >= {"order.placed"}
    assert not [one for kind in KINDS for one in kind.attributes if one.personal]


@pytest.mark.parametrize("mapping", [PURCHASES, SUBSCRIBERS], ids=lambda mapping: mapping.source)
def test_every_column_is_read(mapping: Mapping) -> None:
    header = (ORDERS if mapping is PURCHASES else TELCO).splitlines()[0].replace(",", " ").split()
    assert set(mapping.used()) == set(header)
