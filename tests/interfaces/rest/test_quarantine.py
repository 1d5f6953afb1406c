"""Quarantine over HTTP: listed, shown, mended, set aside."""

from __future__ import annotations

from typing import Any

import pytest

from sightline.foundation import identity, jobs
from sightline.foundation.identity import Role
from tests.interfaces.rest.conftest import Api, finished, problem, sent
from tests.interfaces.rest.test_imports import FILE, MAPPING, TOML

BAD = FILE + "d,2015-01-08,a few,north\ne,someday,13,north\nf,2015-01-10,many,north\n"


async def take(api: Api, content: str = BAD) -> str:
    """The batch of an import."""
    file = await sent(api, content)
    done = await finished(api, await api.client.post("/v1/imports", json={"file": file, "mapping": MAPPING}))
    return str(done["result"]["batch"])


async def numbers(api: Api, **only: Any) -> list[int]:
    """Of the rows that wait."""
    found = (await api.client.get("/v1/quarantine", params=only)).json()
    assert found["total"] == len(found["rows"])
    return [one["number"] for one in found["rows"]]


async def test_rows_that_did_not_fit_are_listed_and_shown(api: Api) -> None:
    batch = await take(api)
    found = (await api.client.get("/v1/quarantine", params={"limit": 2})).json()
    assert (found["total"], [one["line"] for one in found["rows"]]) == (3, [5, 6])
    rest = (await api.client.get("/v1/quarantine", params={"after": found["next"]})).json()
    assert ([one["line"] for one in rest["rows"]], rest["next"]) == ([7], None)
    assert len(await numbers(api, source="things", batch=batch)) == 3
    assert await numbers(api, source="others") == await numbers(api, batch="unheard") == []
    row = (await api.client.get(f"/v1/quarantine/{found['rows'][0]['number']}")).json()
    assert (row["cells"]["size"], row["raw"]) == ("a few", None)
    assert row["batch"] == batch
    for wrong in ("0", "x", "9" * 30):
        problem(await api.client.get(f"/v1/quarantine/{wrong}"), 400, "invalid")
    problem(await api.client.get("/v1/quarantine/99999999"), 404, "not_found")
    problem(await api.client.get("/v1/quarantine", params={"after": "x"}), 400, "invalid")
    problem(await api.client.get("/v1/quarantine", params={"source": "\0"}), 400, "invalid")


async def test_rows_are_mended_and_the_rest_say_why_not(api: Api) -> None:
    await take(api)
    first, second, third = await numbers(api)
    given = {"numbers": [first], "changes": {"size": "3"}}
    done = await finished(api, await api.client.post("/v1/quarantine/replay", json=given))
    assert (done["result"]["recorded"]["rows"], done["result"]["still_wrong"]) == (1, [])
    assert (done["about"], done["done"]) == (f"quarantine {first}", 1)
    assert await numbers(api) == [second, third]
    done = await finished(api, await api.client.post("/v1/quarantine/replay", json={"changes": {"seen": "2015-01-09"}}))
    (still,) = done["result"]["still_wrong"]
    assert (still["number"], done["result"]["recorded"]["rows"]) == (third, 1)
    assert "many" in still["reason"]
    done = await finished(api, await api.client.post("/v1/quarantine/replay", json={"text": TOML}))
    assert done["result"]["recorded"] is None


async def test_rows_are_set_aside(api: Api) -> None:
    await take(api)
    found = await numbers(api)
    answer = await api.client.post("/v1/quarantine/discard", json={"numbers": found[:2]})
    assert answer.json() == {"discarded": 2}
    assert await numbers(api) == found[2:]
    problem(await api.client.post("/v1/quarantine/discard", json={"numbers": [found[2], 99999999]}), 404, "not_found")


WRONG: list[dict[str, Any]] = [
    {"numbers": [0]}, {"numbers": ["x"]}, {"numbers": [2**70]}, {"numbers": 3}, {"changes": {"a": 3}},
    {"changes": {"a": "\0"}}, {"overwrite": "perhaps"}, {"text": "="}, {"numbers": [1] * 10_001},
]  # fmt: skip


@pytest.mark.parametrize("given", WRONG, ids=[str(one)[:40] for one in WRONG])
async def test_what_is_no_replay_is_told(api: Api, given: dict[str, Any]) -> None:
    problem(await api.client.post("/v1/quarantine/replay", json=given), 400, "invalid")
    assert (await api.client.get("/v1/jobs")).json()["jobs"] == []


async def test_a_number_never_given_is_told_at_once(api: Api) -> None:
    assert problem(await api.client.post("/v1/quarantine/replay", json={"numbers": [99999999]}), 404, "not_found")


async def test_a_column_that_no_row_has_is_told_at_once(api: Api) -> None:
    batch = await take(api, BAD.replace("\n", ",note\n"))
    number, *_ = await numbers(api, batch=batch)
    for which in ({"numbers": [number]}, {}):
        wrong = {**which, "changes": {"size": "3", "Seen": "2015-01-09"}}
        told = problem(await api.client.post("/v1/quarantine/replay", json=wrong), 400, "invalid")
        assert "'Seen'. Did you mean 'seen'?" in told["detail"]
        assert {"id", "seen", "size", "site", "note"} <= set(told["hint"].removeprefix("Columns: ")[:-1].split(", "))
    # Of the file, though nothing reads it: people may mend what they see.
    given = {"numbers": [number], "changes": {"size": "3", "note": "x"}}
    done = await finished(api, await api.client.post("/v1/quarantine/replay", json=given))
    assert done["result"]["still_wrong"] == []
    # Where nothing waits, there is nothing to be wrong about.
    await api.client.post("/v1/quarantine/discard", json={"numbers": await numbers(api)})
    await finished(api, await api.client.post("/v1/quarantine/replay", json={"changes": {"Seen": "x"}}))


async def test_what_mends_a_row_is_not_kept_in_the_clear(api: Api) -> None:
    await take(api)
    given = {"changes": {"size": "3", "site": "jane.doe@example.com"}}
    answer = await api.client.post("/v1/quarantine/replay", json=given)
    kept = "select string_agg(j::text, '') from sightline.jobs j where tenant = :t"
    async with api.desk.db.transaction(api.tenant.number) as tx:
        waiting = await tx.value(kept, t=tx.tenant)
        assert b"jane.doe".hex() not in waiting
        assert "jane.doe" not in waiting
    await finished(api, answer)
    async with api.desk.db.transaction(api.tenant.number) as tx:
        left = "select count(*) from sightline.jobs where tenant = :t and arguments is not null"
        assert await tx.value(left, t=tx.tenant) == 0
        assert await jobs.unfinished(tx) == []


async def test_a_viewer_reads_and_mends_nothing(api: Api) -> None:
    await take(api)
    token = await identity.issue(api.desk.db, api.tenant, "viewer", Role.VIEWER)
    mine = {"Authorization": f"Bearer {token}"}
    assert (await api.client.get("/v1/quarantine", headers=mine)).status_code == 200
    for path in ("replay", "discard"):
        found = await api.client.post(f"/v1/quarantine/{path}", headers=mine, json={"numbers": [1]})
        problem(found, 403, "forbidden")
