"""What is sent, and where to: for whoever reads and mends it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.foundation.vault import Personal
from sightline.kernel.act import destinations, notices, outbox, publishing
from sightline.kernel.act.channels.policy import check
from sightline.kernel.act.destinations import Known
from sightline.kernel.act.notices import Asks
from sightline.kernel.act.outbox import Delivery
from sightline.kernel.act.publishing import Replayed, Subscription
from sightline.kernel.desk.answering import as_user
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe.personal import shielded_ref, unveiled, veiled_as
from sightline.language import derived
from sightline.language.action import Action, Policy
from sightline.language.catalog import Catalog
from sightline.language.errors import Misconfigured, NotFound
from sightline.language.ref import Ref

GREETING = "This is a test of Sightline. Nothing needs to be done."


async def shown(desk: Desk, tx: Transaction, found: Sequence[Delivery]) -> list[Delivery]:
    """Deliveries with persons by their names, for whoever may read the workspace."""
    told = ("receiver", "subject", "text", "problem", "hint")
    said = await unveiled(tx, desk.vault, [{name: getattr(one, name) for name in told} for one in found])
    return [replace(one, **clear) for one, clear in zip(found, said, strict=True)]


async def send_again(desk: Desk, tenant: Tenant, id_: str, text: str | None, destination: str | None) -> Delivery:
    """Send a dead letter again, mended where told so: a person's value that the letter was shown with is a token again
    before it is kept. Raises NotFound and Conflict.
    """
    async with desk.db.transaction(tenant.number) as tx:
        if text is not None:
            dead = await outbox.get(tx, id_)
            text = await veiled_as(tx, desk.vault, text, (dead.receiver, dead.subject, dead.text))
        again = await outbox.send_again(tx, id_, text=text, destination=destination)
        (told,) = await shown(desk, tx, [again])
    return told


async def destinations_of(desk: Desk, tx: Transaction) -> list[Known]:
    """All destinations of a workspace, with persons by their names, for whoever may read it."""
    found = await destinations.listed(tx)
    said = await unveiled(tx, desk.vault, [one.guards.only for one in found])
    return [replace(one, guards=replace(one.guards, only=tuple(only))) for one, only in zip(found, said, strict=True)]


async def guard(desk: Desk, tenant: Tenant, name: str, policy: Policy) -> None:
    """Say what is held to before anything is sent to a destination. Raises NotFound and Invalid."""
    check(policy)
    catalog = await desk.catalog(tenant)
    async with desk.db.transaction(tenant.number) as tx:
        only = [await _kept(desk, tx, one, catalog) for one in policy.only]
        await destinations.guard(tx, name, replace(policy, only=tuple(only)))


async def subscribe(desk: Desk, tenant: Tenant, name: str, wanted: Subscription) -> None:
    """Say which events a destination is told of from now on. Raises NotFound and Invalid."""
    async with desk.db.transaction(tenant.number) as tx:
        await publishing.subscribe(tx, await desk.declared(tx), name, wanted)


async def replay(
    desk: Desk, tenant: Tenant, name: str, *, since: datetime, until: datetime,
    wanted: Subscription | None = None, dry: bool = False,
) -> Replayed:  # fmt: skip
    """Tell a destination again of what was recorded from one moment to before another one.

    Raises NotFound, Invalid and Conflict.
    """
    async with desk.db.transaction(tenant.number) as tx:
        catalog = await desk.declared(tx)
        return await publishing.replay(tx, catalog, name, since=since, until=until, wanted=wanted, dry=dry)


async def choose(desk: Desk, tenant: Tenant, name: str, asks: Asks | None) -> None:
    """Have people asked by a destination, or no more. Raises NotFound, Invalid, Forbidden (a user who may not answer)
    and Misconfigured (links lead nowhere).
    """
    if asks is not None:
        known = (await desk.catalog(tenant)).playbooks
        for one in asks.playbooks:
            if one not in known:
                raise NotFound.named("playbook", one, known)
        if asks.by is not None:
            asks = replace(asks, by=(await as_user(desk, tenant, asks.by)).person.name)
            if not desk.settings.http.public_url:
                raise Misconfigured(
                    "Links to answer by lead nowhere: nobody knows how this server is reached from elsewhere.",
                    hint="SIGHTLINE_HTTP__PUBLIC_URL says so.",
                )
    async with desk.db.transaction(tenant.number) as tx:
        await notices.choose(tx, name, asks)


async def _kept(desk: Desk, tx: Transaction, one: str, catalog: Catalog) -> str:
    """A party or an address as it is kept: persons by their tokens."""
    if "/" in one:
        return str(await shielded_ref(tx, desk.vault, Ref.parse(one), catalog.kinds))
    address = Personal(person=one, value=one)
    return (await desk.vault.tokens(tx, [address]))[address]


async def release(desk: Desk, tenant: Tenant, id_: str, *, by: str) -> Delivery:
    """Let what is held be sent. Raises NotFound and Conflict."""
    async with desk.db.transaction(tenant.number) as tx:
        freed = await outbox.release(tx, id_, by=by)
        (told,) = await shown(desk, tx, [freed])
    return told


async def test(desk: Desk, tenant: Tenant, name: str) -> Delivery:
    """Send a greeting to a destination, on the path that everything takes. Raises NotFound."""
    me = Ref(derived.SELF, tenant.name)
    name_ = f"msg_{secrets.token_hex(16)}"
    action = Action(key=f"test:{name_}", id=name_, destination=name, to=me, subject=me, text=GREETING)
    async with desk.db.transaction(tenant.number) as tx:
        await outbox.put(tx, [action])
        return await outbox.get(tx, action.id)
