"""Whoever is not to be contacted is sent nothing, whether they said so themselves or somebody did for them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from sightline.foundation import links
from sightline.foundation.vault import Personal
from sightline.kernel.act import contacts, destinations, leaving, outbox
from sightline.kernel.desk.contacting import ITSELF
from sightline.language import derived
from sightline.language.action import Party
from sightline.language.ref import Ref
from sightline.testing import make
from tests.interfaces.rest.conftest import Api, problem

BASE = "https://sightline.example.com"
JANE = "Jane@Example.org"


async def listed(api: Api) -> list[tuple[str, str]]:
    answer = await api.client.get("/v1/contacts")
    assert answer.status_code == 200, answer.text
    return [(one["ref"], one["by"]) for one in answer.json()["contacts"]]


async def told(api: Api) -> list[tuple[str, str]]:
    async with api.desk.db.transaction(api.tenant.number) as tx:
        rows = await tx.rows(
            "select type, kind || '/' || key as ref from sightline.ledger"
            " where tenant = :t and type = any(:types) order by position",
            t=tx.tenant, types=[derived.STOPPED, derived.ALLOWED],
        )  # fmt: skip
    return [(row["type"], row["ref"]) for row in rows]


@pytest.fixture
async def anybody(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody whom nobody knows."""
    async with httpx.AsyncClient(transport=api.client._transport, base_url="http://test") as client:
        yield client


def link(api: Api, tenant: int | None = None) -> str:
    made = leaving.link(api.desk.vault, BASE, tenant or api.tenant.number, Party(ref=Ref("team", "one")), JANE)
    assert made
    assert made.startswith(f"{BASE}/unsubscribe/")
    assert "team" not in made
    return made.removeprefix(BASE)


async def test_somebody_is_stopped_once_and_allowed_again(api: Api) -> None:
    assert await listed(api) == []
    for _ in range(2):
        answer = await api.client.put("/v1/contacts/team/a/b")
        assert (answer.status_code, answer.json()["ref"], answer.json()["by"]) == (200, "team/a/b", "owner")
    assert await listed(api) == [("team/a/b", "owner")]
    assert (await api.client.delete("/v1/contacts/team/a/b")).status_code == 204
    problem(await api.client.delete("/v1/contacts/team/a/b"), 404, "not_found")
    problem(await api.client.put("/v1/contacts/Team/a"), 400, "invalid")
    assert await told(api) == [(derived.STOPPED, "team/a/b"), (derived.ALLOWED, "team/a/b")]


async def test_the_list_has_pages(api: Api) -> None:
    for n in range(5):
        await api.client.put(f"/v1/contacts/team/{n}")
    first = (await api.client.get("/v1/contacts", params={"limit": 3})).json()
    rest = (await api.client.get("/v1/contacts", params={"limit": 3, "after": first["next"]})).json()
    found = [one["ref"] for one in (*first["contacts"], *rest["contacts"])]
    assert found == [f"team/{n}" for n in reversed(range(5))]
    assert rest["next"] is None


async def test_a_link_asks_first_and_one_click_is_enough(api: Api, anybody: httpx.AsyncClient) -> None:
    path = link(api)
    for _ in range(2):
        asked = await anybody.get(path)
        assert asked.status_code == 200
        assert '<form method="post">' in asked.text
        assert asked.headers["content-type"].startswith("text/html")
        assert "default-src 'none'" in asked.headers["content-security-policy"]
    assert await listed(api) == []
    for _ in range(2):
        done = await anybody.post(path, data={"List-Unsubscribe": "One-Click"})
        assert (done.status_code, "It is noted" in done.text) == (200, True)
    assert await listed(api) == [("team/one", ITSELF)]
    assert await told(api) == [(derived.STOPPED, "team/one")]


async def test_who_has_the_same_address_is_not_contacted_either(api: Api, anybody: httpx.AsyncClient) -> None:
    await anybody.post(link(api))
    one, two, three = (Ref("team", name) for name in ("one", "two", "three"))
    async with api.desk.db.transaction(api.tenant.number) as tx:
        others = {(one, None), (two, JANE.lower())}
        asked = {*others, (two, None), (two, "joe@example.org"), (three, "joe@example.org")}
        assert await contacts.stopped(tx, api.desk.vault, asked) == others


async def test_a_link_that_is_none_of_ours_does_nothing(api: Api, anybody: httpx.AsyncClient) -> None:
    path = link(api)
    other = links.made(api.desk.vault, "other", 1, "team/one", "x")
    changed = path[:-5] + ("A" if path[-5] != "A" else "B") + path[-4:]
    for one in (changed, "/unsubscribe/x", "/unsubscribe/" + "A" * 100, f"/unsubscribe/{other}", "/unsubscribe/é",
                link(api, tenant=999_999)):  # fmt: skip
        for method in ("GET", "POST"):
            answer = await anybody.request(method, one)
            assert (answer.status_code, "cannot be used" in answer.text) == (404, True), one
    assert await listed(api) == []


async def test_what_is_for_them_is_a_dead_letter_except_on_paper(api: Api) -> None:
    await api.client.put("/v1/contacts/team/one")
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await destinations.add(tx, api.desk.vault, "crm", "https://crm.example.com/in")
        await outbox.put(tx, [make.action("a", destination="crm"), make.action("b", destination="paper")])
    await api.desk.courier().empty(api.tenant.number)
    async with api.desk.db.transaction(api.tenant.number) as tx:
        found = {one.key: one for one in await outbox.listed(tx)}
    assert (found["a"].state, found["a"].problem) == ("dead", "team/one is not to be contacted.")
    assert found["b"].state == "done"


async def test_a_person_is_kept_by_a_token_and_shown_by_name(api: Api) -> None:
    async with api.desk.db.transaction(api.tenant.number) as tx:
        one = Personal(person="person/jane", value="jane")
        token = (await api.desk.vault.tokens(tx, [one]))[one]
        await contacts.stop(tx, api.desk.vault, Ref("person", token), by="x", now=make.day(1))
    assert await listed(api) == [("person/jane", "x")]
    assert re.fullmatch("tok_[0-9a-f]{24}", token)


async def test_mail_names_the_link_where_there_is_a_public_address(api: Api) -> None:
    party = Party(ref=Ref("team", "one"))
    assert api.desk._leave(api.tenant.number, party, JANE) is None
    http = api.desk.settings.http.model_copy(update={"public_url": BASE})
    desk = replace(api.desk, settings=api.desk.settings.model_copy(update={"http": http}))
    found = desk._leave(api.tenant.number, party, JANE)
    assert found
    assert leaving.read(desk.vault, found.rpartition("/")[2]).address == JANE
