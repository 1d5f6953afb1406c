"""The kinds of the customers pack."""

from __future__ import annotations

from sightline.kernel.observe.mapping import events_of, kinds_of
from sightline.language.kind import EventKind, Kind
from sightline.packs.customers.observe import PURCHASES, SUBSCRIBERS

KINDS: tuple[Kind, ...] = kinds_of(PURCHASES, SUBSCRIBERS)
"""The customer, who buys when it pleases; the subscriber, who is under contract."""

EVENTS: tuple[EventKind, ...] = events_of(PURCHASES, SUBSCRIBERS)
"""`order.placed` happens to the customer; nothing dated happens to a subscriber."""
