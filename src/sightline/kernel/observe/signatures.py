"""How senders of webhooks prove that a message is theirs: the usual schemes, on the bytes as they came.

`standard`  Standard Webhooks (https://www.standardwebhooks.com, version 1): identifier, timestamp, several signatures
`hmac`      an HMAC over a layout of your own, such as `{timestamp}.{body}`, in headers of your own
`stripe`    `t=...,v1=...` in one header; the identifier stands in the body
`github`    `sha256=` and the HMAC of the body; the identifier stands in a header nobody signed
`token`     a secret that is sent along

Whatever is compared is compared in constant time, and nobody is told that a message is stale who did not sign it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from sightline.language.errors import Invalid, Stale, Unauthenticated

Scheme = Literal["standard", "hmac", "stripe", "github", "token"]
SCHEMES: tuple[str, ...] = get_args(Scheme)

TOLERANCE = timedelta(minutes=5)
"""A timestamp may be so old, or so far ahead."""

PREFIX = "whsec_"
"""How secrets of Standard Webhooks begin; behind it stands base64."""

LEAST_SECRET, MOST_SECRET = 24, 64
"""Bytes of such a secret."""

SHORTEST, LONGEST = 16, 512
"""Characters of any other secret."""

MOST_SIGNATURES = 20
"""Signatures of one message that are looked at."""

LONGEST_ID = 256

_PLACE = re.compile(r"(\{(?:timestamp|id|body)\})")
_HEADER = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,100}")
_ALGORITHMS = {"sha256": hashlib.sha256, "sha512": hashlib.sha512}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is particular about a sender; each scheme has its own (see `of`)."""

    signature_header: str = ""
    """Where the signature stands, or the token."""
    timestamp_header: str = ""
    """Where seconds since 1970 stand; empty: messages are not dated."""
    id_header: str = ""
    """Where the identifier of a message stands; empty: in the body, or nowhere."""
    id_field: str = ""
    """Dotted path to the identifier in the body, where no header has it."""
    algorithm: Literal["sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    """What stands before the signature, such as `sha256=`."""
    layout: str = "{body}"
    """What is signed: `{timestamp}`, `{id}` and `{body}` with what stands between them."""


_USUAL: dict[str, Options] = {
    "standard": Options(
        signature_header="webhook-signature", timestamp_header="webhook-timestamp", id_header="webhook-id",
        encoding="base64", prefix="v1,", layout="{id}.{timestamp}.{body}",
    ),
    "hmac": Options(
        signature_header="x-signature", timestamp_header="x-timestamp", layout="{timestamp}.{body}",
    ),
    "stripe": Options(signature_header="stripe-signature", id_field="id", layout="{timestamp}.{body}"),
    "github": Options(signature_header="x-hub-signature-256", id_header="x-github-delivery", prefix="sha256="),
    "token": Options(signature_header="authorization", prefix="Bearer "),
}  # fmt: skip

_MAY: dict[str, frozenset[str]] = {
    "standard": frozenset(),
    "hmac": frozenset(Options.__dataclass_fields__),
    "stripe": frozenset(("signature_header", "id_field")),
    "github": frozenset(("signature_header", "id_header")),
    "token": frozenset(("signature_header", "id_header", "id_field", "prefix")),
}
"""Which options each scheme leaves to its user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A message whose sender is known."""

    id: str | None
    """What its sender calls it, where a header says so."""
    signed_id: bool
    """Whether that cannot have been changed by somebody else."""
    at: datetime | None
    """When it was sent, where that is signed."""
    said: bytes = field(repr=False)
    """All that was signed."""


def of(scheme: str, given: Mapping[str, str | None]) -> Options:
    """The options of a scheme, with what is `given` in the place of what is usual. Raises Invalid."""
    if scheme not in SCHEMES:
        raise Invalid(f"'{scheme[:80]}' is no scheme.", hint=f"Choose one of: {', '.join(SCHEMES)}.")
    said = {name: value for name, value in given.items() if value is not None}
    for name in said:
        if name not in _MAY[scheme]:
            may = ", ".join(sorted(_MAY[scheme])) or "nothing"
            raise Invalid(f"'{name}' is not to be chosen for '{scheme}'.", hint=f"To be chosen there: {may}.")
    lower = {name: value.lower() for name, value in said.items() if name.endswith("_header")}
    made = replace(_USUAL[scheme], **{**said, **lower})  # type: ignore[arg-type]
    if scheme == "hmac" and "layout" not in said and not made.timestamp_header:
        made = replace(made, layout="{body}")
    for complaint in _complaints(made, dated="{timestamp}" if scheme == "stripe" else ""):
        raise Invalid(complaint)
    return made


def _complaints(made: Options, dated: str) -> Iterator[str]:
    """What does not fit; `dated`: what is signed and stands in no header of its own."""
    for name in ("signature_header", "timestamp_header", "id_header"):
        header = getattr(made, name)
        if (header or name == "signature_header") and not _HEADER.fullmatch(header):
            yield f"{name}: '{header[:80]}' is no name of a header."
    if made.algorithm not in _ALGORITHMS:
        yield f"algorithm: '{made.algorithm[:80]}' is not known. Choose sha256 or sha512."
    if made.encoding not in ("hex", "base64"):
        yield f"encoding: '{made.encoding[:80]}' is not known. Choose hex or base64."
    if made.layout.count("{body}") != 1:
        yield "layout: what is signed must hold {body}, once."
    for word, header in (("{timestamp}", made.timestamp_header), ("{id}", made.id_header)):
        if word in made.layout and not header and word != dated:
            yield f"layout: {word} is signed, and no header is named that it stands in."
    if made.timestamp_header and "{timestamp}" not in made.layout:
        yield "layout: the timestamp must be signed, or anybody could write another one. Add {timestamp}."


def new_secret(scheme: str) -> str:
    """A secret to sign with."""
    if scheme == "standard":
        return PREFIX + base64.b64encode(secrets.token_bytes(LEAST_SECRET)).decode()
    return secrets.token_urlsafe(32)


def check_secret(scheme: str, secret: str) -> None:
    """Raises Invalid for a secret that cannot be one, without quoting it."""
    if scheme == "standard":
        key(scheme, secret)
    elif not SHORTEST <= len(secret) <= LONGEST or not secret.isascii() or not secret.isprintable():
        raise Invalid(f"That is no secret: {SHORTEST} to {LONGEST} printable ASCII characters are needed.")


def key(scheme: str, secret: str) -> bytes:
    """What is signed with. Raises Invalid for a secret that cannot be one of Standard Webhooks."""
    if scheme != "standard":
        return secret.encode()
    try:
        found = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if not LEAST_SECRET <= len(found) <= MOST_SECRET:
        raise Invalid(
            f"That is no secret of Standard Webhooks: {PREFIX} and {LEAST_SECRET} to {MOST_SECRET} bytes in base64 are"
            " needed."
        )
    return found


Headers = Mapping[str, str]
"""By name in small letters."""


def verify(
    scheme: str, options: Options, keys: Sequence[str], headers: Headers, body: bytes, *, now: datetime
) -> Signed:
    """What is known of a message that one of `keys` signed. Raises Unauthenticated; Stale where it is too old or too
    far ahead.
    """
    given = headers.get(options.signature_header, "")
    if not given:
        raise Unauthenticated(f"It is not signed: there is no '{options.signature_header}'.")
    if scheme == "token":
        return _by_token(options, keys, headers, given)
    sent, signatures = _read(scheme, options, headers, given)
    id_ = _id(options, headers)
    said = _laid_out(options.layout, {"{timestamp}": sent or "", "{id}": id_ or ""}, body)
    algorithm = _ALGORITHMS[options.algorithm]
    good = False
    for secret in keys:
        right = _encoded(options, hmac.new(key(scheme, secret), said, algorithm).digest())
        for one in signatures:
            good |= hmac.compare_digest(right, one)
    if not good:
        raise Unauthenticated("Its signature is none of ours.")
    at = _fresh(sent, now) if "{timestamp}" in options.layout else None
    return Signed(id=id_, signed_id="{id}" in options.layout, at=at, said=said)


def _by_token(options: Options, keys: Sequence[str], headers: Headers, given: str) -> Signed:
    good = False
    for secret in keys:
        good |= hmac.compare_digest((options.prefix + secret).encode(), given.encode())
    if not good:
        raise Unauthenticated("Its token is none of ours.")
    # Whoever has the token may say what they like, so there is nobody to protect the identifier from.
    return Signed(id=_id(options, headers), signed_id=True, at=None, said=b"")


def _read(scheme: str, options: Options, headers: Headers, given: str) -> tuple[str | None, list[bytes]]:
    """The timestamp and the signatures, as they stand there."""
    if scheme == "stripe":
        pairs = [part.strip().partition("=") for part in given.split(",")]
        sent = next((value for name, _, value in pairs if name == "t"), None)
        signatures = [value for name, _, value in pairs if name == "v1"]
    else:
        sent = headers.get(options.timestamp_header) if options.timestamp_header else None
        parts = given.split(" ") if scheme == "standard" else [given]
        signatures = [one.removeprefix(options.prefix) for one in parts if one.startswith(options.prefix)]
    return sent, [one.encode() for one in signatures[:MOST_SIGNATURES]]


def _id(options: Options, headers: Headers) -> str | None:
    """Raises Unauthenticated where a header should have it and has not."""
    if not options.id_header:
        return None
    found = headers.get(options.id_header, "")
    if not 0 < len(found) <= LONGEST_ID:
        raise Unauthenticated(f"It has no name: '{options.id_header}' must hold 1 to {LONGEST_ID} characters.")
    return found


def _laid_out(layout: str, words: Mapping[str, str], body: bytes) -> bytes:
    """What is signed. Headers were read as Latin-1, which gives every byte of theirs back."""
    parts = _PLACE.split(layout)
    return b"".join(
        body if part == "{body}" else words[part].encode("latin-1", "replace") if part in words else part.encode()
        for part in parts
    )


def _encoded(options: Options, digest: bytes) -> bytes:
    return digest.hex().encode() if options.encoding == "hex" else base64.b64encode(digest)


def _fresh(sent: str | None, now: datetime) -> datetime:
    """The moment a message was sent. Raises Stale."""
    said = sent or ""
    if not (said.isascii() and said.isdecimal() and len(said) <= 12):
        raise Unauthenticated("Its timestamp is none: seconds since 1970 are needed.")
    seconds = int(said)
    if abs(seconds - now.timestamp()) > TOLERANCE.total_seconds():
        raise Stale(
            f"It was signed more than {TOLERANCE.seconds // 60} minutes before or after now.",
            hint="Sign it anew, and let the clock be set.",
        )
    return datetime.fromtimestamp(seconds, UTC)
