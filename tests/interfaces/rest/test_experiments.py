"""Experiments are planned, begun, read and stopped; what acting changed is told with its interval or not at all."""

from __future__ import annotations

from tests.interfaces.rest.conftest import Api, problem
from tests.kernel.act.world import TWO
from tests.kernel.learn.test_study import TRIAL, drawn, put


async def test_an_experiment_is_planned_begun_read_and_stopped(api: Api) -> None:
    post, get = api.client.post, api.client.get
    assert (await post("/v1/playbooks", json={"text": TWO})).status_code == 200
    given = {"playbook": "own.chase", **TRIAL, "guards": [{"event": "line.delivered", "within": "7 days"}]}
    looked = (await post("/v1/experiments", json={**given, "check": True})).json()
    assert (looked["id"], looked["plan"]["rests_on"]) == (None, "nothing")
    assert (await get("/v1/experiments")).json() == {"experiments": []}
    id_ = (await post("/v1/experiments", json=given)).json()["id"]
    problem(await post("/v1/experiments", json={**given, "name": "other"}), 409, "conflict")
    wrong = problem(
        await post("/v1/experiments", json={"playbook": "own.chase", "arms": ["note", "cal"]}), 400, "invalid"
    )
    assert "Did you mean 'call'?" in wrong["detail"]
    problem(await post("/v1/experiments", json={"playbook": "own.chase"}), 400, "invalid")
    problem(await post("/v1/experiments", json={**given, "playbook": "own.chse"}), 404, "not_found")
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await put(tx, [drawn(n, id_, lambda arm, n: n % 10 < (3 if arm == "note" else 7)) for n in range(400)])
    whole = (await get(f"/v1/experiments/{id_}")).json()
    assert (whole["state"], whole["guards"][0]["within_days"]) == ("running", 7.0)
    (pair,) = whole["stand"]["pairs"]
    assert (pair["arm"], pair["verdict"]) == ("call", "better")
    assert sum(whole["stand"]["split"]["counts"]) == 400
    assert [one["arm"] for one in whole["path"]] == [one["arm"] for one in whole["for_whom"]] == ["call"]
    stopped = (await post(f"/v1/experiments/{id_}/stop", json={"why": "enough"})).json()
    assert (stopped["state"], stopped["said"]) == ("ended", "owner stopped it: enough")
    problem(await post(f"/v1/experiments/{id_}/stop", json={}), 409, "conflict")
    problem(await get(f"/v1/experiments/exp_{'0' * 32}"), 404, "not_found")
    (listed,) = (await get("/v1/experiments", params={"playbook": "own.chase"})).json()["experiments"]
    assert listed["verdict"] == "stopped"


async def test_what_acting_changed_is_told_with_its_interval_or_not_at_all(api: Api) -> None:
    assert (await api.client.post("/v1/playbooks", json={"text": TWO})).status_code == 200
    nothing = (await api.client.get("/v1/playbooks/own.chase/effect")).json()
    assert (nothing["success"], nothing["effect"]["difference"], nothing["path"]) == (False, None, [])
    assert nothing["effect"]["words"].startswith("Not enough evidence yet")
    plain = (await api.client.get("/v1/playbooks/supply.chase_overdue/effect")).json()
    assert (plain["success"], plain["effect"], plain["learned"]) == (None, None, None)
    rows = [{"key": f"k{n}", "choice": ("note", "call")[n % 2], "verb": "hold" if n % 10 == 0 else "act",
             "arm": "control" if n % 10 == 0 else "treated", "answer": float(n % 10 == 0 or n % 3 == 0)}
            for n in range(600)]  # fmt: skip
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await put(tx, rows)
    found = (await api.client.get("/v1/playbooks/own.chase/effect")).json()
    between = found["effect"]["sequence"]
    assert 0 < between["low"] < found["effect"]["difference"] < between["high"]
    assert [one["choice"] for one in found["effect"]["choices"]] == ["call", "note"]
    assert found["path"][-1]["sequence"] == found["effect"]["sequence"]
    assert not found["effect"]["split"]["broken"]
    problem(await api.client.get("/v1/playbooks/own.chse/effect"), 404, "not_found")
