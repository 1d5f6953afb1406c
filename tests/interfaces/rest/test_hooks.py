"""What other systems post: who is taken, who is refused, what comes twice, and what does not fit."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from sightline.foundation import tenants
from sightline.foundation.limiting import Limit
from sightline.foundation.vault import TOKEN
from sightline.kernel.desk import keeping
from sightline.kernel.observe import hooks
from sightline.kernel.observe.imports import Imported, Importer
from sightline.language.errors import Conflict, NotFound, Unavailable
from tests.interfaces.rest.conftest import Api, finished, problem, wire
from tests.kernel.observe.signers import SENDERS, Sender

MAPPING = """source = "shop"
kind = "order"
key = ["data.id"]

[events]
"order.placed" = { time = "data.at" }
"order.paid" = { time = "data.paid_at", begins = false }

[columns]
"data.total" = { name = "total", sort = "number" }
"data.mail" = { name = "mail", sort = "text", personal = true }
"""
LINES = """source = "lines"
kind = "part"
key = ["id", "lines.sku"]

[events]
"part.sold" = { time = "at" }

[columns]
"id" = { name = "order", link = "order" }
"lines.n" = { name = "n", sort = "number" }
"""
JANE = "jane@example.org"

ALL = pytest.mark.parametrize("name", SENDERS)


def order(key: Any = 17, total: Any = 10, **more: Any) -> dict[str, Any]:
    return {"id": f"evt_{key}_{total}", "data": {"id": key, "total": total, "at": "2026-01-05", **more}}


@dataclass(slots=True)
class Shop:
    """Another system, whom nobody knows but by what it signs."""

    client: httpx.AsyncClient
    sender: Sender
    address: str
    secret: str
    at: datetime
    """The moment it signs at, unless told otherwise."""

    async def post(self, body: Any, name: str = "msg_1", *, off: float = 0, **more: str) -> httpx.Response:
        """Sign it `off` seconds from now, and post it. `more`: headers in the place of what is signed."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = self.sender.sign(self.secret, name, self.at + timedelta(seconds=off), content)
        said = {key.replace("_", "-"): value for key, value in more.items()}
        return await self.client.post(self.address, content=content, headers={**headers, **said})

    async def taken(self, body: Any, name: str = "msg_1", **more: Any) -> tuple[int, int, bool]:
        """What became of it: events, quarantined, repeated."""
        answer = await self.post(body, name, **more)
        assert answer.status_code == 200, answer.text
        said = answer.json()
        return said["events"], said["quarantined"], said["repeated"]


@pytest.fixture
async def anybody(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=api.client._transport, base_url="http://test") as client:
        yield client


async def made(api: Api, anybody: httpx.AsyncClient, sender_: str = "standard", **more: Any) -> Shop:
    sender = SENDERS[sender_]
    given = {"name": "shop", "scheme": sender.scheme, "options": sender.given, "mapping": MAPPING, **more}
    answer = await api.client.post("/v1/hooks", json=given)
    assert answer.status_code == 201, answer.text
    said = answer.json()
    return Shop(anybody, sender, said["address"], said["secret"], api.desk.clock.now())


@pytest.fixture
async def shop(api: Api, anybody: httpx.AsyncClient) -> Shop:
    return await made(api, anybody)


async def facts(api: Api) -> list[tuple[str, str]]:
    return [(one.type, str(one.subject)) for one in await api.recorded()]


async def remembered(api: Api) -> int:
    async with api.desk.db.transaction(api.tenant.number) as tx:
        return int(await tx.value("select count(*) from sightline.hook_messages"))


@ALL
async def test_each_scheme_takes_what_is_signed_and_refuses_the_rest(
    api: Api, anybody: httpx.AsyncClient, name: str
) -> None:
    shop = await made(api, anybody, name)
    assert await shop.taken(order()) == (2, 0, False)
    assert sorted(await facts(api)) == [("order.described", "order/17"), ("order.placed", "order/17")]
    problem(await replace(shop, secret="whsec_" + "A" * 32).post(order()), 401, "unauthenticated")
    problem(await anybody.post(shop.address, json=order()), 401, "unauthenticated")
    if shop.sender.dated:
        problem(await shop.post(order(total=11), "msg_2", off=-400), 401, "stale")
        problem(await shop.post(order(total=11), "msg_2", off=400), 401, "stale")
    problem(await shop.post(b'{"id": ', "msg_3"), 400, "invalid")
    problem(await shop.post(b'{"id": "\xff"}' if name != "standard" else b"[1", "msg_3"), 400, "invalid")
    assert len(await facts(api)) == 2


@ALL
async def test_what_comes_twice_is_taken_once(api: Api, anybody: httpx.AsyncClient, name: str) -> None:
    shop = await made(api, anybody, name)
    assert await shop.taken(order()) == (2, 0, False)
    again = await shop.taken(order())
    assert again == ((0, 0, True) if name != "token" else (2, 0, False))
    # Senders who try again sign anew; where nothing names the message, the ledger knows what it says.
    later = await shop.taken(order(), off=5)
    assert later[2] is (name not in {"token", "hmac", "slack"})
    assert len(await facts(api)) == 2


@pytest.mark.parametrize("name", ["standard", "named", "github", "shopify", "stripe"])
async def test_another_body_under_the_same_name_is_refused(api: Api, anybody: httpx.AsyncClient, name: str) -> None:
    shop = await made(api, anybody, name)
    await shop.taken(order())
    other = {**order(total=99), "id": order()["id"]}
    problem(await shop.post(other), 409, "conflict")
    assert await shop.taken(order(total=99), "msg_2") == (2, 0, False)


@pytest.mark.parametrize("name", ["github", "shopify"])
async def test_a_name_that_nobody_signed_makes_no_other_message(
    api: Api, anybody: httpx.AsyncClient, name: str
) -> None:
    shop = await made(api, anybody, name)
    await shop.taken(order())
    assert await shop.taken(order(), "msg_2") == (0, 0, True)


async def test_a_message_that_comes_at_once_several_times_is_taken_once(api: Api, shop: Shop) -> None:
    found = await asyncio.gather(*[shop.taken(order()) for _ in range(8)])
    assert sorted(found) == [(0, 0, True)] * 7 + [(2, 0, False)]
    assert len(await facts(api)) == 2


async def test_many_messages_at_once_are_all_on_disk(api: Api, shop: Shop) -> None:
    found = await asyncio.gather(*[shop.taken(order(n), f"msg_{n}") for n in range(40)])
    assert found == [(2, 0, False)] * 40
    assert len(await facts(api)) == 80


async def test_what_comes_together_is_told_apart(api: Api, anybody: httpx.AsyncClient) -> None:
    shop = await made(api, anybody, "github")
    other = replace(shop, secret="somebody-elses-secret")
    await shop.taken(order(1), "a")
    found = await asyncio.gather(
        shop.post(order(2), "b"), other.post(order(3), "c"), shop.post(b"{", "d"), shop.post(order(1, 5), "a"),
        shop.post(order(1), "e"), shop.post(order(4, "a few"), "f"), shop.post(order(2, 7), "g"),
    )  # fmt: skip
    assert [one.status_code for one in found] == [200, 401, 400, 409, 200, 200, 200]
    assert [one.json()["repeated"] for one in found if one.status_code == 200] == [False, True, False, False]
    # Both of one order stand, in the order in which they came; what was refused may come under its own name.
    said = [one.data["total"] for one in await api.recorded() if "described" in one.type and one.subject.key == "2"]
    assert said == [10, 7]
    assert await shop.taken(order(1, 5), "h") == (2, 0, False)


async def test_what_the_database_refuses_takes_no_neighbour_with_it(
    api: Api, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Importer.record

    async def fails(self: Importer, tx: Any, rows: int, events: Any, wrong: Any) -> Imported:
        if any(one.subject.key == "3" for one in events):
            raise Conflict("Not this one.")
        return await record(self, tx, rows, events, wrong)

    monkeypatch.setattr(Importer, "record", fails)
    found = await asyncio.gather(*[shop.post(order(n), f"m{n}") for n in range(6)])
    assert [one.status_code for one in found] == [200, 200, 200, 409, 200, 200]
    assert await remembered(api) == 5


async def test_a_secret_is_good_until_the_second_rotation(api: Api, shop: Shop) -> None:
    secrets = [shop.secret]
    for _ in range(2):
        answer = await api.client.post("/v1/hooks/shop/rotate")
        assert (answer.status_code, answer.json()["address"]) == (201, shop.address)
        secrets.append(answer.json()["secret"])
    assert len(set(secrets)) == 3
    found = [(await replace(shop, secret=one).post(order(), f"m{n}")).status_code for n, one in enumerate(secrets)]
    assert found == [401, 200, 200]
    theirs = "whsec_" + "B" * 32
    answer = await api.client.post("/v1/hooks/shop/rotate", json={"secret": theirs})
    assert answer.json()["secret"] == theirs
    assert (await replace(shop, secret=theirs).post(order(), "m9")).status_code == 200
    for bad in ("whsec_", "x"):
        problem(await api.client.post("/v1/hooks/shop/rotate", json={"secret": bad}), 400, "invalid")


async def test_no_address_tells_what_there_is(api: Api, shop: Shop, anybody: httpx.AsyncClient) -> None:
    def without_path(answer: httpx.Response) -> dict[str, Any]:
        return {key: value for key, value in problem(answer, 404, "not_found").items() if key != "instance"}

    await api.client.post("/v1/hooks/shop/switch", json={"on": False})
    off = without_path(await shop.post(order()))
    await api.client.post("/v1/hooks/shop/switch", json={"on": True})
    assert await shop.taken(order()) == (2, 0, False)
    changed = shop.address[:-3] + ("A" if shop.address[-3] != "A" else "B") + shop.address[-2:]
    elsewhere = hooks._address(api.desk.vault, 999_999)
    for one in (changed, "/v1/in/x", "/v1/in/" + "A" * 100, "/v1/in/%C3%A9", f"/v1/in/{elsewhere}", shop.address + "A"):
        assert without_path(await replace(shop, address=one).post(order(), "m2")) == off
    assert (await api.client.delete("/v1/hooks/shop")).status_code == 204
    assert without_path(await shop.post(order(), "m3")) == off
    problem(await anybody.get(shop.address), 405, "method_not_allowed")
    assert await remembered(api) == 0
    again = await made(api, anybody)
    assert again.address != shop.address


async def test_too_large_too_often_and_packed_are_refused(api: Api, shop: Shop, anybody: httpx.AsyncClient) -> None:
    most = api.desk.settings.http.max_hook_body
    problem(await shop.post(b'"' + b"x" * most + b'"'), 413, "too_large")
    problem(await shop.post([order(n) for n in range(10_001)]), 413, "too_large")
    deep = b'{"a":' * 600 + b"1" + b"}" * 600
    problem(await shop.post(deep), 413, "too_large")
    answer = await shop.post(order(), content_encoding="gzip")
    problem(answer, 415, "unsupported_media_type")
    assert await remembered(api) == 0
    api.rest.hooks._limit = Limit(2)
    assert [(await shop.post(order(), f"m{n}")).status_code for n in range(3)] == [200, 200, 429]
    answer = await shop.post(order(), "m9")
    problem(answer, 429, "too_many_requests")
    assert int(answer.headers["retry-after"]) >= 1


async def test_nothing_is_acknowledged_that_is_not_on_disk(
    api: Api, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> None:
        raise Unavailable("The database went away.")

    with monkeypatch.context() as broken:
        broken.setattr("sightline.foundation.ledger._append", away)
        answer = await shop.post(order())
        problem(answer, 503, "unavailable")
        assert answer.headers["retry-after"]
    # Not even that it came.
    assert await remembered(api) == 0
    assert await shop.taken(order()) == (2, 0, False)


async def test_what_changes_revises_and_what_is_left_out_stands(api: Api, shop: Shop) -> None:
    before = api.desk.clock.now()
    await shop.taken(order(total=10, paid_at="2026-01-06"), "m1")
    await shop.taken(order(total=12), "m2")
    found = await api.recorded()
    assert [one.type for one in found] == ["order.described", "order.placed", "order.paid", "order.described"]
    assert [one.data.get("total") for one in found if one.type == "order.described"] == [10, 12]
    assert found[-1].revises == found[0].id
    # Whatever the mapping assumes, nobody knew of it before.
    assert all(one.known_at >= before for one in found)
    assert {one.batch for one in found} == {f"{before:%Y%m%d}-shop"}
    undone = await finished(api, await api.client.post(f"/v1/imports/{found[0].batch}/undo"))
    assert undone["result"]["retracted"] == 3
    await shop.taken(order(total=12), "m3")
    assert (await api.recorded())[-1].batch == f"{before:%Y%m%d}-shop.2"


async def test_personal_data_is_nowhere_in_the_clear(api: Api, shop: Shop) -> None:
    await shop.taken([order(mail=JANE), order(18, "a few", mail=JANE), order("", mail=JANE), 5], "m1")
    assert (await api.recorded())[0].data["mail"].startswith(TOKEN)
    async with api.desk.owner.transaction(None) as tx:
        tables = await tx.rows(
            "select table_name as name from information_schema.tables where table_schema = 'sightline'"
            " and table_type = 'BASE TABLE'"
        )
        for table in tables:
            held = await tx.value(f"select string_agg(t::text, ' ') from sightline.{table['name']} t") or ""
            assert JANE not in held, table["name"]
            assert JANE.encode().hex() not in held, table["name"]
            assert shop.secret not in held, table["name"]


async def test_who_is_erased_is_gone_from_what_waits(api: Api, shop: Shop) -> None:
    await shop.taken([order("", mail=JANE), order("", others=[{"mail": JANE}]), [JANE], order("")], "m1")
    assert (await api.client.get("/v1/quarantine")).json()["total"] == 4
    assert (await keeping.erase(api.desk, api.tenant, JANE)).rows == 3
    assert (await api.client.get("/v1/quarantine")).json()["total"] == 1


async def test_what_does_not_fit_is_mended_and_replayed(api: Api, shop: Shop) -> None:
    before = api.desk.clock.now()
    assert await shop.taken([order(17), order(18, "a few", mail=JANE), 5], "m1") == (2, 2, False)
    assert await shop.taken([order(17), order(18, "a few", mail=JANE), 5], "m1") == (0, 0, True)
    found = (await api.client.get("/v1/quarantine", params={"source": "shop"})).json()["rows"]
    assert ["'data.total' holds 'a few'" in one["reason"] for one in found] == [True, False]
    row = (await api.client.get(f"/v1/quarantine/{found[0]['number']}")).json()
    assert (row["cells"]["data.mail"], row["cells"]["webhook.id"]) == (JANE, "m1")
    given = {"numbers": [found[0]["number"]], "changes": {"data.total": "3"}}
    done = await finished(api, await api.client.post("/v1/quarantine/replay", json=given))
    assert done["result"]["wrong"] == 0, done
    mended = [one for one in await api.recorded() if one.subject.key == "18"]
    assert [one.data.get("total") for one in mended if one.type == "order.described"] == [3]
    assert all(one.known_at >= before for one in mended)
    answer = await api.client.post("/v1/quarantine/discard", json={"numbers": [found[1]["number"]]})
    assert answer.json()["discarded"] == 1
    assert (await api.client.get("/v1/quarantine")).json()["total"] == 0


async def test_the_objects_of_a_list_are_rows(api: Api, anybody: httpx.AsyncClient) -> None:
    shop = await made(api, anybody, mapping=LINES, each="lines")
    lines = [{"sku": "A", "n": 1}, {"sku": "B", "n": 2}]
    body = {"id": 5, "at": "2026-01-05", "lines": lines}
    assert await shop.taken(body) == (4, 0, False)
    assert {key for _, key in await facts(api)} == {"part/5/A", "part/5/B"}
    assert await shop.taken({**body, "lines": []}, "m2") == (0, 0, False)
    assert await shop.taken({"id": 5}, "m3") == (0, 1, False)
    assert "no list at 'lines'" in (await api.client.get("/v1/quarantine")).json()["rows"][0]["reason"]


async def test_cloudevents_are_taken_of_their_own_source_alone(api: Api, anybody: httpx.AsyncClient) -> None:
    shop = await made(api, anybody, mapping=None, source="test")
    assert await shop.taken(wire("1"), "m1") == (1, 0, False)
    assert await shop.taken([wire("1"), wire("2", source="test/eu")], "m2") == (2, 0, False)
    assert len(await facts(api)) == 2
    assert await shop.taken([wire("3"), wire("4", source="tester")], "m3") == (0, 2, False)
    assert await shop.taken({"hello": JANE}, "m4") == (0, 1, False)
    assert await shop.taken(wire("5", subject=JANE), "m5") == (0, 1, False)
    found = (await api.client.get("/v1/quarantine")).json()["rows"]
    assert len(found) == 4
    assert not any(JANE in one["reason"] for one in found)
    assert len(await facts(api)) == 2


async def test_a_mapped_hook_takes_cloudevents_by_their_media_type(api: Api, shop: Shop) -> None:
    body = wire("9", source="shop")
    assert await shop.taken(body, "m1") == (0, 1, False)
    assert await shop.taken(body, "m2", content_type="application/cloudevents+json") == (1, 0, False)


async def test_a_test_tells_what_would_become_of_it(api: Api, shop: Shop) -> None:
    body = json.dumps([order(), order(18, "a few"), 5])
    found = (await api.client.post("/v1/hooks/shop/test", json={"body": body})).json()
    assert [one["type"] for one in found["events"]] == ["order.described", "order.placed"]
    assert [one["line"] for one in found["misfits"]] == [2, 3]
    problem(await api.client.post("/v1/hooks/shop/test", json={"body": "{"}), 400, "invalid")
    problem(await api.client.post("/v1/hooks/shp/test", json={"body": "{}"}), 404, "not_found")
    await api.client.post("/v1/hooks", json={"name": "plain"})
    found = (await api.client.post("/v1/hooks/plain/test", json={"body": json.dumps(wire("1", source="plain"))})).json()
    assert [one["subject"] for one in found["events"]] == ["thing/1"]
    answer = await api.client.post("/v1/hooks/plain/test", json={"body": json.dumps(wire("1"))})
    assert "speaks for source 'plain'" in problem(answer, 400, "invalid")["detail"]
    assert await facts(api) == []


async def test_a_list_tells_how_they_fare_and_no_secret(api: Api, shop: Shop) -> None:
    async def listed() -> dict[str, Any]:
        answer = await api.client.get("/v1/hooks")
        assert shop.secret not in answer.text
        (one,) = answer.json()["hooks"]
        return dict(one)

    fresh = await listed()
    assert (fresh["name"], fresh["scheme"], fresh["mapped"], fresh["address"]) == (
        "shop",
        "standard",
        True,
        shop.address,
    )
    assert (fresh["taken_at"], fresh["refused_at"], fresh["refused_why"]) == (None, None, "")
    await shop.taken(order())
    await shop.post(order(total=2))
    for _ in range(3):
        await replace(shop, secret="whsec_" + "A" * 32).post(order())
    told = await listed()
    assert told["taken_at"]
    assert told["refused_why"] == "Another message came under the same name."


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"name": "Shop"}, 400, "is no name"),
        ({"name": "x" * 41}, 400, "is no name"),
        ({"name": "shop"}, 409, "already"),
        ({"name": "two", "source": "shop"}, 409, "already"),
        ({"name": "two", "mapping": MAPPING}, 409, "already"),
        ({"name": "two", "scheme": "smoke"}, 400, "scheme"),
        ({"name": "two", "scheme": "github", "options": {"layout": "{body}"}}, 400, "not to be chosen"),
        ({"name": "two", "mapping": 'source = "a"\nkind = "b"\nkey = ["#line"]\n'}, 400, "has no lines"),
        ({"name": "two", "mapping": "source = "}, 400, "not TOML"),
        ({"name": "two", "secret": "short"}, 400, "no secret"),
    ],
)
async def test_what_is_no_hook_is_refused(api: Api, shop: Shop, given: dict[str, Any], status: int, said: str) -> None:
    answer = await api.client.post("/v1/hooks", json=given)
    assert said in problem(answer, status, "invalid" if status == 400 else "conflict")["detail"]


async def test_workspaces_are_kept_apart(api: Api, shop: Shop, anybody: httpx.AsyncClient) -> None:
    other = await tenants.make(api.desk.db, f"{api.tenant.name}-other")
    beside = replace(api, tenant=other)
    async with api.desk.db.transaction(other.number) as tx:
        assert await hooks.listed(tx) == []
        # An address stands for the workspace it was made in, and for no other.
        with pytest.raises(NotFound, match="Nothing is taken"):
            await hooks.at_address(tx, api.desk.vault, shop.address.removeprefix(hooks.PATH))
    await shop.taken(order())
    assert await beside.recorded() == []


async def test_messages_are_forgotten_when_their_time_is_over(api: Api, anybody: httpx.AsyncClient) -> None:
    async def swept(days: int) -> int:
        later: datetime = api.desk.clock.now() + timedelta(days=days)
        async with api.desk.db.transaction(api.tenant.number) as tx:
            await hooks.sweep(tx, now=later)
        return await remembered(api)

    await (await made(api, anybody)).taken(order())
    lasting = await made(api, anybody, "github", name="code", mapping=None)
    await lasting.taken(wire("1", source="code"))
    assert [await swept(days) for days in (0, 29, 31, 399, 401)] == [3, 3, 2, 2, 0]
