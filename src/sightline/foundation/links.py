"""Words that only we can have made, fit to stand in an address: sealed under the installation's key, they tell nothing
to who sees one, and what was made for one purpose is nothing for another.
"""

from __future__ import annotations

import base64
import binascii
from typing import TypeVar

import msgspec

from sightline.foundation.vault import Vault
from sightline.language.errors import Misconfigured

LONGEST = 4_000
"""Characters of the longest word."""

T = TypeVar("T", bound=tuple[object, ...])


def made(vault: Vault, *said: str | int) -> str:
    """A word for what is said, the first of which is its purpose. Another one each time."""
    return base64.urlsafe_b64encode(vault.seal(msgspec.json.encode(said))).rstrip(b"=").decode()


def read(vault: Vault, word: str, purpose: str, sort: type[T]) -> T | None:
    """What a word says, purpose first; None where it is none of ours, or was made for another purpose."""
    try:
        sealed = base64.b64decode(word[:LONGEST] + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        found = msgspec.json.decode(vault.unseal(sealed), type=sort)
    except (ValueError, binascii.Error, Misconfigured, msgspec.DecodeError):
        return None
    return found if found[0] == purpose else None
