"""How the lines of a delivery history become events.

One row is one order line. Quote sent, order sent and delivered are dated and happen; the promised day is a plan, known
from the line's first date; what is delivered behind it came late. What the order says is known once it was sent;
weight, freight and insurance only when the goods have arrived. The delivery counts as known when it was recorded, if
that was later.
"""

from __future__ import annotations

from dataclasses import replace

from sightline.kernel.observe.mapping import Column, Happening, Mapping
from sightline.language.kind import Sort

QUOTED, ORDERED, DELIVERED, LATE = "quote.sent", "order.sent", "line.delivered", "line.came_late"

_ARRIVAL = "Delivered to Client Date"
_RECORDED = (_ARRIVAL, "Delivery Recorded Date")
_PROMISED = "Scheduled Delivery Date"

_NUMBER, _CATEGORY, _DAY = Sort.NUMBER, Sort.CATEGORY, Sort.DAY


def _start(column: str, name: str, sort: Sort = _CATEGORY, *, unit: str | None = None, label: str = "") -> Column:
    return Column(column=column, name=name, sort=sort, unit=unit, label=label)


def _start_link(column: str, kind: str) -> Column:
    return Column(column=column, name=kind, link=kind)


def _ordered(column: str, name: str, *, link: str | None = None, missing: tuple[str, ...] | None = None) -> Column:
    return Column(column=column, name=name, link=link, known=ORDERED, otherwise="assumed", missing=missing)


def _delivered(column: str, name: str, sort: Sort, *, unit: str | None = None, label: str = "") -> Column:
    return Column(column=column, name=name, sort=sort, known=DELIVERED, unit=unit, label=label)


DELIVERIES = Mapping(
    source="deliveries",
    kind="line",
    label="order line",
    key=("ID",),
    missing=(
        "N/A",
        "N/A - From RDC",
        "Date Not Captured",
        "Pre-PQ Process",
        "Weight Captured Separately",
        "Freight Included in Commodity Cost",
        "Invoiced Separately",
        "See ASN-* (ID#:*)",
        "See DN-* (ID#:*)",
    ),
    currency="USD",
    events_=(
        Happening(type=QUOTED, time="PQ First Sent to Client Date", label="quote sent"),
        Happening(type=ORDERED, time="PO Sent to Vendor Date", label="order sent"),
        Happening(type=DELIVERED, time=_ARRIVAL, known=_RECORDED, begins=False, label="delivered"),
        Happening(type=LATE, time=_ARRIVAL, past=_PROMISED, known=_RECORDED, begins=False, label="came late"),
    ),
    columns=(
        _start(_PROMISED, "promised_on", _DAY, label="promised day"),
        _start_link("Project Code", "project"),
        _start_link("PQ #", "quote"),
        _start_link("Country", "country"),
        _start_link("Item Description", "product"),
        _start("Managed By", "managed_by", label="managed by"),
        _start("Fulfill Via", "fulfil_via", label="fulfilled via"),
        # Who orders the transport says how the goods travel; when a line is asked about, that can still be changed.
        replace(_start("Shipment Mode", "mode", label="shipment mode"), actionable=True),
        _start("Product Group", "product_group"),
        _start("Sub Classification", "product_class"),
        _start("Molecule/Test Type", "molecule", label="molecule or test"),
        _start("Dosage", "dosage"),
        _start("Unit of Measure (Per Pack)", "pack_size", _NUMBER, label="units per pack"),
        _start("Line Item Quantity", "quantity", _NUMBER),
        _start("Line Item Value", "value", _NUMBER, unit="USD"),
        _start("Pack Price", "pack_price", _NUMBER, unit="USD"),
        _start("Unit Price", "unit_price", _NUMBER, unit="USD"),
        _ordered("Vendor", "vendor", link="vendor"),
        _ordered("Manufacturing Site", "site", link="site"),
        _ordered("PO / SO #", "order", link="order"),
        # Delivered from the warehouse is a term of its own here, not a missing one.
        _ordered("Vendor INCO Term", "incoterm", missing=()),
        _ordered("Brand", "brand"),
        _ordered("Dosage Form", "dosage_form"),
        Column(column="ASN/DN #", name="shipment", link="shipment", known=DELIVERED),
        _delivered("Weight (Kilograms)", "weight", _NUMBER, unit="kg"),
        _delivered("Freight Cost (USD)", "freight", _NUMBER, unit="USD", label="freight cost"),
        _delivered("Line Item Insurance (USD)", "insurance", _NUMBER, unit="USD"),
        _delivered("First Line Designation", "first_line", _CATEGORY, label="first-line designation"),
    ),
)
"""The delivery history as published: `SCMS Delivery History Dataset`, 10,324 lines, 33 columns."""
