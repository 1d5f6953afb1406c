"""The kinds of the receivables pack."""

from __future__ import annotations

from sightline.language.kind import EventKind, Kind
from sightline.packs.receivables.observe import INVOICES

KINDS: tuple[Kind, ...] = INVOICES.kinds()
"""The invoice, and the customer and country it is linked to."""

EVENTS: tuple[EventKind, ...] = INVOICES.event_kinds()
"""`invoice.described`, `invoice.issued`, `invoice.paid`: all of them happen to the invoice."""
