"""How a list of invoices becomes events.

One row is one invoice. It is issued and it is paid; the due day is known when it is issued. Whether it was disputed,
and all that counts days, is filled in by whoever settles it: known with the payment.
"""

from __future__ import annotations

from sightline.kernel.observe.mapping import Column, Happening, Mapping
from sightline.language.kind import Sort

ISSUED, PAID = "invoice.issued", "invoice.paid"

INVOICES = Mapping(
    source="invoices",
    kind="invoice",
    key=("invoiceNumber",),
    dates="MM/DD/YYYY",
    currency="USD",
    events_=(
        Happening(type=ISSUED, time="InvoiceDate", label="issued"),
        Happening(type=PAID, time="SettledDate", says=("InvoiceAmount",), begins=False, label="paid"),
    ),
    columns=(
        Column(column="customerID", name="customer", link="customer"),
        Column(column="countryCode", name="country", link="country"),
        Column(column="DueDate", name="due_on", sort=Sort.DAY, label="due day"),
        Column(column="InvoiceAmount", name="amount", sort=Sort.NUMBER, unit="USD"),
        Column(column="PaperlessBill", name="bill", label="kind of bill"),
        Column(column="Disputed", name="disputed", sort=Sort.FLAG, known=PAID),
        Column(column="DaysToSettle", name="days_to_settle", sort=Sort.NUMBER, unit="days", known=PAID),
        Column(column="DaysLate", name="days_late", sort=Sort.NUMBER, unit="days", known=PAID),
    ),
    # The day a customer went paperless may lie behind the invoice, and `bill` says what matters of it.
    ignored=("PaperlessDate",),
)
"""The invoices as published: `WA_Fn-UseC_-Accounts-Receivable.csv`, 2,466 rows, 12 columns. It names no currency."""
