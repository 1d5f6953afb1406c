"""One running installation: everything wired together, opened and closed as a whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sightline.foundation import tenants
from sightline.foundation.clock import Clock, SystemClock
from sightline.foundation.db.migrate import migrate
from sightline.foundation.db.session import Database, Transaction
from sightline.foundation.lake import Lake
from sightline.foundation.ledger import Batch, Reads
from sightline.foundation.postgres import Server, open_server
from sightline.foundation.settings import Settings
from sightline.foundation.tenants import Tenant
from sightline.foundation.turn import Turn
from sightline.foundation.vault import Vault
from sightline.kernel import loop
from sightline.kernel.observe.calendar import keep_time
from sightline.kernel.pack import Registry
from sightline.language.catalog import Catalog
from sightline.main.declared import Declared
from sightline.packs.supply.pack import PACK as SUPPLY

REGISTRY = Registry(packs=(SUPPLY,))
"""The built-in packs."""

MAIN = "main"
"""The workspace of the business itself; an operator's other workspaces stand below it."""


@dataclass(slots=True)
class Installation:
    """What `main` hands to interfaces: the parts, and the few things one does with all of them together."""

    settings: Settings
    server: Server
    db: Database
    owner: Database
    lake: Lake
    vault: Vault
    registry: Registry = REGISTRY
    clock: Clock = field(default_factory=SystemClock)

    def now(self, tenant: Tenant) -> datetime:
        """The present moment for a tenant."""
        return tenant.now(self.clock)

    async def workspace(self, name: str) -> Tenant:
        """The tenant of that name, as it is now. Raises NotFound that names the others."""
        return await tenants.get(self.db, name)

    async def catalog(self, tenant: Tenant) -> Catalog:
        """All that is declared for a tenant: by the packs, by its own imports and questions."""
        async with self.db.transaction(tenant.number) as tx:
            return await self._catalog(tx)

    async def _catalog(self, tx: Transaction) -> Catalog:
        return await Declared(self.registry).catalog(tx)

    async def go_round(self, tenant: Tenant) -> int:
        """Keep time for a tenant and let every consumer finish; returns how many turns were taken."""
        await keep_time(self.db, tenant.number, now=self.now(tenant))
        return await loop.go_round(self.db, tenant.number, self.seat(tenant))

    def seat(self, tenant: Tenant) -> loop.Seat:
        """Makes the turns of a tenant's consumers."""

        async def seat(*, tx: Transaction, batch: Batch, reads: Reads) -> Turn:
            return Turn(
                tx=tx,
                batch=batch,
                reads=reads,
                now=self.now(tenant),
                catalog=await self._catalog(tx),
                lake=self.lake,
                vault=self.vault,
                settings=self.settings,
            )

        return seat

    async def advance(self, tenant: Tenant, to: datetime) -> Tenant:
        """Move a standing clock; what became known on the way enters the ledger."""
        moved = await tenants.advance(self.db, tenant, to)
        await self.go_round(moved)
        return moved


@asynccontextmanager
async def installation(settings: Settings) -> AsyncIterator[Installation]:
    """Start (or join) the database, bring it up to date, open everything; close it all at the end."""
    server = await asyncio.to_thread(open_server, settings)
    try:
        await migrate(server.owner_url)
        db = Database(server.app_url, pool=settings.database.pool)
        owner = Database(server.owner_url, pool=1)
        try:
            await tenants.make(db, MAIN)
            secret = settings.vault.master_key
            vault = Vault(settings.home / "keys", bytes.fromhex(secret.get_secret_value()) if secret else None)
            yield Installation(
                settings=settings, server=server, db=db, owner=owner, lake=Lake(settings.home / "lake"), vault=vault
            )
        finally:
            await db.close()
            await owner.close()
    finally:
        await asyncio.to_thread(server.close)
