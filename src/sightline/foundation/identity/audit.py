"""The audit trail: who did and saw what. Rows are added and read, never changed.

An entry says who, what (the operation), on what, with which result and when; no address, no body, no secret.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import msgspec

from sightline.foundation.db.session import Database
from sightline.foundation.identity.rights import Principal, Sort
from sightline.foundation.tenants import Tenant
from sightline.language.ref import Ref

NOBODY = "nobody"
"""The sort of who was not known."""

LONGEST = 700
"""Characters of a target; longer than any reference."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, without when and how often: calls that are alike in all of this are counted together."""

    tenant: int
    who: str
    sort: str
    what: str
    """operationId, or the words of a command."""
    target: str = ""
    """Path; `{}` stands where `ref` belongs."""
    ref: Ref | None = None
    """The subject, which may be a person: it is written as the ledger has it."""
    status: int | None = None
    """As over HTTP; None: not known (yet) how it ended."""
    begun: int | None = None
    """Number of the entry that was written before the work began."""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """A line, since when, and how often."""

    line: Line
    at: datetime
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of the trail."""

    number: int
    at: datetime
    who: str
    sort: str
    what: str
    target: str
    status: int | None
    times: int


def called(principal: Principal, tenant: int) -> str:
    """How a principal is told of in a tenant; who is at home elsewhere comes with the name of that home."""
    return principal.name if principal.tenant == tenant else f"{principal.home}/{principal.name}"


def line(
    principal: Principal, tenant: int, what: str, target: str = "", ref: Ref | None = None, status: int | None = None
) -> Line:  # fmt: skip
    """The line of a principal."""
    return Line(
        tenant=tenant, who=called(principal, tenant), sort=principal.sort, what=what, target=target, ref=ref,
        status=status,
    )  # fmt: skip


def nobody(tenant: int, what: str, target: str, status: int) -> Line:
    """The line of whoever was not known."""
    return Line(tenant=tenant, who="", sort=NOBODY, what=what, target=target, status=status)


def tried(tenant: int, who: str, sort: Sort, what: str, target: str, status: int) -> Line:
    """The line of somebody who was taken for another and did not prove it."""
    return Line(tenant=tenant, who=who, sort=sort, what=what, target=target, status=status)


async def write(db: Database, tenant: int, found: Collection[Counted]) -> list[int]:
    """Add entries of one tenant, whose references are no persons any more; returns their numbers (none: it is gone)."""
    columns: list[list[object]] = [[], [], [], [], [], [], [], []]
    for one in found:
        said = one.line
        target = _storable(said.target.replace("{}", str(said.ref)) if said.ref else said.target)
        row = (one.at, said.who, said.sort, said.what, target, said.status, one.times, said.begun)
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    async with db.transaction(tenant) as tx:
        rows = await tx.rows(
            "insert into sightline.audit (tenant, at, who, sort, what, target, status, times, begun)"
            " select :t, * from unnest(cast(:a as timestamptz[]), cast(:b as text[]), cast(:c as text[]),"
            " cast(:d as text[]), cast(:e as text[]), cast(:f as int[]), cast(:g as int[]), cast(:h as bigint[]))"
            " where exists (select from sightline.tenants where tenant = :t) returning id",
            t=tenant, **dict(zip("abcdefgh", columns, strict=True)),
        )  # fmt: skip
    return [row["id"] for row in rows]


def _storable(text: str) -> str:
    """What a caller sent as a path may be long, and hold what no text column does."""
    return text[:LONGEST].replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


async def listed(
    db: Database, tenant: Tenant, *, who: str | None = None, what: str | None = None, before: int | None = None,
    limit: int = 50,
) -> list[Entry]:  # fmt: skip
    """Entries before the one numbered `before`, newest first. What was begun is left out once its end is told."""
    async with db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select id as number, at, who, sort, what, target, status, times from sightline.audit a"
            " where tenant = :t and (cast(:who as text) is null or who = :who)"
            " and (cast(:what as text) is null or what = :what) and (cast(:before as bigint) is null or id < :before)"
            " and (status is not null or not exists"
            " (select from sightline.audit e where e.tenant = a.tenant and e.begun = a.id))"
            " order by id desc limit :n",
            t=tenant.number, who=who, what=what, before=before, n=limit,
        )  # fmt: skip
    return [Entry(**row) for row in rows]
