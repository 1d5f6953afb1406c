"""One-time codes: what stands in a link that signs somebody in, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sightline.foundation.db.session import Database
from sightline.foundation.identity import tokens
from sightline.foundation.identity.rights import Sort

LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Whom a code lets in."""

    tenant: int
    sort: Sort
    name: str


async def make(db: Database, bearer: Bearer, *, at: datetime) -> str:
    """A code that lets somebody in, once, within LASTS."""
    code = tokens.fresh(tokens.CODE)
    async with db.transaction(bearer.tenant) as tx:
        await tx.run("delete from sightline.codes where tenant = :t and made_at <= :old",
                     t=bearer.tenant, old=at - LASTS)  # fmt: skip
        await tx.run(
            "insert into sightline.codes (tenant, hash, sort, name, made_at) values (:t, :h, :s, :n, :at)",
            t=bearer.tenant, h=tokens.digest(code), s=bearer.sort, n=bearer.name, at=at,
        )  # fmt: skip
    return code


async def take(db: Database, code: str, *, at: datetime) -> Bearer | None:
    """Whom a code lets in; it is gone with that. None for one that is unknown, used or too old."""
    async with db.transaction(None) as tx:
        row = await tx.row(
            "select tenant, sort, name from sightline.code_take(:h, :since)", h=tokens.digest(code), since=at - LASTS
        )
    return Bearer(tenant=row["tenant"], sort=Sort(row["sort"]), name=row["name"]) if row else None
