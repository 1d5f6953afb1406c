"""Links by which somebody who was written to says that they want no more (RFC 8058).

What stands in one is sealed under the installation's key: nobody can make one, and it tells nothing to who sees it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sightline.foundation import links
from sightline.foundation.vault import Vault
from sightline.language.action import Party
from sightline.language.errors import NotFound
from sightline.language.ref import Ref

PATH = "/unsubscribe/"
PURPOSE = "unsubscribe"
"""Stands in each: what was sealed for another purpose is no link."""


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
    return base + PATH + links.made(vault, PURPOSE, tenant, str(party.ref), address)


def read(vault: Vault, token: str) -> Leaver:
    """Whose link it is. Raises NotFound: nobody's."""
    found = links.read(vault, token, PURPOSE, tuple[str, int, str, str])
    if found is None:
        raise NotFound("This link is none of ours.", hint="Copy it whole, as it stands in the message.")
    _, tenant, ref, address = found
    return Leaver(tenant, Ref.parse(ref), address)
