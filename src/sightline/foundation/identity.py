"""Who is asking, and whether they may: principals, access tokens, one `authorize`."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sightline.foundation.db.session import Database
from sightline.foundation.tenants import Tenant
from sightline.language.errors import Forbidden, Unauthenticated

PREFIX = "slt_"
"""Tokens are recognisable, so that scanners find leaked ones."""


class Role(StrEnum):
    """What a principal may do, each including the one before."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    OWNER = "owner"


class Right(StrEnum):
    """What an operation needs."""

    READ = "read"
    WRITE = "write"
    ADMINISTER = "administer"


_RIGHTS = {
    Role.VIEWER: {Right.READ},
    Role.OPERATOR: {Right.READ, Right.WRITE},
    Role.OWNER: {Right.READ, Right.WRITE, Right.ADMINISTER},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody (or a program) at home in one tenant."""

    tenant: int
    name: str
    role: Role


async def issue(db: Database, tenant: Tenant, name: str, role: Role) -> str:
    """Make a token; only its hash is kept, so it is shown this once. Replaces an earlier one of that name."""
    token = PREFIX + secrets.token_urlsafe(32)
    async with db.transaction(tenant.number) as tx:
        await tx.run(
            "insert into sightline.access_tokens (tenant, name, role, hash) values (:t, :n, :r, :h)"
            " on conflict (tenant, name) do update set role = excluded.role, hash = excluded.hash, created_at = now()",
            t=tenant.number, n=name, r=role.value, h=_hash(token),
        )  # fmt: skip
    return token


async def owner_token(db: Database, tenant: Tenant, folder: Path) -> str:
    """The owner's token, made at first start and kept in a file only the owner can read."""
    path = folder / "owner.token"
    if path.exists():
        token = path.read_text().strip()
        if await _owner(db, token):
            return token
    token = await issue(db, tenant, "owner", Role.OWNER)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        # A file that was there keeps its mode through the opening.
        os.fchmod(descriptor, 0o600)
        handle.write(token + "\n")
    return token


async def authenticate(db: Database, token: str | None) -> Principal:
    """The principal a token belongs to. Raises Unauthenticated."""
    found = await _owner(db, token) if token else None
    if found is None:
        raise Unauthenticated(
            "This needs a valid token.", hint="Send 'Authorization: Bearer TOKEN'; `sightline token` shows the owner's."
        )
    return found


async def authorize(db: Database, principal: Principal, right: Right, tenant: Tenant) -> None:
    """Let a principal use a right in a tenant: its own by role, one below by explicit grant. Raises Forbidden."""
    role: Role | None = principal.role
    if principal.tenant != tenant.number:
        role = await _granted(db, principal, tenant)
    if role is None or right not in _RIGHTS[role]:
        raise Forbidden(f"'{principal.name}' may not {right.value} in workspace '{tenant.name}'.")


async def _granted(db: Database, principal: Principal, tenant: Tenant) -> Role | None:
    async with db.transaction(None) as tx:
        found = await tx.value("select sightline.grant_of(:t, :p)", t=tenant.number, p=principal.tenant)
    return min(Role(found), principal.role, key=list(Role).index) if found else None


async def _owner(db: Database, token: str) -> Principal | None:
    async with db.transaction(None) as tx:
        row = await tx.row("select tenant, name, role from sightline.token_owner(:h)", h=_hash(token))
    return Principal(tenant=row["tenant"], name=row["name"], role=Role(row["role"])) if row else None


def _hash(token: str) -> bytes:
    """Tokens are 256 random bits, so one round of SHA-256 is enough (no dictionary to try)."""
    return hashlib.sha256(token.encode()).digest()
