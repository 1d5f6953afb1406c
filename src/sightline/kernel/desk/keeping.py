"""Keep an installation: rebuild, erase, the owner's token."""

from __future__ import annotations

from collections.abc import Callable

from sightline.foundation import identity, tenants
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.know import rebuild as rebuilding
from sightline.kernel.know.archive import write_again

HOME = "main"
"""The workspace the owner is at home in."""


async def rebuild(desk: Desk, *, progress: Callable[[int, int], None]) -> int:
    """Make every projection and the lake anew from the ledger; returns how many events were projected."""
    done = await rebuilding.rebuild(desk.owner, progress=progress)
    for tenant in await tenants.every(desk.db):
        async with desk.db.transaction(tenant.number) as tx:
            await write_again(tx, desk.lake)
        await desk.go_round(tenant)
    return done


async def erase(desk: Desk, tenant: Tenant, person: str) -> int:
    """Destroy a person's key; returns how many values can never be read again."""
    async with desk.db.transaction(tenant.number) as tx:
        return await desk.vault.erase(tx, person, at=desk.clock.now())


async def replay_erasures(desk: Desk) -> int:
    """Destroy again what a restored backup brought back; returns how many values that took."""
    gone = 0
    for tenant in desk.vault.erased():
        async with desk.db.transaction(tenant) as tx:
            gone += await desk.vault.replay_erasures(tx, at=desk.clock.now())
    return gone


async def owner_token(desk: Desk) -> str:
    """The owner's token, made at first start."""
    return await identity.owner_token(desk.db, await desk.workspace(HOME), desk.settings.home)
