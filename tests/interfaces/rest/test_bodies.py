"""Bodies that nothing can hold (half a surrogate pair, NUL), and calls that fail over what is ours."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

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


class _Broken(asyncio.Semaphore):
    async def __aenter__(self) -> None:
        raise RuntimeError("secret words")


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "two"}])
async def test_a_fault_of_ours_is_a_problem_with_a_key_and_without(api: Api, key: dict[str, str]) -> None:
    api.rest.looking = _Broken()
    answer = await api.client.post("/v1/questions/check", json={"line": "predict"}, headers=key)
    assert "secret words" not in str(problem(answer, 500, "error"))
