"""The OpenAPI document: whole, sound, and the one that is committed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sightline.interfaces.rest import document
from sightline.interfaces.rest.document import PROBLEMS
from tests.interfaces.rest.conftest import SINGLE, Api

SNAPSHOT = Path(__file__).parents[3] / "docs" / "openapi.json"
RENEW = "The interface's description has changed. If that is meant, and breaks nobody: make docs"
PATHS = {"/v1/events", "/v1/entities/{kind}/{key}", "/v1/questions", "/v1/questions/{name}/predictions",
         "/v1/questions/{name}/proof", "/v1/health/live", "/v1/health/ready", "/v1/metrics", "/v1/jobs",
         "/v1/files", "/v1/imports", "/v1/quarantine", "/v1/questions/check"}  # fmt: skip


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a document."""
    if isinstance(node, dict):
        yield node
    for one in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(one)


def test_it_is_the_committed_one() -> None:
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == json.loads(json.dumps(document())), RENEW


def test_every_path_is_told_with_its_problems_and_an_example() -> None:
    found = document()
    assert found["openapi"].startswith("3.1")
    assert set(found["paths"]) >= PATHS
    operations = [(path, one) for path, item in found["paths"].items() for one in item.values()]
    names = [one["operationId"] for _, one in operations]
    assert len(names) == len(set(names))
    for path, one in operations:
        good = [status for status in one["responses"] if status.startswith("2")]
        assert len(good) == 1, path
        for status, answer in one["responses"].items():
            assert answer["description"], (path, status)
            assert (status in PROBLEMS) == ("application/problem+json" in answer.get("content", {})), (path, status)
        content = one["responses"][good[0]].get("content", {})
        assert content or good == ["204"], path
        if path not in ("/v1/metrics", "/v1/stream"):
            assert all("example" in shown for shown in content.values()), path
        sent = one.get("requestBody", {}).get("content", {}).get("application/json")
        assert sent is None or {"example", "examples"} & set(sent), path


def test_every_reference_leads_somewhere() -> None:
    found = document()
    for node in nodes(found):
        if "$ref" in node:
            at: Any = found
            for part in node["$ref"].removeprefix("#/").split("/"):
                at = at[part]
            assert isinstance(at, dict), node


async def test_its_examples_are_taken(api: Api) -> None:
    for media, content in document()["paths"]["/v1/events"]["post"]["requestBody"]["content"].items():
        for example in content.get("examples", {}).values():
            body = example["value"] if isinstance(example["value"], str) else json.dumps(example["value"])
            assert (await api.post(body.encode(), media)).status_code == 200, media
    assert len(await api.recorded()) == 2
    assert (await api.client.get("/openapi.json")).json()["paths"].keys() >= PATHS
    assert SINGLE in document()["paths"]["/v1/events"]["post"]["requestBody"]["content"]
