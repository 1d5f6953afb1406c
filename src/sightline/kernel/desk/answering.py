"""Answers that come from outside of the app: as whom, and by a link."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sightline.foundation import identity, tenants
from sightline.foundation.identity import Principal, Right, Sort, users
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import answering, destinations
from sightline.kernel.act import inbox as kept
from sightline.kernel.act.answering import Link
from sightline.kernel.act.inbox import Item
from sightline.kernel.act.notices import fingerprint
from sightline.kernel.desk import inbox
from sightline.kernel.desk.desk import Desk
from sightline.kernel.desk.inbox import Person
from sightline.language.errors import Conflict, Forbidden, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """A user for whom something came from elsewhere."""

    principal: Principal
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A link that may be used."""

    link: Link
    tenant: Tenant
    acting: Acting
    item: Item
    """What it answers; persons by their names where the chat that it was sent to may know them."""


async def as_user(desk: Desk, tenant: Tenant, name: str) -> Acting:
    """A user, with the role they have now. Raises Forbidden where they are gone, shut out or may not answer."""
    try:
        user = await users.get(desk.db, tenant, name)
    except NotFound:
        raise Forbidden(f"'{name}' is no user of this workspace any more.", hint="An owner adds users.") from None
    if user.disabled:
        raise Forbidden(f"'{name}' is shut out.", hint="An owner can let them in again.")
    principal = Principal(tenant=tenant.number, home=tenant.name, name=user.name, role=user.role, sort=Sort.USER)
    standing = await identity.authorize(desk.db, principal, Right.OPERATE, tenant)
    return Acting(principal=principal, person=Person(name=user.name, role=standing.role))


async def follow(desk: Desk, word: str) -> Followed:
    """What a link answers, and as whom. Raises NotFound, Forbidden, and Conflict: it is answered, or too late."""
    link = answering.read(desk.vault, word)
    async with desk.db.transaction(link.tenant) as tx:
        here = await tenants.here(tx)
        if here is None:
            raise NotFound("This link is of a workspace that is gone.")
        item, now = await kept.get(tx, link.item), await desk.present(tx)
        # Who follows it has not signed in: they are told what the chat is.
        to = (await destinations.these(tx, desk.vault, [link.chat])).get(link.chat)
        (told,) = await inbox.shown(desk, tx, [item]) if to and to.reveal else [item]
    kept.must_wait(item)
    if now >= link.until or fingerprint(item.text) != link.draft:
        raise Conflict("The time of this link is over.", hint="Answer in the inbox.")
    return Followed(link=link, tenant=here, acting=await as_user(desk, here, link.user), item=told)


async def answer(desk: Desk, found: Followed, why: str) -> Item:
    """Say what a link says; persons stay as they were in `found`. Raises as `inbox.answer` does."""
    link, by = found.link, found.acting.person
    ended = await inbox.answer(desk, found.tenant, link.item, yes=link.yes, by=by, why=why)
    return replace(found.item, state=ended.state, ended_by=ended.ended_by, ended_at=ended.ended_at)
