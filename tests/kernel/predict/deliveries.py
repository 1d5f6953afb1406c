"""The shipped deliveries as the ledger's rows, in the event shape the supply pack records. For tests and benchmarks."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from importlib.resources import files

import polars as pl

from sightline.language.kind import Attribute, EventKind, Kind, Link, Sort
from sightline.language.question import Question, absent, attribute, before, days
from sightline.language.time import DAWN

LATE = Question(
    name="supply.arrives_late",
    of="line",
    asks="Will this order line be undelivered on the day it was promised?",
    when=before(attribute("promised_on"), days(30)),
    answer=absent("line.delivered", until=attribute("promised_on")),
    grace=days(21),
    worth=attribute("value"),
    together="order",
    yes="late",
    no="on time",
)

_N, _C, _D = Sort.NUMBER, Sort.CATEGORY, Sort.DAY
DESCRIBED = {
    "Scheduled Delivery Date": ("promised_on", _D),
    "Managed By": ("managed_by", _C),
    "Fulfill Via": ("fulfil_via", _C),
    "Shipment Mode": ("mode", _C),
    "Product Group": ("product_group", _C),
    "Sub Classification": ("product_class", _C),
    "Molecule/Test Type": ("molecule", _C),
    "Dosage": ("dosage", _C),
    "Unit of Measure (Per Pack)": ("pack_size", _N),
    "Line Item Quantity": ("quantity", _N),
    "Line Item Value": ("value", _N),
    "Pack Price": ("pack_price", _N),
    "Unit Price": ("unit_price", _N),
}
ORDERED = {"Vendor INCO Term": ("incoterm", _C), "Brand": ("brand", _C), "Dosage Form": ("dosage_form", _C)}
DELIVERED = {
    "Weight (Kilograms)": ("weight", _N),
    "Freight Cost (USD)": ("freight", _N),
    "Line Item Insurance (USD)": ("insurance", _N),
    "First Line Designation": ("first_line", _C),
}
DESCRIBED_LINKS = {"Country": "country", "Project Code": "project", "PQ #": "quote", "Item Description": "product"}
ORDERED_LINKS = {"Vendor": "vendor", "Manufacturing Site": "site", "PO / SO #": "order"}
DELIVERED_LINKS = {"ASN/DN #": "shipment"}
WORTHLESS = {"Pre-PQ Process", "Date Not Captured", "N/A", "N/A - From RDC"}


def _attributes() -> tuple[Attribute, ...]:
    return tuple(
        Attribute(name=name, sort=sort, assumed=group is not DELIVERED, unit="USD" if name == "value" else None)
        for group in (DESCRIBED, ORDERED, DELIVERED)
        for name, sort in group.values()
    )


def _links() -> tuple[Link, ...]:
    assumed = {**DESCRIBED_LINKS, **ORDERED_LINKS}
    return tuple(Link(name=role, to=role, assumed=True) for role in assumed.values()) + tuple(
        Link(name=role, to=role) for role in DELIVERED_LINKS.values()
    )


KINDS = {
    "line": Kind(name="line", attributes=_attributes(), links=_links()),
    **{
        role: Kind(name=role)
        for role in ("country", "project", "quote", "product", "vendor", "site", "order", "shipment")
    },
}
EVENTS = {
    "line.delivered": EventKind(name="line.delivered", of="line"),
    "order.sent": EventKind(name="order.sent", of="line"),
    "quote.sent": EventKind(name="quote.sent", of="line"),
    "line.described": EventKind(name="line.described", of="line"),
}


def raw() -> pl.DataFrame:
    """The file as it ships: 10,324 lines, all text."""
    path = files("sightline.packs.supply") / "data" / "scms_delivery.csv.gz"
    return pl.read_csv(path.read_bytes(), infer_schema=False)


def _instant(text: str | None) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text or ""), datetime.min.time(), UTC)
    except ValueError:
        return None


def _data(
    row: dict[str, str | None], attributes: dict[str, tuple[str, Sort]], links: dict[str, str]
) -> dict[str, object]:
    data: dict[str, object] = {}
    for column, (name, sort) in attributes.items():
        text = row[column]
        if text is None or (text in WORTHLESS and column != "Vendor INCO Term"):
            continue
        try:
            data[name] = float(text) if sort is Sort.NUMBER else text
        except ValueError:
            continue
    found = {role: f"{role}/{row[column]}" for column, role in links.items() if row[column] not in {None, *WORTHLESS}}
    return {**data, "links": found} if found else data


def _events(row: dict[str, str | None]) -> list[tuple[str, datetime, datetime, dict[str, object]]]:
    quoted, ordered = _instant(row["PQ First Sent to Client Date"]), _instant(row["PO Sent to Vendor Date"])
    first = min((at for at in (quoted, ordered) if at), default=DAWN)
    described, sent = _data(row, DESCRIBED, DESCRIBED_LINKS), _data(row, ORDERED, ORDERED_LINKS)
    if ordered is None:
        described = {**described, **sent, "links": {**described.get("links", {}), **sent.get("links", {})}}  # type: ignore[dict-item]
    found: list[tuple[str, datetime, datetime, dict[str, object]]] = [("line.described", first, first, described)]
    if quoted:
        found.append(("quote.sent", quoted, quoted, {}))
    if ordered:
        found.append(("order.sent", ordered, ordered, sent))
    delivered, recorded = _instant(row["Delivered to Client Date"]), _instant(row["Delivery Recorded Date"])
    if delivered:
        found.append(
            ("line.delivered", delivered, max(delivered, recorded or delivered), _data(row, DELIVERED, DELIVERED_LINKS))
        )
    return found


def ledger() -> pl.DataFrame:
    """The rows of the lake after the whole file was imported."""
    rows = []
    for line in raw().to_dicts():
        for kind, time, known_at, data in _events(line):
            name = f"{line['ID']}:{kind}"
            rows.append(("import", name, name, kind, "line", line["ID"], time, known_at, False, json.dumps(data)))
    columns = ("source", "id", "root", "type", "kind", "key", "time", "known_at", "retracted", "data")
    instants = {"time": pl.Datetime("us", "UTC"), "known_at": pl.Datetime("us", "UTC")}
    frame = pl.DataFrame(
        rows, schema={c: instants.get(c, pl.String) for c in columns} | {"retracted": pl.Boolean}, orient="row"
    )
    return frame.with_row_index("position", offset=1).cast({"position": pl.Int64})
