"""The audit trail over HTTP: who did and saw what, and nothing that must not be told."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from sightline.foundation import identity, ledger
from sightline.foundation.identity import Role, audit
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.testing import make
from tests.interfaces.rest.conftest import Api, problem, wire

PASSWORD = "seven green bicycles"


async def told(api: Api, **of: str) -> list[dict[str, Any]]:
    """What the trail says, oldest first, once all is written; without the looking itself."""
    await api.rest.trail.flush()
    answer = await api.client.get("/v1/audit", params={"limit": "1000", **of})
    assert answer.status_code == 200, answer.text
    return [one for one in reversed(answer.json()["entries"]) if one["what"] != "get_audit"]


def short(entry: dict[str, Any]) -> tuple[Any, ...]:
    return entry["who"], entry["what"], entry["target"], entry["status"], entry["times"]


async def test_reads_and_changes_are_told_with_who_what_on_what_and_how_it_ended(api: Api) -> None:
    await api.client.get("/v1/questions")
    await api.client.get("/v1/questions")
    await api.client.get("/v1/questions/nope/proof")
    await api.client.post("/v1/users", json={"name": "anna", "role": "viewer"})
    await api.client.delete("/v1/users/nobody")
    assert {short(one) for one in await told(api)} == {
        ("owner", "get_questions", "/v1/questions", 200, 2),
        ("owner", "get_proof", "/v1/questions/nope/proof", 404, 1),
        ("owner", "post_user", "/v1/users", 201, 1),
        ("owner", "delete_user", "/v1/users/nobody", 404, 1),
    }


async def test_looking_into_the_trail_is_told_too(api: Api) -> None:
    await api.client.get("/v1/audit")
    await api.rest.trail.flush()
    assert "get_audit" in [one["what"] for one in (await api.client.get("/v1/audit")).json()["entries"]]


async def test_a_refusal_is_told_at_the_home_of_who_was_refused(api: Api) -> None:
    token = await identity.issue(api.desk.db, api.tenant, "vera", Role.VIEWER)
    mine = {"Authorization": f"Bearer {token}"}
    await api.client.get("/v1/audit", headers=mine)
    await api.client.delete("/v1/keys/other", headers=mine)
    await api.client.get("/v1/questions", headers={**mine, "Sightline-Workspace": "elsewhere"})
    await api.post(wire(), **mine)
    await api.rest.trail.close()
    assert {(one["what"], one["status"]) for one in await told(api, who="vera")} == {
        ("delete_key", 403), ("get_questions", 403), ("post_events", 403),
    }  # fmt: skip


async def test_who_is_not_known_is_counted_without_a_name(api: Api) -> None:
    for _ in range(3):
        await api.client.get("/v1/questions", headers={"Authorization": "Bearer slt_" + "x" * 43})
    (entry,) = await told(api, what="get_questions")
    assert (entry["who"], entry["sort"], entry["status"], entry["times"]) == ("", "nobody", 401, 3)


async def test_machines_that_look_after_us_and_recording_leave_no_line_each(api: Api) -> None:
    for path in ("/v1/health/live", "/v1/health/ready", "/v1/metrics", "/openapi.json"):
        await api.client.get(path)
    await asyncio.gather(*(api.post(wire(str(number))) for number in range(20)))
    assert {(one["what"], one["status"]) for one in await told(api)} == {("post_events", 200)}
    assert sum(one["times"] for one in await told(api)) == 20


async def test_a_change_is_told_before_it_begins_and_its_end_afterwards(api: Api) -> None:
    line = audit.line(await identity.authenticate(api.desk.db, api.token, at=api.desk.clock.now()),
                      api.tenant.number, "post_something", "/v1/something")  # fmt: skip
    begun = await api.rest.trail.begin(line)
    (entry,) = await told(api, what="post_something")
    assert entry["status"] is None
    api.rest.trail.tell(replace(begun, status=201))
    (entry,) = await told(api, what="post_something")
    assert entry["status"] == 201


async def test_a_change_that_cannot_be_told_is_not_made(api: Api) -> None:
    await api.client.get("/v1/me")
    async with api.desk.owner.transaction(None) as tx:
        await tx.run("alter table sightline.audit add constraint closed check (what <> 'post_key') not valid")
    try:
        answer = await api.client.post("/v1/keys", json={"name": "robot", "role": "viewer"})
        assert answer.status_code == 500
        assert "robot" not in (await api.client.get("/v1/keys")).text
    finally:
        async with api.desk.owner.transaction(None) as tx:
            await tx.run("alter table sightline.audit drop constraint closed")


async def test_nobodys_personal_key_stands_in_it(api: Api) -> None:
    events = [make.event("contact/jane@example.com", type="contact.seen"), make.event("line/1", type="line.described")]
    async with api.desk.db.transaction(api.tenant.number) as tx:
        ledger.record(tx, events, at=api.desk.now(api.tenant))
    await api.desk.go_round(api.tenant)
    for path in ("contact/jane@example.com", "contact/never@example.com", "unheard/of@example.com", "line/1"):
        await api.client.get(f"/v1/entities/{path}")
    targets = [one["target"] for one in await told(api, what="get_entity")]
    assert "/v1/entities/line/1" in targets
    assert "/v1/entities/unheard/*" in targets
    assert not [one for one in targets if "@" in one]
    assert len(targets) == 4


@pytest.mark.parametrize("path", ["/v1/questions/a%00b/proof", "/v1/entities/line/%ED%A0%80%00", "/v1/users/%00/code"])
async def test_a_path_that_no_route_could_read_is_refused_before_any(api: Api, path: str) -> None:
    method = "POST" if path.endswith("code") else "GET"
    assert (await api.client.request(method, path)).status_code == 400
    assert await told(api) == []


async def test_no_secret_stands_in_it_nor_in_any_answer(api: Api) -> None:
    made = (await api.client.post("/v1/users", json={"name": "anna", "role": "viewer"})).json()
    key = (await api.client.post("/v1/keys", json={"name": "robot", "role": "viewer"})).json()
    async with httpx.AsyncClient(transport=api.client._transport, base_url="http://test") as browser:
        signed = await browser.post("/v1/session", json={"code": made["code"]})
        assert signed.status_code == 201, signed.text
        session = browser.cookies["sightline_session"]
        own = {"Origin": "http://test"}
        await browser.put("/v1/me/password", json={"new": PASSWORD}, headers=own)
        refused = await browser.post("/v1/session", json={"name": "anna", "password": PASSWORD + "!"})
        short_one = await browser.put("/v1/me/password", json={"current": PASSWORD, "new": "hunter2"}, headers=own)
    assert "hunter2" not in short_one.text
    assert PASSWORD not in refused.text + short_one.text
    await api.rest.trail.flush()
    async with api.desk.owner.transaction(None) as tx:
        tables = ("audit", "users", "sessions", "codes", "access_tokens")
        kept = str([await tx.rows(f"select t::text as whole from sightline.{table} t") for table in tables])
    assert "post_user" in kept
    for secret in (made["code"], key["token"], session, PASSWORD, api.token, "hunter2"):
        assert secret not in kept
        assert secret[4:] not in kept


async def test_pages_give_each_entry_once_while_more_are_written(api: Api) -> None:
    for number in range(7):
        await api.client.get(f"/v1/questions/q{number}/proof")
    await api.rest.trail.flush()
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = (await api.client.get("/v1/audit", params={"limit": "3", "what": "get_proof", **after})).json()
        found += [one["target"] for one in page["entries"]]
        await api.client.get(f"/v1/questions/later{len(found)}/proof")
        await api.rest.trail.flush()
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert found == [f"/v1/questions/q{number}/proof" for number in reversed(range(7))]
    problem(await api.client.get("/v1/audit?after=nonsense"), 400, "invalid")


async def test_the_trail_of_another_workspace_stays_there(api: Api) -> None:
    await api.client.get(f"/v1/questions/{ARRIVES_LATE.name}/proof")
    await api.rest.trail.flush()
    async with api.desk.db.transaction(api.tenant.number) as tx:
        assert {row["tenant"] for row in await tx.rows("select distinct tenant from sightline.audit")} == {
            api.tenant.number
        }
