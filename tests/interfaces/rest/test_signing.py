"""Signing in and out, users and keys over HTTP: what is let in, what is refused, and in which words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from sightline.foundation import identity, tenants
from sightline.foundation.clock import FixedClock
from sightline.foundation.identity import Role, codes, keys
from sightline.foundation.limiting import Limit
from sightline.interfaces.rest import build
from sightline.interfaces.rest.context import TRUSTED_SECONDS
from tests.interfaces.rest.conftest import Api, problem, wire

COOKIE = "sightline_session"
PASSWORD, OTHER = "seven green bicycles", "eight blue umbrellas"
OWN = {"Origin": "http://test"}


@asynccontextmanager
async def browser(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that has never been here: it keeps cookies, and says where it comes from."""
    transport = httpx.ASGITransport(build(api.rest), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=OWN) as client:
        yield client


async def user(api: Api, name: str = "anna", role: str = "viewer", **more: Any) -> dict[str, Any]:
    """A new user."""
    answer = await api.client.post("/v1/users", json={"name": name, "role": role, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def sign_in(client: httpx.AsyncClient, **given: str) -> httpx.Response:
    return await client.post("/v1/session", json=given)


async def test_a_link_lets_in_once_and_a_password_is_chosen(api: Api) -> None:
    made = await user(api, role="operator")
    async with browser(api) as anna:
        signed = await sign_in(anna, code=made["code"])
        assert signed.status_code == 201
        me = signed.json()
        assert (me["name"], me["sort"], me["role"], me["has_password"]) == ("anna", "user", "operator", False)
        assert me["rights"] == ["read", "record", "operate"]
        assert [one["name"] for one in me["workspaces"]] == [me["workspace"]] == [api.tenant.name]
        assert (await anna.get("/v1/questions")).status_code == 200
        assert (await anna.put("/v1/me/password", json={"new": PASSWORD})).status_code == 204
        assert (await anna.get("/v1/me")).json()["has_password"]
        problem(await anna.put("/v1/me/password", json={"new": OTHER}), 400, "invalid")
        assert (await anna.put("/v1/me/password", json={"current": PASSWORD, "new": OTHER})).status_code == 204
        problem(await sign_in(anna, code=made["code"]), 401, "unauthenticated")
        assert (await sign_in(anna, name=" Anna ", password=OTHER)).status_code == 201


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(api: Api) -> None:
    await user(api, password=PASSWORD)
    async with browser(api) as anna:
        plain = (await sign_in(anna, name="anna", password=PASSWORD)).headers["set-cookie"]
        assert all(part in plain for part in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age="))
        assert "Secure" not in plain
        secure = await anna.post(
            "/v1/session", json={"name": "anna", "password": PASSWORD}, headers={"X-Forwarded-Proto": "https"}
        )
        assert "Secure" in secure.headers["set-cookie"]


async def test_a_token_signs_in_too_and_its_session_ends_with_it(api: Api) -> None:
    made = (await api.client.post("/v1/keys", json={"name": "robot", "role": "operator", "scopes": ["read"]})).json()
    async with browser(api) as robot:
        me = (await sign_in(robot, token=made["token"])).json()
        assert (me["name"], me["sort"], me["rights"]) == ("robot", "key", ["read"])
        problem(await robot.post("/v1/events", json=wire()), 403, "forbidden")
        assert (await api.client.delete("/v1/keys/robot")).status_code == 204
        problem(await robot.get("/v1/questions"), 401, "unauthenticated")


async def test_every_refusal_to_let_in_reads_alike(api: Api) -> None:
    await user(api, password=PASSWORD)
    await user(api, "otto")
    await user(api, "nora", password=PASSWORD)
    assert (await api.client.patch("/v1/users/nora", json={"disabled": True})).json()["disabled"]
    tries: list[dict[str, str]] = [
        {"name": "anna", "password": OTHER}, {"name": "nobody", "password": PASSWORD},
        {"name": "otto", "password": PASSWORD}, {"name": "nora", "password": PASSWORD},
        {"name": "a\0b", "password": PASSWORD}, {"name": "anna", "password": ""},
        {"code": "slc_" + "x" * 43}, {"token": "slt_" + "x" * 43}, {"token": ""},
    ]  # fmt: skip
    async with browser(api) as client:
        answers = [await sign_in(client, **one) for one in tries]
        elsewhere = await client.post("/v1/session", json=tries[0], headers={"Sightline-Workspace": "nowhere"})
    told = {str(sorted(problem(one, 401, "unauthenticated").items())) for one in (*answers, elsewhere)}
    assert len(told) == 1
    assert not any("set-cookie" in one.headers for one in answers)


async def test_signing_out_ends_this_session_and_no_other(api: Api) -> None:
    await user(api, password=PASSWORD)
    async with browser(api) as one, browser(api) as other:
        for client in (one, other):
            await sign_in(client, name="anna", password=PASSWORD)
        kept = one.cookies[COOKIE]
        assert (await one.delete("/v1/session")).status_code == 204
        assert COOKIE not in one.cookies
        one.cookies.set(COOKIE, kept)
        problem(await one.get("/v1/me"), 401, "unauthenticated")
        assert (await other.get("/v1/me")).status_code == 200


@pytest.mark.parametrize("change", [{"disabled": True}, {"password": OTHER}])
async def test_whoever_is_shut_out_or_gets_another_password_is_signed_out(api: Api, change: dict[str, Any]) -> None:
    await user(api, password=PASSWORD)
    async with browser(api) as anna:
        await sign_in(anna, name="anna", password=PASSWORD)
        await anna.get("/v1/me")
        await api.client.patch("/v1/users/anna", json=change)
        problem(await anna.get("/v1/me"), 401, "unauthenticated")
        await api.client.patch("/v1/users/anna", json={"disabled": False})
        assert (await anna.get("/v1/me")).status_code == 401


async def test_another_role_counts_at_once(api: Api) -> None:
    await user(api, role="operator", password=PASSWORD)
    async with browser(api) as anna:
        await sign_in(anna, name="anna", password=PASSWORD)
        assert (await anna.post("/v1/events", json=wire())).status_code == 200
        await api.client.patch("/v1/users/anna", json={"role": "viewer"})
        problem(await anna.post("/v1/events", json=wire("2")), 403, "forbidden")


@pytest.mark.parametrize(
    ("said", "let"),
    [
        ({"Origin": "http://test"}, True),
        ({"Origin": "https://test"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://evil.test"}, False),
        ({"Origin": "http://test.evil"}, False),
        ({"Origin": "http://test:99"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "http://evil.test", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({}, False),
    ],
)
async def test_the_cookie_acts_from_our_own_origin_only(api: Api, said: dict[str, str], let: bool) -> None:
    code = (await user(api, role="owner"))["code"]
    async with browser(api) as anna:
        await sign_in(anna, code=code)
        del anna.headers["Origin"]
        assert (await anna.get("/v1/me", headers=said)).status_code == 200
        for send in (
            anna.post("/v1/events", json=wire(), headers=said),
            anna.post("/v1/keys", json={"name": "robot", "role": "viewer"}, headers=said),
        ):
            answer = await send
            assert (answer.status_code < 300) == let, answer.text
        # Whoever names a token does not borrow a cookie.
        bearer = {**said, "Authorization": f"Bearer {api.token}"}
        assert (await anna.post("/v1/events", json=wire("2"), headers=bearer)).status_code == 200


async def test_nobody_is_signed_in_from_another_site(api: Api) -> None:
    async with browser(api) as client:
        answer = await client.post(
            "/v1/session", json={"token": api.token}, headers={"Origin": "http://evil.test"}
        )  # fmt: skip
        problem(answer, 403, "forbidden")
        del client.headers["Origin"]
        assert (await sign_in(client, token=api.token)).status_code == 201


async def test_a_wrong_token_is_not_saved_by_a_right_cookie(api: Api) -> None:
    async with browser(api) as client:
        await sign_in(client, token=api.token)
        for given in ("Bearer slt_wrong", "Basic b3duZXI6", ""):
            answer = await client.get("/v1/me", headers={"Authorization": given})
            assert problem(answer, 401, "unauthenticated")["hint"]


async def test_a_session_is_no_token_and_a_token_no_session(api: Api) -> None:
    async with browser(api) as client:
        await sign_in(client, token=api.token)
        bearer = {"Authorization": f"Bearer {client.cookies[COOKIE]}"}
        problem(await client.get("/v1/me", headers=bearer), 401, "unauthenticated")
        client.cookies.clear()
        client.cookies.set(COOKIE, api.token)
        assert (await client.get("/v1/me")).status_code == 401


async def test_too_many_tries_are_told_when_to_come_back(api: Api) -> None:
    api.rest.passwords, api.rest.sign_ins = Limit(2, clock=lambda: 100.0), Limit(4, clock=lambda: 100.0)
    async with browser(api) as client:
        for name in ("nobody", "nobody"):
            problem(await sign_in(client, name=name, password=PASSWORD), 401, "unauthenticated")
        for name in ("nobody", "NOBODY "):
            slowed = await sign_in(client, name=name, password=PASSWORD)
            assert "nobody" not in problem(slowed, 429, "too_many_requests")["detail"].lower()
            assert slowed.headers["retry-after"] == "30"
        # The address is used up too, even for whoever has a link.
        code = (await user(api))["code"]
        problem(await sign_in(client, code=code), 429, "too_many_requests")
        api.rest.sign_ins = Limit(4)
        assert (await sign_in(client, code=code)).status_code == 201


async def test_a_token_has_so_many_requests_a_minute_and_recording_is_not_counted(api: Api) -> None:
    moment = [100.0]
    api.rest.rate = Limit(3, clock=lambda: moment[0])
    for _ in range(3):
        assert (await api.client.get("/v1/me")).status_code == 200
    refused = await api.client.get("/v1/me")
    assert "REQUESTS_PER_MINUTE" in problem(refused, 429, "too_many_requests")["hint"]
    assert refused.headers["retry-after"] == "20"
    assert (await api.post(wire())).status_code == 200
    assert (await api.client.get("/v1/health/ready")).status_code == 200
    other = await identity.issue(api.desk.db, api.tenant, "other", Role.VIEWER)
    assert (await api.client.get("/v1/me", headers={"Authorization": f"Bearer {other}"})).status_code == 200
    moment[0] += 20
    assert (await api.client.get("/v1/me")).status_code == 200


async def test_the_last_owner_stays(api: Api) -> None:
    await user(api, role="owner")
    for method, body in (("DELETE", None), ("PATCH", {"disabled": True}), ("PATCH", {"role": "operator"})):
        refused = problem(await api.client.request(method, "/v1/users/anna", json=body), 409, "conflict")
        assert "somebody else an owner first" in refused["hint"]
    assert (await api.client.get("/v1/users")).json()["users"][0]["role"] == "owner"
    await user(api, "otto", role="owner")
    answers = await asyncio.gather(*(api.client.delete(f"/v1/users/{name}") for name in ("anna", "otto")))
    assert sorted(one.status_code for one in answers) == [204, 409]


async def test_nobody_hands_out_more_than_they_have(api: Api) -> None:
    made = await keys.add(api.desk.db, api.tenant, "clerk", Role.OWNER, at=api.desk.clock.now(),
                          scopes=frozenset({identity.Right.ADMINISTER, identity.Right.READ}))  # fmt: skip
    clerk = {"Authorization": f"Bearer {made[1]}"}
    await user(api, "otto", role="owner", password=PASSWORD)
    sent: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/v1/users", {"name": "eve", "role": "owner"}), ("POST", "/v1/users/otto/code", {}),
        ("POST", "/v1/keys", {"name": "eve", "role": "operator"}), ("PATCH", "/v1/users/otto", {"password": OTHER}),
    ]  # fmt: skip
    for method, path, body in sent:
        refused = problem(await api.client.request(method, path, json=body, headers=clerk), 403, "forbidden")
        assert "hand out" in refused["detail"]
    narrow = {"name": "eve", "role": "operator", "scopes": ["read"]}
    assert (await api.client.post("/v1/keys", json=narrow, headers=clerk)).status_code == 201
    assert (await api.client.post("/v1/users", json={"name": "v", "role": "viewer"}, headers=clerk)).status_code == 201


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/v1/users", {"name": "owner", "role": "viewer"}, "owner"),
        ("/v1/users", {"name": "a b", "role": "viewer"}, "a b"),
        ("/v1/users", {"name": "", "role": "viewer"}, "''"),
        ("/v1/users", {"name": "x", "role": "king"}, "viewer"),
        ("/v1/users", {"name": "x", "role": "viewer", "password": "short"}, "12 to 256"),
        ("/v1/users", {"name": "x", "role": "viewer", "password": "aaaaaaaaaaaaaaa"}, "different"),
        ("/v1/users", {"name": "anna@example.com", "role": "viewer", "password": "Anna@example.com"}, "name"),
        ("/v1/users", {"name": "x", "role": "viewer", "passwort": "x"}, "passwort"),
        ("/v1/keys", {"name": "x", "role": "viewer", "scopes": ["operate"]}, "operate"),
        ("/v1/keys", {"name": "x", "role": "viewer", "scopes": []}, "right"),
        ("/v1/keys", {"name": "x", "role": "viewer", "days": 0}, "days"),
        ("/v1/session", {}, "body"),
        ("/v1/session", {"name": "x"}, "body"),
    ],
)
async def test_what_is_wrong_is_named_and_passwords_are_not(
    api: Api, path: str, body: dict[str, Any], said: str
) -> None:  # fmt: skip
    answer = await api.client.post(path, json=body)
    assert said in problem(answer, 400, "invalid")["detail"]
    assert body.get("password", "no such text") not in answer.text.replace(body.get("name", "\0"), "")


async def test_a_name_belongs_to_one(api: Api) -> None:
    await user(api)
    problem(await api.client.post("/v1/users", json={"name": "ANNA", "role": "viewer"}), 409, "conflict")
    problem(await api.client.post("/v1/keys", json={"name": "anna", "role": "viewer"}), 409, "conflict")
    for path in ("/v1/users/noone", "/v1/keys/noone"):
        problem(await api.client.delete(path), 404, "not_found")
    assert "anna" in problem(await api.client.delete("/v1/users/ana"), 404, "not_found")["detail"]


async def test_pages_of_users_and_keys_give_each_once(api: Api) -> None:
    for number in range(5):
        await user(api, f"u{number}")
        await api.client.post("/v1/keys", json={"name": f"k{number}", "role": "viewer", "days": 1})
    for what, first in (("users", "u"), ("keys", "k")):
        found: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = (await api.client.get(f"/v1/{what}", params={"limit": "2", **after})).json()
            found += [one["name"] for one in page[what]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert [one for one in found if one != "owner"] == [f"{first}{number}" for number in range(5)]


async def test_a_key_ends_on_its_day_at_the_latest_a_moment_later(api: Api) -> None:
    clock = FixedClock(api.desk.clock.now())
    api.rest.desk = replace(api.desk, clock=clock)
    made = (await api.client.post("/v1/keys", json={"name": "robot", "role": "viewer", "days": 1})).json()
    mine = {"Authorization": f"Bearer {made['token']}"}
    assert (await api.client.get("/v1/questions", headers=mine)).status_code == 200
    clock.advance(timedelta(days=1))
    api.rest.forget()
    assert TRUSTED_SECONDS <= 2
    problem(await api.client.get("/v1/questions", headers=mine), 401, "unauthenticated")


async def test_whoever_is_at_home_above_sees_what_is_open_to_them(api: Api) -> None:
    top = await tenants.make(api.desk.db, f"{api.tenant.name}-above")
    below = await tenants.make(api.desk.db, f"{api.tenant.name}-below", under=top, clock_at=api.desk.clock.now())
    await tenants.grant(api.desk.db, below, top, "viewer")
    token = await identity.issue(api.desk.db, top, "boss", Role.OWNER)
    mine = {"Authorization": f"Bearer {token}"}
    me = (await api.client.get("/v1/me", headers=mine)).json()
    assert me["workspace"] == top.name
    assert [(one["name"], one["role"], one["clock"]) for one in me["workspaces"]] == [
        (top.name, "owner", "running"), (below.name, "viewer", "standing"),
    ]  # fmt: skip
    there = (await api.client.get("/v1/me", headers={**mine, "Sightline-Workspace": below.name})).json()
    assert (there["workspace"], there["role"], there["rights"]) == (below.name, "viewer", ["read"])
    await user_above(api, top)
    async with browser(api) as anna:
        answer = await anna.post(
            "/v1/session", json={"name": "anna", "password": PASSWORD}, headers={"Sightline-Workspace": below.name}
        )
        assert answer.json()["workspace"] == below.name


async def user_above(api: Api, top: tenants.Tenant) -> None:
    """A user of the workspace above."""
    token = await identity.issue(api.desk.db, top, "administrator", Role.OWNER)
    headers = {"Authorization": f"Bearer {token}", "Sightline-Workspace": top.name}
    body = {"name": "anna", "role": "operator", "password": PASSWORD}
    assert (await api.client.post("/v1/users", json=body, headers=headers)).status_code == 201


async def test_a_code_lets_in_one_of_many_who_come_together(api: Api) -> None:
    code = (await user(api))["code"]
    async with browser(api) as client:
        answers = await asyncio.gather(*(sign_in(client, code=code) for _ in range(8)))
    assert sorted(one.status_code for one in answers) == [201] + [401] * 7


async def test_a_code_is_too_old_after_a_quarter_of_an_hour(api: Api) -> None:
    clock = FixedClock(api.desk.clock.now())
    api.rest.desk = replace(api.desk, clock=clock)
    first, second = (await user(api))["code"], (await user(api, "otto"))["code"]
    async with browser(api) as client:
        clock.advance(codes.LASTS - timedelta(seconds=1))
        assert (await sign_in(client, code=first)).status_code == 201
        clock.advance(timedelta(seconds=1))
        problem(await sign_in(client, code=second), 401, "unauthenticated")
        again = (await api.client.post("/v1/users/otto/code")).json()["code"]
        assert (await sign_in(client, code=again)).status_code == 201
