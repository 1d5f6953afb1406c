"""What people are asked is asked in a chat too, and answered from there as in the inbox: by buttons that come back
signed, or by links; once, by whoever may.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.responses import JSONResponse, Response

from sightline.foundation import links
from sightline.foundation.identity import Role, users
from sightline.foundation.outbound import Allowed, Outbound
from sightline.foundation.vault import Personal
from sightline.kernel.act import inbox, outbox
from sightline.kernel.act.inbox import Asked, Item
from sightline.kernel.act.outbox import Delivery
from sightline.kernel.learn import invariants
from sightline.language import derived
from sightline.language.ref import Ref
from tests.interfaces.rest.conftest import Api, problem
from tests.kernel.act.slack import ANNA, BOB, SIGNING, TOKEN, Message, Slack, send, slacking
from tests.kernel.act.teams import SIGNATURE, Workflow, flowing, words
from tests.kernel.act.world import CHANGED

BASE = "https://sightline.example.com"


@dataclass(slots=True)
class Chat:
    """A workspace whose people are asked in a Slack."""

    api: Api
    team: Slack
    anybody: httpx.AsyncClient
    callback: str = ""

    async def ask(self, name: str = "1", **more: Any) -> str:
        """Ask something, and let the courier go; returns its id."""
        async with self.api.desk.db.transaction(self.api.tenant.number) as tx:
            now = await self.api.desk.present(tx)
            asked = Asked(
                **{
                    "key": f"own.warn:line/{name}:x", "playbook": "own.warn", "choice": "tell the buyer",
                    "channel": "paper", "subject": Ref("line", name), "party": Ref("project", "112"),
                    "text": f"About line {name}.", "because": "No line keeps the promise.", "value": 100.0,
                    "worth": 5_000.0, "made_at": now, "due_at": now + timedelta(days=7), "by_default": "drop", **more,
                }
            )  # fmt: skip
            await inbox.put(tx, [asked])
        await self.send()
        return asked.id

    async def send(self) -> None:
        """Let the courier go."""
        await self.api.desk.courier().empty(self.api.tenant.number)

    async def item(self, id_: str) -> Item:
        """What is asked, as it stands."""
        async with self.api.desk.db.transaction(self.api.tenant.number) as tx:
            return await inbox.get(tx, id_)

    async def deliveries(self) -> dict[str, Delivery]:
        """What was sent, by key."""
        async with self.api.desk.db.transaction(self.api.tenant.number) as tx:
            return {one.key: one for one in await outbox.listed(tx)}

    async def press(self, name: str, who: str = ANNA, *, message: Message | None = None, **more: Any) -> httpx.Response:
        """Press something of the last message."""
        payload = self.team.pressed(message or self.team.messages[-1], name, who, **more)
        return await send(self.anybody, self.callback, payload)

    async def answers(self) -> list[dict[str, Any]]:
        """What the ledger tells of answers."""
        async with self.api.desk.db.transaction(self.api.tenant.number) as tx:
            rows = await tx.rows(
                "select data from sightline.ledger where tenant = :t and type = :a order by position",
                t=tx.tenant, a=derived.ANSWERED,
            )  # fmt: skip
        return [row["data"] for row in rows]


@pytest.fixture
async def near(api: Api, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Api]:
    """Reaches loopback, and is reached from elsewhere."""
    desk, out = api.desk, Outbound(Allowed.of(["127.0.0.0/8"]))
    monkeypatch.setattr(desk, "out", out)
    CHANGED.append((desk, desk.settings))
    http = desk.settings.http.model_copy(update={"public_url": BASE})
    desk.settings = desk.settings.model_copy(update={"http": http})
    yield api
    await out.close()


@pytest.fixture
async def chat(near: Api) -> AsyncIterator[Chat]:
    """Anna may answer there, as an operator; Bob is nobody."""
    await users.add(near.desk.db, near.tenant, "anna", Role.OPERATOR, at=near.desk.clock.now())
    async with slacking() as team, httpx.AsyncClient(transport=near.client._transport, base_url="http://test") as other:
        found = Chat(near, team, other)
        await add(near, "team", team.address, TOKEN, signing_secret=SIGNING)
        await asks(near, "team")
        (known,) = await destinations(near)
        assert known["callback"].startswith(f"{BASE}/v1/chat/slack/")
        found.callback = known["callback"].removeprefix(BASE)
        assert (await near.client.put(f"/v1/chat-users/{ANNA}", json={"user": "anna"})).status_code == 200
        yield found


async def add(api: Api, name: str, address: str, password: str, **more: Any) -> None:
    body = {"name": name, "address": address, "password": password, **more}
    answer = await api.client.post("/v1/destinations", json=body)
    assert (answer.status_code, answer.json()["secret"]) == (201, None), answer.text


async def asks(api: Api, name: str, status: int = 204, **more: Any) -> httpx.Response:
    answer = await api.client.put(f"/v1/destinations/{name}/asks", json=more)
    assert answer.status_code == status, answer.text
    return answer


async def destinations(api: Api) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api.client.get("/v1/destinations")).json()["destinations"]
    return found


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


async def jane(chat: Chat) -> str:
    """The token of Jane Doe."""
    one = Personal(person="person/jane", value="Jane Doe")
    async with chat.api.desk.db.transaction(chat.api.tenant.number) as tx:
        return (await chat.api.desk.vault.tokens(tx, [one]))[one]


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


@pytest.fixture
async def linked(chat: Chat) -> AsyncIterator[tuple[Chat, Workflow]]:
    """A chat in Teams in which whoever follows a link answers as Anna."""
    async with flowing() as workflow:
        await asks(chat.api, "team", on=False)
        await add(chat.api, "flow", "teams:", workflow.url)
        await asks(chat.api, "flow", by="anna")
        yield chat, workflow


def followed(workflow: Workflow) -> dict[str, str]:
    """Where the buttons of the last card lead."""
    return {one["title"]: one["url"].removeprefix(BASE) for one in workflow.cards[-1]["actions"]}


async def test_a_link_asks_first_and_answers_once(linked: tuple[Chat, Workflow]) -> None:
    chat, workflow = linked
    id_ = await chat.ask(text="<b>Dear</b> all")
    ways = followed(workflow)
    assert ways["Open"] == f"/inbox?workspace={chat.api.tenant.name}&item={id_}"
    assert "line/1" in words(workflow.cards[0])
    for _ in range(2):
        page = await chat.anybody.get(ways["Approve"])
        assert (page.status_code, '<form method="post">' in page.text) == (200, True)
        assert "&lt;b&gt;Dear&lt;/b&gt; all" in page.text
        assert "Approve as anna" in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
    assert (await chat.item(id_)).state == "open"
    done = await chat.anybody.post(ways["Approve"])
    assert (done.status_code, "is approved by anna" in done.text) == (200, True)
    item = await chat.item(id_)
    assert (item.state, item.ended_by) == ("approved", "anna")
    for name in ("Approve", "Reject"):
        for method in ("GET", "POST"):
            again = await chat.anybody.request(method, ways[name], data={"why": "no"} if method == "POST" else None)
            assert (again.status_code, "approved already by anna" in again.text) == (409, True)
    assert len(await chat.answers()) == 1
    await chat.api.rest.trail.flush()
    trail = (await chat.api.client.get("/v1/audit", params={"what": "answer_by_link"})).json()["entries"]
    assert [(one["who"], one["status"]) for one in trail] == [("anna", 200)]
    assert not any(ways["Approve"].rpartition("/")[2] in str(one) for one in trail)


async def test_a_no_by_a_link_says_why(linked: tuple[Chat, Workflow]) -> None:
    chat, workflow = linked
    id_ = await chat.ask()
    path = followed(workflow)["Reject"]
    assert 'name="why" required' in (await chat.anybody.get(path)).text
    refused = await chat.anybody.post(path, data={"why": " "})
    assert (refused.status_code, "needs a reason" in refused.text) == (400, True)
    assert (await chat.anybody.post(path, data={"why": "They told\0 us."})).status_code == 200
    assert (await chat.item(id_)).why == "They told us."


async def test_a_link_is_good_for_what_was_read_and_for_who_may(linked: tuple[Chat, Workflow]) -> None:
    chat, workflow = linked
    desk, tenant = chat.api.desk, chat.api.tenant
    await chat.ask()
    path = followed(workflow)["Approve"]
    changed = path[:-5] + ("A" if path[-5] != "A" else "B") + path[-4:]
    other = f"/answer/{links.made(desk.vault, 'unsubscribe', tenant.number, 'x', 'y')}"
    for one in (changed, other, "/answer/x", "/answer/é"):
        for method in ("GET", "POST"):
            answer = await chat.anybody.request(method, one)
            assert (answer.status_code, "cannot be used" in answer.text) == (404, True)
    act = desk.settings.act.model_copy(update={"operator_limit": 1.0})
    desk.settings = desk.settings.model_copy(update={"act": act})
    over = await chat.anybody.post(path)
    assert (over.status_code, "5,000 are at stake" in over.text) == (403, True)
    async with desk.db.transaction(tenant.number) as tx:
        await tx.run("update sightline.inbox set text = 'Another.', worth = 0 where tenant = :t", t=tx.tenant)
    late = await chat.anybody.post(path)
    assert (late.status_code, "time of this link is over" in late.text) == (409, True)
    await users.change(desk.db, tenant, "anna", at=desk.clock.now(), disabled=True)
    assert (await chat.anybody.get(path)).status_code == 409
    assert await chat.answers() == []


@pytest.mark.parametrize("reveal", [False, True])
async def test_a_link_tells_of_persons_what_its_chat_may_know(linked: tuple[Chat, Workflow], reveal: bool) -> None:
    chat, workflow = linked
    if reveal:
        await asks(chat.api, "flow", on=False)
        await add(chat.api, "open", "teams:", workflow.url, reveal=True)
        await asks(chat.api, "open", by="anna")
    token = await jane(chat)
    await chat.ask(text=f"Dear {token},", subject=Ref("person", token))
    path = followed(workflow)["Approve"]
    asked, done = await chat.anybody.get(path), await chat.anybody.post(path)
    for page in (asked, done):
        assert (page.status_code, "Jane Doe" in page.text, token in page.text) == (200, reveal, not reveal)
    # Of a chat that is gone nobody knows what it may be told.
    await chat.ask("2", text=f"Dear {token},")
    path = followed(workflow)["Approve"]
    assert (await chat.api.client.delete(f"/v1/destinations/{'open' if reveal else 'flow'}")).status_code == 204
    assert "Jane Doe" not in (await chat.anybody.get(path)).text


async def test_a_link_ends_with_the_time_to_answer(linked: tuple[Chat, Workflow]) -> None:
    chat, workflow = linked
    now = chat.api.desk.clock.now()
    await chat.ask(due_at=now - timedelta(seconds=1))
    assert (await chat.anybody.post(followed(workflow)["Approve"])).status_code == 409
    await chat.ask("2")
    await users.change(chat.api.desk.db, chat.api.tenant, "anna", at=now, role=Role.VIEWER)
    assert (await chat.anybody.post(followed(workflow)["Approve"])).status_code == 403
    await users.remove(chat.api.desk.db, chat.api.tenant, "anna")
    assert (await chat.anybody.get(followed(workflow)["Approve"])).status_code == 403
    assert (await chat.api.client.get("/v1/chat-users")).json()["chat_users"] == []


async def test_links_are_only_where_they_lead_somewhere_and_as_somebody(linked: tuple[Chat, Workflow]) -> None:
    chat, workflow = linked
    await asks(chat.api, "flow")
    await chat.ask()
    assert list(followed(workflow)) == ["Open"]
    http = chat.api.desk.settings.http.model_copy(update={"public_url": None})
    chat.api.desk.settings = chat.api.desk.settings.model_copy(update={"http": http})
    assert "SIGHTLINE_HTTP__PUBLIC_URL" in (await asks(chat.api, "flow", 500, by="anna")).text
    await chat.ask("2")
    assert workflow.cards[-1]["actions"] == []
    assert SIGNATURE not in (await chat.api.client.get("/v1/destinations")).text


async def test_who_is_who_is_listed_and_must_be_somebody(chat: Chat) -> None:
    listed = (await chat.api.client.get("/v1/chat-users")).json()["chat_users"]
    assert [(one["id"], one["user"]) for one in listed] == [(ANNA, "anna")]
    problem(await chat.api.client.put("/v1/chat-users/anna", json={"user": "anna"}), 400, "invalid")
    problem(await chat.api.client.put(f"/v1/chat-users/{BOB}", json={"user": "bob"}), 404, "not_found")
    problem(await chat.api.client.delete(f"/v1/chat-users/{BOB}"), 404, "not_found")
