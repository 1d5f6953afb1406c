"""Messages to Slack: by an app's token into a channel (`chat.postMessage`), or to the address of an incoming webhook.

Slack answers errors with status 200 and `"ok": false`. A message under the same `client_msg_id` is posted once for as
long as Slack knows it; nothing is promised, and incoming webhooks know nothing of the kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import msgspec

from sightline.foundation import outbound
from sightline.foundation.clock import Clock, SystemClock
from sightline.foundation.outbound import Answer, Outbound
from sightline.kernel.act.channels import blocks
from sightline.kernel.act.channels.cases import WaysOf, no_ways, plain
from sightline.kernel.act.channels.webhook import must_be_taken
from sightline.language.action import Action, Case, Destination, Receipt
from sightline.language.errors import Held, Invalid, Misconfigured, SightlineError, Unavailable, Undeliverable

SCHEME = "slack"
API = "https://slack.com/api/"

SECONDS = 15.0

CHANNEL = re.compile(r"[A-Z][A-Z0-9]{2,30}")
"""Ids of channels and people: names change, and what is known by one cannot be changed later."""

TOKEN = re.compile(r"xoxb-[A-Za-z0-9-]{10,500}")
SIGNING = re.compile(r"[\x21-\x7e]{16,128}")

MOST_SIGNING = 2
"""Signing secrets in use at once: the new one and the one before."""

SOON = timedelta(seconds=5)
"""Until a message that is still on its way is looked for again."""

WORD = re.compile(r"[a-z_]{1,80}")
"""What errors are called. Nothing else of an answer is told on: it may repeat what it was sent."""

HINT = (
    "Write it as slack:C0123456789, with the id of a channel (it stands at the end of its details), and give the app's"
    " bot token; or as slack: alone, and give the address of an incoming webhook."
)

PASSING = frozenset(
    {
        *("ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"),
        *("team_added_to_org", "message_limit_exceeded", "rollup_error"),
    }
)  # fmt: skip
"""Errors that may be gone in a moment."""

OF_MESSAGE = frozenset(
    {
        *("msg_too_long", "no_text", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format"),
        *("invalid_arguments", "invalid_arg_name", "invalid_array_arg", "invalid_charset", "invalid_json"),
        *("json_not_object", "invalid_payload", "message_not_found", "cant_update_message", "edit_window_closed"),
        *("duplicate_message_not_found", "duplicate_channel_not_found"),
    }
)  # fmt: skip
"""Errors that say of the message itself that it will never be taken."""

MEND = {
    "not_in_channel": "Invite the app into the channel: /invite and its name.",
    "channel_not_found": "See the channel's id in the address; into a private one the app must be invited.",
    "is_archived": "Its channel is archived: add a destination with another one.",
    "channel_is_archived": "Its channel is archived: add a destination with another one.",
    "missing_scope": "Give the app the scope chat:write, and install it again.",
}
"""What to do about errors of the destination; about all others it is given a new token."""

CHANGE = "chat.update"
POST = "chat.postMessage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How Slack is reached."""

    channel: str
    """Empty: by an incoming webhook, which has a channel of its own."""
    api: str

    @classmethod
    def of(cls, address: str) -> Reached:
        """Read `slack:C0123456789` or `slack:`; `?api=` names another place than Slack's own. Raises Invalid."""
        parts = urlsplit(address)
        given = parse_qsl(parts.query, keep_blank_values=True)
        fits = not parts.path or CHANNEL.fullmatch(parts.path)
        if parts.scheme != SCHEME or parts.netloc or parts.fragment or not fits or [k for k, _ in given if k != "api"]:
            raise Invalid(f"'{address[:80]}' is no address of Slack.", hint=HINT)
        api = dict(given).get("api", API)
        outbound.check(api)
        return cls(channel=parts.path, api=api.rstrip("/") + "/")


def secrets_of(address: str, password: str | None, signing: str | None, before: Sequence[str] = ()) -> list[str]:
    """What is kept: the token or the webhook's address, then what Slack signs with, the newest first. What is not given
    stays as it was `before`. Raises Invalid.
    """
    reached, key = Reached.of(address), password or next(iter(before), "")
    if not key:
        raise Invalid("Slack lets nobody in without a token, or the address of an incoming webhook.", hint=HINT)
    if reached.channel and not TOKEN.fullmatch(key):
        raise Invalid("This is no bot token: those begin with xoxb-.", hint="It stands under 'OAuth & Permissions'.")
    if not reached.channel:
        outbound.check(key)
    if signing is not None and not SIGNING.fullmatch(signing):
        raise Invalid("This is no signing secret.", hint="It stands under 'Basic Information' of the app.")
    known = [one for one in before[1:] if one != signing]
    return [key, *([signing, *known] if signing else known)[:MOST_SIGNING]]


def changes(address: str) -> bool:
    """Whether a message that was sent there can be changed later."""
    return bool(Reached.of(address).channel)


class Slack:
    """Posts each action as a message; what is asked has buttons, and is changed once it has ended."""

    name = "slack"

    def __init__(self, out: Outbound, clock: Clock | None = None, *, ways: WaysOf = no_ways) -> None:
        self._out, self._clock, self._ways = out, clock or SystemClock(), ways

    async def send(self, action: Action, to: Destination, *, at: datetime) -> Receipt:
        """Write and post it. Raises Unavailable, Undeliverable, Misconfigured, Held, Forbidden and Invalid."""
        reached, case = Reached.of(to.address), action.case
        message = self._message(action, to, reached)
        if not reached.channel:
            await self._post(to.secrets[0], message, to)
            return Receipt(key=action.key, channel=self.name, at=at, reference=action.id)
        if case is None or not case.changes:
            place = {"channel": reached.channel, "client_msg_id": str(UUID(action.id[-32:]))}
            quiet = {"unfurl_links": False, "unfurl_media": False}
            said = await self.call(to, POST, {**place, **message, **quiet})
        else:
            channel, ts = _earlier(case, at)
            said = await self.call(to, CHANGE, {"channel": channel, "ts": ts, **message})
        reference = f"{said.get('channel', reached.channel)}:{said.get('ts', '')}"
        return Receipt(key=action.key, channel=self.name, at=at, reference=reference)

    async def call(self, to: Destination, method: str, body: dict[str, Any]) -> dict[str, Any]:
        """Call a method of Slack by the token of a destination. Raises as `send` does."""
        url = Reached.of(to.address).api + method
        answer = await self._sent(url, body, {"authorization": f"Bearer {to.secrets[0]}"})
        if answer.status != HTTPStatus.OK:
            must_be_taken(answer, to, self._clock, said="")
        try:
            said: dict[str, Any] = msgspec.json.decode(answer.body, type=dict)
        except msgspec.DecodeError:
            raise Unavailable(f"'{to.name}' answered what cannot be read.") from None
        if said.get("ok") is not True:
            raise _meant(str(said.get("error")), to)
        return said

    async def respond(self, url: str, body: dict[str, Any], to: Destination) -> None:
        """Say something where somebody pressed a button. Raises as `send` does."""
        await self._post(url, body, to)

    async def _post(self, url: str, body: dict[str, Any], to: Destination) -> None:
        answer = await self._sent(url, body, {})
        error = answer.body[:100].decode("ascii", "replace").strip()
        if answer.status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST):
            raise _meant(error, to)
        must_be_taken(answer, to, self._clock, said=error if WORD.fullmatch(error) else "")

    async def _sent(self, url: str, body: dict[str, Any], headers: dict[str, str]) -> Answer:
        await self._out.must_keep_secret(url)
        sent = {"content-type": "application/json; charset=utf-8", "user-agent": "Sightline", **headers}
        return await self._out.post(url, msgspec.json.encode(body), sent, seconds=SECONDS)

    def _message(self, action: Action, to: Destination, reached: Reached) -> dict[str, Any]:
        case = action.case
        if case is None:
            return {"text": blocks.fallback(action.text), "blocks": blocks.said(action.text)}
        return self.told(case, to, reached)

    def told(self, case: Case, to: Destination, reached: Reached) -> dict[str, Any]:
        """What is asked, or how that ended."""
        buttons, window = len(to.secrets) > 1, bool(reached.channel)
        shown = (
            blocks.asked(case, self._ways(case, to), f"{to.name}:{case.id}", buttons=buttons, window=window)
            if case.open else blocks.ended(case)
        )  # fmt: skip
        return {"text": blocks.fallback(plain(case)), "blocks": shown}


def _earlier(case: Case, at: datetime) -> tuple[str, str]:
    """Channel and timestamp of the message in which it was asked. Raises Held and Undeliverable."""
    if case.under_way:
        raise Held("The message that is to be changed is still on its way.", until=at + SOON)
    channel, _, ts = (case.message or "").partition(":")
    if not ts:
        raise Undeliverable("The message that is to be changed was never sent.", asked=False)
    return channel, ts


def _meant(error: str, to: Destination) -> SightlineError:
    """What an error is about: the moment, the message, or the destination."""
    told = f"'{to.name}' answered {error if WORD.fullmatch(error) else 'an error'}."
    if error in PASSING:
        return Unavailable(told)
    if error in OF_MESSAGE:
        return Undeliverable(told, hint="Mend the message, then send it again.")
    renew = f"Give it what it is reached by now: sightline destinations rotate {to.name} --password"
    return Misconfigured(told, hint=f"{MEND.get(error, renew)}; then send it again.".replace(".;", ";"))
