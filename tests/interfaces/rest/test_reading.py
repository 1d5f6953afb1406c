"""The reads: who may, what they answer, and what they never tell."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import socket
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from sightline.foundation import identity, ledger, tenants
from sightline.foundation.db.session import Database
from sightline.foundation.identity import Role
from sightline.foundation.settings import HttpSettings, LogSettings
from sightline.foundation.telemetry import Telemetry, configure, redacted
from sightline.interfaces.rest import Rest, build, models, proof_file
from sightline.kernel.desk import training
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.testing import make
from tests.interfaces.rest.conftest import Api, problem, wire

NAME = ARRIVES_LATE.name
READS = ["/v1/entities/thing/1", "/v1/questions", f"/v1/questions/{NAME}/proof", f"/v1/questions/{NAME}/predictions",
         f"/v1/questions/{NAME}/population", "/v1/findings", "/v1/status", "/v1/metrics"]  # fmt: skip


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("given", ["", "Bearer slt_" + "x" * 43, "Basic b3duZXI6"])
async def test_nobody_reads_without_a_token(api: Api, path: str, given: str) -> None:
    answer = await api.client.get(path, headers={"Authorization": given})
    found = problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "x" * 43 not in answer.text
    assert "sightline token" in found["hint"]


async def test_a_viewer_reads_but_does_not_write(api: Api) -> None:
    token = await identity.issue(api.desk.db, api.tenant, "viewer", Role.VIEWER)
    mine = {"Authorization": f"Bearer {token}"}
    assert (await api.client.get("/v1/questions", headers=mine)).status_code == 200
    found = problem(await api.post(wire(), **mine), 403, "forbidden")
    assert "viewer" in found["detail"]
    assert await api.recorded() == []


async def test_another_workspace_is_closed_and_tells_not_even_that_it_is(api: Api) -> None:
    other = await tenants.make(api.desk.db, f"{api.tenant.name}-other")
    answers = [
        problem(await api.client.get("/v1/questions", headers={"Sightline-Workspace": name}), 403, "forbidden")
        for name in (other.name, f"{api.tenant.name}-nowhere")
    ]
    assert len({one["detail"].replace("-nowhere", "-other") for one in answers}) == 1
    problem(await api.post(wire(), **{"Sightline-Workspace": other.name}), 403, "forbidden")


async def test_a_grant_opens_a_workspace_below(api: Api) -> None:
    below = await tenants.make(api.desk.db, f"{api.tenant.name}-below", under=api.tenant)
    await tenants.grant(api.desk.db, below, api.tenant, "viewer")
    there = {"Sightline-Workspace": below.name}
    assert (await api.client.get("/v1/status", headers=there)).json()["workspace"] == below.name
    problem(await api.post(wire(), **there), 403, "forbidden")


async def test_a_thing_as_it_was_known(api: Api) -> None:
    first = wire("1", subject="thing/a/b", knownat="2015-01-05T00:00:00Z", data={"size": 1, "links": {"at": "site/1"}})
    await api.post([first, wire("2", subject="thing/a/b", knownat="2015-02-05T00:00:00Z", data={"size": 2})])
    await api.desk.go_round(api.tenant)
    now = (await api.client.get("/v1/entities/thing/a/b")).json()
    then = (await api.client.get("/v1/entities/thing/a/b", params={"as_of": "2015-01-31"})).json()
    assert (now["attributes"], then["attributes"]) == ({"size": 2}, {"size": 1})
    assert then["links"] == {"at": "site/1"}
    assert [one["id"] for one in then["timeline"]] == ["1"]
    assert now["as_of"] > then["as_of"]
    problem(await api.client.get("/v1/entities/thing/a/b", params={"as_of": "2014-12-31"}), 404, "not_found")
    problem(await api.client.get("/v1/entities/thing/a/b", params={"as_of": "someday"}), 400, "invalid")
    problem(await api.client.get("/v1/entities/thing/unheard"), 404, "not_found")
    problem(await api.client.get("/v1/entities/No!/1"), 400, "invalid")


async def test_questions_are_listed_before_they_are_trained(api: Api) -> None:
    found = (await api.client.get("/v1/questions")).json()["questions"]
    mine = next(one for one in found if one["name"] == NAME)
    assert mine["verdict"] is None
    assert mine["line"].startswith("predict absent line.delivered until promised_on")
    for part in ("proof", "predictions", "population"):
        problem(await api.client.get(f"/v1/questions/{NAME}/{part}"), 422, "not_enough")
        near = problem(await api.client.get(f"/v1/questions/supply.arrives_lat/{part}"), 404, "not_found")
        assert NAME in near["detail"] + near.get("hint", "")


async def _comes_as_a_file(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/v1/questions/{NAME}/proof"
    monkeypatch.setattr(proof_file, "BUILT", tmp_path)
    problem(await api.client.get(path, params={"form": "html"}), 500, "misconfigured")
    (tmp_path / proof_file.NAME).write_text(f"<html>{proof_file.PLACE}</html>")
    document = (await api.client.get(path)).json()
    for how in ({"params": {"form": "html"}}, {"headers": {"Accept": "text/html,*/*;q=0.8"}}):
        answer = await api.client.get(path, **how)
        assert answer.headers["content-type"].startswith("text/html")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        (found,) = re.findall(r'id="proof">(.*?)</script>', answer.text)
        assert json.loads(found) == {"proof": document, "unit": "USD"}
    told = await api.client.get(path, params={"form": "json"}, headers={"Accept": "text/html"})
    assert told.json() == document
    problem(await api.client.get(path, params={"form": "pdf"}), 400, "invalid")


@pytest.mark.usefixtures("short")
async def test_a_trained_question_is_answered_with_its_proof(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _train(api)
    await _comes_as_a_file(api, tmp_path, monkeypatch)
    proof = (await api.client.get(f"/v1/questions/{NAME}/proof")).json()
    assert {"question", "verdict", "metrics", "baseline", "lift", "split", "assumptions", "never_acts"} <= set(proof)
    assert {"auc", "auc_interval", "brier", "calibration_error", "calibration_floor"} <= set(proof["metrics"])
    # It is answered as it stands: this is what holds it to the document.
    of_quantities = {"outside", "calibration"}
    assert models.Proof.model_validate(proof).model_fields_set >= set(models.Proof.model_fields) - of_quantities
    page = (await api.client.get(f"/v1/questions/{NAME}/predictions", params={"limit": 3, "all": True})).json()
    assert {one["question"] for one in page["predictions"]} == {NAME}
    losses = [one["expected_loss"] for one in page["predictions"]]
    assert len(losses) == 3
    assert losses == sorted(losses, reverse=True)
    assert all(0 <= one["low"] <= one["probability"] <= one["high"] <= 1 for one in page["predictions"])
    params = {"after": page["next"], "limit": 2, "all": True}
    behind = (await api.client.get(f"/v1/questions/{NAME}/predictions", params=params)).json()["predictions"]
    assert losses[-1] >= behind[0]["expected_loss"]
    assert not {one["subject"] for one in behind} & {one["subject"] for one in page["predictions"]}
    await api.desk.go_round(api.tenant)
    opened = (await api.client.get("/v1/predictions", params={"limit": 1000, "aside": "any"})).json()["predictions"]
    mine = (await api.client.get("/v1/questions")).json()["questions"][0]
    assert mine["decided"] == Counter((one["decision"] or {"verb": "none"})["verb"] for one in opened)
    assert (mine["predictions"]["open"], mine["worth_unit"]) == (len(opened), "USD")
    assert len(opened) == 5
    assert {(one["yes"], one["no"]) for one in opened} == {("late", "on time")}
    whole = await api.client.get(f"/v1/questions/{NAME}/population")
    assert whole.status_code == 200, whole.text
    assert whole.json()["counts"], whole.text


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 1001}, {"min_probability": 2}, {"rank": "beauty"}])
async def test_a_wrong_page_is_told(api: Api, wrong: dict[str, Any]) -> None:
    answer = await api.client.get(f"/v1/questions/{NAME}/predictions", params=wrong)
    assert next(iter(wrong)) in problem(answer, 400, "invalid")["detail"]


async def test_health_is_open_to_all_and_figures_are_not(api: Api) -> None:
    for prefix in ("", "/v1"):
        live = await api.client.get(f"{prefix}/health/live", headers={"Authorization": ""})
        ready = await api.client.get(f"{prefix}/health/ready", headers={"Authorization": ""})
        assert (live.json(), ready.json()["status"]) == ({"status": "live"}, "ready")
    await api.post([wire("1"), wire("2")])
    told = (await api.client.get("/v1/metrics")).text
    assert "sightline_events_recorded_total 2.0" in told
    assert 'route="/v1/events"' in told
    assert f'workspace="{api.tenant.name}"' in told


async def test_a_database_that_is_away_is_told_and_when_to_come_back(api: Api) -> None:
    nobody = Database("postgresql://nobody@127.0.0.1:9/none", pool=1)
    rest = Rest(_elsewhere(api, nobody), api.rest.intake, Telemetry(), api.tenant.name)
    transport = httpx.ASGITransport(build(rest))
    headers = {"Authorization": f"Bearer {api.token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        for path in ("/v1/questions", "/v1/health/ready"):
            answer = await client.get(path)
            problem(answer, 503, "unavailable")
            assert int(answer.headers["retry-after"]) > 0
        problem(await client.post("/v1/events", json=wire()), 503, "unavailable")
        assert (await client.get("/v1/health/live")).status_code == 200
    await nobody.close()


async def test_nothing_else_is_there(api: Api) -> None:
    assert "/openapi.json" in problem(await api.client.get("/v1/nowhere"), 404, "not_found")["hint"]


async def test_tokens_stay_out_of_logs(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    configure(LogSettings())
    logging.getLogger("test").error("refused 'Authorization: Bearer %s' and %s", api.token, api.token)
    root.handlers[:], _ = before
    root.setLevel(before[1])
    told = capsys.readouterr().err
    assert "refused" in told
    assert api.token not in told
    addresses = (
        "xoxb-1234567890-x https://hooks.slack.com/services/T0/B0/hiddenhidden /answer/hiddenhidden?sig=hiddenhidden"
    )
    assert redacted(addresses) == "xoxb-*** https://hooks.slack.com/services/T0/B0/*** /answer/***?sig=***"
    assert redacted("POST /v1/chat/slack/hidden-hidden_ 200") == "POST /v1/chat/slack/*** 200"
    assert redacted(f"postgresql://app:{api.token}@localhost") == "postgresql://app:***@localhost"


async def test_over_a_real_socket(api: Api) -> None:
    door = socket.create_server(("127.0.0.1", 0))
    small = api.desk.settings.model_copy(update={"http": HttpSettings(max_body=100_000)})
    rest = replace(api.rest, desk=replace(api.desk, settings=small))
    config = uvicorn.Config(build(rest), log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve(sockets=[door]))
    address = f"http://127.0.0.1:{door.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=address, headers={"Authorization": f"Bearer {api.token}"}) as client:
        answers = await asyncio.gather(*(client.post("/v1/events", json=wire(str(n))) for n in range(20)))
        assert [one.json()["recorded"] for one in answers] == [1] * 20
        problem(await client.post("/v1/events", content=b" " * 500_000), 413, "too_large")
        assert (await client.get("/v1/status")).json()["events"] == 20
    server.should_exit = True
    await serving
    door.close()


def _elsewhere(api: Api, db: Database) -> Any:
    return replace(api.desk, db=db, owner=db)


async def _train(api: Api) -> None:
    """A few hundred made-up lines; every third of one vendor came late."""
    events = []
    for number in range(600):
        promised, late = 100 + number, number % 3 == 0
        links = {"vendor": f"vendor/{'slow' if late or number % 7 == 0 else 'quick'}", "order": f"order/{number}"}
        subject = f"line/{number}"
        events.append(make.event(subject, type="line.described", on=10, links=links, value=100 + number,
                                 promised_on=f"{make.day(promised):%Y-%m-%d}"))  # fmt: skip
        events.append(make.event(subject, type="line.delivered", on=promised + (5 if late else -2)))
    soon = (api.desk.now(api.tenant) - make.EPOCH).days + 10
    for number in range(600, 605):
        links = {"vendor": "vendor/slow", "order": f"order/{number}"}
        events.append(make.event(f"line/{number}", type="line.described", on=10, links=links, value=100 + number,
                                 promised_on=f"{make.day(soon):%Y-%m-%d}"))  # fmt: skip
    async with api.desk.db.transaction(api.tenant.number) as tx:
        ledger.record(tx, events, at=api.desk.now(api.tenant))
    await api.desk.go_round(api.tenant)
    await training.train(api.desk, api.tenant, ARRIVES_LATE)
