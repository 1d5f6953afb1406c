"""Bodies that nothing can hold (half a surrogate pair, NUL) or that are too large, and calls that fail over what is
ours."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from sightline.foundation.settings import HttpSettings
from sightline.interfaces.rest import build
from tests.interfaces.rest.conftest import Api, problem

ASIDE = {"question": "supply.arrives_late", "subject": "line/1", "cutoff": "2015-01-01"}
BODIES: list[tuple[str, str, dict[str, Any]]] = [
    *(("PUT", "/v1/asides", {**ASIDE, member: "line/\ud800"}) for member in ASIDE),
    ("PUT", "/v1/asides", {**ASIDE, "subject": "line/a\0"}),
    ("POST", "/v1/imports", {"file": "ab", "text": "\ud800"}),
    ("POST", "/v1/imports", {"file": "ab", "mapping": {"\udfff\ud800": 1}}),
    ("POST", "/v1/imports", {"file": "ab", "mapping": {"columns": [{"a": "\0"}]}}),
    ("POST", "/v1/files/ab/preview", {"mapping": {"source": "\ud800"}}),
    ("POST", "/v1/quarantine/replay", {"text": "a = '\ud800'"}),
    ("POST", "/v1/questions", {"line": "predict \ud800"}),
]


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "one"}])
@pytest.mark.parametrize(("method", "path", "body"), BODIES)
async def test_they_are_refused(api: Api, method: str, path: str, body: dict[str, Any], key: dict[str, str]) -> None:
    headers = {"Content-Type": "application/json", **key}
    answer = await api.client.request(method, path, content=json.dumps(body), headers=headers)
    assert problem(answer, 400, "invalid")["detail"]


MOST = 2_000


async def _in_parts(size: int) -> AsyncIterator[bytes]:
    for at in range(0, size, 500):
        yield b" " * min(500, size - at)


@pytest.mark.parametrize("said", [True, False], ids=["with its length", "in parts"])
@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/v1/events", {}),
        ("/v1/imports", {}),
        ("/v1/imports", {"Idempotency-Key": "three"}),
        ("/v1/imports", {"Authorization": "Bearer nobody"}),
        ("/v1/files?name=a.csv", {"Idempotency-Key": "four"}),
    ],
    ids=["events", "a route", "under a key", "of nobody", "a file that is none"],
)
async def test_one_that_is_too_large_is_refused(api: Api, path: str, more: dict[str, str], said: bool) -> None:
    small = replace(api.desk, settings=api.desk.settings.model_copy(update={"http": HttpSettings(max_body=MOST)}))
    transport = httpx.ASGITransport(build(replace(api.rest, desk=small)), raise_app_exceptions=False)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {api.token}", **more}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        answer = await client.post(path, content=b" " * (MOST + 1) if said else _in_parts(MOST + 1))
        assert "2,000 bytes" in problem(answer, 413, "too_large")["detail"]
        assert answer.headers["connection"] == "close"
        fitting = await client.post(path, content=b" " * MOST if said else _in_parts(MOST))
        assert fitting.status_code != 413


class _Broken(asyncio.Semaphore):
    async def __aenter__(self) -> None:
        raise RuntimeError("secret words")


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "two"}])
async def test_a_fault_of_ours_is_a_problem_with_a_key_and_without(api: Api, key: dict[str, str]) -> None:
    api.rest.looking = _Broken()
    answer = await api.client.post("/v1/questions/check", json={"line": "predict"}, headers=key)
    assert "secret words" not in str(problem(answer, 500, "error"))
