"""The kinds of the receivables pack."""

from __future__ import annotations

from sightline.language.kind import EventKind, Kind
from sightline.packs.receivables.observe import INVOICES

KINDS: tuple[Kind, ...] = INVOICES.kinds()
"""The invoice, and the customer and country it is linked to."""

PAID, DISPUTED, PROMISED, FAILED = "invoice.paid", "invoice.disputed", "invoice.promised", "payment.failed"

EVENTS: tuple[EventKind, ...] = (
    *INVOICES.event_kinds(),
    EventKind(name=DISPUTED, of="invoice", label="disputed"),
    EventKind(name=PROMISED, of="invoice", label="payment promised"),
    EventKind(name=FAILED, of="invoice", label="payment failed"),
)
"""What happens to an invoice. The published ones were issued and paid; what disputes, promises and fails comes from
whoever sends it."""
