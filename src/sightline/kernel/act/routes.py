"""Routes, as they are kept: to whom goes what a playbook asks, in the order in which they were made."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.language.errors import Invalid, NotFound

NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")

_LOCK = 7_301_006
"""With the number of a tenant: two who make routes at once do it one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Who is asked what one playbook puts into the inbox, of those who meet its conditions."""

    name: str
    playbook: str
    whom: str = ""
    """Conditions on the subject and on what is forecast of it, as playbooks have them; empty: everybody."""
    to: tuple[str, ...]
    """Users who may decide about it; one of them is asked."""
    place: int = 0
    """Routes of a playbook are tried in this order; the first whose conditions are met holds. 0: nobody knows yet."""
    made_at: datetime
    """When it was made, or changed last."""
    by: str


async def alone(tx: Transaction) -> None:
    """Nobody else makes or changes a route of this tenant until the commit."""
    await tx.run("select pg_advisory_xact_lock(cast(:k as int), cast(:t as int))", k=_LOCK, t=tx.tenant)


async def placed(tx: Transaction, route: Route) -> Route:
    """The route at its place: that of its name where there is one, else behind all others. Raises Invalid."""
    if not NAME.fullmatch(route.name):
        raise Invalid(
            f"'{route.name[:80]}' is no name.", hint="Small letters, digits, - and _, beginning with a letter."
        )
    place = await tx.value(
        "select coalesce((select place from sightline.routes where tenant = :t and name = :n),"
        " (select max(place) from sightline.routes where tenant = :t) + 1, 1)",
        t=tx.tenant, n=route.name,
    )  # fmt: skip
    return replace(route, place=int(place))


async def keep(tx: Transaction, route: Route) -> None:
    """Keep a route at its place, instead of what was kept under its name."""
    await tx.run(
        "insert into sightline.routes (tenant, name, place, playbook, whom, users, made_at, by)"
        " values (:t, :n, :place, :playbook, :whom, :users, :at, :by) on conflict (tenant, name) do update set"
        " playbook = excluded.playbook, whom = excluded.whom, users = excluded.users, made_at = excluded.made_at,"
        " by = excluded.by",
        t=tx.tenant, n=route.name, place=route.place, playbook=route.playbook, whom=route.whom, users=list(route.to),
        at=route.made_at, by=route.by,
    )  # fmt: skip


async def remove(tx: Transaction, name: str) -> None:
    """Ask nobody by it any more; what somebody has stays theirs. Raises NotFound."""
    if not await tx.run("delete from sightline.routes where tenant = :t and name = :n", t=tx.tenant, n=name):
        known = [one.name for one in await listed(tx)]
        raise NotFound.named("route", name[:80], known, hint="`sightline inbox routes` shows them.")


async def listed(tx: Transaction, playbooks: Collection[str] | None = None) -> list[Route]:
    """All routes (only of these playbooks), in their order."""
    rows = await tx.rows(
        "select name, place, playbook, whom, users, made_at, by from sightline.routes where tenant = :t"
        " and (cast(:p as text[]) is null or playbook = any(:p)) order by place, name",
        t=tx.tenant, p=None if playbooks is None else sorted(playbooks),
    )  # fmt: skip
    return [_route(row) for row in rows]


def _route(row: Any) -> Route:
    told = {name: row[name] for name in ("name", "place", "playbook", "whom", "made_at", "by")}
    return Route(**told, to=tuple(row["users"]))
