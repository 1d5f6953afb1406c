"""Sessions: who signed in with a browser, until they sign out or stay away too long."""

from __future__ import annotations

from datetime import datetime, timedelta

from sightline.foundation.db.session import Database, Transaction
from sightline.foundation.identity import tokens
from sightline.foundation.identity.keys import principal_in
from sightline.foundation.identity.rights import SEEN_EVERY, Principal, Sort
from sightline.language.errors import Unauthenticated

IDLE, LONGEST = timedelta(days=30), timedelta(days=90)
"""A session ends so long after it was last used, and so long after it began at the latest."""

_OPEN = "insert into sightline.sessions (tenant, hash, sort, name, token, made_at, used_at)"


async def of_user(db: Database, tenant: int, name: str, *, password: str | None, at: datetime) -> str | None:
    """Open a session of a user; `password`: the kept hash they proved to know, None where they came by a link.

    None when the user is shut out, or got another password, in this very moment.
    """
    secret = tokens.fresh(tokens.SESSION)
    async with db.transaction(tenant) as tx:
        await _sweep(tx, at)
        # The row is held: whoever changes the password just now comes before, or ends this session too.
        there = await tx.row(
            "select name from sightline.users where tenant = :t and name = :n and disabled_at is null"
            " and (cast(:p as text) is null or password = :p) for share",
            t=tenant, n=name, p=password,
        )  # fmt: skip
        if there is None:
            return None
        await tx.run(
            f"{_OPEN} values (:t, :h, :sort, :n, null, :at, :at)",
            t=tenant, h=tokens.digest(secret), sort=Sort.USER, n=name, at=at,
        )  # fmt: skip
    return secret


async def of_token(db: Database, tenant: int, sort: Sort, name: str, *, at: datetime) -> str | None:
    """Open a session of a key or of the owner; it lasts no longer than the token it stands for. None: there is none."""
    secret = tokens.fresh(tokens.SESSION)
    async with db.transaction(tenant) as tx:
        await _sweep(tx, at)
        made = await tx.run(
            f"{_OPEN} select tenant, :h, sort, name, hash, :at, :at from sightline.access_tokens"
            " where tenant = :t and sort = :sort and name = :n and (expires_at is null or expires_at > :at)",
            h=tokens.digest(secret), at=at, t=tenant, sort=sort, n=name,
        )  # fmt: skip
    return secret if made else None


async def holder(db: Database, secret: str, *, at: datetime) -> Principal:
    """Whose session that is; using it keeps it alive. Raises Unauthenticated, whatever is wrong with it."""
    hashed = tokens.digest(secret)
    async with db.transaction(None) as tx:
        row = await tx.row(
            "select * from sightline.session_owner(:h, :at, :idle, :longest)",
            h=hashed, at=at, idle=IDLE, longest=LONGEST,
        )  # fmt: skip
    if row is None:
        raise Unauthenticated("You are signed out.", hint="Sign in again; `sightline open` makes a link for the owner.")
    if row["seen_at"] < at - SEEN_EVERY:
        async with db.transaction(row["tenant"]) as tx:
            await _seen(tx, hashed, row["sort"], row["name"], at)
    return principal_in(row)


async def end(db: Database, secret: str, tenant: int) -> None:
    """Sign out."""
    async with db.transaction(tenant) as tx:
        await tx.run(
            "delete from sightline.sessions where tenant = :t and hash = :h", t=tenant, h=tokens.digest(secret)
        )


async def _seen(tx: Transaction, hashed: bytes, sort: str, name: str, at: datetime) -> None:
    await tx.run(
        "update sightline.sessions set used_at = :at where tenant = :t and hash = :h", at=at, t=tx.tenant, h=hashed
    )
    table = "users" if sort == Sort.USER else "access_tokens"
    await tx.run(f"update sightline.{table} set seen_at = :at where tenant = :t and name = :n",
                 at=at, t=tx.tenant, n=name)  # fmt: skip


async def _sweep(tx: Transaction, at: datetime) -> None:
    """Forget the sessions of this tenant that ended by themselves."""
    await tx.run(
        "delete from sightline.sessions where tenant = :t and (used_at <= :idle or made_at <= :longest)",
        t=tx.tenant, idle=at - IDLE, longest=at - LONGEST,
    )  # fmt: skip
