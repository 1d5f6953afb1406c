"""Alarms about models on duty over HTTP: seen by whoever reads, taken back for a reason, once."""

from __future__ import annotations

from sightline.kernel.predict import alarms, registry
from sightline.kernel.predict.alarms import Alarm
from sightline.language import derived
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.testing import make
from tests.interfaces.rest.conftest import Api, problem
from tests.kernel.predict.test_versions import model

NAME = ARRIVES_LATE.name


async def test_an_alarm_is_seen_and_taken_back(api: Api) -> None:
    raised = Alarm(
        id="", question=NAME, version="v1", what="promise:no", words="Half were right.", advice="Train it again.",
        since=None, raised_at=make.day(9), lifted_at=None, lifted_by=None, why="",
    )  # fmt: skip
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await registry.store(tx, model("v1", 1))
        assert await alarms.raise_(tx, raised)
        assert not await alarms.raise_(tx, raised)
    (found,) = (await api.client.get("/v1/alarms")).json()["alarms"]
    assert (found["question"], found["what"], found["words"]) == (NAME, "promise:no", "Half were right.")
    watch = (await api.client.get(f"/v1/questions/{NAME}/watch")).json()
    assert (watch["version"], watch["watched"], watch["alarms"]) == (None, [], [found])
    assert (await api.client.get("/v1/status")).json()["alarms"] == [{"question": NAME, "words": "Half were right."}]
    path = f"/v1/alarms/{found['id']}/lift"
    problem(await api.client.post(path, json={"why": " "}), 400, "invalid")
    lifted = (await api.client.post(path, json={"why": "a strike"})).json()
    assert (lifted["lifted_by"], lifted["why"]) == ("owner", "a strike")
    problem(await api.client.post(path, json={"why": "again"}), 409, "conflict")
    problem(await api.client.post("/v1/alarms/none/lift", json={"why": "again"}), 404, "not_found")
    problem(await api.client.get("/v1/questions/no.such/watch"), 404, "not_found")
    assert (await api.client.get("/v1/alarms")).json() == {"alarms": []}
    async with api.desk.db.transaction(api.tenant.number) as tx:
        told = await tx.rows("select data from sightline.ledger where tenant = :t and type = :type",
                             t=tx.tenant, type=derived.LIFTED)  # fmt: skip
    assert [row["data"]["why"] for row in told] == ["a strike"]
