"""What people are asked is asked in a chat too, and answered from there as in the inbox: by buttons that come back
signed; once, by whoever may.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.responses import JSONResponse, Response

from sightline.foundation import links
from sightline.foundation.identity import Role, users
from sightline.kernel.learn import invariants
from sightline.language.ref import Ref
from tests.interfaces.rest.chats import BASE, Chat, add, asks, destinations, jane
from tests.interfaces.rest.conftest import problem
from tests.kernel.act.slack import ANNA, BOB, SIGNING, TOKEN, send


async def test_a_yes_comes_back_signed_is_done_once_and_shown_to_all(chat: Chat) -> None:
    id_ = await chat.ask()
    (message,) = chat.team.messages
    answer = await chat.press("approve")
    assert (answer.status_code, answer.content) == (200, b"")
    item = await chat.item(id_)
    assert (item.state, item.ended_by) == ("approved", "anna")
    assert [(one["answer"], one["by"], one["text"]) for one in await chat.answers()] == [
        ("approved", "anna", "About line 1.")
    ]
    assert "Approved by anna." in message.words()
    await chat.send()
    deliveries = await chat.deliveries()
    assert {key: one.state for key, one in deliveries.items()} == {
        f"ask:team:{id_}": "done", f"ask:team:{id_}#ended": "done",
    }  # fmt: skip
    assert message.changed == 2
    assert [name for name, _, _ in chat.team.calls] == ["chat.postMessage", "chat.update"]
    async with chat.api.desk.db.transaction(chat.api.tenant.number) as tx:
        looked = await invariants.look(tx, chat.api.desk.settings, await chat.api.desk.declared(tx), item.made_at)
    assert [one.name for one in looked if one.broken] == []
    await chat.api.rest.trail.flush()
    trail = (await chat.api.client.get("/v1/audit", params={"what": "answer_in_chat"})).json()["entries"]
    assert [(one["who"], one["sort"], one["status"]) for one in trail] == [("anna", "user", 200)]


async def test_who_comes_second_is_told_who_was_first(chat: Chat) -> None:
    await chat.ask()
    message = chat.team.messages[0]
    old = replace(message)
    await asyncio.gather(*(chat.press("approve", message=old) for _ in range(4)))
    assert chat.team.aside == ["It is approved already by anna."] * 3
    assert len(await chat.answers()) == 1
    answer = await chat.press("reject", message=old)
    assert (answer.status_code, chat.team.aside[-1]) == (200, "It is approved already.")
    assert chat.team.windows == []


async def test_what_is_answered_in_the_app_is_changed_there_too(chat: Chat) -> None:
    id_ = await chat.ask()
    await chat.api.client.post(f"/v1/inbox/{id_}/reject", json={"why": "They <told> us."})
    await chat.send()
    (message,) = chat.team.messages
    assert "Rejected by owner. They &lt;told&gt; us." in message.words()
    assert "actions" not in [one["type"] for one in message.blocks]


async def test_what_ends_before_it_was_sent_is_not_sent(chat: Chat) -> None:
    await chat.api.client.post("/v1/destinations/team/switch", json={"on": False})
    id_ = await chat.ask()
    await chat.api.client.post(f"/v1/inbox/{id_}/reject", json={"why": "no"})
    await chat.api.client.post("/v1/destinations/team/switch", json={"on": True})
    await chat.send()
    assert (chat.team.messages, await chat.deliveries()) == ([], {})


async def test_a_no_is_explained_in_a_window(chat: Chat) -> None:
    id_ = await chat.ask()
    assert (await chat.press("reject")).content == b""
    assert (await chat.item(id_)).state == "open"
    answer = await send(chat.anybody, chat.callback, chat.team.submitted(ANNA, " "))
    assert answer.json()["response_action"] == "errors"
    assert "needs a reason" in answer.json()["errors"]["why"]
    answer = await send(chat.anybody, chat.callback, chat.team.submitted(ANNA, "They told us."))
    assert (answer.status_code, answer.content) == (200, b"")
    item = await chat.item(id_)
    assert (item.state, item.ended_by, item.why) == ("rejected", "anna", "They told us.")
    assert "Rejected by anna. They told us." in chat.team.messages[0].words()


async def test_nobody_answers_whom_nobody_knows(chat: Chat) -> None:
    id_ = await chat.ask()
    await chat.press("approve", BOB)
    assert chat.team.aside == [
        f"Nobody here knows who {BOB} is. Ask whoever looks after Sightline to run: sightline chat link {BOB} USER"
    ]
    await chat.press("reject")
    answer = await send(chat.anybody, chat.callback, chat.team.submitted(BOB, "no"))
    assert BOB in answer.json()["errors"]["why"]
    await press_from(chat, {"user": "T9OTHER"}, {"user": None}, {"team": None}, {"user": None, "team": None})
    assert (await chat.item(id_)).state == "open"
    await users.change(chat.api.desk.db, chat.api.tenant, "anna", at=chat.api.desk.clock.now(), disabled=True)
    await chat.press("approve")
    assert "'anna' is shut out." in chat.team.aside[-1]
    await chat.api.client.delete(f"/v1/chat-users/{ANNA}")
    await chat.press("approve")
    assert "Nobody here knows" in chat.team.aside[-1]
    assert (await chat.item(id_)).state == "open"


async def press_from(chat: Chat, *teams: dict[str, str | None]) -> None:
    """Anna's id presses yes on the first message, as somebody of another team, or of none; it is told aside."""
    for one in teams:
        guest = chat.team.pressed(chat.team.messages[0], "approve", ANNA)
        if "user" in one:
            guest["user"]["team_id"] = one["user"]
        if "team" in one:
            guest["team"] = one["team"] and {"id": one["team"]}
        await send(chat.anybody, chat.callback, guest)
        assert f"Nobody here knows who {ANNA} is." in chat.team.aside[-1], one


async def test_an_id_is_somebody_in_the_team_they_came_from_first(chat: Chat) -> None:
    first, second = await chat.ask(), await chat.ask("2")
    await chat.press("approve", message=chat.team.messages[1])
    assert {(await chat.item(one)).state for one in (first, second)} == {"open", "approved"}
    elsewhere: dict[str, str | None] = {"user": "T9OTHER", "team": "T9OTHER"}
    await press_from(chat, elsewhere)
    assert (await chat.item(first)).state == "open"
    # Whoever is linked anew may have moved.
    assert (await chat.api.client.put(f"/v1/chat-users/{ANNA}", json={"user": "anna"})).status_code == 200
    aside = len(chat.team.aside)
    moved = chat.team.pressed(chat.team.messages[0], "approve", ANNA)
    moved["user"]["team_id"] = moved["team"]["id"] = "T9OTHER"
    await send(chat.anybody, chat.callback, moved)
    assert ((await chat.item(first)).state, len(chat.team.aside)) == ("approved", aside)


async def test_limits_of_money_and_roles_hold_there_too(chat: Chat) -> None:
    act = chat.api.desk.settings.act.model_copy(update={"operator_limit": 4_999.0})
    chat.api.desk.settings = chat.api.desk.settings.model_copy(update={"act": act})
    id_ = await chat.ask()
    await chat.press("approve")
    assert "5,000 are at stake; a role 'operator' decides about 4,999 at most." in chat.team.aside[-1]
    await users.change(chat.api.desk.db, chat.api.tenant, "anna", at=chat.api.desk.clock.now(), role=Role.VIEWER)
    await chat.press("approve")
    assert "'anna' may not operate" in chat.team.aside[-1]
    assert (await chat.item(id_)).state == "open"
    await users.change(chat.api.desk.db, chat.api.tenant, "anna", at=chat.api.desk.clock.now(), role=Role.OWNER)
    await chat.press("approve")
    assert (await chat.item(id_)).state == "approved"


async def test_what_slack_did_not_sign_does_nothing(chat: Chat) -> None:
    id_ = await chat.ask()
    payload, now = chat.team.pressed(chat.team.messages[0], "approve", ANNA), time.time()
    problem(await send(chat.anybody, chat.callback, payload, secret="x" * 32), 401, "unauthenticated")
    for off in (-301, 400):
        problem(await send(chat.anybody, chat.callback, payload, at=now + off), 401, "stale")
    problem(await chat.anybody.post(chat.callback, data={"payload": "{}"}), 401, "unauthenticated")
    problem(await send(chat.anybody, "/v1/chat/slack/x", payload), 404, "not_found")
    other = links.made(chat.api.desk.vault, "chat", chat.api.tenant.number, "made up")
    problem(await send(chat.anybody, f"/v1/chat/slack/{other}", payload), 404, "not_found")
    problem(await send(chat.anybody, chat.callback, "payload=%7B"), 400, "invalid")
    problem(await send(chat.anybody, chat.callback, "x" * 300_000), 413, "too_large")
    assert (await send(chat.anybody, chat.callback, "ssl_check=1")).status_code == 200
    assert ((await chat.item(id_)).state, chat.team.aside) == ("open", [])


async def test_what_comes_twice_as_it_was_signed_comes_to_nothing(chat: Chat) -> None:
    await chat.ask()
    payload, now = chat.team.pressed(chat.team.messages[0], "approve", BOB), time.time()
    for _ in range(3):
        assert (await send(chat.anybody, chat.callback, payload, at=now)).status_code == 200
    assert len(chat.team.aside) == 1


async def test_what_is_no_answer_is_taken_and_left(chat: Chat) -> None:
    id_ = await chat.ask()
    for more in ({"type": "shortcut"}, {"actions": []}, {"type": "view_submission"}):
        payload = {**chat.team.pressed(chat.team.messages[0], "approve", ANNA), **more}
        assert (await send(chat.anybody, chat.callback, payload)).status_code == 200
    assert (await chat.press("open")).status_code == 200
    odd = {**chat.team.pressed(chat.team.messages[0], "approve", ANNA)}
    odd["actions"][0]["block_id"] = "team:ask_none"
    assert (await send(chat.anybody, chat.callback, odd)).status_code == 200
    assert "Nothing is asked under 'ask_none'" in chat.team.aside[-1]
    chat.team.answer = expired
    assert (await chat.press("reject")).status_code == 200
    assert "did not open a window" in chat.team.aside[-1]
    assert (await chat.item(id_)).state == "open"


def expired() -> Response:
    return JSONResponse({"ok": False, "error": "expired_trigger_id"})


async def test_an_incoming_webhook_has_a_list_of_reasons(chat: Chat) -> None:
    await add(chat.api, "hook", "slack:", chat.team.hook, signing_secret=SIGNING)
    await asks(chat.api, "team", on=False)
    await asks(chat.api, "hook")
    id_ = await chat.ask()
    chat.callback = next(one["callback"] for one in await destinations(chat.api) if one["name"] == "hook")[len(BASE) :]
    await chat.press("because", option=1)
    item = await chat.item(id_)
    assert (item.state, item.why) == ("rejected", "Not the right moment")
    await chat.send()
    (message,) = chat.team.messages
    assert message.changed == 1
    assert list(await chat.deliveries()) == [f"ask:hook:{id_}"]


async def test_only_what_is_wished_is_asked(chat: Chat) -> None:
    problem(await asks(chat.api, "team", 404, playbooks=["own.none"]), 404, "not_found")
    assert (await asks(chat.api, "team", 403, by="nobody")).json()["code"] == "forbidden"
    await chat.api.client.post("/v1/destinations", json={"name": "crm", "address": "https://crm.example.com/in"})
    assert "no chat" in (await asks(chat.api, "crm", 400)).json()["detail"]
    await asks(chat.api, "none", 404)
    await asks(chat.api, "team", playbooks=["supply.warn_buyer"], above=1_000)
    await chat.ask("a", playbook="own.warn")
    await chat.ask("b", playbook="supply.warn_buyer", worth=999.0)
    await chat.ask("c", playbook="supply.warn_buyer", worth=1_000.0)
    await chat.ask("d", playbook="supply.warn_buyer", worth=None)
    found = {re.search("line/.", one.text)[0] for one in chat.team.messages}  # type: ignore[index]
    assert found == {"line/c", "line/d"}
    (known,) = [one for one in await destinations(chat.api) if one["name"] == "team"]
    assert known["asks"] == {"playbooks": ["supply.warn_buyer"], "above": 1_000, "by": None}


async def test_nobody_is_asked_in_quiet_hours(chat: Chat) -> None:
    now = chat.api.desk.clock.now()
    quiet = f"{now - timedelta(minutes=5):%H:%M}-{now + timedelta(minutes=5):%H:%M}"
    body = {"quiet": quiet, "approve": True, "only": ["project/none"]}
    assert (await chat.api.client.put("/v1/destinations/team/guards", json=body)).status_code == 204
    id_ = await chat.ask()
    (waits,) = (await chat.deliveries()).values()
    assert (waits.state, "quiet hours" in waits.problem, chat.team.messages) == ("waiting", True, [])
    await chat.api.client.put("/v1/destinations/team/guards", json={"approve": True, "only": ["project/none"]})
    await chat.api.client.post(f"/v1/inbox/{id_}/reject", json={"why": "no"})
    await chat.ask("2")
    assert len(chat.team.messages) == 1


@pytest.mark.parametrize("reveal", [False, True])
async def test_persons_are_told_of_where_the_chat_may_know_them(chat: Chat, reveal: bool) -> None:
    await asks(chat.api, "team", on=False)
    await add(chat.api, "other", chat.team.address, TOKEN, signing_secret=SIGNING, reveal=reveal)
    await asks(chat.api, "other")
    token = await jane(chat)
    await chat.ask(text=f"Dear {token},", subject=Ref("person", token))
    told = chat.team.messages[0].words()
    assert ("Jane Doe" in told, token in told) == (reveal, not reveal)
    await chat.press("approve")
    assert ("Jane Doe" in chat.team.messages[0].words()) == reveal
    (kept,) = [one for one in (await chat.deliveries()).values() if not one.key.endswith("#ended")]
    assert "Jane Doe" not in f"{kept}"


async def test_no_secret_is_told_to_anybody(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    await add(chat.api, "hook", "slack:", chat.team.hook + "-wrong")
    await asks(chat.api, "hook")
    await chat.ask()
    chat.team.answer = expired
    await chat.ask("2")
    async with chat.api.desk.db.transaction(chat.api.tenant.number) as tx:
        rows = await tx.rows(
            "select to_jsonb(d)::text as said from sightline.deliveries d where tenant = :t union all"
            " select to_jsonb(l)::text from sightline.ledger l where tenant = :t union all"
            " select to_jsonb(x)::text from sightline.destinations x where tenant = :t",
            t=tx.tenant,
        )
    said = [row["said"] for row in rows]
    assert sum('"dead"' in one for one in said) >= 2
    told = "\n".join([*said, (await chat.api.client.get("/v1/destinations")).text, caplog.text])
    assert [one for one in (TOKEN, SIGNING, "hidden-in-the-address") if one in told] == []


async def test_who_is_who_is_listed_and_must_be_somebody(chat: Chat) -> None:
    listed = (await chat.api.client.get("/v1/chat-users")).json()["chat_users"]
    assert [(one["id"], one["user"]) for one in listed] == [(ANNA, "anna")]
    problem(await chat.api.client.put("/v1/chat-users/anna", json={"user": "anna"}), 400, "invalid")
    problem(await chat.api.client.put(f"/v1/chat-users/{BOB}", json={"user": "bob"}), 404, "not_found")
    problem(await chat.api.client.delete(f"/v1/chat-users/{BOB}"), 404, "not_found")
