"""The parts of a running installation, and the few things one does with all of them together."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sightline.foundation import tenants
from sightline.foundation.clock import Clock, SystemClock
from sightline.foundation.db.session import Database, Transaction
from sightline.foundation.lake import Lake
from sightline.foundation.ledger import Batch, Reads
from sightline.foundation.outbound import Outbound
from sightline.foundation.settings import Settings
from sightline.foundation.tenants import Tenant
from sightline.foundation.turn import Turn
from sightline.foundation.uploads import Uploads
from sightline.foundation.vault import Vault
from sightline.kernel import loop
from sightline.kernel.act import answering, leaving
from sightline.kernel.act.channels import Channel, Email, Paper, Slack, Teams, Webhook
from sightline.kernel.act.channels.cases import Ways
from sightline.kernel.act.courier import Courier
from sightline.kernel.act.moment import Moment
from sightline.kernel.act.outbox import PAPER
from sightline.kernel.declared import Declarations
from sightline.kernel.observe.calendar import keep_time
from sightline.kernel.pack import Registry
from sightline.language.action import Case, Destination, Party
from sightline.language.catalog import Catalog


@dataclass(slots=True)
class Desk:
    """What `main` hands to the interfaces."""

    settings: Settings
    db: Database
    """As the application: every row under row level security."""
    owner: Database
    """As the database's owner: only for making tables anew and dropping a workspace."""
    lake: Lake
    vault: Vault
    registry: Registry
    out: Outbound = field(default_factory=Outbound)
    clock: Clock = field(default_factory=SystemClock)
    memory: dict[str, Any] | None = None
    """What stages keep from turn to turn, where the process stays; None where it ends with the command."""
    declared: Declarations = field(init=False)
    """All that is declared for the tenant of a transaction."""

    def __post_init__(self) -> None:
        self.declared = Declarations(self.registry)

    @property
    def uploads(self) -> Uploads:
        """Files that were sent in and wait to be imported."""
        return Uploads(self.settings.home)

    def now(self, tenant: Tenant) -> datetime:
        """The present moment for a tenant."""
        return tenant.now(self.clock)

    async def workspace(self, name: str) -> Tenant:
        """The tenant of that name, as it is now. Raises NotFound that names the others."""
        return await tenants.get(self.db, name)

    async def catalog(self, tenant: Tenant) -> Catalog:
        """All that is declared for a tenant: by the packs, by its own imports and questions."""
        async with self.db.transaction(tenant.number) as tx:
            return await self.declared(tx)

    async def go_round(self, tenant: Tenant) -> int:
        """Keep time for a tenant, let every consumer finish and write what goes to paper; returns how many turns were
        taken. What goes elsewhere is sent by a worker, which nobody has to wait for.
        """
        await keep_time(self.db, tenant.number, now=self.now(tenant))
        courier, turns = self.courier(), await loop.go_round(self.db, tenant.number, self.seat)
        while await courier.empty(tenant.number, only=[PAPER.name]):
            turns += await loop.go_round(self.db, tenant.number, self.seat)
        return turns

    def courier(self) -> Courier:
        """Somebody to send what is in the outbox."""
        return Courier(db=self.db, vault=self.vault, channels=self._channels, now=self.present)

    def slack(self, tenant: int) -> Slack:
        """The way to Slack of a tenant."""
        return Slack(self.out, self.clock, ways=partial(self._ways, tenant))

    def _channels(self, tenant: int) -> Mapping[str, Channel]:
        return {
            "slack": self.slack(tenant),
            "teams": Teams(self.out, self.clock, ways=partial(self._ways, tenant)),
            "paper": Paper(self.settings.home / "paper" / str(tenant)),
            "webhook": Webhook(self.out, self.clock),
            "email": Email(self.out, self.clock, leave=partial(self._leave, tenant)),
        }

    def _leave(self, tenant: int, party: Party, address: str) -> str | None:
        """Where somebody says that they want no more."""
        base = self.settings.http.public_url
        return leaving.link(self.vault, base, tenant, party, address) if base else None

    def _ways(self, tenant: int, case: Case, to: Destination) -> Ways:
        """The links of what is asked in a chat."""
        base = self.settings.http.public_url
        if not base:
            return Ways()
        yes, no = (answering.link(self.vault, base, tenant, case, to, yes=one) for one in (True, False))
        return Ways(page=f"{base}/inbox?workspace={case.workspace}&item={case.id}", yes=yes, no=no)

    async def moment(self, tx: Transaction) -> Moment:
        """What holds in a transaction for what moves runs."""
        limit = self.settings.act.operator_limit
        return Moment(tx=tx, catalog=await self.declared(tx), now=await self.present(tx), limit=limit)

    async def present(self, tx: Transaction) -> datetime:
        """The present moment of the tenant of a transaction."""
        return await tenants.clock_at(tx) or self.clock.now()

    async def seat(self, *, tx: Transaction, batch: Batch, reads: Reads) -> Turn:
        """A consumer's turn, by what is declared and what time it is in that transaction."""
        return Turn(
            tx=tx,
            batch=batch,
            reads=reads,
            now=await self.present(tx),
            catalog=await self.declared(tx),
            lake=self.lake,
            vault=self.vault,
            settings=self.settings,
            memory=self.memory,
        )

    async def drop(self, tenant: Tenant) -> None:
        """Delete a workspace and all it has, rows and files, for good."""
        await tenants.drop(self.owner, tenant)
        for part in (self.lake.folder, self.settings.home / "paper", self.uploads.folder):
            shutil.rmtree(part / str(tenant.number), ignore_errors=True)

    async def advance(self, tenant: Tenant, to: datetime) -> Tenant:
        """Move a standing clock; what became known on the way enters the ledger."""
        moved = await tenants.advance(self.db, tenant, to)
        await self.go_round(moved)
        return moved
