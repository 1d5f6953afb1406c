"""The kinds of the leads pack."""

from __future__ import annotations

from sightline.language.kind import EventKind, Kind
from sightline.packs.leads.observe import CAMPAIGN

KINDS: tuple[Kind, ...] = CAMPAIGN.kinds()
"""The lead; it is linked to nothing."""

EVENTS: tuple[EventKind, ...] = CAMPAIGN.event_kinds()
"""`lead.described`, `lead.listed`, `call.ended`, `lead.subscribed`: all of them happen to the lead."""
