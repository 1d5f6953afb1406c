"""The kinds of the supply pack, and how people call them."""

from __future__ import annotations

from dataclasses import replace

from sightline.kernel.observe.mapping import Mapping
from sightline.language.kind import EventKind, Kind
from sightline.packs.supply.observe import DELIVERIES

_LABELS = {"site": "manufacturing site", "product": "product", "quote": "price quote", "shipment": "shipment"}


def _labelled(mapping: Mapping) -> tuple[Kind, ...]:
    return tuple(replace(kind, label=kind.label or _LABELS.get(kind.name, "")) for kind in mapping.kinds())


KINDS: tuple[Kind, ...] = _labelled(DELIVERIES)
"""The order line, and what it is linked to: project, quote, country, product, vendor, site, order, shipment."""

EVENTS: tuple[EventKind, ...] = DELIVERIES.event_kinds()
"""`line.described`, `quote.sent`, `order.sent`, `line.delivered`, `line.came_late`: all happen to the line."""
