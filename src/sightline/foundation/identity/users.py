"""Users: people with a role in a workspace, who sign in by password or one-time link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sightline.foundation.db.session import Database, Transaction
from sightline.foundation.identity import names, passwords
from sightline.foundation.identity.rights import RIGHTS, Right, Role
from sightline.foundation.tenants import Tenant
from sightline.language.errors import Conflict, Invalid, NotFound

_COLUMNS = "name, role, created_at, seen_at, disabled_at is not null as disabled, password is not null as has_password"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person of a workspace."""

    name: str
    role: Role
    created_at: datetime
    seen_at: datetime | None
    disabled: bool
    has_password: bool


async def add(
    db: Database, tenant: Tenant, name: str, role: Role, *, at: datetime, password: str | None = None
) -> User:  # fmt: skip
    """A new user. Raises Invalid for the name or the password, Conflict where the name is taken."""
    name = names.checked("user", name)
    kept = await passwords.hashed(password, name=name) if password is not None else None
    async with db.transaction(tenant.number) as tx:
        await names.alone(tx)
        await names.free(tx, name)
        await tx.run(
            "insert into sightline.users (tenant, name, role, password, created_at) values (:t, :n, :r, :p, :at)",
            t=tenant.number, n=name, r=role, p=kept, at=at,
        )  # fmt: skip
    return User(name=name, role=role, created_at=at, seen_at=None, disabled=False, has_password=kept is not None)


async def listed(db: Database, tenant: Tenant, *, after: str = "", limit: int = 1_000) -> list[User]:
    """The users behind `after`, by name."""
    async with db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            f"select {_COLUMNS} from sightline.users where tenant = :t and name > :after order by name limit :n",
            t=tenant.number, after=after, n=limit,
        )  # fmt: skip
    return [_user(row) for row in rows]


async def operators(tx: Transaction) -> dict[str, Role]:
    """The users of a workspace who may operate it now, each with a role, by name."""
    rows = await tx.rows(
        "select name, role from sightline.users where tenant = :t and disabled_at is null order by name", t=tx.tenant
    )
    roles = {row["name"]: Role(row["role"]) for row in rows}
    return {name: role for name, role in roles.items() if Right.OPERATE in RIGHTS[role]}


async def get(db: Database, tenant: Tenant, name: str) -> User:
    """The user of that name. Raises NotFound that names the others."""
    async with db.transaction(tenant.number) as tx:
        row = await tx.row(
            f"select {_COLUMNS} from sightline.users where tenant = :t and name = :n",
            t=tenant.number, n=names.plain(name) or "",
        )  # fmt: skip
    if row is None:
        raise NotFound.named("user", name[:100], [one.name for one in await listed(db, tenant)])
    return _user(row)


async def change(
    db: Database, tenant: Tenant, name: str, *, at: datetime, role: Role | None = None, disabled: bool | None = None,
    password: str | None = None,
) -> User:  # fmt: skip
    """Give a user another role or password, shut them out or let them in again.

    Whoever is shut out or gets another password is signed out everywhere. Raises NotFound, Invalid, and Conflict where
    the workspace would be left without an owner.
    """
    known = await get(db, tenant, name)
    kept = await passwords.hashed(password, name=known.name) if password is not None else None
    async with db.transaction(tenant.number) as tx:
        await names.alone(tx)
        if disabled or (role is not None and role is not Role.OWNER):
            await _keep_an_owner(tx, known.name)
        found = await tx.run(
            "update sightline.users set role = coalesce(:role, role), password = coalesce(:password, password),"
            " disabled_at = case when cast(:disabled as boolean) then coalesce(disabled_at, :at)"
            " when not :disabled then null else disabled_at end where tenant = :t and name = :n",
            role=role, password=kept, disabled=disabled, at=at, t=tenant.number, n=known.name,
        )  # fmt: skip
        if found and (disabled or kept):
            await sign_out(tx, known.name)
    return await get(db, tenant, name)


async def set_own_password(
    db: Database, tenant: Tenant, name: str, *, at: datetime, new: str, current: str | None
) -> None:  # fmt: skip
    """Let a user choose another password. Raises Invalid where `current` is needed and not right."""
    async with db.transaction(tenant.number) as tx:
        kept = await tx.value(
            "select password from sightline.users where tenant = :t and name = :n", t=tenant.number, n=name
        )
    if kept is not None and not await passwords.fits(current or "", kept):
        raise Invalid("The current password is not right.", hint="Somebody who administers can set another one.")
    await change(db, tenant, name, at=at, password=new)


async def remove(db: Database, tenant: Tenant, name: str) -> None:
    """Remove a user for good; what they did stays in the audit trail. Raises NotFound or Conflict."""
    known = await get(db, tenant, name)
    async with db.transaction(tenant.number) as tx:
        await names.alone(tx)
        await _keep_an_owner(tx, known.name)
        await sign_out(tx, known.name)
        await tx.run("delete from sightline.users where tenant = :t and name = :n", t=tenant.number, n=known.name)


async def sign_out(tx: Transaction, name: str) -> None:
    """End all sessions and links of a user."""
    for table in ("sessions", "codes"):
        await tx.run(
            f"delete from sightline.{table} where tenant = :t and sort = 'user' and name = :n", t=tx.tenant, n=name
        )


async def _keep_an_owner(tx: Transaction, without: str) -> None:
    """Raises Conflict when `without` is the last user who may administer."""
    rows = await tx.rows(
        "select name from sightline.users where tenant = :t and role = 'owner' and disabled_at is null", t=tx.tenant
    )
    if {row["name"] for row in rows} == {without}:
        raise Conflict(
            f"'{without}' is the last owner of this workspace and cannot be removed, disabled or given another role.",
            hint="Make somebody else an owner first: `sightline users role NAME owner`.",
        )


def _user(row: Any) -> User:
    return User(**{**row, "role": Role(row["role"])})
