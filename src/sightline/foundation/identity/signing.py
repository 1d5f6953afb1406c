"""Signing in: by password, by one-time code, by token. Whatever is wrong is refused in the same words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sightline.foundation.db.session import Database
from sightline.foundation.identity import codes, keys, names, passwords, sessions
from sightline.foundation.identity.rights import Principal, Sort
from sightline.foundation.tenants import Tenant
from sightline.language.errors import Unauthenticated


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """An open session."""

    secret: str
    """What the cookie holds."""
    principal: Principal


class Refused(Unauthenticated):
    """Nobody was let in."""

    def __init__(self, tried: codes.Bearer | None = None) -> None:
        super().__init__(
            "This does not let you in.",
            hint="Check the name and the password, or ask somebody who administers for a new link.",
        )
        self.tried = tried
        """Who it would have been, for the audit trail alone."""


async def by_password(db: Database, inside: Tenant | None, name: str, password: str, *, at: datetime) -> SignedIn:
    """Sign in as a user of a workspace or of one above it. As long and in the same words where there is no such user.

    Raises Refused or Busy.
    """
    known = names.plain(name)
    found = None
    if inside is not None and known is not None:
        async with db.transaction(None) as tx:
            found = await tx.row(
                "select tenant, password from sightline.user_named(:n, :inside)", n=known, inside=inside.number
            )
    right = await passwords.fits(password, found["password"] if found else None)
    if found is None or known is None:
        raise Refused
    bearer = codes.Bearer(tenant=found["tenant"], sort=Sort.USER, name=known)
    secret = None
    if right and found["password"]:
        secret = await sessions.of_user(db, bearer.tenant, known, password=found["password"], at=at)
    return await _opened(db, secret, bearer, at)


async def by_code(db: Database, code: str, *, at: datetime) -> SignedIn:
    """Sign in by a link; its code is used up. Raises Refused."""
    bearer = await codes.take(db, code, at=at)
    if bearer is None:
        raise Refused
    if bearer.sort is Sort.USER:
        secret = await sessions.of_user(db, bearer.tenant, bearer.name, password=None, at=at)
    else:
        secret = await sessions.of_token(db, bearer.tenant, bearer.sort, bearer.name, at=at)
    return await _opened(db, secret, bearer, at)


async def by_token(db: Database, token: str, *, at: datetime) -> SignedIn:
    """Sign in with an access token. Raises Refused."""
    found = await keys.holder(db, token, at=at)
    if found is None:
        raise Refused
    bearer = codes.Bearer(tenant=found.tenant, sort=found.sort, name=found.name)
    return await _opened(db, await sessions.of_token(db, found.tenant, found.sort, found.name, at=at), bearer, at)


async def again(db: Database, principal: Principal, *, at: datetime) -> SignedIn:
    """A new session for a user whose sessions have just ended with their password. Raises Refused."""
    bearer = codes.Bearer(tenant=principal.tenant, sort=principal.sort, name=principal.name)
    secret = await sessions.of_user(db, bearer.tenant, bearer.name, password=None, at=at)
    return await _opened(db, secret, bearer, at)


async def _opened(db: Database, secret: str | None, bearer: codes.Bearer, at: datetime) -> SignedIn:
    if secret is None:
        raise Refused(bearer)
    return SignedIn(secret=secret, principal=await sessions.holder(db, secret, at=at))
