"""Open an installation: the database started or joined and brought up to date, every part wired; closed at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sightline.foundation import tenants
from sightline.foundation.db.migrate import migrate
from sightline.foundation.db.session import Database
from sightline.foundation.lake import Lake
from sightline.foundation.outbound import Allowed, Outbound
from sightline.foundation.postgres import Server, open_server
from sightline.foundation.settings import Settings
from sightline.foundation.vault import Vault
from sightline.kernel.desk import Desk, keeping
from sightline.kernel.pack import Registry
from sightline.packs.customers.pack import PACK as CUSTOMERS
from sightline.packs.deals.pack import PACK as DEALS
from sightline.packs.leads.pack import PACK as LEADS
from sightline.packs.receivables.pack import PACK as RECEIVABLES
from sightline.packs.supply.pack import PACK as SUPPLY

REGISTRY = Registry(packs=(SUPPLY, LEADS, CUSTOMERS, RECEIVABLES, DEALS))
"""The built-in packs."""

MAIN = "main"
"""The workspace of the business itself; an operator's other workspaces stand below it."""


@asynccontextmanager
async def installation(settings: Settings) -> AsyncIterator[Desk]:
    """The front desk of the installation the settings describe. Raises Misconfigured or Unavailable."""
    async with served(settings) as server, desk_on(settings, server) as desk:
        yield desk


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[Server]:
    """The database server, running and brought up to date."""
    server = await asyncio.to_thread(open_server, settings)
    try:
        await migrate(server.owner_url)
        yield server
    finally:
        await asyncio.to_thread(server.close)


@asynccontextmanager
async def desk_on(settings: Settings, server: Server) -> AsyncIterator[Desk]:
    """A front desk on a running server; it belongs to the event loop it is opened in."""
    db = Database(server.app_url, pool=settings.database.pool)
    owner = Database(server.owner_url, pool=1)
    secret = settings.vault.master_key
    out = Outbound(Allowed.of(settings.act.allow_networks), settings.act.trusted_certificates)
    try:
        await tenants.make(db, MAIN)
        desk = Desk(
            settings=settings,
            db=db,
            owner=owner,
            lake=Lake(settings.home / "lake"),
            vault=Vault(settings.home / "keys", bytes.fromhex(secret.get_secret_value()) if secret else None),
            registry=REGISTRY,
            out=out,
        )
        await keeping.replay_erasures(desk)
        yield desk
    finally:
        await out.close()
        await db.close()
        await owner.close()
