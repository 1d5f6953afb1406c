"""The client against the application itself: real routes, real rows, over a real socket and in process."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import anyio.from_thread
import httpx2
import pytest

from sightline.interfaces.rest import build
from sightline.kernel.desk import training
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.testing import make
from sightline_client import (
    AsyncSightline,
    BadRequest,
    Forbidden,
    InProcess,
    Misused,
    NotFound,
    Sightline,
    Unauthenticated,
    UnexpectedAnswer,
    models,
)
from sightline_client.call import Call
from tests.clients.conftest import Served

NAME = ARRIVES_LATE.name


def lines(now_day: int) -> list[dict[str, Any]]:
    """A few hundred order lines of two vendors, one often late, and five that are still open."""
    found = []
    for number in range(605):
        late, open_ = number % 3 == 0, number >= 600
        promised = now_day + 10 if open_ else 100 + number
        vendor = "slow" if late or open_ or number % 7 == 0 else "quick"
        links = {"vendor": f"vendor/{vendor}", "order": f"order/{number}"}
        told = {"links": links, "value": 100 + number, "promised_on": f"{make.day(promised):%Y-%m-%d}"}
        found.append(event(number, "line.described", 10, told))
        if not open_:
            found.append(event(number, "line.delivered", promised + (5 if late else -2), {}))
    return found


def event(number: int, kind: str, day: float, data: dict[str, Any]) -> dict[str, Any]:
    """One CloudEvent, known when it happened."""
    at = make.day(day).isoformat()
    return {"specversion": "1.0", "id": f"{number}-{kind}", "source": "test", "type": kind,
            "subject": f"line/{number}", "time": at, "knownat": at, "data": data}  # fmt: skip


@pytest.fixture
async def trained(served: Served) -> Served:
    """The same, with a question that was proved."""
    api = served.api
    today = (api.desk.now(api.tenant) - make.EPOCH).days
    recorded = await served.blocking(lambda client: client.events.record(lines(today)))
    assert recorded.recorded == 1205
    await api.desk.go_round(api.tenant)
    await training.train(api.desk, api.tenant, ARRIVES_LATE)
    await api.desk.go_round(api.tenant)
    return served


def read(client: Sightline) -> None:
    """Every read there is, in its shape."""
    assert client.health.live().status
    assert client.health.ready().schema_version
    assert client.status().events >= 1205
    assert "sightline_" in client.metrics()
    assert NAME in [question.name for question in client.questions.list().questions]
    assert client.questions.proof(NAME).question == NAME
    assert client.questions.population(NAME).counts
    assert isinstance(client.findings.list(), models.Findings)
    entity = client.entities.get("line", "600")
    assert entity.links["vendor"] == "vendor/slow"
    assert client.entities.get("line", "600", as_of=str((entity.exists_from + timedelta(days=3)).date())).as_of


async def test_every_read_of_the_application_comes_back_in_its_shape(trained: Served) -> None:
    await trained.blocking(read)
    async with AsyncSightline(trained.url, token=trained.api.token) as client:
        found = await client.questions.predictions(NAME, rank="money")
    assert isinstance(found, models.Predictions)
    assert [one.subject for one in found.predictions]
    assert found.predictions[0].deadline.tzinfo is not None
    assert found.predictions[0].reasons[0].text


async def test_keys_may_hold_anything(served: Served) -> None:
    keys = ["a/b c", "ü?x=1#y", "100%", "..", "a//b", "a+b"]
    events = [{**event(1, "thing.seen", 10, {}), "id": key, "subject": f"vendor/{key}"} for key in keys]
    await served.blocking(lambda client: client.events.record(events))
    await served.api.desk.go_round(served.api.tenant)
    found = await served.blocking(lambda client: [client.entities.get("vendor", key).ref for key in keys])
    assert found == [f"vendor/{key}" for key in keys]


async def test_a_refusal_is_an_exception_that_carries_the_problem(served: Served) -> None:
    with pytest.raises(NotFound) as unknown:
        await served.blocking(lambda client: client.questions.proof("supply.arrives_lat"))
    assert unknown.value.status == 404
    assert unknown.value.code == unknown.value.problem["code"]
    assert "supply.arrives_lat" in unknown.value.detail
    with pytest.raises(BadRequest) as wrong:
        await served.blocking(lambda client: client.events.record([{"id": "1"}]))
    assert wrong.value.problem["index"] == 0
    with pytest.raises(Forbidden):
        await served.blocking(lambda client: client.status(), workspace="somebody-elses")
    with pytest.raises(Unauthenticated) as stranger:
        async with AsyncSightline(served.url) as nobody:
            await nobody.status()
    assert stranger.value.hint
    assert stranger.value.hint in str(stranger.value)


async def test_an_answer_of_another_shape_is_told_without_its_values(served: Served) -> None:
    with pytest.raises(UnexpectedAnswer, match="schema_version") as failed:
        await served.blocking(lambda client: client._sender.send(Call("GET", "/v1/health/live", models.Ready)))
    assert "input_value" not in str(failed.value)


async def test_no_socket_is_needed_in_the_same_process(served: Served) -> None:
    app = build(served.api.rest)
    transport = httpx2.ASGITransport(app)
    async with AsyncSightline("http://here", token=served.api.token, transport=transport) as client:
        assert (await client.events.record([event(1, "thing.seen", 10, {})])).recorded == 1


async def test_the_live_stream_does(served: Served) -> None:
    transport = httpx2.ASGITransport(build(served.api.rest))
    with pytest.raises(Misused, match="Without a socket"):
        AsyncSightline("http://here", transport=transport).stream()


async def test_the_blocking_client_needs_none_either(served: Served) -> None:
    app, api = build(served.api.rest), served.api

    def inside(portal: anyio.from_thread.BlockingPortal) -> models.Recorded:
        with Sightline("http://here", token=api.token, transport=InProcess(app, portal)) as client:
            with pytest.raises(NotFound):
                client.questions.proof("nothing.such")
            return client.events.record([event(1, "thing.seen", 10, {})])

    async with anyio.from_thread.BlockingPortal() as portal:
        assert (await anyio.to_thread.run_sync(inside, portal)).recorded == 1
