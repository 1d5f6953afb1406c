"""Links by which somebody who was written to says that they want no more (RFC 8058).

What stands in one is sealed under the installation's key: nobody can make one, and it tells nothing to who sees it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import msgspec

from sightline.foundation.vault import Vault
from sightline.language.action import Party
from sightline.language.errors import Misconfigured, NotFound
from sightline.language.ref import Ref

PATH = "/unsubscribe/"
PURPOSE = "unsubscribe"
"""Stands in each: what was sealed for another purpose is no link."""

LONGEST = 4_000
"""Characters of the longest link."""


@dataclass(frozen=True, slots=True)
class Leaver:
    """Who wants no more, in which workspace, under which address."""

    tenant: int
    ref: Ref
    address: str


def link(vault: Vault, base: str, tenant: int, party: Party, address: str) -> str | None:
    """The link for a party that is written to at an address; None where it is nobody's."""
    if party.ref is None:
        return None
    plain = msgspec.json.encode([PURPOSE, tenant, str(party.ref), address])
    return base + PATH + base64.urlsafe_b64encode(vault.seal(plain)).rstrip(b"=").decode()


def read(vault: Vault, token: str) -> Leaver:
    """Whose link it is. Raises NotFound: nobody's."""
    try:
        sealed = base64.b64decode(token[:LONGEST] + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        purpose, tenant, ref, address = msgspec.json.decode(vault.unseal(sealed), type=tuple[str, int, str, str])
    except (ValueError, binascii.Error, Misconfigured, msgspec.DecodeError):
        purpose, tenant, ref, address = "", 0, "", ""
    if purpose != PURPOSE:
        raise NotFound("This link is none of ours.", hint="Copy it whole, as it stands in the message.")
    return Leaver(tenant, Ref.parse(ref), address)
