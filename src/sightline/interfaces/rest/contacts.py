"""Who is not to be contacted; and the public page on which somebody says so of themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path
from fastapi.responses import HTMLResponse

from sightline.interfaces.rest import models
from sightline.interfaces.rest.imports import NO_NUL
from sightline.interfaces.rest.needs import Operator, Reader, RestDep, room
from sightline.interfaces.rest.paging import USUAL, After, Limit, decode, page
from sightline.interfaces.rest.plain_pages import page as plain_page
from sightline.interfaces.rest.plain_pages import unusable
from sightline.kernel.act import contacts
from sightline.kernel.desk import contacting
from sightline.language.errors import NotFound
from sightline.language.ref import Ref

KindOf = Annotated[str, Path(description="Kind.", max_length=63, pattern=NO_NUL, examples=["customer"])]
KeyOf = Annotated[str, Path(description="Key; it may contain slashes.", pattern=NO_NUL, examples=["17"])]

router = room("contacts")
public = room(prefix="", told=False)

_ASKS = """<p>You will get no more messages from this sender.</p>
<form method="post"><button name="List-Unsubscribe" value="One-Click">No more messages</button></form>"""


@router.get("/contacts")
async def get_contacts(rest: RestDep, caller: Reader, after: After = None, limit: Limit = USUAL) -> models.Contacts:
    """Who is not to be contacted, the latest first."""
    behind = decode(after, (datetime, str, str)) if after else None
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        found = await contacts.listed(tx, after=behind, limit=limit + 1)
        some, more = page(found, limit, lambda one: (one.at, one.ref.kind, one.ref.key))
        told = await contacting.shown(rest.desk, tx, some)
    return models.Contacts(contacts=[_told(one) for one in told], next=more)


@router.put("/contacts/{kind}/{key:path}")
async def stop_contact(rest: RestDep, caller: Operator, kind: KindOf, key: KeyOf) -> models.Contact:
    """Contact it no more, through any destination but paper. Where that was said before, nothing changes."""
    ref = Ref.parse(f"{kind}/{key}")
    return _told(await contacting.stop(rest.desk, caller.tenant, ref, by=caller.principal.name))


@router.delete("/contacts/{kind}/{key:path}", status_code=204)
async def allow_contact(rest: RestDep, caller: Operator, kind: KindOf, key: KeyOf) -> None:
    """Contact it again. What was refused meanwhile is a dead letter, and is sent again one by one."""
    await contacting.allow(rest.desk, caller.tenant, Ref.parse(f"{kind}/{key}"))


@public.get("/unsubscribe/{token}")
async def ask_to_leave(rest: RestDep, token: str) -> HTMLResponse:
    """Ask whether they mean it: programs that look at links must not say so for anybody."""
    try:
        await contacting.leaver(rest.desk, token)
    except NotFound as error:
        return unusable(error.message, 404)
    return plain_page("No more messages?", _ASKS)


@public.post("/unsubscribe/{token}")
async def leave(rest: RestDep, token: str) -> HTMLResponse:
    """Say so: by the button, or by a mail program with one click (RFC 8058). Once, however often it is called."""
    try:
        await contacting.leave(rest.desk, token)
    except NotFound as error:
        return unusable(error.message, 404)
    return plain_page("No more messages", "<p>It is noted: this sender writes to you no more.</p>")


def _told(one: contacts.Stopped) -> models.Contact:
    return models.Contact(ref=str(one.ref), at=one.at, by=one.by)
