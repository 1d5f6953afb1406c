"""Something that happened, as the ledger keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

import msgspec

from sightline.language.derived import RETRACTED
from sightline.language.ref import Ref

LINKS = "links"
"""The member of an event's data that holds links: role to reference (`{"vendor": "vendor/ACME"}`)."""

DERIVED = "sightline."
"""Prefix of the types Sightline makes itself: neither features nor triggers unless a pack says so."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """The CloudEvents 1.0 context attributes plus Sightline's own. Immutable; a correction is a new event.

    `data` is flat: each member but `links` is a scalar fact about the subject that this event makes known;
    `links` maps roles to references. Unique by (tenant, source, id).
    """

    id: str
    source: str
    type: str
    subject: Ref
    time: datetime
    """When it happened (UTC)."""
    known_at: datetime
    """When the business could have known it (UTC)."""
    data: Mapping[str, Any] = msgspec.field(default_factory=dict)
    recorded_at: datetime | None = None
    """When the ledger took it in; None before it has."""
    position: int | None = None
    """Its place in the ledger; None before it has one."""
    cause: str | None = None
    """`source#id` of the event that led to this one."""
    revises: str | None = None
    """The id (same source) of the event this one corrects: always the first of its chain."""
    batch: str | None = None
    """The import it came with."""

    @property
    def links(self) -> Mapping[str, str]:
        """Role to reference text."""
        found: Mapping[str, str] = self.data.get(LINKS) or {}
        return found

    @property
    def retracts(self) -> bool:
        """Whether it revises another event into nothing."""
        return self.type == RETRACTED

    def but(self, **changes: Any) -> Self:
        """A copy with some attributes changed."""
        return msgspec.structs.replace(self, **changes)
