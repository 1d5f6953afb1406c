"""Quantities, versions and what-if over HTTP, with models that were really trained."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sightline.foundation import ledger
from sightline.kernel.desk import jobs
from sightline.kernel.desk.asking import declare, read_line
from sightline.language import derived
from sightline.language.event import Event
from sightline.language.ref import Ref
from tests.interfaces.rest.conftest import Api, finished, problem
from tests.interfaces.rest.test_asking import LINE, take

COUNT = "predict next thing.done within 60 days for thing before due 30 days"
NAME = "own.days"
FEW = 30
"""Too few to learn from: the model is the base rate, and trained at once."""


async def trained(api: Api, line: str, name: str, **words: str) -> dict[str, Any]:
    done = await finished(api, await api.client.post("/v1/questions", json={"line": line, "name": name, **words}))
    found: dict[str, Any] = done["result"]
    return found


async def test_a_quantity_is_asked_proved_and_listed(api: Api) -> None:
    await take(api, past=260)
    checked = (await api.client.post("/v1/questions/check", json={"line": COUNT})).json()
    assert (checked["form"], checked["unit"]) == ("quantity", "days")
    await trained(api, COUNT, NAME)
    question = next(one for one in (await api.client.get("/v1/questions")).json()["questions"] if one["name"] == NAME)
    assert (question["form"], question["unit"]) == ("quantity", "days")
    proof = (await api.client.get(f"/v1/questions/{NAME}/proof")).json()
    assert (proof["form"], proof["answer"]) == ("quantity", "next")
    assert proof["metrics"]["mae"] is not None
    listed = (await api.client.get(f"/v1/questions/{NAME}/predictions")).json()["predictions"]
    if proof["verdict"] == "do_not_use":
        assert listed == []
    for one in listed:
        assert (one["form"], one["probability"], one["unit"]) == ("quantity", None, "days")
        assert one["low"] <= one["quantity"] <= one["high"]
    async with api.desk.db.transaction(api.tenant.number) as tx:
        told = await tx.rows(
            "select data from sightline.ledger where tenant = :t and type = 'sightline.predicted'", t=tx.tenant
        )
    assert all(row["data"]["probability"] is None for row in told)


async def test_a_challenger_is_promoted_and_the_one_before_comes_back(api: Api) -> None:
    await take(api, past=FEW)
    first = await trained(api, LINE, "own.slow", yes="slow", no="quick")
    body = {"reason": "A try.", "on_duty": False}
    second = (await finished(api, await api.client.post("/v1/questions/own.slow/train", json=body)))["result"]

    async def on_duty() -> str:
        found = (await api.client.get("/v1/questions/own.slow/versions")).json()
        return next(str(one["version"]) for one in found["versions"] if one["state"] == "champion")

    assert await on_duty() == first["version"]
    problem(await api.client.post("/v1/questions/own.slow/rollback"), 409, "conflict")
    done = await api.client.post("/v1/questions/own.slow/promote", json={"version": second["version"]})
    assert done.json() == {"question": "own.slow", "version": second["version"]}
    assert await on_duty() == second["version"]
    assert (await api.client.post("/v1/questions/own.slow/rollback")).json()["version"] == first["version"]
    assert await on_duty() == first["version"]
    problem(await api.client.post("/v1/questions/own.slow/promote", json={"version": "none"}), 404, "not_found")
    problem(await api.client.get("/v1/questions/no.such/versions"), 404, "not_found")
    put = await api.client.put("/v1/questions/own.slow/schedule", json={"every_days": 30})
    assert put.json()["schedule"]["every_days"] == 30
    problem(await api.client.put("/v1/questions/own.slow/schedule", json={"every_days": 0}), 400, "invalid")


async def test_what_if_changes_what_is_said_and_keeps_nothing(api: Api) -> None:
    await take(api, past=FEW)
    await trained(api, LINE, "own.slow", yes="slow", no="quick")
    path = "/v1/questions/own.slow/what-if"
    found = (await api.client.post(path, json={"subject": "thing/o0", "changes": {"size": 6}})).json()
    assert (found["subject"], found["changes"], found["form"]) == ("thing/o0", {"size": 6.0}, "chance")
    assert 0 <= found["then"]["low"] <= found["then"]["high"] <= 1
    plain = (await api.client.post(path, json={"subject": "thing/o0"})).json()
    assert plain["now"] == plain["then"] == found["now"]
    for body, status, code in (
        ({"subject": "thing/o0", "changes": {"sise": 1}}, 404, "not_found"),
        ({"subject": "thing/o0", "changes": {"size": "big"}}, 400, "invalid"),
        ({"subject": "firm/1", "changes": {"size": 1}}, 400, "invalid"),
        ({"subject": "thing/nobody", "changes": {"size": 1}}, 422, "not_enough"),
    ):
        problem(await api.client.post(path, json=body), status, code)


async def test_training_killed_half_way_leaves_the_champion(api: Api) -> None:
    """A worker that dies stores nothing: the job is taken up again from its beginning."""
    await take(api, past=FEW)
    first = await trained(api, LINE, "own.slow")
    question = read_line(await api.desk.catalog(api.tenant), LINE, name="own.slow")
    await declare(api.desk, api.tenant, question)
    job = await jobs.submit_training(api.desk, api.tenant, "own.slow", by="owner")
    assert (await api.client.post(f"/v1/jobs/{job.id}/cancel")).status_code == 202
    found = (await api.client.get("/v1/questions/own.slow/versions")).json()["versions"]
    assert [(one["version"], one["state"]) for one in found] == [(first["version"], "champion")]


async def test_totals_are_read_from_the_examples_when_they_are_due(api: Api) -> None:
    """And what is settled tells the quantity, not a probability."""
    await take(api, past=FEW)
    now = api.desk.now(api.tenant)
    line = "predict total thing.made.size within 20 days for thing every 30 days"
    question = read_line(await api.desk.catalog(api.tenant), line, name="own.sum")
    await declare(api.desk, api.tenant, question)
    async with api.desk.db.transaction(api.tenant.number) as tx:
        made = await tx.row(
            "select key, time from sightline.occurrences where tenant = :t and type = 'thing.made' and key = 't1'",
            t=tx.tenant,
        )  # fmt: skip
        assert made is not None
        cutoff = made["time"] - timedelta(days=1)
        await tx.run(
            "insert into sightline.predictions (tenant, question, kind, key, cutoff, model, deadline, matures_at,"
            " quantity, low, high, reasons, made_at) values (:t, 'own.sum', 'thing', 't1', :cutoff, 'm', :due, :due,"
            " 1, 0, 2, '[]', :cutoff)",
            t=tx.tenant, cutoff=cutoff, due=cutoff + timedelta(days=20),
        )  # fmt: skip
        scored = Event(id="run", source=derived.SOURCE, type=derived.SCORED, subject=Ref(derived.SELF, "questions"),
                       time=now, known_at=now)  # fmt: skip
        ledger.record(tx, [scored], at=now)
    await api.desk.go_round(api.tenant)
    async with api.desk.db.transaction(api.tenant.number) as tx:
        looked = await tx.row(
            "select outcome, outcome_at from sightline.predictions where tenant = :t and question = 'own.sum'",
            t=tx.tenant,
        )
    assert looked is not None
    assert looked["outcome_at"] is not None
