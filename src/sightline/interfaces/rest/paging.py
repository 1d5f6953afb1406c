"""Keyset pages: `next` is the place of the last item in its order, opaque to who carries it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import Query

from sightline.language.errors import Invalid
from sightline.language.time import parse_instant

MOST = 1_000
"""Items on one page."""

Limit = Annotated[int, Query(ge=1, le=MOST, description="Items on the page.")]
After = Annotated[
    str | None,
    Query(max_length=4_000, description="`next` of the page before, with the same filters; none: the first page."),
]  # fmt: skip


def encode(values: Sequence[Any]) -> str:
    """A place as a text for URLs: the values of what it is ordered by."""
    plain = [value.isoformat() if isinstance(value, datetime) else str(value) for value in values]
    return base64.urlsafe_b64encode(msgspec.json.encode(plain)).decode().rstrip("=")


def decode(text: str, types: Sequence[type]) -> tuple[Any, ...]:
    """The values of a place. Raises Invalid where it is none of this order."""
    try:
        padded = text + "=" * (-len(text) % 4)
        plain = msgspec.json.decode(base64.b64decode(padded, altchars=b"-_", validate=True), type=list[str])
        return tuple(_read(one, sort) for one, sort in zip(plain, types, strict=True))
    except (ValueError, binascii.Error, Invalid):
        raise Invalid(
            f"'{text[:40]}' is no place in this list.",
            hint="Give `next` of the page before as it is, with the same order; leave `after` out for the first page.",
        ) from None


def _read(text: str, sort: type) -> Any:
    if "\0" in text:
        raise ValueError("No text of ours has this character.")
    return parse_instant(text) if sort is datetime else sort(text)
