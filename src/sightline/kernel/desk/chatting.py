"""What is pressed in Slack: verified, told whose it is, and answered as in the inbox.

https://docs.slack.dev/interactivity/handling-user-interaction: a form with one field, `payload`, signed as all that
Slack sends, to be answered within three seconds. What Slack is told besides follows behind the answer.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import msgspec

from sightline.foundation import tenants
from sightline.foundation.db.session import Transaction
from sightline.foundation.identity import users
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import chat, destinations, notices
from sightline.kernel.act.briefing import said_of
from sightline.kernel.act.channels import blocks
from sightline.kernel.act.channels.cases import heading
from sightline.kernel.act.channels.slack import Reached
from sightline.kernel.desk import inbox
from sightline.kernel.desk.answering import Acting, as_user
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe import signatures
from sightline.kernel.observe.personal import unveiled
from sightline.language import derived
from sightline.language.action import Action, Case, Destination
from sightline.language.errors import Conflict, Forbidden, Invalid, SightlineError, Unauthenticated
from sightline.language.ref import Ref

SIGNED = signatures.of(
    "hmac",
    {
        "signature_header": "x-slack-signature", "timestamp_header": "x-slack-request-timestamp", "prefix": "v0=",
        "layout": "v0:{timestamp}:{body}",
    },
)  # fmt: skip
"""https://docs.slack.dev/authentication/verifying-requests-from-slack"""

_log = logging.getLogger(__name__)


class _User(msgspec.Struct):
    id: str
    team_id: str | None = None


class _Team(msgspec.Struct):
    id: str


class _Option(msgspec.Struct):
    value: str


class _Pressed(msgspec.Struct):
    action_id: str
    block_id: str = ""
    selected_option: _Option | None = None


class _View(msgspec.Struct):
    callback_id: str = ""
    private_metadata: str = ""
    state: dict[str, Any] = {}


class _Payload(msgspec.Struct):
    """What we read of it; there is more."""

    type: str
    user: _User
    team: _Team | None = None
    trigger_id: str = ""
    response_url: str = ""
    actions: list[_Pressed] = []
    view: _View | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Something that Slack has signed."""

    tenant: Tenant
    to: Destination
    """The chat whose address it came to."""
    payload: _Payload | None
    """None: there is nothing to be done."""
    acting: Acting | None
    """As whom; None: as nobody."""
    refused: str = ""
    """Why as nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer, and what follows behind it."""

    body: Mapping[str, Any] | None = None
    then: Callable[[], Awaitable[None]] | None = None


async def hear(desk: Desk, address: str, headers: Mapping[str, str], body: bytes) -> Heard:
    """What was sent to an address. `headers`: names in small letters.

    Raises NotFound (no such address), Unauthenticated (not signed), Stale (more than 5 minutes ago) and Invalid. What
    came before comes to nothing.
    """
    number, now = chat.tenant_of(desk.vault, address), desk.clock.now()
    async with desk.db.transaction(number) as tx:
        here = await tenants.here(tx)
        if here is None:
            raise chat.unknown()
        to = await destinations.at_callback(tx, desk.vault, address)
        if len(to.secrets) < 2:
            raise Unauthenticated("Nobody knows what it would be signed with.")
        signed = signatures.verify("hmac", SIGNED, to.secrets[1:], headers, body, now=now)
        payload = _read(body) if await chat.first_heard(tx, desk.vault, signed.said, now=now) else None
        user = await chat.user_of(tx, payload.user.id) if payload and _at_home(payload) else None
    try:
        acting, refused = (await as_user(desk, here, user), "") if user else (None, _unknown(payload))
    except Forbidden as error:
        acting, refused = None, str(error)
    return Heard(tenant=here, to=to, payload=payload, acting=acting, refused=refused)


def _read(body: bytes) -> _Payload | None:
    form = parse_qs(body.decode("utf-8", "replace"))
    if "payload" not in form:
        # Slack looks from time to time whether somebody answers (`ssl_check`).
        return None
    try:
        return msgspec.json.decode(form["payload"][0], type=_Payload)
    except msgspec.DecodeError:
        raise Invalid("The field 'payload' holds nothing that can be read.") from None


def _at_home(payload: _Payload) -> bool:
    """Whether somebody belongs to the organisation whose channel it is: guests of a shared one are nobody's users."""
    return not (payload.team and payload.user.team_id) or payload.team.id == payload.user.team_id


def _unknown(payload: _Payload | None) -> str:
    who = payload.user.id[:40] if payload else ""
    return f"Nobody here knows who {who} is. Ask whoever looks after Sightline to run: sightline chat link {who} USER"


async def reply(desk: Desk, heard: Heard) -> Reply:
    """Do what was pressed."""
    payload = heard.payload
    if payload is None:
        return Reply()
    if payload.type == "view_submission" and payload.view and payload.view.callback_id == blocks.WHY:
        return await _explained(desk, heard, payload.view)
    if payload.type != "block_actions" or not payload.actions:
        return Reply()
    pressed, url = payload.actions[0], payload.response_url
    if pressed.action_id not in (blocks.YES, blocks.NO, blocks.BECAUSE):
        return Reply()
    if heard.acting is None:
        return _aside(desk, heard, url, heard.refused)
    if pressed.action_id == blocks.NO:
        return await _window(desk, heard, pressed.block_id, url)
    yes, why = pressed.action_id == blocks.YES, pressed.selected_option.value if pressed.selected_option else ""
    told = await _answered(desk, heard, heard.acting, pressed.block_id, yes=yes, why=why)
    return Reply(then=partial(_tell, desk, heard, url, await _case(desk, heard, pressed.block_id), told))


async def _answered(desk: Desk, heard: Heard, acting: Acting, id_: str, *, yes: bool, why: str) -> str:
    """Answer; returns why it was not taken, where it was not."""
    try:
        await inbox.answer(desk, heard.tenant, id_, yes=yes, by=acting.person, why=why)
    except SightlineError as error:
        # The hint of what has ended tells of a command.
        return error.message if isinstance(error, Conflict) else str(error)
    return ""


async def _window(desk: Desk, heard: Heard, id_: str, url: str) -> Reply:
    """Ask why."""
    case = await _case(desk, heard, id_)
    if case is None or not case.open:
        told = f"It is {case.state} already." if case else "This is asked no more."
        return Reply(then=partial(_tell, desk, heard, url, case, told))
    kept = msgspec.json.encode([id_, url]).decode()
    return Reply(then=partial(_open, desk, heard, url, blocks.window(id_, heading(case), kept)))


async def _explained(desk: Desk, heard: Heard, view: _View) -> Reply:
    """The window came back."""
    try:
        id_, url = msgspec.json.decode(view.private_metadata, type=tuple[str, str])
        why = str(view.state["values"][blocks.WHY][blocks.WHY]["value"] or "")
    except (msgspec.DecodeError, KeyError, TypeError):
        raise Invalid("The window holds nothing that can be read.") from None
    if heard.acting is None:
        return _mistaken(heard.refused)
    told = await _answered(desk, heard, heard.acting, id_, yes=False, why=why)
    if told:
        return _mistaken(told)
    return Reply(then=partial(_tell, desk, heard, url, await _case(desk, heard, id_), ""))


def _mistaken(told: str) -> Reply:
    """What stands under the field of a window that stays open."""
    return Reply(body={"response_action": "errors", "errors": {blocks.WHY: told}})


def _aside(desk: Desk, heard: Heard, url: str, told: str) -> Reply:
    return Reply(then=partial(_tell, desk, heard, url, None, told))


async def _case(desk: Desk, heard: Heard, id_: str) -> Case | None:
    """What is asked under an id, as it stands, with what this chat is told of persons."""
    async with desk.db.transaction(heard.tenant.number) as tx:
        return await _case_of(desk, tx, heard.to, id_)


async def _case_of(desk: Desk, tx: Transaction, to: Destination, id_: str) -> Case | None:
    asked = Ref(derived.ASKED, id_ or "none")
    action = Action(key=f"{notices.PREFIX}{to.name}:{id_}", destination=to.name, to=asked, subject=asked, text="")
    case = (await notices.cases(tx, [action])).get(action.key)
    if case and to.reveal:
        case = replace(case, **await unveiled(tx, desk.vault, said_of(case)))
    return case


async def _open(desk: Desk, heard: Heard, url: str, view: dict[str, Any]) -> None:
    """Open a window."""
    trigger = heard.payload.trigger_id if heard.payload else ""
    try:
        await desk.slack(heard.tenant.number).call(heard.to, "views.open", {"trigger_id": trigger, "view": view})
    except SightlineError as error:
        _log.warning("Slack opens no window: %s", error.message)
        await _tell(desk, heard, url, None, "Slack did not open a window. Press again, or answer in the inbox.")


async def _tell(desk: Desk, heard: Heard, url: str, case: Case | None, told: str) -> None:
    """Show how it ended in the place of the buttons; and tell whoever pressed, where it was not them who ended it."""
    slack, said = desk.slack(heard.tenant.number), []
    if case and not case.open:
        said.append({"replace_original": True, **slack.told(case, heard.to, Reached.of(heard.to.address))})
    if told:
        said.append({"response_type": "ephemeral", "replace_original": False, "text": blocks.fallback(told)})
    for one in said if url else ():
        try:
            await slack.respond(url, one, heard.to)
        except SightlineError as error:
            _log.warning("Slack was not told how it went: %s", error.message)


async def link(desk: Desk, tenant: Tenant, id_: str, user: str) -> chat.Person:
    """Let somebody in a chat be a user, who must be there. Raises NotFound and Invalid."""
    known = await users.get(desk.db, tenant, user)
    async with desk.db.transaction(tenant.number) as tx:
        return await chat.know(tx, id_, known.name)
