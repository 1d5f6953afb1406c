"""Who is not to be contacted: said by those who work here, or by the party itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import contacts, leaving
from sightline.kernel.act.contacts import Stopped
from sightline.kernel.act.leaving import Leaver
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe.personal import shielded_ref, unveiled
from sightline.language.errors import NotFound
from sightline.language.ref import Ref

ITSELF = "itself"
"""Who said so, where it was the party by a link."""


async def shown(desk: Desk, tx: Transaction, found: Sequence[Stopped]) -> list[Stopped]:
    """The same with persons by their names, for whoever may read the workspace."""
    said = await unveiled(tx, desk.vault, [str(one.ref) for one in found])
    return [replace(one, ref=Ref.parse(ref)) for one, ref in zip(found, said, strict=True)]


async def stop(desk: Desk, tenant: Tenant, ref: Ref, *, by: str) -> Stopped:
    """Contact a party no more."""
    catalog = await desk.catalog(tenant)
    async with desk.db.transaction(tenant.number) as tx:
        known = await shielded_ref(tx, desk.vault, ref, catalog.kinds)
        found = await contacts.stop(tx, desk.vault, known, by=by, now=desk.now(tenant))
    return replace(found, ref=ref)


async def allow(desk: Desk, tenant: Tenant, ref: Ref) -> None:
    """Contact it again. Raises NotFound."""
    catalog = await desk.catalog(tenant)
    async with desk.db.transaction(tenant.number) as tx:
        known = await shielded_ref(tx, desk.vault, ref, catalog.kinds)
        await contacts.allow(tx, known, now=desk.now(tenant))


async def leave(desk: Desk, token: str) -> None:
    """Contact whoever a link was made for no more. Raises NotFound."""
    found = await leaver(desk, token)
    async with desk.db.transaction(found.tenant) as tx:
        now = await desk.present(tx)
        await contacts.stop(tx, desk.vault, found.ref, by=ITSELF, now=now, address=found.address)


async def leaver(desk: Desk, token: str) -> Leaver:
    """Whom a link was made for. Raises NotFound, also where the workspace is gone."""
    found = leaving.read(desk.vault, token)
    async with desk.db.transaction(found.tenant) as tx:
        stands = await tx.value("select count(*) from sightline.tenants where tenant = :t", t=found.tenant)
    if not stands:
        raise NotFound("This link is of a workspace that is gone.")
    return found
