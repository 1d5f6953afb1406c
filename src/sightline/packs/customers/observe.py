"""How purchases, and a table of subscribers, become facts about customers.

Of purchases, one row is one order: a thing that happened to a customer, who exists from the first of them on. Two equal
rows are two orders, so each is told apart by its line. Of subscribers, one row is all there is: no date, no history.
"""

from __future__ import annotations

from sightline.kernel.observe.mapping import LINE, Column, Happening, Mapping
from sightline.kernel.observe.table import WHITESPACE, Dialect
from sightline.language.kind import Sort

ORDERED = "order.placed"

_NUMBER, _CATEGORY, _FLAG = Sort.NUMBER, Sort.CATEGORY, Sort.FLAG

PURCHASES = Mapping(
    source="purchases",
    kind="customer",
    key=("customer_id",),
    rows="events",
    row=(LINE, "customer_id"),
    dates="YYYYMMDD",
    currency="USD",
    dialect=Dialect(delimiter=WHITESPACE, header=True),
    events_=(Happening(type=ORDERED, time="date", label="order placed"),),
    columns=(
        Column(column="number_of_cds", name="quantity", sort=_NUMBER, known=ORDERED, label="discs in the last order"),
        Column(
            column="dollar_value",
            name="amount",
            sort=_NUMBER,
            unit="USD",
            known=ORDERED,
            label="value of the last order",
        ),
    ),
)
"""The purchases as published: `CDNOW_master.txt`, 69,659 orders of 23,570 customers."""


def _of(column: str, name: str, sort: Sort = _CATEGORY, *, unit: str | None = None, label: str = "") -> Column:
    return Column(column=column, name=name, sort=sort, unit=unit, label=label)


SUBSCRIBERS = Mapping(
    source="subscribers",
    kind="subscriber",
    key=("customerID",),
    columns=(
        _of("gender", "gender"),
        _of("SeniorCitizen", "senior", _FLAG),
        _of("Partner", "partner", _FLAG),
        _of("Dependents", "dependents", _FLAG),
        _of("tenure", "tenure", _NUMBER, unit="months"),
        _of("PhoneService", "phone", _FLAG, label="telephone"),
        _of("MultipleLines", "multiple_lines"),
        _of("InternetService", "internet"),
        _of("OnlineSecurity", "online_security"),
        _of("OnlineBackup", "online_backup"),
        _of("DeviceProtection", "device_protection"),
        _of("TechSupport", "tech_support", label="technical support"),
        _of("StreamingTV", "streaming_tv", label="streaming television"),
        _of("StreamingMovies", "streaming_films", label="streaming films"),
        _of("Contract", "contract"),
        _of("PaperlessBilling", "paperless", _FLAG, label="paperless billing"),
        _of("PaymentMethod", "payment", label="method of payment"),
        _of("MonthlyCharges", "monthly_charges", _NUMBER),
        _of("TotalCharges", "total_charges", _NUMBER),
        _of("Churn", "left"),
    ),
)
"""The table as published: `WA_Fn-UseC_-Telco-Customer-Churn.csv`, 7,043 rows, 21 columns."""
