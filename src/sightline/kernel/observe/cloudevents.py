"""CloudEvents 1.0 in structured mode (JSON event format), as the world sends them.

Besides the context attributes of the specification: `subject` is a reference (kind/key) and required; the
extension attributes `knownat` (when the business could have known it; now when absent, never later than now),
`revises` (the id of the event it corrects) and `cause` are read. `data` is an object of scalars, plus `links`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from sightline.language.derived import SOURCE
from sightline.language.errors import Invalid, TooLarge
from sightline.language.event import DERIVED, LINKS, Event
from sightline.language.ref import Ref

MAX_BATCH = 10_000
"""Events in one request."""


class CloudEvent(msgspec.Struct, frozen=True):
    """One event on the wire."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: datetime | None = None
    data: dict[str, Any] = {}
    knownat: datetime | None = None
    revises: str | None = None
    cause: str | None = None


_one = msgspec.json.Decoder(CloudEvent)
_many = msgspec.json.Decoder(list[CloudEvent])


def decode(body: bytes, media: str) -> list[CloudEvent]:
    """Read a body: one event (`application/cloudevents+json`), a batch (`...-batch+json`) or NDJSON.

    Plain `application/json` may hold either of the first two. Raises Invalid with the place of the fault.
    """
    try:
        if media.startswith(("application/x-ndjson", "application/ndjson", "application/jsonl")):
            events = [_one.decode(line) for line in body.split(b"\n") if line.strip()]
        elif body.lstrip()[:1] == b"[":
            events = _many.decode(body)
        else:
            events = [_one.decode(body)]
    except msgspec.MsgspecError as error:
        hint = 'Send {"specversion": "1.0", "id": ..., "source": ..., "type": ..., "subject": "kind/key", "data": {}}.'
        raise Invalid(f"This is no CloudEvent: {error}.", hint=hint) from None
    if len(events) > MAX_BATCH:
        raise TooLarge(f"{len(events)} events in one request; {MAX_BATCH} are allowed.", hint="Send several requests.")
    return events


def as_event(wire: CloudEvent, *, now: datetime) -> Event:
    """The event as the ledger keeps it. Raises Invalid that names the event and what was allowed."""
    if wire.specversion != "1.0":
        raise Invalid(f"Event '{wire.id}': specversion '{wire.specversion}' is not '1.0'.")
    if not wire.id or not wire.source or not wire.type:
        raise Invalid("An event needs an id, a source and a type that are not empty.")
    if wire.type.startswith(DERIVED) or wire.source == SOURCE:
        raise Invalid(f"Event '{wire.id}': types under '{DERIVED}' and the source '{SOURCE}' are Sightline's own.")
    known = _utc(wire.knownat) if wire.knownat else now
    if known > now:
        raise Invalid(f"Event '{wire.id}': knownat {known.isoformat()} lies in the future.", hint="Leave it out.")
    if wire.data:
        _check_data(wire)
    return Event(
        id=wire.id,
        source=wire.source,
        type=wire.type,
        subject=Ref.parse(wire.subject),
        time=_utc(wire.time) if wire.time else now,
        known_at=known,
        data=wire.data,
        cause=wire.cause,
        revises=wire.revises,
    )


def _check_data(wire: CloudEvent) -> None:
    for name, value in wire.data.items():
        if name == LINKS:
            if not isinstance(value, dict):
                raise Invalid(f"Event '{wire.id}': links must map roles to references such as vendor/ACME.")
            for ref in value.values():
                Ref.parse(str(ref))
        elif isinstance(value, dict | list):
            hint = "Flatten it, or put references under 'links'."
            raise Invalid(f"Event '{wire.id}': '{name}' must be a text, a number, true, false or null.", hint=hint)


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
