"""From a playbook that asks to a press in Slack, to what is then done: once round the loop."""

from __future__ import annotations

import json
import time
from urllib.parse import urlencode

import pytest
from slack_sdk.signature import SignatureVerifier

from sightline.foundation.identity import Role, users
from sightline.foundation.outbound import Outbound
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import destinations, notices
from sightline.kernel.act.channels.addresses import Given
from sightline.kernel.act.notices import Asks
from sightline.kernel.desk import Desk, chatting
from sightline.testing import make
from tests.kernel.act.slack import ANNA, SIGNING, TOKEN, Slack, slacking
from tests.kernel.act.world import HEAD, asked, choose, declare, letters, line, tell


async def pressed(desk: Desk, team: Slack, callback: str, name: str) -> None:
    """Somebody presses a button of the first message."""
    body, sent = urlencode({"payload": json.dumps(team.pressed(team.messages[0], name, ANNA))}), str(int(time.time()))
    signature = SignatureVerifier(SIGNING).generate_signature(timestamp=sent, body=body)
    headers = {"x-slack-request-timestamp": sent, "x-slack-signature": str(signature)}
    reply = await chatting.reply(desk, await chatting.hear(desk, callback, headers, body.encode()))
    assert reply.then
    # Slack waits for the answer, and is told the rest behind it.
    assert (reply.body, team.messages[0].changed) == (None, 0)
    await reply.then()
    assert team.messages[0].changed == 1


async def test_what_a_playbook_asks_is_answered_in_slack_and_done(
    desk: Desk, standing: Tenant, out: Outbound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "out", out)
    choose(desk, hold_out=0.0)
    await users.add(desk.db, standing, "anna", Role.OPERATOR, at=desk.clock.now())
    async with slacking() as team:
        async with desk.db.transaction(standing.number) as tx:
            await destinations.add(tx, desk.vault, "team", team.address, Given(password=TOKEN, signing=SIGNING))
            await notices.choose(tx, "team", Asks())
            await chatting.chat.know(tx, ANNA, "anna")
            (known,) = await destinations.listed(tx)
        await declare(desk, standing, HEAD + "asks_first = true\n")
        await tell(desk, standing, line("a"), line("b"))
        assert team.messages == []
        await desk.courier().empty(standing.number)
        assert len(team.messages) == 2
        assert await letters(desk, standing) == []
        await pressed(desk, team, str(known.callback), "approve")
        await desk.go_round(standing)
        assert len(await letters(desk, standing)) == 1
        assert sorted(one.state for one in await asked(desk, standing)) == ["approved", "open"]
        moved = await desk.advance(standing, make.day(1010))
        await desk.courier().empty(moved.number)
        assert {one.state for one in await asked(desk, moved)} == {"approved", "expired"}
        assert "Expired. Nobody answered by" in team.messages[1].words()
        assert len(await letters(desk, moved)) == 1
