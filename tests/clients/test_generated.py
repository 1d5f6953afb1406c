"""The generated half: what the document says, every operation of it callable, its answers in their shapes."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pydantic
import pytest

from sightline_client import AsyncSightline, Sightline, models
from tests.clients.conftest import AT_ONCE, TOKEN
from tests.clients.script import Says, Seen, Server
from tools.client.arguments import Argument
from tools.client.operations import Operation, operations
from tools.client.package import HOME, SOURCE, written

DOCUMENT: dict[str, Any] = json.loads(SOURCE.read_text(encoding="utf-8"))
OPERATIONS = list(operations(DOCUMENT))
NAMED = [f"{one.group}.{one.method}".lstrip(".") for one in OPERATIONS]


def test_it_is_what_the_document_says() -> None:
    for name, text in written(DOCUMENT).items():
        assert (HOME / name).read_text(encoding="utf-8") == text, "Run: make docs"


def test_nothing_but_streams_is_left_out() -> None:
    told = {(verb.upper(), path) for path, item in DOCUMENT["paths"].items() for verb in item}
    assert told - {(one.verb, one.path) for one in OPERATIONS} <= {("GET", "/v1/stream")}


def sample(argument: Argument) -> Any:
    """Something that may be given."""
    kind = argument.annotation.partition(" | ")[0]
    if kind.startswith("Literal["):
        return re.findall(r"'([^']*)'", kind)[0]
    if kind.startswith(("Sequence", "Mapping", "models.")):
        return [] if kind.startswith("Sequence") else {}
    return {"str": "a/b c", "int": 3, "float": 0.5, "bool": True, "Content": b"abc", "Any": {}}[kind]


def given(one: Operation, *, all_of_it: bool) -> dict[str, Any]:
    """Arguments of an operation."""
    return {a.name: sample(a) for a in one.arguments if a.required or all_of_it}


def example(one: Operation) -> Says:
    """The document's own example of an answer."""
    answers = DOCUMENT["paths"][one.path][one.verb.lower()]["responses"]
    status = next(status for status in answers if status.startswith("2"))
    content = answers[status].get("content", {})
    if "application/json" in content:
        return Says(status=int(status), body=content["application/json"]["example"])
    return Says(status=int(status), body=b"text" if content else None)


def called(client: Any, one: Operation) -> Callable[..., Any]:
    """The method."""
    found: Callable[..., Any] = getattr(getattr(client, one.group) if one.group else client, one.method)
    return found


def asserted(one: Operation, answer: Any, heard: Seen) -> None:
    """It went where it should, and came back in its shape."""
    pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(one.path))
    assert re.fullmatch(pattern, heard.path.partition("?")[0])
    assert heard.method == one.verb
    assert heard.headers["authorization"] == f"Bearer {TOKEN}"
    assert ("idempotency-key" in heard.headers) == (one.verb != "GET")
    kind = {"None": type(None), "str": str, "Any": object}.get(one.answer)
    assert isinstance(answer, kind or getattr(models, one.answer.removeprefix("models.")))


@pytest.mark.parametrize("one", OPERATIONS, ids=NAMED)
@pytest.mark.parametrize("all_of_it", [False, True], ids=["least", "most"])
async def test_every_operation_is_callable_and_answers_in_its_shape(
    server: Server, client: Sightline, one: Operation, all_of_it: bool
) -> None:
    server.script = [example(one)]
    arguments = given(one, all_of_it=all_of_it)
    asserted(one, called(client, one)(**arguments), server.heard[0])
    async with AsyncSightline(server.url, token=TOKEN, retries=AT_ONCE) as awaited:
        asserted(one, await called(awaited, one)(**arguments), server.heard[1])
    assert server.heard[0].path == server.heard[1].path
    assert server.heard[0].body == server.heard[1].body


@pytest.mark.parametrize("one", OPERATIONS, ids=NAMED)
def test_every_method_says_what_it_does(client: Sightline, one: Operation) -> None:
    method = called(client, one)
    assert inspect.getdoc(method)
    assert "Any" not in str(inspect.signature(method).return_annotation)


@pytest.mark.parametrize(
    "name",
    [name for name, one in vars(models).items() if isinstance(one, type) and issubclass(one, pydantic.BaseModel)],
)
def test_a_newer_server_may_say_more(name: str) -> None:
    assert getattr(models, name).model_config["extra"] == "allow"
    assert not issubclass(getattr(models, name), pydantic.RootModel)


def test_what_is_asked_arrives_as_it_was_meant(server: Server, client: Sightline) -> None:
    server.script = [Says(body={"recorded": 1, "repeated": 0, "position": 7})]
    at = datetime(2026, 1, 2, tzinfo=UTC)
    event = models.CloudEvent(id="1", source="s", type="t.x", subject="thing/1", time=at, data={"a": None, "b": "ü"})
    client.events.record([event, {"id": "2"}])
    assert json.loads(server.heard[0].body) == [
        {"specversion": "1.0", "id": "1", "source": "s", "type": "t.x", "subject": "thing/1",
         "time": "2026-01-02T00:00:00Z", "data": {"a": None, "b": "ü"}},
        {"id": "2"},
    ]  # fmt: skip
    assert server.heard[0].headers["content-type"] == "application/cloudevents-batch+json"
    assert server.heard[0].headers["sightline-workspace"] == "acme"
