"""What is sent, and where to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Body, Path, Query

from sightline.foundation import identity
from sightline.foundation.identity import Right
from sightline.interfaces.rest import models
from sightline.interfaces.rest.imports import NO_NUL
from sightline.interfaces.rest.needs import Administrator, Operator, Reader, RestDep, room
from sightline.interfaces.rest.paging import USUAL, After, Limit, decode, page
from sightline.kernel.act import destinations, outbox, publishing
from sightline.kernel.act.channels.addresses import Given
from sightline.kernel.act.chat import PATH
from sightline.kernel.act.notices import Asks
from sightline.kernel.desk import delivering
from sightline.language.action import Policy
from sightline.language.time import TICK, parse_since

DeliveryId = Annotated[str, Path(description="Delivery.", pattern="^msg_[0-9a-f]{32}$", examples=["msg_" + "9f" * 16])]
Where = Annotated[str, Path(description="Destination.", max_length=200, pattern=NO_NUL, examples=["crm"])]
MaybeRotate = Annotated[models.Rotate, Body(default_factory=models.Rotate)]

router = room("deliveries")


@router.get("/deliveries")
async def get_deliveries(
    rest: RestDep,
    caller: Reader,
    state: Annotated[models.Sent | None, Query(description="Only those in this state.")] = None,
    destination: Annotated[str | None, Query(max_length=200, pattern=NO_NUL, description="Only those to it.")] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> models.Deliveries:
    """What was sent, what waits to be, and the dead letters; newest first."""
    behind = decode(after, (datetime, str)) if after else None
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        found = await outbox.listed(tx, state=state, destination=destination, after=behind, limit=limit + 1)
        some, more = page(found, limit, lambda one: (one.made_at, one.id))
        told = await delivering.shown(rest.desk, tx, some)
    return models.Deliveries(deliveries=[models.Delivery.model_validate(one) for one in told], next=more)


@router.get("/deliveries/{id}")
async def get_delivery(rest: RestDep, caller: Reader, id: DeliveryId) -> models.Delivery:  # noqa: A002 - public name
    """One delivery."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        (told,) = await delivering.shown(rest.desk, tx, [await outbox.get(tx, id)])
    return models.Delivery.model_validate(told)


@router.post("/deliveries/{id}/send-again")
async def send_again(
    rest: RestDep, caller: Operator, id: DeliveryId, given: models.SendAgain  # noqa: A002 - public name
) -> models.Delivery:  # fmt: skip
    """Send a dead letter again under its id, mended where told so. Anything else is no dead letter (409)."""
    again = await delivering.send_again(rest.desk, caller.tenant, id, given.text, given.destination)
    return models.Delivery.model_validate(again)


@router.post("/deliveries/{id}/release")
async def release_delivery(rest: RestDep, caller: Operator, id: DeliveryId) -> models.Delivery:  # noqa: A002 - public name
    """Let it be sent: it waits for a person (state `held`). Anything else waits for nobody (409)."""
    freed = await delivering.release(rest.desk, caller.tenant, id, by=caller.principal.name)
    return models.Delivery.model_validate(freed)


@router.get("/destinations")
async def get_destinations(rest: RestDep, caller: Reader) -> models.Destinations:
    """Where actions go, and how each fares."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        found = await delivering.destinations_of(rest.desk, tx)
    whole = Right.ADMINISTER in caller.standing.rights
    base = (rest.desk.settings.http.public_url or "") + PATH
    shown = [
        replace(one, callback=one.callback and base + one.callback) if whole
        else replace(one, address=_host_of(one.address), callback=None) for one in found
    ]  # fmt: skip
    return models.Destinations(destinations=[models.Destination.model_validate(one) for one in shown])


def _host_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else address


@router.post("/destinations", status_code=201)
async def post_destination(rest: RestDep, caller: Administrator, given: models.NewDestination) -> models.Secret:
    """A new destination of webhooks or mail, or a chat. The secret that webhooks are signed with is in this answer and
    nowhere else.
    """
    keys = Given(password=given.password, signing=given.signing_secret)
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        secret = await destinations.add(tx, rest.desk.vault, given.name, given.address, keys, reveal=given.reveal)
    return models.Secret.model_validate({"name": given.name, "secret": secret})


@router.post("/destinations/{name}/rotate", status_code=201)
async def rotate_destination(rest: RestDep, caller: Administrator, name: Where, given: MaybeRotate) -> models.Secret:
    """A new secret; what is sent is signed with the one before too, until the next rotation. Of a mail server
    and a chat: what they are reached by now.
    """
    keys = Given(password=given.password, signing=given.signing_secret)
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        secret = await destinations.rotate(tx, rest.desk.vault, name, keys)
    return models.Secret.model_validate({"name": name, "secret": secret})


@router.put("/destinations/{name}/guards", status_code=204)
async def put_guards(rest: RestDep, caller: Administrator, name: Where, given: models.NewGuards) -> None:
    """Say what is held to before anything is sent there, in the place of what was said before."""
    policy = Policy(**{**given.model_dump(), "only": tuple(given.only)})
    await delivering.guard(rest.desk, caller.tenant, name, policy)


@router.put("/destinations/{name}/subscription", status_code=204)
async def put_subscription(rest: RestDep, caller: Administrator, name: Where, given: models.Subscription) -> None:
    """Say which events it is told of from now on, in the place of what was said before."""
    wanted = publishing.Subscription(events=tuple(given.events), about=tuple(given.about))
    await delivering.subscribe(rest.desk, caller.tenant, name, wanted)


@router.post("/destinations/{name}/replay")
async def replay_events(rest: RestDep, caller: Operator, name: Where, given: models.TellAgain) -> models.ToldAgain:
    """Tell it again, under the same `webhook-id` each, of what was recorded within a span of time; or count that.
    Whoever names `events` chooses what leaves the workspace, as who subscribes does, and must be somebody who may.
    """
    wanted = None
    if given.events is not None or given.about:
        await identity.authorize(rest.desk.db, caller.principal, Right.ADMINISTER, caller.tenant)
        wanted = publishing.Subscription(events=tuple(given.events or ()), about=tuple(given.about))
    now = rest.now(caller)
    until = now + TICK if given.until is None else parse_since(given.until, now)
    found = await delivering.replay(
        rest.desk, caller.tenant, name, since=parse_since(given.since, now), until=until, wanted=wanted,
        dry=given.dry_run,
    )  # fmt: skip
    return models.ToldAgain.model_validate(found)


@router.put("/destinations/{name}/asks", status_code=204)
async def put_asks(rest: RestDep, caller: Administrator, name: Where, given: models.NewAsks) -> None:
    """Have people asked there from now on what enters the inbox (or no more), in the place of what was said before. It
    must be a chat.
    """
    asks = Asks(playbooks=tuple(given.playbooks), above=given.above, by=given.by) if given.on else None
    await delivering.choose(rest.desk, caller.tenant, name, asks)


@router.post("/destinations/{name}/switch", status_code=204)
async def switch_destination(rest: RestDep, caller: Administrator, name: Where, given: models.Switch) -> None:
    """Switch it on or off. What is for it waits meanwhile."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        await destinations.switch(tx, name, on=given.on)


@router.post("/destinations/{name}/test", status_code=202)
async def test_destination(rest: RestDep, caller: Operator, name: Where) -> models.Delivery:
    """Send a greeting there, on the path that everything takes; how it goes is told by the delivery."""
    return models.Delivery.model_validate(await delivering.test(rest.desk, caller.tenant, name))


@router.delete("/destinations/{name}", status_code=204)
async def delete_destination(rest: RestDep, caller: Administrator, name: Where) -> None:
    """Forget it; what waits for it is a dead letter then. While something is just being sent there it stays (409)."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        await destinations.remove(tx, name)
