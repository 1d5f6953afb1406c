"""Tenants (workspaces, to their users): who they are, what time it is for them, and what an ancestor may see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sightline.foundation.clock import Clock
from sightline.foundation.db.session import Database, Transaction
from sightline.language.errors import Conflict, Invalid, NotFound

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
"""As the table's constraint has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """One business, kept apart from all others by the database itself."""

    number: int
    name: str
    clock_at: datetime | None
    """Where its clock stands still; None when it runs with the world."""

    def now(self, clock: Clock) -> datetime:
        """The present moment for this tenant."""
        return self.clock_at or clock.now()


async def find(db: Database, name: str) -> Tenant | None:
    """The tenant of that name, or None."""
    async with db.transaction(None) as tx:
        row = await tx.row("select tenant, clock_at from sightline.tenant_named(:name)", name=name)
    return Tenant(number=row["tenant"], name=name, clock_at=row["clock_at"]) if row else None


async def get(db: Database, name: str) -> Tenant:
    """The tenant of that name. Raises NotFound that names the others."""
    found = await find(db, name)
    if found is None:
        raise NotFound.named("workspace", name, await names(db))
    return found


async def names(db: Database) -> list[str]:
    """The names of all tenants, oldest first."""
    async with db.transaction(None) as tx:
        return [row["name"] for row in await tx.rows("select name from sightline.tenant_names()")]


async def every(db: Database) -> list[Tenant]:
    """All tenants, oldest first."""
    async with db.transaction(None) as tx:
        rows = await tx.rows(
            "select n.tenant, n.name, t.clock_at from sightline.tenant_names() n,"
            " lateral sightline.tenant_named(n.name) t order by n.tenant"
        )
    return [Tenant(number=row["tenant"], name=row["name"], clock_at=row["clock_at"]) for row in rows]


async def make(db: Database, name: str, *, under: Tenant | None = None, clock_at: datetime | None = None) -> Tenant:
    """The tenant of that name, made when it is not there; `clock_at` lets its clock stand at a fixed moment.

    Raises Invalid for a name that is none.
    """
    if not _NAME.fullmatch(name):
        hint = "Begin with a-z; then a-z, 0-9, _ and -, at most 63 characters."
        raise Invalid(f"'{name[:80]}' cannot name a workspace.", hint=hint)
    existing = await find(db, name)
    if existing:
        return existing
    async with db.transaction(None) as tx:
        parent = under.number if under else None
        await tx.run("select sightline.tenant_make(:name, :parent, :clock)", name=name, parent=parent, clock=clock_at)
    return await get(db, name)


async def advance(db: Database, tenant: Tenant, to: datetime) -> Tenant:
    """Move a standing clock forward. Raises Conflict for a running clock, Invalid when `to` lies in its past."""
    if tenant.clock_at is None:
        raise Conflict(f"The clock of workspace '{tenant.name}' runs with the world and cannot be advanced.")
    if to < tenant.clock_at:
        raise Invalid(f"The clock of '{tenant.name}' stands at {tenant.clock_at:%Y-%m-%d}; time does not run back.")
    async with db.transaction(tenant.number) as tx:
        await tx.run("update sightline.tenants set clock_at = :at where tenant = :t", at=to, t=tenant.number)
    return await get(db, tenant.name)


async def here(tx: Transaction) -> Tenant | None:
    """The tenant of a transaction; None where it is gone."""
    row = await tx.row("select tenant, name, clock_at from sightline.tenants where tenant = :t", t=tx.tenant)
    return Tenant(number=row["tenant"], name=row["name"], clock_at=row["clock_at"]) if row else None


async def clock_at(tx: Transaction) -> datetime | None:
    """Where a standing clock stands by now: a tenant that was read before may be of yesterday."""
    found: datetime | None = await tx.value("select clock_at from sightline.tenants where tenant = :t", t=tx.tenant)
    return found


async def grant(db: Database, tenant: Tenant, grantee: Tenant, role: str) -> None:
    """Let a tenant above `tenant` in the tree see it; the tree alone opens nothing."""
    async with db.transaction(tenant.number) as tx:
        await tx.run(
            "insert into sightline.grants (tenant, grantee, role) values (:t, :g, :r)"
            " on conflict (tenant, grantee) do update set role = excluded.role",
            t=tenant.number, g=grantee.number, r=role,
        )  # fmt: skip


async def drop(owner: Database, tenant: Tenant) -> None:
    """Delete a tenant and all it has, for good; only the owner of the database may."""
    async with owner.transaction(tenant.number) as tx:
        await tx.run("select sightline.tenant_drop(:t)", t=tenant.number)
