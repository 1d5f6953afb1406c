"""The audit trail as the desk keeps it: nobody's personal key stands in it, for it is never erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from sightline.foundation.db.session import Transaction
from sightline.foundation.identity import audit
from sightline.foundation.identity.audit import Counted
from sightline.foundation.identity.trail import Trail
from sightline.foundation.vault import Vault
from sightline.kernel.declared import declared
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe.personal import token_ref
from sightline.language.kind import Kind
from sightline.language.ref import Ref

HIDDEN = "*"
"""Stands for a key that may be a person's and is not known to the vault."""


def trail(desk: Desk) -> Trail:
    """A trail that gathers what happens at a desk."""

    async def write(tenant: int, found: Sequence[Counted]) -> list[int]:
        return await audit.write(desk.db, tenant, await _veiled(desk, tenant, found))

    return Trail(write, desk.clock)


def silent(desk: Desk) -> Trail:
    """A trail that keeps nothing: for what is done for somebody whose own line tells of it."""

    async def write(_tenant: int, _found: Sequence[Counted]) -> list[int]:
        return []

    return Trail(write, desk.clock)


async def _veiled(desk: Desk, tenant: int, found: Sequence[Counted]) -> Sequence[Counted]:
    if not any(one.line.ref for one in found):
        return found
    async with desk.db.transaction(tenant) as tx:
        kinds = (await declared(tx, desk.registry)).kinds
        return [
            replace(one, line=replace(one.line, ref=await _veil(tx, desk.vault, one.line.ref, kinds)))
            if one.line.ref
            else one
            for one in found
        ]


async def _veil(tx: Transaction, vault: Vault, ref: Ref, kinds: Mapping[str, Kind]) -> Ref:
    """The reference as the ledger has it; a key that nothing is known of is not written down."""
    kind = kinds.get(ref.kind)
    if kind is not None and not kind.person:
        return ref
    known = await token_ref(tx, vault, ref, kinds)
    return known if known != ref else Ref(ref.kind, HIDDEN)
