"""CloudEvents 1.0 in structured mode (JSON event format), as the world sends them.

Besides the context attributes of the specification: `subject` is a reference (kind/key) and required; the
extension attributes `knownat` (when the business could have known it; now when absent, never later than now),
`revises` (the id of the event it corrects) and `cause` are read. `data` is an object of scalars, plus `links`.

Most checks are types of the decoder's, which cost nothing; what types cannot say is checked event by event.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from sightline.language.derived import SOURCE
from sightline.language.errors import Invalid, TooLarge
from sightline.language.event import DERIVED, LINKS, Event
from sightline.language.ref import KIND_NAME, MAX_KEY, Ref

MAX_BATCH = 10_000
"""Events in one request."""

NAME = 128
"""Characters an attribute's or a role's name may have."""

NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")

HINT = 'Send {"specversion": "1.0", "id": ..., "source": ..., "type": ..., "subject": "kind/key", "data": {}}.'

_T = TypeVar("_T")
_Word = Annotated[str, Meta(min_length=1, max_length=256)]
"""Both words of an event's identity fit into one entry of the index that keeps it unique (2,704 bytes)."""
_Whole = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
_Data = dict[str, str | _Whole | float | bool | dict[str, str] | None]


class InvalidEvent(Invalid):
    """One event of a request is wrong, so nothing of the request was recorded."""

    def __init__(self, index: int, message: str, *, hint: str | None = None) -> None:
        super().__init__(f"Event at index {index}: {message}", hint=hint)
        self.index = index
        """Its place in the request, from 0."""


class CloudEvent(msgspec.Struct, frozen=True, gc=False):
    """One event on the wire."""

    specversion: Literal["1.0"]
    id: _Word
    source: _Word
    type: _Word
    subject: str
    time: datetime | None = None
    data: _Data | None = None
    knownat: datetime | None = None
    revises: _Word | None = None
    cause: Annotated[str, Meta(max_length=1024)] | None = None
    data_base64: Literal[None] = None
    """Bytes cannot be read as facts: refused rather than dropped."""


_one = msgspec.json.Decoder(CloudEvent)
_many = msgspec.json.Decoder(list[CloudEvent])
_place = re.compile(r"\$\[(\d+)\]")


def decode(body: bytes, media: str) -> list[CloudEvent]:
    """Read a body: one event (`application/cloudevents+json`), a batch (`...-batch+json`) or NDJSON.

    Plain `application/json` may hold either of the first two. Raises InvalidEvent that names the place of the
    fault, Invalid when the body as a whole cannot be read, TooLarge beyond MAX_BATCH events.
    """
    if media.startswith(NDJSON):
        lines = [line for line in body.split(b"\n") if line.strip()]
        events = [_read(_one.decode, line, index) for index, line in enumerate(lines[: MAX_BATCH + 1])]
    elif body.lstrip()[:1] == b"[":
        events = _read(_many.decode, body, None)
    else:
        events = [_read(_one.decode, body, 0)]
    if len(events) > MAX_BATCH:
        raise TooLarge(f"More than the {MAX_BATCH} events allowed in one request.", hint="Send several requests.")
    if b"\\u0000" in body:
        _refuse_nul(events)
    return events


def as_events(wires: Sequence[CloudEvent], *, now: datetime) -> list[Event]:
    """The events as the ledger keeps them. Raises InvalidEvent with the place of the first that cannot be kept."""
    return [_as_event(wire, index, now) for index, wire in enumerate(wires)]


def _as_event(wire: CloudEvent, index: int, now: datetime) -> Event:
    if wire.type.startswith(DERIVED) or wire.source == SOURCE:
        raise InvalidEvent(index, f"types under '{DERIVED}' and the source '{SOURCE}' are Sightline's own.")
    kind, _, key = wire.subject.partition("/")
    if kind not in _kinds or not 0 < len(key) <= MAX_KEY:
        _check_ref(wire.subject, index)
    known = now
    if wire.knownat is not None:
        known = _utc(wire.knownat, index)
        if known > now:
            hint = "Leave it out: it is then the moment of arrival."
            raise InvalidEvent(index, f"knownat {known.isoformat()} lies in the future.", hint=hint)
    data = wire.data or {}
    for name, value in data.items():
        if type(value) is dict or name == LINKS or len(name) > NAME:
            _check_member(name, value, index)
    return Event(
        id=wire.id,
        source=wire.source,
        type=wire.type,
        subject=Ref(kind, key),
        time=now if wire.time is None else _utc(wire.time, index),
        known_at=known,
        data=data,
        cause=wire.cause,
        revises=wire.revises,
    )


_kinds: set[str] = set()
"""Names of kinds met and found well-formed: the pattern is tried once for each."""
_MOST_KINDS = 10_000


def _check_ref(text: str, index: int) -> None:
    try:
        ref = Ref.parse(text)
    except Invalid as error:
        raise InvalidEvent(index, error.message, hint=error.hint) from None
    if len(_kinds) < _MOST_KINDS:
        _kinds.add(ref.kind)


def _check_member(name: str, value: object, index: int) -> None:
    if not name or len(name) > NAME:
        raise InvalidEvent(index, f"the name '{name[:40]}' has {len(name)} characters; 1 to {NAME} are allowed.")
    if name != LINKS:
        hint = "Flatten it, or put references under 'links'."
        raise InvalidEvent(index, f"'{name}' must be a text, a number, true, false or null.", hint=hint)
    if not isinstance(value, dict):
        raise InvalidEvent(index, "links must map roles to references, such as {'vendor': 'vendor/ACME'}.")
    for role, ref in value.items():
        if not KIND_NAME.fullmatch(role):
            raise InvalidEvent(index, f"'{role[:80]}' is no role of a link.", hint="Use a-z, 0-9 and _, at most 63.")
        _check_ref(ref, index)


def _utc(at: datetime, index: int) -> datetime:
    if at.tzinfo is UTC:
        return at
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        raise InvalidEvent(index, f"the time {at.isoformat()} lies outside of the years 1 to 9999 in UTC.") from None


def _read(decoder: Callable[[bytes], _T], body: bytes, index: int | None) -> _T:
    try:
        return decoder(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        place = _place.search(str(error))
        if place is not None:
            index = int(place[1])
        said = str(error).replace(f"$[{index}]", "$")
        if index is None:
            raise Invalid(f"The body cannot be read: {said}.", hint=HINT) from None
        raise InvalidEvent(index, f"{said}.", hint=HINT) from None


def _refuse_nul(events: Sequence[CloudEvent]) -> None:
    """The character U+0000 may stand in JSON, but in no text of PostgreSQL."""
    for index, event in enumerate(events):
        if "\0" in _texts(event):
            raise InvalidEvent(index, "a text holds the character U+0000, which cannot be kept.", hint="Remove it.")


def _texts(event: CloudEvent) -> str:
    data = event.data or {}
    nested = [part for value in data.values() if isinstance(value, dict) for pair in value.items() for part in pair]
    texts = [value for value in data.values() if isinstance(value, str)]
    return " ".join([event.id, event.source, event.type, event.subject, event.revises or "", event.cause or "",
                     *data, *texts, *nested])  # fmt: skip
