"""Where a chat sends nothing back, what is asked in it is answered by links."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from sightline.foundation import links
from sightline.foundation.identity import Role, users
from sightline.language.ref import Ref
from tests.interfaces.rest.chats import BASE, Chat, add, asks, jane
from tests.kernel.act.teams import SIGNATURE, Workflow, flowing, words


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
