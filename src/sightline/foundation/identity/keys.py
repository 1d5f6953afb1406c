"""API keys, and the owner's token, which is one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sightline.foundation.db.session import Database, Transaction
from sightline.foundation.identity import names, tokens
from sightline.foundation.identity.rights import RIGHTS, SEEN_EVERY, Principal, Right, Role, Sort
from sightline.foundation.tenants import Tenant
from sightline.language.errors import NotFound, Unauthenticated

_PUT = (
    "insert into sightline.access_tokens (tenant, name, role, sort, hash, scopes, expires_at, created_at)"
    " values (:t, :n, :r, :s, :h, cast(:scopes as text[]), :until, coalesce(:at, now()))"
)
_REPLACE = (
    " on conflict (tenant, name) do update set role = excluded.role, sort = excluded.sort, hash = excluded.hash,"
    " scopes = excluded.scopes, expires_at = excluded.expires_at, created_at = excluded.created_at, seen_at = null"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An API key, without its secret, which nobody keeps."""

    name: str
    role: Role
    scopes: frozenset[Right] | None
    created_at: datetime
    expires_at: datetime | None
    seen_at: datetime | None


async def issue(
    db: Database, tenant: Tenant, name: str, role: Role, *, sort: Sort = Sort.KEY
) -> str:  # fmt: skip
    """Make a token; only its hash is kept, so it is shown this once. Replaces an earlier one of that name."""
    token = tokens.fresh(tokens.PREFIX)
    async with db.transaction(tenant.number) as tx:
        await tx.run(
            _PUT + _REPLACE, t=tenant.number, n=name, r=role, s=sort, h=tokens.digest(token), scopes=None, until=None,
            at=None,
        )  # fmt: skip
    return token


async def add(
    db: Database, tenant: Tenant, name: str, role: Role, *, at: datetime,
    scopes: frozenset[Right] | None = None, until: datetime | None = None,
) -> tuple[Key, str]:  # fmt: skip
    """A new key and its token, which is shown this once. Raises Invalid or Conflict for the name."""
    name, token = names.checked("key", name), tokens.fresh(tokens.PREFIX)
    async with db.transaction(tenant.number) as tx:
        await names.alone(tx)
        await names.free(tx, name)
        told = sorted(scopes) if scopes is not None else None
        await tx.run(
            _PUT, t=tenant.number, n=name, r=role, s=Sort.KEY, h=tokens.digest(token), scopes=told, until=until, at=at
        )
    return Key(name=name, role=role, scopes=scopes, created_at=at, expires_at=until, seen_at=None), token


async def listed(db: Database, tenant: Tenant, *, after: str = "", limit: int = 1_000) -> list[Key]:
    """The keys behind `after`, by name; not the owner's token."""
    async with db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select name, role, scopes, created_at, expires_at, seen_at from sightline.access_tokens"
            " where tenant = :t and sort = 'key' and name > :after order by name limit :n",
            t=tenant.number, after=after, n=limit,
        )  # fmt: skip
    return [Key(**{**row, "role": Role(row["role"]), "scopes": scopes_in(row["scopes"])}) for row in rows]


async def operating(tx: Transaction) -> set[str]:
    """The names of keys with which a workspace may be operated, with that of whoever runs it."""
    rows = await tx.rows(
        "select name, role, scopes from sightline.access_tokens where tenant = :t and sort = 'key'", t=tx.tenant
    )
    scoped = {row["name"]: (RIGHTS[Role(row["role"])], scopes_in(row["scopes"])) for row in rows}
    able = {name for name, (has, only) in scoped.items() if Right.OPERATE in (has if only is None else has & only)}
    return {names.OWNER, *able}


async def revoke(db: Database, tenant: Tenant, name: str) -> None:
    """End a key and the sessions opened with it, for good. Raises NotFound that names the others."""
    async with db.transaction(tenant.number) as tx:
        gone = await tx.value(
            "delete from sightline.access_tokens where tenant = :t and sort = 'key' and name = :n returning hash",
            t=tenant.number, n=names.plain(name) or "",
        )  # fmt: skip
        if gone is not None:
            await tx.run("delete from sightline.sessions where tenant = :t and token = :h", t=tenant.number, h=gone)
    if gone is None:
        raise NotFound.named("key", name[:100], [one.name for one in await listed(db, tenant)])


async def owner_token(db: Database, tenant: Tenant, folder: Path, *, at: datetime) -> str:
    """The owner's token, made at first start and kept in a file only the owner can read."""
    path = folder / "owner.token"
    if path.exists():
        token = path.read_text().strip()
        if await holder(db, token, at=at):
            return token
    token = await issue(db, tenant, names.OWNER, Role.OWNER, sort=Sort.OWNER)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        # A file that was there keeps its mode through the opening.
        os.fchmod(descriptor, 0o600)
        handle.write(token + "\n")
    return token


async def authenticate(db: Database, token: str | None, *, at: datetime) -> Principal:
    """The principal a token belongs to. Raises Unauthenticated, in the same words for whatever is wrong with it."""
    found = await holder(db, token, at=at) if token else None
    if found is None:
        raise Unauthenticated(
            "This needs a valid token.", hint="Send 'Authorization: Bearer TOKEN'; `sightline token` shows the owner's."
        )
    return found


async def holder(db: Database, token: str, *, at: datetime) -> Principal | None:
    """Whose token that is, or None; tells that it was seen."""
    hashed = tokens.digest(token)
    async with db.transaction(None) as tx:
        row = await tx.row("select * from sightline.token_owner(:h, :at)", h=hashed, at=at)
    if row is None:
        return None
    if row["seen_at"] is None or row["seen_at"] < at - SEEN_EVERY:
        async with db.transaction(row["tenant"]) as tx:
            await tx.run(
                "update sightline.access_tokens set seen_at = :at where tenant = :t and hash = :h",
                at=at, t=row["tenant"], h=hashed,
            )  # fmt: skip
    return principal_in(row)


def principal_in(row: Any) -> Principal:
    """The principal a row tells of."""
    return Principal(
        tenant=row["tenant"], home=row["home"], name=row["name"], role=Role(row["role"]), sort=Sort(row["sort"]),
        scopes=scopes_in(row["scopes"]),
    )  # fmt: skip


def scopes_in(told: list[str] | None) -> frozenset[Right] | None:
    """Scopes as a row has them; what an older or newer version called otherwise gives no right."""
    return None if told is None else frozenset(right for right in Right if right in told)
