"""The endpoints that other systems post to: made, listed, tried, switched, removed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Body, Path

from sightline.interfaces.rest import models
from sightline.interfaces.rest.context import Rest
from sightline.interfaces.rest.imports import NO_NUL
from sightline.interfaces.rest.needs import Administrator, Operator, Reader, RestDep, room
from sightline.kernel.desk import hooking
from sightline.kernel.observe import hooks, mapping_file, signatures
from sightline.kernel.observe.hooks import Known, New

Name = Annotated[str, Path(description="Hook.", max_length=200, pattern=NO_NUL, examples=["shop"])]
MaybeSecret = Annotated[models.RotateHook, Body(default_factory=models.RotateHook)]

router = room("hooks")


@router.get("/hooks")
async def get_hooks(rest: RestDep, caller: Reader) -> models.Hooks:
    """Where other systems post to, and when each was last heard."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        found = await hooks.listed(tx)
    return models.Hooks(hooks=[_told(rest, one) for one in found])


@router.post("/hooks", status_code=201)
async def post_hook(rest: RestDep, caller: Administrator, given: models.NewHook) -> models.MadeHook:
    """A new endpoint. The secret that its messages are signed with is in this answer and nowhere else."""
    mapping = mapping_file.parse(given.mapping) if given.mapping is not None else None
    options = signatures.of(given.scheme, given.options.model_dump())
    new = New(
        name=given.name, source=given.source or given.name, scheme=given.scheme, options=options,
        mapped=mapping is not None, each=given.each, secret=given.secret,
    )  # fmt: skip
    secret = await hooking.add(rest.desk, caller.tenant, new, mapping)
    return await _made(rest, caller.tenant.number, given.name, secret)


@router.post("/hooks/{name}/rotate", status_code=201)
async def rotate_hook(rest: RestDep, caller: Administrator, name: Name, given: MaybeSecret) -> models.MadeHook:
    """Another secret, or the one that the sender has made. The one before is good too, until the next rotation."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        secret = await hooks.rotate(tx, rest.desk.vault, name, given.secret)
    return await _made(rest, caller.tenant.number, name, secret)


@router.post("/hooks/{name}/switch", status_code=204)
async def switch_hook(rest: RestDep, caller: Administrator, name: Name, given: models.Switch) -> None:
    """Switch it on or off. While it is off its address answers 404, as one that never was."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        await hooks.switch(tx, name, on=given.on)


@router.post("/hooks/{name}/test")
async def test_hook(rest: RestDep, caller: Operator, name: Name, given: models.TryHook) -> models.TriedHook:
    """What would become of a body. Records nothing."""
    found = await hooking.try_(rest.desk, caller.tenant, name, given.body.encode())
    events = [
        {"type": e.type, "subject": str(e.subject), "time": e.time, "known_at": e.known_at, "data": dict(e.data)}
        for e in found.events
    ]
    return models.TriedHook.model_validate({"events": events, "misfits": [asdict(one) for one in found.misfits]})


@router.delete("/hooks/{name}", status_code=204)
async def delete_hook(rest: RestDep, caller: Administrator, name: Name) -> None:
    """Forget it and its address. What was posted there stays."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        await hooks.remove(tx, name)


async def _made(rest: Rest, tenant: int, name: str, secret: str) -> models.MadeHook:
    async with rest.desk.db.transaction(tenant) as tx:
        (found,) = [one for one in await hooks.listed(tx) if one.name == name]
    return models.MadeHook(**_told(rest, found).model_dump(), secret=secret)


def _told(rest: Rest, one: Known) -> models.Hook:
    base = rest.desk.settings.http.public_url or ""
    return models.Hook.model_validate({**asdict(one), "address": f"{base}{hooks.PATH}{one.address}"})
