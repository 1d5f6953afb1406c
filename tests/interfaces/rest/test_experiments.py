"""Experiments are planned, begun, read and stopped; what acting changed is told with its interval or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sightline.kernel.act import adopting, destinations
from sightline.language import derived
from tests.interfaces.rest.conftest import Api, problem
from tests.kernel.act.test_reaching import BEST, SENT
from tests.kernel.act.world import INFORMS, TWO, choose, line, tell
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
    assert (await api.client.post("/v1/playbooks", json={"text": TWO + INFORMS})).status_code == 200
    nothing = (await api.client.get("/v1/playbooks/own.chase/effect")).json()
    assert (nothing["success"], nothing["effect"]["difference"], nothing["path"]) == (False, None, [])
    assert nothing["effect"]["words"].startswith("Not enough evidence yet")
    plain = (await api.client.get("/v1/playbooks/own.tell/effect")).json()
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


async def test_what_was_learned_of_hours_and_channels_is_told_or_what_lacks(api: Api) -> None:
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await destinations.add(tx, api.desk.vault, "mail", "smtps://mail.example.com/?from=us@example.com")
        await destinations.add(tx, api.desk.vault, "crm", "https://crm.example.com/hook")
    text = BEST.replace("priority = 5", 'hour = "best"')
    assert (await api.client.post("/v1/playbooks", json={"text": text})).status_code == 200
    nothing = (await api.client.get("/v1/playbooks/own.chase/effect")).json()
    assert nothing["hours"]["words"] == "Not enough yet: 0 of 50 messages have an outcome."
    assert (nothing["hours"]["places"], nothing["channels"][0]["usual"]) == ([], None)
    nine = api.desk.now(api.tenant).replace(hour=9, minute=30) - timedelta(days=10)
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await tx.run(SENT, t=tx.tenant, at=nine)
    found = (await api.client.get("/v1/playbooks/own.chase/effect")).json()
    hours, (channels,) = found["hours"], found["channels"]
    assert (hours["seen"], hours["best"], hours["parties"], len(hours["places"])) == (400, None, 400, 24)
    assert hours["words"] == "No hour is better than all together beyond doubt."
    assert {one["name"]: one["seen"] for one in hours["places"] if one["seen"]} == {"09:00": 400}
    assert (channels["choice"], channels["best"], channels["others"]) == ("note", "crm", 0)
    mail, crm = channels["places"]
    assert mail["high"] < channels["usual"] < crm["low"] < crm["rate"] < crm["high"]
    told = (await api.client.get("/v1/playbooks")).json()["playbooks"]
    (choice,) = next(one["choices"] for one in told if one["name"] == "own.chase")
    assert (choice["channel"], choice["channels"]) == ("mail", ["mail", "crm"])


async def test_a_winner_is_adopted_by_somebody_and_taken_back(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    post = api.client.post
    choose(api.desk, hold_out=0.0)
    assert (await post("/v1/playbooks", json={"text": TWO})).status_code == 200
    id_ = (await post("/v1/experiments", json={"playbook": "own.chase", **TRIAL})).json()["id"]
    path = f"/v1/experiments/{id_}/adopt"
    problem(await post(path, json={"arm": "call"}), 409, "conflict")
    now = api.desk.now(api.tenant)
    async with api.desk.db.transaction(api.tenant.number) as tx:
        held = {"key": "held", "choice": "note", "verb": "hold", "arm": "control"}
        drawn_ = [drawn(n, id_, lambda _arm, n: n % 2 == 0) for n in range(100)]
        await put(tx, [*drawn_, held], at=now - timedelta(days=3))
    await post(f"/v1/experiments/{id_}/stop", json={})
    assert "No arm" in problem(await post(path, json={}), 400, "invalid")["detail"]
    problem(await post(path, json={"undo": True}), 409, "conflict")
    problem(await post(path, json={"arm": "cal"}), 404, "not_found")
    looked = (await post(path, json={"arm": "call", "check": True})).json()
    assert (looked["choice"], looked["before"], looked["done"], looked["lately"]) == ("call", None, False, 100)
    # Whatever the lots drew, a note was the usual choice beside it; who is kept back is told nothing either way.
    assert looked["otherwise"] == 100
    assert "For 100 of 100 decisions of the last 30 days the usual choice would have been another." in looked["words"]
    assert (await post(path, json={"arm": "note", "check": True})).json()["otherwise"] == 0
    assert (looked["newest"], looked["against"]) == (False, "")
    with monkeypatch.context() as fewer:
        fewer.setattr(adopting, "MOST", 60)
        some = (await post(path, json={"arm": "call", "check": True})).json()
    assert (some["lately"], some["otherwise"], some["newest"]) == (60, 60, True)
    assert "For 60 of the newest 60 decisions of the last 30 days" in some["words"]
    assert await chosen(api, "before") == "note"
    done = (await post(path, json={"arm": "call", "why": "they like to be called"})).json()
    assert (done["done"], done["otherwise"]) == (True, looked["otherwise"] + 1)
    problem(await post(path, json={"arm": "call"}), 409, "conflict")
    assert await chosen(api, "after") == "call"
    (listed,) = (await api.client.get("/v1/experiments")).json()["experiments"]
    assert (listed["adopted"], listed["adopted_by"]) == ("call", "owner")
    assert await usual(api) == "call"
    # What costs more than it brings is not chosen for having won.
    dear = TWO.replace("gains = 100, cost = 5", "gains = 100, cost = 500")
    await post("/v1/playbooks", json={"text": dear})
    assert await chosen(api, "dear") == "note"
    assert (await post(path, json={"arm": "note", "check": True})).json()["otherwise"] == 0
    await post("/v1/playbooks", json={"text": TWO})
    undone = (await post(path, json={"undo": True})).json()
    assert (undone["choice"], undone["before"], undone["done"]) == (None, "call", True)
    assert await chosen(api, "again") == "note"
    assert await usual(api) == ""
    async with api.desk.db.transaction(api.tenant.number) as tx:
        rows = await tx.rows(
            "select type, data from sightline.ledger where tenant = :t and type = any(:types) order by position",
            t=tx.tenant, types=[derived.ADOPTED, derived.GIVEN_UP],
        )  # fmt: skip
    assert [(row["type"], row["data"]["choice"], row["data"]["by"], row["data"]["why"]) for row in rows] == [
        (derived.ADOPTED, "call", "owner", "they like to be called"), (derived.GIVEN_UP, "call", "owner", ""),
    ]  # fmt: skip


async def chosen(api: Api, key: str) -> str:
    """What the playbook chooses for another late line."""
    await tell(api.desk, api.tenant, line(key))
    async with api.desk.db.transaction(api.tenant.number) as tx:
        return str(await tx.value(
            "select choice from sightline.decisions where tenant = :t and playbook = 'own.chase' and subject = :s",
            t=tx.tenant, s=key,
        ))  # fmt: skip


async def usual(api: Api) -> str:
    """The choice that was adopted for it."""
    told = (await api.client.get("/v1/playbooks")).json()["playbooks"]
    return str(next(one["usual"] for one in told if one["name"] == "own.chase"))
