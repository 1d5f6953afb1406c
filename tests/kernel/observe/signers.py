"""Senders of webhooks, one of each scheme, written from their documentation and not from ours."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from standardwebhooks import Webhook as Standard

from sightline.kernel.observe import signatures
from sightline.kernel.observe.signatures import Options

Headers = dict[str, str]
Sign = Callable[[str, str, datetime, bytes], Headers]
"""Secret, name, moment and body to headers."""


def _digest(secret: str, said: bytes, algorithm: str = "sha256") -> bytes:
    return hmac.new(secret.encode(), said, getattr(hashlib, algorithm)).digest()


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def standard(secret: str, name: str, at: datetime, body: bytes) -> Headers:
    """By the library of those who wrote the standard."""
    at = at.replace(microsecond=0)
    signed = Standard(secret).sign(name, at.astimezone(UTC), body.decode())
    return {"webhook-id": name, "webhook-timestamp": _seconds(at), "webhook-signature": signed}


def dated(secret: str, name: str, at: datetime, body: bytes) -> Headers:
    """An HMAC over timestamp and body."""
    said = _seconds(at).encode() + b"." + body
    return {"x-timestamp": _seconds(at), "x-signature": _digest(secret, said).hex()}


def slack(secret: str, name: str, at: datetime, body: bytes) -> Headers:
    """As https://docs.slack.dev/authentication/verifying-requests-from-slack has it."""
    said = b"v0:" + _seconds(at).encode() + b":" + body
    return {
        "x-slack-request-timestamp": _seconds(at), "x-slack-signature": "v0=" + _digest(secret, said).hex()
    }  # fmt: skip


def shopify(secret: str, name: str, at: datetime, body: bytes) -> Headers:
    """Base64 over the body alone, and a name that nobody signed."""
    signed = base64.b64encode(_digest(secret, body)).decode()
    return {"x-shopify-hmac-sha256": signed, "x-shopify-webhook-id": name}


def named(secret: str, name: str, at: datetime, body: bytes) -> Headers:
    """SHA-512 over a layout with a name."""
    said = name.encode() + b"|" + _seconds(at).encode() + b"|" + body
    return {"x-id": name, "x-timestamp": _seconds(at), "x-signature": _digest(secret, said, "sha512").hex()}


def stripe(secret: str, name: str, at: datetime, body: bytes) -> Headers:
    """As https://docs.stripe.com/webhooks#verify-manually has it."""
    signed = _digest(secret, _seconds(at).encode() + b"." + body).hex()
    return {"stripe-signature": f"t={_seconds(at)},v1={signed},v0=6ffbb59b"}


def github(secret: str, name: str, at: datetime, body: bytes) -> Headers:
    """As https://docs.github.com/en/webhooks has it."""
    return {"x-hub-signature-256": "sha256=" + _digest(secret, body).hex(), "x-github-delivery": name}


def token(secret: str, name: str, at: datetime, body: bytes) -> Headers:
    """The secret itself."""
    return {"authorization": f"Bearer {secret}"}


@dataclass(frozen=True, slots=True)
class Sender:
    """One sender."""

    scheme: str
    sign: Sign
    given: dict[str, str | None] = field(default_factory=dict)
    """The options it needs."""
    dated: bool = True
    signs_body: bool = True

    @property
    def options(self) -> Options:
        """As a hook has them."""
        return signatures.of(self.scheme, self.given)


SENDERS = {
    "standard": Sender("standard", standard),
    "hmac": Sender("hmac", dated),
    "slack": Sender("hmac", slack, {"signature_header": "X-Slack-Signature", "prefix": "v0=",
        "timestamp_header": "X-Slack-Request-Timestamp", "layout": "v0:{timestamp}:{body}"}),
    "shopify": Sender("hmac", shopify, {"signature_header": "X-Shopify-Hmac-Sha256", "timestamp_header": "",
        "encoding": "base64", "id_header": "X-Shopify-Webhook-Id"}, dated=False),
    "named": Sender("hmac", named, {"layout": "{id}|{timestamp}|{body}", "id_header": "X-Id", "algorithm": "sha512"}),
    "stripe": Sender("stripe", stripe),
    "github": Sender("github", github, dated=False),
    "token": Sender("token", token, dated=False, signs_body=False),
}  # fmt: skip
