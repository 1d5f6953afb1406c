"""Setting a prediction aside, and taking it up again."""

from __future__ import annotations

from datetime import datetime

from sightline.foundation.tenants import Tenant
from sightline.kernel.act import asides
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe.personal import token_ref
from sightline.language.ref import Ref


async def set_aside(desk: Desk, tenant: Tenant, question: str, subject: Ref, cutoff: datetime, *, by: str) -> str:
    """Set a prediction aside; returns under which id, the same when it is aside already. Raises NotFound."""
    catalog = await desk.catalog(tenant)
    name = catalog.question(question).name
    async with desk.db.transaction(tenant.number) as tx:
        known = await token_ref(tx, desk.vault, subject, catalog.kinds)
        return await asides.set_aside(tx, name, known, cutoff, by=by, now=desk.now(tenant))


async def take_up(desk: Desk, tenant: Tenant, id_: str) -> None:
    """Let what was set aside be shown again. Raises NotFound."""
    async with desk.db.transaction(tenant.number) as tx:
        await asides.take_up(tx, id_, now=desk.now(tenant))
