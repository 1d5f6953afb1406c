"""Routes are made, tried, changed, listed and removed; owners make them, everybody sees them, the trail tells of it."""

from __future__ import annotations

from typing import Any

import pytest

from sightline.foundation import identity
from sightline.foundation.identity import Role, users
from sightline.testing import make
from tests.interfaces.rest.conftest import Api, problem
from tests.interfaces.rest.test_playbooks import listed, overdue

CHASE = {"playbook": "own.chase", "to": ["anna", "ben"]}


@pytest.fixture(autouse=True)
async def people(api: Api) -> None:
    for name, role in (("anna", Role.OPERATOR), ("ben", Role.OPERATOR), ("vera", Role.VIEWER)):
        await users.add(api.desk.db, api.tenant, name, role, at=make.day(1000))


async def put(api: Api, name: str, status: int = 200, **given: Any) -> dict[str, Any]:
    answer = await api.client.put(f"/v1/routes/{name}", json={**CHASE, **given})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def test_a_route_is_tried_made_changed_and_removed(api: Api) -> None:
    await overdue(api, "a", "b", "c")
    assert (await api.client.get("/v1/routes")).json() == {"routes": []}
    tried = await put(api, "air", whom="mode is Air", dry_run=True)
    assert (tried["waiting"], tried["goes"], tried["nobody"]) == (3, {"anna": 2, "ben": 1}, 0)
    assert (await api.client.get("/v1/routes")).json() == {"routes": []}
    assert {one["assignee"] for one in await listed(api)} == {None}
    made = await put(api, "air", whom="mode is Air", waiting=True)
    assert made["goes"] == tried["goes"]
    assert sorted(one["assignee"] for one in await listed(api)) == ["anna", "anna", "ben"]
    (one,) = (await api.client.get("/v1/routes")).json()["routes"]
    assert one == made["route"]
    assert (one["name"], one["whom"], one["to"], one["by"]) == ("air", "mode is Air", ["anna", "ben"], "owner")
    assert (one["gone"], one["stopped"]) == ([], "")
    plain = await put(api, "rest", to=["ben"])
    assert (plain["waiting"], plain["goes"], plain["nobody"]) == (None, {}, None)
    await put(api, "air", to=["ben"])
    found = (await api.client.get("/v1/routes", params={"fields": "name,whom,to"})).json()["routes"]
    assert found == [{"name": name, "whom": "", "to": ["ben"]} for name in ("air", "rest")]
    assert (await api.client.delete("/v1/routes/air")).status_code == 204
    said = problem(await api.client.delete("/v1/routes/air"), 404, "not_found")
    assert said["detail"] == "No route 'air'. Known: rest."
    assert sorted(one["assignee"] for one in await listed(api)) == ["anna", "anna", "ben"]


async def test_what_does_not_fit_is_refused_with_what_was_meant(api: Api) -> None:
    await overdue(api, "a")
    assert "Did you mean 'own.chase'?" in (await put(api, "one", 404, playbook="own.chaise"))["detail"]
    assert "Did you mean 'anna'?" in (await put(api, "one", 404, to=["annna"]))["detail"]
    assert "No user who may decide 'vera'" in (await put(api, "one", 404, to=["vera"]))["detail"]
    assert "Did you mean 'mode'?" in (await put(api, "one", 404, whom="mod is Air"))["detail"]
    assert (await put(api, "one", 400, whom="mode is"))["code"] == "unparsable"
    assert (await put(api, "One", 400))["code"] == "invalid"
    await put(api, "one", 400, to=[])
    await put(api, "one", 400, who="ben")
    assert (await api.client.get("/v1/routes")).json() == {"routes": []}


async def test_viewers_see_routes_and_only_owners_make_them_as_the_trail_tells(api: Api) -> None:
    await overdue(api, "a")
    await put(api, "all")
    for role in (Role.VIEWER, Role.OPERATOR):
        token = await identity.issue(api.desk.db, api.tenant, role.value, role)
        theirs = {"Authorization": f"Bearer {token}"}
        assert len((await api.client.get("/v1/routes", headers=theirs)).json()["routes"]) == 1
        problem(await api.client.put("/v1/routes/all", json=CHASE, headers=theirs), 403, "forbidden")
        problem(await api.client.delete("/v1/routes/all", headers=theirs), 403, "forbidden")
    await api.client.delete("/v1/routes/all")
    await api.rest.trail.flush()
    entries = (await api.client.get("/v1/audit")).json()["entries"]
    changed = [(one["what"], one["who"], one["target"], one["status"]) for one in entries if "_route" in one["what"]]
    assert ("put_route", "owner", "/v1/routes/all", 200) in changed
    assert ("delete_route", "owner", "/v1/routes/all", 204) in changed
    assert ("delete_route", "viewer", "/v1/routes/all", 403) in changed
