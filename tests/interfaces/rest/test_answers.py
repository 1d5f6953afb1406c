"""What holds for all answers: members chosen, ETags, and calls that are carried out once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from httpx import Response

from sightline.foundation import identity, tenants
from sightline.foundation.identity import Role
from sightline.foundation.limiting import Limit
from tests.interfaces.rest.conftest import Api, problem, wire
from tests.interfaces.rest.histories import NAME, Made, cutoff_of, keep, put_on_duty

READS = ["/v1/catalog", "/v1/questions", "/v1/predictions", "/v1/findings", "/v1/status", "/v1/search?q=a",
         "/v1/entities/thing", "/v1/entities/thing/1"]  # fmt: skip


@pytest.fixture
async def known(api: Api) -> Api:
    """A workspace in which something is known and predicted."""
    await api.post([wire("1"), wire("2")])
    await api.desk.go_round(api.tenant)
    now = api.desk.now(api.tenant)
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await put_on_duty(tx, "m1", now=now)
        await keep(tx, [Made(key=f"k{n}", probability=0.5, worth=1.0, deadline=2) for n in range(9)], now=now)
    return api


async def aside(api: Api, key: str = "k1", *, again: str = "once", **more: Any) -> Response:
    """Set a prediction aside under an Idempotency-Key."""
    one = Made(key=key, probability=0.5, worth=1.0, deadline=2)
    async with api.desk.db.transaction(api.tenant.number) as tx:
        cutoff = await tx.value("select max(cutoff) from sightline.predictions where tenant = :t and key = :k",
                                t=api.tenant.number, k=key)  # fmt: skip
    body = {"question": NAME, "subject": f"line/{one.key}", "cutoff": cutoff.isoformat()}
    return await api.client.put("/v1/asides", json=body, headers={"Idempotency-Key": again, **more})


async def bearer(api: Api, role: Role) -> dict[str, str]:
    """The key of the program `other`, in a role, as a header; its earlier keys are gone."""
    return {"Authorization": f"Bearer {await identity.issue(api.desk.db, api.tenant, 'other', role)}"}


async def told(api: Api) -> int:
    """How many events tell of something set aside."""
    async with api.desk.db.transaction(api.tenant.number) as tx:
        return int(await tx.value("select count(*) from sightline.ledger where tenant = :t and type ="
                                  " 'sightline.set_aside'", t=api.tenant.number))  # fmt: skip


@pytest.mark.parametrize("path", READS)
async def test_an_answer_that_still_holds_is_not_sent_again(known: Api, path: str) -> None:
    first = await known.client.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    for given in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = await known.client.get(path, headers={"If-None-Match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert "content-type" not in again.headers
    assert (await known.client.get(path, headers={"If-None-Match": '"other"'})).json().keys() == first.json().keys()
    assert first.headers["cache-control"] == "private, no-cache"


async def test_a_changed_answer_has_another_tag(known: Api) -> None:
    before = (await known.client.get("/v1/entities/thing/1")).headers["etag"]
    await known.post(wire("3", subject="thing/1", data={"size": 3}))
    await known.desk.go_round(known.tenant)
    after = await known.client.get("/v1/entities/thing/1", headers={"If-None-Match": before})
    assert (after.status_code, after.json()["attributes"]) == (200, {"size": 3})
    problem(await known.client.get("/v1/entities/thing/no", headers={"If-None-Match": "*"}), 404, "not_found")


async def test_only_the_chosen_members_are_sent(known: Api) -> None:
    page = (await known.client.get("/v1/predictions?fields=subject,probability&limit=2")).json()
    assert [set(one) for one in page["predictions"]] == [{"subject", "probability"}] * 2
    assert page["next"]
    assert set((await known.client.get("/v1/entities/thing/1?fields=ref, units")).json()) == {"ref", "units"}
    assert set((await known.client.get("/v1/status?fields=position,clock")).json()) == {"position", "clock"}
    for path in ("/v1/predictions", "/v1/predictions?subject=line/none", "/v1/entities/thing/1", "/v1/catalog"):
        found = problem(await known.client.get(path, params={"fields": "subjct"}), 400, "invalid")
        assert "subjct" in found["detail"]
        assert "Known: " in found["hint"]
    whole, part = [(await known.client.get(f"/v1/questions{q}")).headers["etag"] for q in ("", "?fields=name")]
    assert whole != part


@pytest.mark.parametrize("query", ["limit=1&limit=2", "fields=name&fields=asks", "who&who=", "%6Cimit=1&limit=1"])
async def test_a_parameter_that_could_be_read_in_two_ways_is_refused(known: Api, query: str) -> None:
    found = problem(await known.client.get(f"/v1/predictions?{query}"), 400, "invalid")
    assert "is given 2 times" in found["detail"]


async def test_a_call_under_a_key_is_carried_out_once(known: Api) -> None:
    first, again = await aside(known), await aside(known)
    assert (first.status_code, first.json()) == (200, again.json())
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["content-type"] == first.headers["content-type"]
    gone = f"/v1/asides/{first.json()['id']}"
    headers = {"Idempotency-Key": "gone"}
    answers = [await known.client.delete(gone, headers=headers) for _ in range(3)]
    assert [one.status_code for one in answers] == [204] * 3
    assert (await aside(known)).json() == first.json()
    assert await told(known) == 1
    problem(await aside(known, "k2"), 422, "idempotency_key_reused")
    problem(await aside(known, again="x" * 256), 400, "invalid")


async def test_of_two_at_once_one_runs(known: Api) -> None:
    for round_ in range(5):
        answers = await asyncio.gather(*(aside(known, f"k{round_}", again=f"r{round_}") for _ in range(6)))
        fresh = [one for one in answers if one.status_code == 200 and "idempotent-replayed" not in one.headers]
        assert len(fresh) == 1
        for one in answers:
            if one.status_code != 200:
                assert problem(one, 409, "under_way")
                assert one.headers["retry-after"]
            else:
                assert one.json() == fresh[0].json()
    assert await told(known) == 5


async def test_keys_of_others_are_others(known: Api) -> None:
    other = await identity.issue(known.desk.db, known.tenant, "other", Role.OPERATOR)
    mine = await aside(known)
    theirs = await aside(known, "k2", Authorization=f"Bearer {other}")
    assert (mine.status_code, theirs.status_code) == (200, 200)
    assert "idempotent-replayed" not in theirs.headers
    problem(await aside(known, Authorization="Bearer slt_no"), 401, "unauthenticated")
    viewer = await identity.issue(known.desk.db, known.tenant, "viewer", Role.VIEWER)
    for _ in range(2):
        problem(await aside(known, "k3", Authorization=f"Bearer {viewer}"), 403, "forbidden")
    far = await tenants.make(known.desk.db, f"{known.tenant.name}-far")
    problem(await aside(known, **{"Sightline-Workspace": far.name}), 403, "forbidden")


async def test_whoever_died_is_taken_over_after_a_minute_and_answers_last_a_day(known: Api) -> None:
    await aside(known)
    await _put(known, "answered_at = null, sealed = null, status = null, claimed_at = now()")
    problem(await aside(known), 409, "under_way")
    problem(await aside(known, "k2"), 422, "idempotency_key_reused")
    await _put(known, "claimed_at = now() - interval '61 seconds'")
    problem(await aside(known, "k2"), 422, "idempotency_key_reused")
    taken = await aside(known)
    assert taken.status_code == 200
    assert "idempotent-replayed" not in taken.headers
    assert (await aside(known)).headers["idempotent-replayed"] == "true"
    await _put(known, "answered_at = now() - interval '25 hours'")
    assert (await aside(known, "k2")).status_code == 200


async def test_what_went_wrong_may_be_tried_again_and_what_was_refused_is_refused_again(known: Api) -> None:
    headers = {"Idempotency-Key": "none"}
    first = await known.client.delete("/v1/asides/none", headers=headers)
    problem(first, 404, "not_found")
    again = await known.client.delete("/v1/asides/none", headers=headers)
    assert (again.status_code, again.content) == (404, first.content)
    assert again.headers["idempotent-replayed"] == "true"


async def test_kept_answers_are_sealed(known: Api) -> None:
    made = await aside(known)
    async with known.desk.db.transaction(known.tenant.number) as tx:
        sealed = await tx.value("select sealed from sightline.answers where tenant = :t", t=known.tenant.number)
    assert made.json()["id"].encode() not in bytes(sealed)
    assert b"line/k1" not in bytes(sealed)
    assert cutoff_of(Made(key="k1", probability=0.5, worth=1.0, deadline=2), known.desk.now(known.tenant))


async def _put(api: Api, what: str) -> None:
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await tx.run(f"update sightline.answers set {what} where tenant = :t", t=api.tenant.number)


async def test_who_may_not_do_it_any_more_does_not_hear_what_came_of_it(known: Api) -> None:
    operator = await bearer(known, Role.OPERATOR)
    assert (await aside(known, **operator)).status_code == 200
    assert (await aside(known, **operator)).headers["idempotent-replayed"] == "true"
    viewer = await bearer(known, Role.VIEWER)
    problem(await aside(known, **viewer), 403, "forbidden")
    await known.rest.trail.flush()
    told = (await known.client.get("/v1/audit", params={"who": "other"})).json()["entries"]
    assert sorted((one["what"], one["status"]) for one in told) == [("put_aside", 200)] * 2 + [("put_aside", 403)]


async def test_replays_count_as_requests(known: Api) -> None:
    assert (await aside(known)).status_code == 200
    known.rest.rate = Limit(5)
    answers = [await aside(known) for _ in range(8)]
    assert [one.status_code for one in answers] == [200] * 5 + [429] * 3


async def test_a_parameter_that_a_call_does_not_have_is_refused(known: Api) -> None:
    found = problem(await known.client.get("/v1/predictions?min_probabilty=.5"), 400, "invalid")
    assert "min_probability" in found["hint"]
    assert (await known.client.get("/v1/predictions?min_probability=.4&fields=subject")).json()["predictions"]
    problem(await known.client.get("/v1/questions/"), 404, "not_found")
