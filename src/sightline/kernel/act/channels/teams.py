"""Messages to Microsoft Teams: to the address of a workflow that begins when a webhook request is received.

A workflow answers 202 before it posts, and knows no identifier of a message: one whose courier died may be posted
twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

import msgspec

from sightline.foundation import outbound
from sightline.foundation.clock import Clock, SystemClock
from sightline.foundation.outbound import Outbound
from sightline.kernel.act.channels import cards
from sightline.kernel.act.channels.cases import WaysOf, no_ways
from sightline.kernel.act.channels.webhook import must_be_taken
from sightline.language.action import Action, Destination, Receipt
from sightline.language.errors import Invalid, Misconfigured

ADDRESS = "teams:"

SECONDS = 30.0

WORD = re.compile(r"[A-Za-z]{1,80}")
"""What errors are called. Nothing else of an answer is told on: it may repeat the address, which is a secret."""

GONE = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)

HINT = "Write it as teams: alone, and give the address of the workflow when it is asked for."


def secrets_of(address: str, password: str | None, signing: str | None, before: Sequence[str] = ()) -> list[str]:
    """What is kept: the address of the workflow. Raises Invalid."""
    if address != ADDRESS:
        raise Invalid(f"'{address[:80]}' is no address of Teams.", hint=HINT)
    if signing is not None:
        raise Invalid("Teams signs nothing: it has no signing secret.")
    url = password or next(iter(before), "")
    if not url:
        raise Invalid("Teams is reached by the address of a workflow, which is missing.", hint=HINT)
    outbound.check(url)
    return [url]


class Teams:
    """Posts each action as a card; what is asked has links by which it is answered."""

    name = "teams"

    def __init__(self, out: Outbound, clock: Clock | None = None, *, ways: WaysOf = no_ways) -> None:
        self._out, self._clock, self._ways = out, clock or SystemClock(), ways

    async def send(self, action: Action, to: Destination, *, at: datetime) -> Receipt:
        """Write and post it. Raises Unavailable, Undeliverable, Misconfigured, Forbidden and Invalid."""
        case, (url, *_) = action.case, to.secrets
        body = cards.said(action.text) if case is None else cards.asked(case, self._ways(case, to))
        await self._out.must_keep_secret(url)
        headers = {"content-type": "application/json; charset=utf-8", "user-agent": "Sightline"}
        answer = await self._out.post(url, body, headers, seconds=SECONDS)
        error = _called(answer.body)
        if answer.status in GONE:
            raise Misconfigured(
                f"'{to.name}' answered {answer.status} {error}".rstrip() + ".",
                hint="Its workflow is gone, switched off or has another address: sightline destinations rotate"
                f" {to.name} --password; then send it again.",
            )
        must_be_taken(answer, to, self._clock, said=error)
        return Receipt(key=action.key, channel=self.name, at=at, reference=action.id)


def _called(body: bytes) -> str:
    """What a workflow calls its error: `{"error": {"code": "WorkflowNotFound", ...}}`."""
    try:
        code = msgspec.json.decode(body, type=dict)["error"]["code"]
    except (msgspec.DecodeError, KeyError, TypeError):
        return ""
    return str(code) if WORD.fullmatch(str(code)) else ""
