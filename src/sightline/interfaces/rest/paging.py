"""Keyset pages: where a page ended, as an opaque word with which the next one begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import msgspec

from sightline.language.errors import Invalid


def encode(values: Sequence[Any]) -> str:
    """The last sort values of a page as one word."""
    return base64.urlsafe_b64encode(msgspec.json.encode(list(values))).rstrip(b"=").decode()


def decode(text: str, types: tuple[Any, ...]) -> tuple[Any, ...]:
    """The sort values in a word that `encode` made. Raises Invalid."""
    try:
        raw = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        found: tuple[Any, ...] = msgspec.json.decode(raw, type=tuple[types])  # type: ignore[valid-type]
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise Invalid(
            f"'{text[:80]}' does not tell where a page ended.",
            hint="Give 'after' the 'next' of the page before, as it is; leave it out for the first page.",
        ) from None
    if any(isinstance(one, str) and "\0" in one for one in found):
        raise Invalid("'after' holds a character that no name has.", hint="Give it the 'next' of the page before.")
    return found
