"""Factories: the smallest right thing of each sort; a test names what matters to it, the rest is filled in."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sightline.language import derived
from sightline.language.action import Action
from sightline.language.event import LINKS, Event
from sightline.language.ref import Ref

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
"""Day 0 of every made-up history."""

_numbers = itertools.count()


def day(number: float) -> datetime:
    """The moment `number` days after EPOCH (UTC)."""
    return EPOCH + timedelta(days=number)


def event(
    subject: str = "thing/1",
    *,
    id: str | None = None,  # noqa: A002 - the attribute's own name
    type: str = "thing.described",  # noqa: A002 - the attribute's own name
    on: float = 0,
    known: float | None = None,
    links: Mapping[str, str] | None = None,
    revises: str | None = None,
    source: str = "made",
    **data: Any,
) -> Event:
    """An event about `subject` (kind/key) that happened on day `on` and was known on day `known` (the same day).

    `data` are its facts, `links` role to kind/key. Without `id` each call makes another event.
    """
    return Event(
        id=id or f"e{next(_numbers)}",
        source=source,
        type=type,
        subject=Ref.parse(subject),
        time=day(on),
        known_at=day(on if known is None else known),
        data={**data, LINKS: dict(links)} if links else data,
        revises=revises,
    )


def retraction(of: Event, *, known: float | None = None, id: str | None = None) -> Event:  # noqa: A002
    """The event that revises another into nothing, known on day `known` (when the other was)."""
    return Event(
        id=id or f"e{next(_numbers)}",
        source=of.source,
        type=derived.RETRACTED,
        subject=of.subject,
        time=of.time,
        known_at=of.known_at if known is None else day(known),
        revises=of.revises or of.id,
    )


def action(key: str = "made:tell:thing/1:", *, destination: str = "paper", text: str = "Please look.") -> Action:
    """An action under `key`, which others know by a name made of it."""
    name = "msg_" + hashlib.sha256(key.encode()).hexdigest()[:32]
    return Action(
        key=key, id=name, destination=destination, to=Ref("team", "one"), subject=Ref("thing", "1"), text=text
    )
