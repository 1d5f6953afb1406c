"""The kinds of the deals pack."""

from __future__ import annotations

from sightline.kernel.observe.mapping import events_of, kinds_of
from sightline.language.kind import EventKind, Kind
from sightline.packs.deals.observe import MAPPINGS

KINDS: tuple[Kind, ...] = kinds_of(*MAPPINGS)
"""The deal with its account, product and agent; their country, manager and office."""

EVENTS: tuple[EventKind, ...] = events_of(*MAPPINGS)
"""`deal.engaged`, `deal.closed`, `deal.won` and `deal.lost` happen to the deal."""
