"""Playbooks are declared, told, rehearsed and dropped; what is asked is answered; runs are told what to do."""

from __future__ import annotations

from typing import Any

import httpx

from sightline.foundation import identity, ledger
from sightline.foundation.clock import SystemClock
from sightline.foundation.identity import Role, users
from sightline.testing import make
from tests.interfaces.rest.conftest import Api, problem
from tests.kernel.act.world import HEAD, INFORMS, LADDER, choose

ASKS = HEAD + "asks_first = true\n"
SUCCEEDS = ASKS + 'success = "no"\n'


async def overdue(api: Api, *names: str, text: str = ASKS) -> None:
    """Lines that are overdue, and a playbook that is woken by them."""
    choose(api.desk, hold_out=0.0)
    answer = await api.client.post("/v1/playbooks", json={"text": text})
    assert answer.json() == {"versions": {"own.chase": 1}}, answer.text
    now = SystemClock().now()
    lines = [
        make.event(
            f"line/{name}", type="line.described", links={"project": f"project/{name}"}, value=10_000, mode="Air",
            promised_on="2024-01-01",
        ).but(time=now, known_at=now)
        for name in names
    ]  # fmt: skip
    async with api.desk.db.transaction(api.tenant.number) as tx:
        ledger.record(tx, lines, at=now)
    await api.desk.go_round(api.tenant)


async def listed(api: Api, **wanted: Any) -> list[dict[str, Any]]:
    answer = await api.client.get("/v1/inbox", params=wanted)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["asked"])


async def test_what_is_asked_is_listed_and_answered(api: Api) -> None:
    await overdue(api, "a", "b", "c")
    page = (await api.client.get("/v1/inbox", params={"limit": 2, "state": "open"})).json()
    rest = (await api.client.get("/v1/inbox", params={"limit": 2, "state": "open", "after": page["next"]})).json()
    items = [*page["asked"], *rest["asked"]]
    assert {one["subject"] for one in items} == {"line/a", "line/b", "line/c"}
    assert (await api.client.get(f"/v1/inbox/{items[0]['id']}")).json() == items[0]
    here = f"/v1/inbox/{items[0]['id']}"
    problem(await api.client.post(f"{here}/delegate", json={"to": "grace"}), 404, "not_found")
    await users.add(api.desk.db, api.tenant, "grace", Role.OPERATOR, at=make.day(1000))
    assert (await api.client.post(f"{here}/delegate", json={"to": "grace"})).json()["assignee"] == "grace"
    page = (await api.client.get("/v1/inbox", params={"limit": 1, "state": "open"})).json()
    assert (len(page["asked"]), page["count"]) == (1, 3)
    assert [one["id"] for one in await listed(api, assignee="grace")] == [items[0]["id"]]
    problem(await api.client.post(f"{here}/snooze", json={"until": "2001-01-01T00:00:00Z"}), 400, "invalid")
    approved = (await api.client.post(f"{here}/approve", json={"text": "Please look."})).json()
    assert (approved["state"], approved["ended_by"], approved["text"]) == ("approved", "owner", "Please look.")
    problem(await api.client.post(f"{here}/approve", json={}), 409, "conflict")
    problem(await api.client.post(f"/v1/inbox/{items[1]['id']}/reject", json={"why": ""}), 400, "invalid")
    both = await api.client.post(
        "/v1/inbox/answers", json={"ids": [one["id"] for one in items], "yes": False, "why": "no"}
    )
    assert [len(both.json()[one]) for one in ("taken", "refused")] == [2, 1]
    await api.desk.go_round(api.tenant)
    (sent,) = (await api.client.get("/v1/deliveries")).json()["deliveries"]
    assert (sent["text"], sent["state"]) == ("Please look.", "done")
    (run,) = (await api.client.get("/v1/runs", params={"playbook": "own.chase"})).json()["runs"]
    assert run["state"] == "ended"
    (told,) = [one for one in (await api.client.get("/v1/playbooks")).json()["playbooks"] if one["name"] == "own.chase"]
    assert (told["decisions"], told["running"], told["version"]) == ({"ask": 3}, 0, "1")


async def test_what_came_of_it_is_told_wherever_it_is_shown(api: Api) -> None:
    await overdue(api, "a", "b", text=SUCCEEDS)
    first, second = (await api.client.get("/v1/decisions", params={"playbook": "own.chase"})).json()["decisions"]
    assert (first["channel"], first["channel_propensity"]) == ("paper", None)
    assert {first["outcome"]["state"], second["outcome"]["state"]} == {"open"}
    page = (await api.client.get("/v1/decisions", params={"playbook": "own.chase", "limit": 1})).json()
    behind = {"playbook": "own.chase", "limit": 1, "after": page["next"]}
    assert [*page["decisions"], *(await api.client.get("/v1/decisions", params=behind)).json()["decisions"]] == [
        first, second
    ]  # fmt: skip
    now = SystemClock().now()
    came = make.event("line/a", type="line.delivered").but(time=now, known_at=now)
    async with api.desk.db.transaction(api.tenant.number) as tx:
        ledger.record(tx, [came], at=now)
    await api.desk.go_round(api.tenant)
    (told,) = (await api.client.get("/v1/decisions", params={"subject": "line/a", "verb": "ask"})).json()["decisions"]
    outcome = told["outcome"]
    assert (outcome["state"], outcome["success"], outcome["within"]) == ("early", True, "30 days")
    assert outcome["words"].startswith("Success so far: it happened on ")
    (item,) = [one for one in await listed(api) if one["subject"] == "line/a"]
    assert item["outcome"] == outcome
    nothing = await api.client.get("/v1/decisions", params={"subject": "line/c"})
    assert nothing.json() == {"decisions": [], "next": None}
    problem(await api.client.get("/v1/decisions", params={"verb": "act", "after": "no"}), 400, "invalid")


async def test_an_unknown_playbook_is_named_and_one_that_was_dropped_still_has_its_decisions(api: Api) -> None:
    await overdue(api, "a")
    await api.client.post("/v1/playbooks", json={"text": INFORMS})

    async def of(playbook: str, **more: str) -> httpx.Response:
        return await api.client.get("/v1/decisions", params={"playbook": playbook, **more})

    unknown = problem(await of("own.chse"), 404, "not_found")
    assert unknown["detail"].startswith("No playbook 'own.chse'. Did you mean 'own.chase'? Known: ")
    assert "playbook list" in unknown["hint"]
    assert (await of("own.tell", verb="drop")).json() == (await of("own.chase", verb="drop")).json()
    assert (await api.client.delete("/v1/playbooks/own.chase")).status_code < 300
    assert len((await of("own.chase")).json()["decisions"]) == 1
    assert (await of("own.chase", verb="drop")).json() == {"decisions": [], "next": None}


async def test_who_may_decide_about_so_much(api: Api) -> None:
    await overdue(api, "a")
    choose(api.desk, operator_limit=100.0)
    (item,) = await listed(api)
    token = await identity.issue(api.desk.db, api.tenant, "small", Role.OPERATOR)
    headers = {"Authorization": f"Bearer {token}"}
    refused = await api.client.post(f"/v1/inbox/{item['id']}/approve", json={}, headers=headers)
    assert "10,000 are at stake" in problem(refused, 403, "forbidden")["detail"]
    assert (await api.client.post(f"/v1/inbox/{item['id']}/approve", json={})).status_code == 200


async def test_a_run_is_paused_gone_on_with_and_cancelled(api: Api) -> None:
    await overdue(api, "a", text=LADDER)
    (run,) = (await api.client.get("/v1/runs", params={"state": "running"})).json()["runs"]
    here = f"/v1/runs/{run['id']}"
    whole = (await api.client.get(here)).json()
    assert [one["what"] for one in whole["steps"]] == ["sends", "delivered", "waits"]
    # Nothing is success for this one.
    assert (whole["outcome"]["state"], whole["outcome"]["success"]) == ("open", None)
    assert whole["outcome"] == run["outcome"]
    for what, state in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        assert (await api.client.post(f"{here}/change", json={"what": what})).json()["state"] == state
    problem(await api.client.post(f"{here}/change", json={"what": "cancel"}), 409, "conflict")
    problem(await api.client.post(f"{here}/change", json={"what": "again", "step": "agian"}), 404, "not_found")
    problem(await api.client.get(f"/v1/runs/run_{'0' * 32}"), 404, "not_found")


async def test_what_does_not_fit_is_refused_at_the_door(api: Api) -> None:
    post = api.client.post
    wrong = problem(await post("/v1/playbooks", json={"text": HEAD.replace("party", "partty")}), 400, "invalid")
    assert "`partty`" in wrong["detail"]
    gone = problem(await post("/v1/playbooks", json={"text": HEAD.replace("paper", "papr")}), 404, "not_found")
    assert "'papr'" in gone["detail"]
    looked = await post("/v1/playbooks", json={"text": HEAD, "check": True})
    assert looked.json() == {"versions": {"own.chase": 0}}
    assert (await api.client.get("/v1/playbooks")).json()["text"] == ""
    problem(await api.client.delete("/v1/playbooks/own.chase"), 404, "not_found")
    problem(await api.client.delete("/v1/playbooks/supply.warn_buyer"), 400, "invalid")
    await post("/v1/playbooks", json={"text": HEAD})
    text = (await api.client.get("/v1/playbooks")).json()["text"]
    assert (await post("/v1/playbooks", json={"text": text})).json() == {"versions": {"own.chase": 1}}
    assert (await api.client.delete("/v1/playbooks/own.chase")).status_code == 204


async def test_a_rehearsal_is_a_job(api: Api) -> None:
    for body in ({"since": "soon"}, {"since": "2014-13-01"}):
        problem(await api.client.post("/v1/playbooks/own.chase/rehearse", json=body), 400, "invalid")
    answer = await api.client.post("/v1/playbooks/own.chase/rehearse", json={"since": "90d", "text": HEAD})
    assert (answer.status_code, answer.json()["what"], answer.json()["about"]) == (202, "rehearse", "own.chase")
