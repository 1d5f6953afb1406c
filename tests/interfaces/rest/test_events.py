"""`POST /v1/events`: what goes in, what is refused, and that a refusal leaves nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from sightline.kernel.declared import Kinds
from sightline.kernel.observe.cloudevents import MAX_BATCH
from sightline.kernel.observe.intake import Accepted, Intake
from sightline.language.event import Event
from tests.interfaces.rest.conftest import SINGLE, Api, problem, wire

BATCH = "application/cloudevents-batch+json"
NDJSON = "application/x-ndjson"


async def test_one_event_is_on_disk_when_it_is_answered(api: Api) -> None:
    sent = wire(time="2015-01-05T10:30:00+02:00", data={"size": 7, "links": {"site": "site/a/b"}})
    answer = await api.post(sent, SINGLE)
    assert answer.status_code == 200, answer.text
    (kept,) = await api.recorded()
    assert answer.json() == {"recorded": 1, "repeated": 0, "position": kept.position}
    assert (kept.id, kept.source, kept.type, str(kept.subject)) == ("1", "test", "thing.seen", "thing/1")
    assert kept.time == datetime(2015, 1, 5, 8, 30, tzinfo=UTC)
    assert kept.data == sent["data"]


async def test_a_batch_and_lines(api: Api) -> None:
    assert (await api.post([wire("1"), wire("2")], BATCH)).json()["recorded"] == 2
    lines = b"\n".join(json.dumps(wire(name)).encode() for name in ("3", "4")) + b"\n\n"
    assert (await api.post(lines, NDJSON)).json()["recorded"] == 2
    assert [one.id for one in await api.recorded()] == ["1", "2", "3", "4"]


async def test_plain_json_may_be_either(api: Api) -> None:
    assert (await api.post(wire("1"))).json()["recorded"] == 1
    assert (await api.post([wire("2")], "application/json; charset=utf-8")).json()["recorded"] == 1
    assert (await api.post([])).json() == {"recorded": 0, "repeated": 0, "position": None}


async def test_a_repeat_adds_nothing(api: Api) -> None:
    await api.post(wire("1", data={"size": 1}))
    answer = await api.post([wire("1", data={"size": 2}), wire("2"), wire("2")])
    assert (answer.json()["recorded"], answer.json()["repeated"]) == (1, 2)
    assert [(one.id, one.data) for one in await api.recorded()] == [("1", {"size": 1}), ("2", {})]


async def test_many_senders_at_once_are_each_told_of_their_own(api: Api) -> None:
    answers = await asyncio.gather(*(api.post(wire(str(number % 50))) for number in range(100)))
    assert sum(one.json()["recorded"] for one in answers) == 50
    assert sum(one.json()["repeated"] for one in answers) == 50
    assert len(await api.recorded()) == 50


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"specversion": None}, "specversion"),
    ({"specversion": "0.3"}, "0.3"),
    ({"id": None}, "id"),
    ({"id": ""}, "length"),
    ({"source": None}, "source"),
    ({"source": ""}, "length"),
    ({"source": "sightline"}, "own"),
    ({"type": None}, "type"),
    ({"type": "sightline.predicted"}, "own"),
    ({"subject": None}, "subject"),
    ({"subject": "no reference"}, "no reference"),
    ({"subject": "Thing/1"}, "Thing/1"),
    ({"time": "yesterday"}, "RFC3339"),
    ({"time": 5}, "int"),
    ({"knownat": "2999-01-01T00:00:00Z"}, "future"),
    ({"data": ["a"]}, "array"),
    ({"data": {"deep": {"a": "b"}}}, "deep"),
    ({"data": {"links": {"site": "nowhere"}}}, "nowhere"),
    ({"data": {"links": "site/1"}}, "links"),
    ({"data": {"x": "a\0b"}}, "U+0000"),
    ({"data_base64": "AAAA"}, "data_base64"),
    ({"subject": "line/1", "data": {"promised_on": "1 Jan 2015"}}, "2015-01-31"),
    ({"subject": "line/1", "data": {"promised_on": 20150131}}, "'promised_on' of a line"),
    ({"subject": "line/1", "data": {"value": "10,000"}}, "must be a number"),
]


@pytest.mark.parametrize(
    ("wrong", "said"), WRONG, ids=[f"{next(iter(one))}-{number}" for number, (one, _) in enumerate(WRONG)]
)
async def test_a_wrong_event_is_named_and_nothing_of_its_request_recorded(
    api: Api, wrong: dict[str, Any], said: str
) -> None:
    found = problem(await api.post([wire("1"), wire("2"), wire("3", **wrong)]), 400, "invalid")
    assert found["index"] == 2
    assert said in found["detail"]
    lines = b"\n".join(json.dumps(one).encode() for one in (wire("1"), wire("3", **wrong)))
    assert problem(await api.post(lines, NDJSON), 400, "invalid")["index"] == 1
    assert problem(await api.post(wire("3", **wrong), SINGLE), 400, "invalid")["index"] == 0
    assert await api.recorded() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[", b'"text"', b"\xff\xfe", b"[" * 100_000])
async def test_a_body_that_is_none(api: Api, body: bytes) -> None:
    assert problem(await api.post(body), 400, "invalid")["hint"]


async def test_the_rest_of_the_specification_is_let_in(api: Api) -> None:
    more = {"datacontenttype": "application/json", "dataschema": "urn:x", "traceparent": "00-1", "partitionkey": "p"}
    assert (await api.post(wire(time="2015-01-05T08:30:00.123456Z", **more), SINGLE)).status_code == 200
    (kept,) = await api.recorded()
    assert kept.time.microsecond == 123456
    assert kept.data == {}


async def test_what_is_not_dated_happened_and_was_known_now(api: Api) -> None:
    await api.post([wire("1"), wire("2", time="2015-01-05T00:00:00Z", knownat="2015-01-06T00:00:00Z")])
    first, second = await api.recorded()
    assert first.time == first.known_at == first.recorded_at
    assert (second.time.day, second.known_at.day) == (5, 6)


async def test_a_correction_names_what_it_corrects(api: Api) -> None:
    await api.post([wire("1", data={"size": 1}), wire("1b", subject="thing/1", revises="1", data={"size": 2})])
    await api.desk.go_round(api.tenant)
    found = (await api.client.get("/v1/entities/thing/1")).json()
    assert found["attributes"] == {"size": 2}


async def test_other_media_are_told_what_is_read(api: Api) -> None:
    found = problem(await api.post(b"<event/>", "text/xml"), 415, "unsupported_media_type")
    assert SINGLE in found["detail"]
    packed = await api.post(wire(), SINGLE, **{"Content-Encoding": "gzip"})
    problem(packed, 415, "unsupported_media_type")
    binary = await api.post(b"{}", "text/plain", **{"ce-id": "1", "ce-specversion": "1.0"})
    assert "binary mode" in problem(binary, 400, "invalid")["detail"]


async def test_too_much_is_refused(api: Api) -> None:
    problem(await api.post(b" " * (api.desk.settings.http.max_body + 1)), 413, "too_large")
    line = json.dumps(wire()).encode() + b"\n"
    assert f"{MAX_BATCH}" in problem(await api.post(line * (MAX_BATCH + 1), NDJSON), 413, "too_large")["detail"]
    assert await api.recorded() == []


class _Broken(Intake):
    async def accept(self, tenant: int, events: Sequence[Event], *, at: datetime) -> Accepted:
        raise RuntimeError("secret words")


async def test_a_fault_of_ours_is_a_problem_too_and_told_to_the_log_alone(api: Api) -> None:
    api.rest.intake = _Broken(api.desk.db, api.desk.vault, Kinds(api.desk.registry))
    answer = await api.post(wire(), SINGLE)
    assert "log" in problem(answer, 500, "error")["detail"]
    assert "secret words" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/events", "POST"),
        ("OPTIONS", "/v1/questions", "GET, POST"),
        ("PATCH", "/v1/questions/suggested", "GET"),
        ("PATCH", "/v1/questions/own.late", "DELETE, PUT"),
        ("POST", "/import", "GET, HEAD"),
    ],
)
async def test_other_methods_are_told_which_are_allowed(api: Api, method: str, path: str, allowed: str) -> None:
    answer = await api.client.request(method, path)
    assert problem(answer, 405, "method_not_allowed")["hint"] == f"Allowed: {allowed}."
    assert answer.headers["allow"] == allowed
