"""What is new in a workspace, told once it can be read: the ledger up to where the projections have come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sightline.foundation import cursors, ledger
from sightline.foundation.cursors import CHANNEL
from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.loop import SHOWN
from sightline.kernel.observe.personal import unveiled
from sightline.language.derived import SELF
from sightline.language.event import DERIVED

__all__ = ["CHANNEL", "MOST_BETWEEN", "News", "between", "is_ahead", "is_far", "reached"]

MOST_BETWEEN = 100_000
"""Events that are caught up with at most; whoever is further behind reads everything anew."""

MOST_SUBJECTS = 50
"""Subjects named in one piece of news, the latest; the counts tell of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a stretch of the ledger tells."""

    after: int
    position: int
    """It tells of the positions behind `after` up to this one."""
    types: Mapping[str, int]
    """How many events, by type."""
    questions: list[str]
    """Those that something was predicted, decided or settled of."""
    subjects: list[str]
    now: datetime
    """The present moment of the workspace."""


_BETWEEN = """
with span as materialized (
  select position, type, kind, key, case when starts_with(type, :derived) then data ->> 'question' end as question
  from sightline.ledger where tenant = :t and position > :after and position <= :upto
)
select
  (select coalesce(jsonb_object_agg(type, n), '{}')
    from (select type, count(*) as n from span group by type) s) as types,
  (select coalesce(array_agg(distinct question order by question), '{}') from span where question is not null)
    as questions,
  (select coalesce(array_agg(kind || '/' || key order by last desc), '{}') from (
    select kind, key, max(position) as last from span where kind <> :own group by kind, key
    order by last desc limit :most) s) as subjects,
  (select clock_at from sightline.tenants where tenant = :t) as clock_at
"""


async def reached(desk: Desk, tenant: Tenant) -> int:
    """Up to where news can be told."""
    async with desk.db.transaction(tenant.number) as tx:
        return await cursors.reached(tx, SHOWN)


async def between(desk: Desk, tenant: Tenant, after: int, upto: int | None = None) -> News | None:
    """What is new behind `after`, up to where news can be told, or up to a position; None when nothing is."""
    async with desk.db.transaction(tenant.number) as tx:
        last = await cursors.reached(tx, SHOWN) if upto is None else upto
        return await _told(desk, tx, after, last) if last > after else None


async def _told(desk: Desk, tx: Transaction, after: int, upto: int) -> News:
    row = await tx.row(
        _BETWEEN, t=tx.tenant, after=after, upto=upto, derived=DERIVED, own=SELF, most=MOST_SUBJECTS
    )  # fmt: skip
    assert row is not None
    return News(
        after=after,
        position=upto,
        types=row["types"],
        questions=row["questions"],
        subjects=await unveiled(tx, desk.vault, row["subjects"]),
        now=row["clock_at"] or desk.clock.now(),
    )


async def is_far(desk: Desk, tenant: Tenant, after: int, upto: int) -> bool:
    """Whether more lies between two positions than is caught up with. Positions are shared by all workspaces."""
    if upto - after <= MOST_BETWEEN:
        return False
    async with desk.db.transaction(tenant.number) as tx:
        found = await tx.value(
            "select exists (select from sightline.ledger where tenant = :t and position > :after and position <= :upto"
            " order by position offset :most limit 1)",
            t=tx.tenant, after=after, upto=upto, most=MOST_BETWEEN,
        )  # fmt: skip
    return bool(found)


async def is_ahead(desk: Desk, tenant: Tenant, after: int) -> bool:
    """Whether a position is none of this ledger: behind its end, as after a restore."""
    async with desk.db.transaction(tenant.number) as tx:
        return after > await ledger.last_position(tx)
