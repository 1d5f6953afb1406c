"""Webhooks out, as Standard Webhooks (https://www.standardwebhooks.com, version 1) has them: an identifier that stays
the same however often it is sent, a timestamp, and a signature over both and the body for each secret in use.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import msgspec

from sightline.foundation.clock import Clock, SystemClock
from sightline.foundation.outbound import Answer, Outbound
from sightline.kernel.observe import signatures
from sightline.language.action import Action, Destination, Receipt
from sightline.language.errors import Invalid, Unavailable, Undeliverable

SECONDS = 15.0
"""A destination has so long to answer."""

NEVER = frozenset({400, 405, 410, 413, 415, 422})
"""Answers that say of the message itself that it will not be taken; others may have other reasons tomorrow."""

LONGEST_WAIT = 86_400.0
"""Seconds a destination may ask us to wait."""

SHOWN = 200
"""Characters of an answer that are told on."""


class Webhook:
    """Posts each action as JSON. Who gets a key twice knows it by its `webhook-id`."""

    name = "webhook"

    def __init__(self, out: Outbound, clock: Clock | None = None) -> None:
        self._out, self._clock = out, clock or SystemClock()

    async def send(self, action: Action, to: Destination, *, at: datetime) -> Receipt:
        """Sign and post it. Raises Unavailable, Undeliverable, Forbidden and Invalid."""
        if not to.secrets:
            raise Invalid(
                f"'{to.name}' has no secret to sign with.", hint="Give it one: sightline destinations rotate."
            )
        body, sent, name = _body(action, at), str(int(self._clock.now().timestamp())), action.id
        headers = {
            "content-type": "application/json",
            "user-agent": "Sightline",
            "webhook-id": name,
            "webhook-timestamp": sent,
            "webhook-signature": " ".join(signature(secret, name, sent, body) for secret in to.secrets),
        }
        answer = await self._out.post(to.address, body, headers, seconds=SECONDS)
        # What is cut off where it ends cannot be veiled again: of one who is told of persons nothing is told on.
        shown = "" if to.reveal else answer.body.decode("utf-8", "replace")[:SHOWN]
        must_be_taken(answer, to, self._clock, said=shown)
        return Receipt(key=action.key, channel=self.name, at=at, reference=name)


def signature(secret: str, name: str, sent: str, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 over identifier, timestamp and body, in base64. Raises Invalid."""
    said = hmac.new(signatures.key("standard", secret), f"{name}.{sent}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(said).decode()


def _body(action: Action, at: datetime) -> bytes:
    if action.event is not None:
        return action.text.encode()
    data = {
        "key": action.key, "destination": action.destination, "to": str(action.to), "about": str(action.subject),
        "text": action.text,
    }  # fmt: skip
    return msgspec.json.encode({"type": "sightline.action", "timestamp": at.isoformat(), "data": data})


def must_be_taken(answer: Answer, to: Destination, clock: Clock, *, said: str) -> None:
    """Whether a destination took what it was posted. `said`: what may be told on of its answer.

    Raises Undeliverable where it will never take it, and Unavailable, which says after how long to come again.
    """
    if 200 <= answer.status < 300:
        return
    said = "".join(one if one.isprintable() else " " for one in said).strip()
    told = f"'{to.name}' answered {_called(answer.status)}" + (f": {said}" if said else "") + "."
    if 300 <= answer.status < 400:
        told = f"'{to.name}' answered {_called(answer.status)}; redirects are not followed."
    if answer.status == HTTPStatus.GONE:
        raise Undeliverable(told, hint="It wants nothing more, so it is switched off.", gone=True)
    if answer.status in NEVER:
        raise Undeliverable(told, hint="Mend the message or the destination, then send it again.")
    raise Unavailable(told, after=asked_to_wait(answer.headers.get("retry-after", ""), clock.now()))


def _called(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def asked_to_wait(text: str, now: datetime) -> float:
    """Seconds of a Retry-After (RFC 9110, section 10.2.3): a number of them, or a date."""
    if text.isdecimal():
        return min(float(text), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(0.0, (until - now).total_seconds()), LONGEST_WAIT)
