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
from sightline.foundation.identity import users
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import chat, destinations, notices
from sightline.kernel.act.briefing import said_of
from sightline.kernel.act.channels import Slack, blocks
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
        team = _home(payload) if payload else None
        user = await chat.user_of(tx, payload.user.id, team) if payload and team else None
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


def _home(payload: _Payload) -> str | None:
    """The team of somebody who belongs to the one whose channel it is. Guests of a shared one, and whoever comes
    without a team, belong to none that is known here.
    """
    return payload.user.team_id if payload.team and payload.team.id == payload.user.team_id else None


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
    pressed = payload.actions[0]
    if pressed.action_id not in (blocks.YES, blocks.NO, blocks.BECAUSE):
        return Reply()
    at = await _place(desk, heard, pressed.block_id, payload.response_url)
    if heard.acting is None:
        return Reply(then=partial(_tell, desk, at, None, heard.refused))
    if pressed.action_id == blocks.NO:
        return await _window(desk, at, payload.trigger_id)
    yes, why = pressed.action_id == blocks.YES, pressed.selected_option.value if pressed.selected_option else ""
    told = await _answered(desk, at, heard.acting, yes=yes, why=why)
    return Reply(then=partial(_tell, desk, at, await _case(desk, at), told))


@dataclass(frozen=True, slots=True, kw_only=True)
class _At:
    """What was pressed."""

    tenant: Tenant
    to: Destination
    """The chat that the message was sent to: of those of one app, all tell us at the address of one."""
    item: str
    url: str
    """Where Slack is told how it went."""

    @property
    def place(self) -> str:
        """As it stands in the message."""
        return f"{self.to.name}:{self.item}"


async def _place(desk: Desk, heard: Heard, place: str, url: str) -> _At:
    name, _, item = place.partition(":")
    async with desk.db.transaction(heard.tenant.number) as tx:
        known = await destinations.these(tx, desk.vault, [name])
    found = known.get(name)
    # Of a chat that was removed meanwhile nobody knows what it may be told.
    to = found if found and found.channel == Slack.name else replace(heard.to, reveal=False)
    return _At(tenant=heard.tenant, to=to, item=item, url=url)


async def _answered(desk: Desk, at: _At, acting: Acting, *, yes: bool, why: str) -> str:
    """Answer; returns why it was not taken, where it was not."""
    try:
        await inbox.answer(desk, at.tenant, at.item, yes=yes, by=acting.person, why=why)
    except SightlineError as error:
        # The hint of what has ended tells of a command.
        return error.message if isinstance(error, Conflict) else str(error)
    return ""


async def _window(desk: Desk, at: _At, trigger: str) -> Reply:
    """Ask why."""
    case = await _case(desk, at)
    if case is None or not case.open:
        told = f"It is {case.state} already." if case else "This is asked no more."
        return Reply(then=partial(_tell, desk, at, case, told))
    kept = msgspec.json.encode([at.place, at.url]).decode()
    return Reply(then=partial(_open, desk, at, trigger, blocks.window(heading(case), kept)))


async def _explained(desk: Desk, heard: Heard, view: _View) -> Reply:
    """The window came back."""
    try:
        place, url = msgspec.json.decode(view.private_metadata, type=tuple[str, str])
        why = str(view.state["values"][blocks.WHY][blocks.WHY]["value"] or "")
    except (msgspec.DecodeError, KeyError, TypeError):
        raise Invalid("The window holds nothing that can be read.") from None
    if heard.acting is None:
        return _mistaken(heard.refused)
    at = await _place(desk, heard, place, url)
    told = await _answered(desk, at, heard.acting, yes=False, why=why)
    if told:
        return _mistaken(told)
    return Reply(then=partial(_tell, desk, at, await _case(desk, at), ""))


def _mistaken(told: str) -> Reply:
    """What stands under the field of a window that stays open."""
    return Reply(body={"response_action": "errors", "errors": {blocks.WHY: told}})


async def _case(desk: Desk, at: _At) -> Case | None:
    """What is asked, as it stands, with what its chat is told of persons."""
    to = at.to
    action = Action(
        key=f"{notices.PREFIX}{at.place}", destination=to.name, to=Ref(derived.ASKED, at.item or "none"),
        subject=Ref(derived.ASKED, "none"), text="",
    )  # fmt: skip
    async with desk.db.transaction(at.tenant.number) as tx:
        case = (await notices.cases(tx, [action])).get(action.key)
        if case and to.reveal:
            case = replace(case, **await unveiled(tx, desk.vault, said_of(case)))
    return case


async def _open(desk: Desk, at: _At, trigger: str, view: dict[str, Any]) -> None:
    """Open a window."""
    try:
        await desk.slack(at.tenant.number).call(at.to, "views.open", {"trigger_id": trigger, "view": view})
    except SightlineError as error:
        _log.warning("Slack opens no window: %s", error.message)
        await _tell(desk, at, None, "Slack did not open a window. Press again, or answer in the inbox.")


async def _tell(desk: Desk, at: _At, case: Case | None, told: str) -> None:
    """Show how it ended in the place of the buttons; and tell whoever pressed, where it was not them who ended it."""
    slack, said = desk.slack(at.tenant.number), []
    if case and not case.open:
        said.append({"replace_original": True, **slack.told(case, at.to, Reached.of(at.to.address))})
    if told:
        said.append({"response_type": "ephemeral", "replace_original": False, "text": blocks.fallback(told)})
    for one in said if at.url else ():
        try:
            await slack.respond(at.url, one, at.to)
        except SightlineError as error:
            _log.warning("Slack was not told how it went: %s", error.message)


async def link(desk: Desk, tenant: Tenant, id_: str, user: str) -> chat.Person:
    """Let somebody in a chat be a user, who must be there. Raises NotFound and Invalid."""
    known = await users.get(desk.db, tenant, user)
    async with desk.db.transaction(tenant.number) as tx:
        return await chat.know(tx, id_, known.name)
