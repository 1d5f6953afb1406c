"""Who is asked what a playbook puts into the inbox: made, tried, listed and removed by those who run the workspace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sightline.foundation.identity.users import operators
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import inbox, routes, routing
from sightline.kernel.act.moment import Moment
from sightline.kernel.act.routes import Route
from sightline.kernel.desk.desk import Desk
from sightline.kernel.desk.inbox import decider
from sightline.language.catalog import Catalog
from sightline.language.errors import Invalid, Terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A route, as it is asked for."""

    name: str
    playbook: str
    whom: str = ""
    to: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """A route as it stands."""

    route: Route
    gone: tuple[str, ...]
    """Those of its users who may not decide any more."""
    stopped: str
    """Why nothing goes by it; empty where something does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A route, and what it does with what waits where that was asked."""

    stands: Stands
    waiting: int | None = None
    """So much was looked at of what its playbook asks and nobody has answered; None: nobody asked what it does."""
    goes: Mapping[str, int] = field(default_factory=dict)
    """By user: how much of it goes to them by this route."""
    nobody: int | None = None
    """So much meets the route, and nobody of its users may decide about it."""


async def listed(desk: Desk, tenant: Tenant) -> list[Stands]:
    """All routes of a workspace, in the order in which they are tried."""
    async with desk.db.transaction(tenant.number) as tx:
        return await _stand(await desk.moment(tx), await routes.listed(tx))


async def put(desk: Desk, tenant: Tenant, new: New, *, by: str, waiting: bool = False, dry: bool = False) -> Made:
    """Make a route, or change the one of that name, which keeps its place.

    `waiting`: what waits and has nobody who may decide goes by it too; `dry`: only tell what would. `dry` without
    `waiting` tells where all that waits would go if it entered the inbox now. Raises NotFound (a playbook, a user, an
    attribute), Invalid and Conflict.
    """
    async with desk.db.transaction(tenant.number) as tx:
        here = await desk.moment(tx)
        await routes.alone(tx)
        route = await routes.placed(tx, await _checked(here, new, by))
        theirs = await routing.deciders(tx) if waiting else None
        found = await routing.tried(here, route, but=theirs) if waiting or dry else None
        if not dry:
            await routes.keep(tx, route)
            if found is not None and theirs is not None:
                given = await inbox.pass_on(tx, found.given, but=theirs, route=route.name, now=here.now)
                found = replace(found, given=given)
        (stands,) = await _stand(here, [route])
    if found is None:
        return Made(stands=stands)
    goes = Counter(found.given.values())
    return Made(
        stands=stands, waiting=found.waiting, goes={one: goes[one] for one in route.to}, nobody=found.nobody
    )  # fmt: skip


async def remove(desk: Desk, tenant: Tenant, name: str) -> None:
    """Ask nobody by a route any more; what somebody has stays theirs. Raises NotFound."""
    async with desk.db.transaction(tenant.number) as tx:
        await routes.remove(tx, name)


async def _checked(here: Moment, new: New, by: str) -> Route:
    routing.check(new.whom, here.catalog.playbook(new.playbook), here.catalog)
    known = await operators(here.tx)
    to = tuple(dict.fromkeys(decider(one, known) for one in new.to))
    if not to:
        raise Invalid("A route leads to somebody.", hint="Name one or more users who may decide.")
    return Route(name=new.name, playbook=new.playbook, whom=new.whom.strip(), to=to, made_at=here.now, by=by)


async def _stand(here: Moment, kept: Sequence[Route]) -> list[Stands]:
    gone = await routing.gone(here.tx, kept)
    return [Stands(route=one, gone=gone[one.name], stopped=_stopped(here.catalog, one, gone[one.name])) for one in kept]


def _stopped(catalog: Catalog, route: Route, gone: Sequence[str]) -> str:
    try:
        routing.check(route.whom, catalog.playbook(route.playbook), catalog)
    except Terminal as error:
        return error.message
    return "None of its users may decide any more." if len(gone) == len(route.to) else ""
