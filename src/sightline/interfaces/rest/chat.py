"""What is pressed in a chat comes back here; who is who there; and the pages on which a link is followed.

`POST /v1/chat/slack/{address}` and `/answer/{word}` are open to everybody: a message is signed by Slack, and what
stands in a link can have been written by nobody but us.
"""

from __future__ import annotations

from html import escape
from typing import Annotated
from urllib.parse import parse_qs

import msgspec
from fastapi import Path, Request
from fastapi.responses import HTMLResponse
from starlette.background import BackgroundTask
from starlette.responses import Response

from sightline.interfaces.rest import models, telling
from sightline.interfaces.rest.bodies import whole
from sightline.interfaces.rest.context import Rest
from sightline.interfaces.rest.imports import NO_NUL
from sightline.interfaces.rest.needs import Administrator, RestDep, room
from sightline.interfaces.rest.plain_pages import page, paragraph, unusable
from sightline.kernel.act import chat as known
from sightline.kernel.act.chat import PATH
from sightline.kernel.desk import answering, chatting
from sightline.kernel.desk.answering import Followed
from sightline.language.errors import SightlineError, TooManyRequests

MOST = 256 * 1024
"""Bytes of a message from Slack, or of a page that is sent back."""

LONGEST_WHY = 2_000

PersonId = Annotated[
    str, Path(description="Id of somebody in Slack.", max_length=200, pattern=NO_NUL, examples=["U0123456789"])
]

router = room("chat-users")
public = room(prefix="", told=False)


@router.get("/chat-users")
async def get_chat_users(rest: RestDep, caller: Administrator) -> models.ChatUsers:
    """Who in Slack is which user here. Nobody else can answer there."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        found = await known.listed(tx)
    return models.ChatUsers(chat_users=[models.ChatUser.model_validate(one) for one in found])


@router.put("/chat-users/{id}")
async def put_chat_user(
    rest: RestDep, caller: Administrator, id: PersonId, given: models.NewChatUser  # noqa: A002 - public name
) -> models.ChatUser:  # fmt: skip
    """Let somebody in Slack answer as a user, with what that one may."""
    return models.ChatUser.model_validate(await chatting.link(rest.desk, caller.tenant, id, given.user))


@router.delete("/chat-users/{id}", status_code=204)
async def delete_chat_user(rest: RestDep, caller: Administrator, id: PersonId) -> None:  # noqa: A002 - public name
    """Let them be nobody here."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        await known.forget(tx, id)


@public.post(PATH + "{address}")
async def answer_in_chat(request: Request, rest: RestDep, address: str) -> Response:
    """Take what Slack signed, answer at once, and tell it the rest behind the answer."""
    known.tenant_of(rest.desk.vault, address)
    _not_too_often(rest, address)
    heard = await chatting.hear(rest.desk, address, request.headers, await whole(request, MOST))
    if heard.acting:
        await telling.admitted(rest.trail, request, heard.acting.principal, heard.tenant)
    reply = await chatting.reply(rest.desk, heard)
    body = b"" if reply.body is None else msgspec.json.encode(reply.body)
    return Response(body, media_type="application/json", background=BackgroundTask(reply.then) if reply.then else None)


@public.get("/answer/{word}")
async def ask_to_answer(rest: RestDep, word: str) -> HTMLResponse:
    """Show what would be answered, and ask once more: programs follow links too."""
    try:
        return _asks(await answering.follow(rest.desk, word))
    except SightlineError as error:
        return unusable(error.message, error.status)


@public.post("/answer/{word}")
async def answer_by_link(request: Request, rest: RestDep, word: str) -> HTMLResponse:
    """Answer, once: who comes second is told who was first."""
    form = parse_qs((await whole(request, MOST)).decode("utf-8", "replace"))
    why = form.get("why", [""])[0].replace("\0", "")[:LONGEST_WHY]
    try:
        found = await answering.follow(rest.desk, word)
        await telling.admitted(rest.trail, request, found.acting.principal, found.tenant)
        item = await answering.answer(rest.desk, found, why)
    except SightlineError as error:
        return unusable(str(error) if error.status == 400 else error.message, error.status)
    return page(
        item.state.capitalize(), paragraph(f"{item.choice}: {item.subject} is {item.state} by {item.ended_by}.")
    )


def _not_too_often(rest: Rest, address: str) -> None:
    if wait := rest.chats.wait(address):
        raise TooManyRequests("More messages a minute than are taken here.", after=wait)


def _asks(found: Followed) -> HTMLResponse:
    """The page that asks once more, whose form goes to the address it came from."""
    item, yes = found.item, found.link.yes
    stake = "" if item.worth is None else f" {item.worth:,.0f} are at stake."
    default = "it is done" if item.by_default == "act" else "nothing is done"
    said = (
        paragraph(f"{item.value:,.0f} expected.{stake}", item.because, *item.reasons)
        + paragraph(f"To {item.party} through {item.channel}:")
        + f"<blockquote>{paragraph(item.text)}</blockquote>"
        + paragraph(f"Without an answer by {item.due_at:%Y-%m-%d %H:%M} UTC {default}.")
    )
    why = "" if yes else f'<p><label>Why? <input name="why" required maxlength="{LONGEST_WHY}"></label></p>'
    verb, who = "Approve" if yes else "Reject", escape(found.acting.person.name)
    form = f'<form method="post">{why}<button>{verb} as {who}</button></form>'
    return page(f"{verb}? {item.choice}: {item.subject}", said + form)
