"""Pages, sparse members, uploads, jobs, secrets: a client written from a document that has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sightline_client import AsyncSightline, JobFailed, Sightline, StillRunning
from tests.clients.ahead import DOCUMENT, generated
from tests.clients.conftest import AT_ONCE, TOKEN
from tests.clients.script import Says, Seen, Server
from tools.client.operations import operations


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ModuleType]]:
    """What is written from the document."""
    return generated(tmp_path_factory.mktemp("ahead"))


@pytest.fixture
def ahead(modules: dict[str, ModuleType], client: Sightline) -> Any:
    """All its calls, over the blocking client."""
    return modules["api"].Api(client._sender)


def asked(seen: Seen) -> dict[str, list[str]]:
    """The query of a request."""
    return parse_qs(urlsplit(seen.path).query)


def page(seen: Seen) -> Says:
    """Five predictions, two a page."""
    first = int(asked(seen).get("after", ["0"])[0])
    items = [{"subject": f"line/{n}", "verb": "ask" if n else "wait"} for n in range(first, min(first + 2, 5))]
    return Says(body={"predictions": items, "next": str(first + 2) if first + 2 < 5 else None})


def test_pages_are_followed_to_the_end_and_no_further(server: Server, ahead: Any) -> None:
    server.script = page
    found = list(ahead.predictions.each(question="q", rank="money", limit=2))
    assert [one.subject for one in found] == [f"line/{n}" for n in range(5)]
    assert [asked(seen).get("after") for seen in server.heard] == [None, ["2"], ["4"]]
    assert all(asked(seen)["question"] == ["q"] and asked(seen)["limit"] == ["2"] for seen in server.heard)
    assert found[0].verb == "wait", "A word this client does not know yet is still read."


def test_a_page_is_fetched_only_when_it_is_needed(server: Server, ahead: Any) -> None:
    server.script = page
    items = ahead.predictions.each()
    assert next(items).subject == "line/0"
    assert len(server.heard) == 1
    assert ahead.predictions.list(after="4").next is None


async def test_pages_awaited(server: Server, modules: dict[str, ModuleType]) -> None:
    server.script = page
    async with AsyncSightline(server.url, retries=AT_ONCE) as client:
        calls = modules["async_api"].AsyncApi(client._sender)
        assert len([one async for one in calls.predictions.each()]) == 5
        assert [one["subject"] async for one in calls.predictions.rows(["subject"])][-1] == "line/4"


def test_of_rows_only_some_members_are_asked(server: Server, ahead: Any) -> None:
    server.script = page
    assert list(ahead.predictions.rows(["subject", "verb"], question="q"))[4] == {"subject": "line/4", "verb": "ask"}
    assert {tuple(asked(seen)["fields"]) for seen in server.heard} == {("subject,verb",)}


def test_a_file_goes_up_as_it_is(server: Server, ahead: Any, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(b"a,b\n1,2\n")
    server.script = [Says(status=201, body={"id": "f1", "bytes": 8})]
    assert ahead.files.upload(tmp_path / "orders.csv", name="orders.csv").id == "f1"
    assert server.heard[0].body == b"a,b\n1,2\n"
    assert asked(server.heard[0]) == {"name": ["orders.csv"]}


def test_members_of_a_body_are_arguments_and_what_is_left_out_is_not_sent(server: Server, ahead: Any) -> None:
    server.script = [Says(status=202, body={"id": "j1", "state": "waiting"})]
    ahead.imports.start("f1", text="a = 1")
    assert json.loads(server.heard[0].body) == {"file": "f1", "text": "a = 1"}
    server.script, server.heard = [Says(body={"name": "ann", "role": "owner"})], []
    ahead.users.update("ann/b", disabled=False)
    assert (server.heard[0].method, server.heard[0].path) == ("PATCH", "/v1/users/ann%2Fb")
    assert json.loads(server.heard[0].body) == {"disabled": False}
    server.script, server.heard = [Says(status=204)], []
    assert ahead.users.delete("ann") is None
    ahead.me.set_password(new="long enough")
    assert json.loads(server.heard[1].body) == {"new": "long enough"}


def job(state: str, done: int = 0, **more: Any) -> Says:
    """How a job stands."""
    return Says(body={"id": "j/1", "state": state, "done": done, **more})


def test_a_job_is_waited_for_with_its_progress(server: Server, client: Sightline, ahead: Any) -> None:
    server.script = [job("waiting"), job("running", 1), job("running", 2), job("done", 3)]
    told: list[int] = []
    ended = client.wait(ahead.imports.start(file="f"), on_progress=lambda one: told.append(one.done))
    assert (ended.state, told) == ("done", [0, 1, 2, 3])
    assert [seen.path for seen in server.heard[1:]] == ["/v1/jobs/j%2F1"] * 3


async def test_awaited_too_and_a_failure_is_raised(server: Server, modules: dict[str, ModuleType]) -> None:
    wrong = {"detail": "Column 'a' is not there.", "code": "invalid", "hint": "Name another."}
    server.script = [job("waiting"), job("failed", problem=wrong)]
    async with AsyncSightline(server.url, retries=AT_ONCE) as client:
        calls = modules["async_api"].AsyncApi(client._sender)
        with pytest.raises(JobFailed, match=r"Column 'a' is not there. Name another.") as failed:
            await client.wait(await calls.imports.start(file="f"))
    assert failed.value.job.state == "failed"


def test_a_job_that_is_not_done_in_time_goes_on(server: Server, client: Sightline, ahead: Any) -> None:
    server.script = [job("running", 1)]
    with pytest.raises(StillRunning, match="running") as late:
        client.wait(ahead.jobs.get("j/1"), timeout=0)
    assert late.value.job.done == 1


def test_what_is_shown_once_is_in_no_repr(server: Server, ahead: Any) -> None:
    server.script = [Says(status=201, body={"token": TOKEN, "code": "once-only"})]
    made = ahead.keys.create(name="ci", role="viewer")
    assert TOKEN not in f"{made!r} {made}"
    assert "once-only" not in repr(made)
    assert made.token.get_secret_value() == TOKEN
    server.script, server.heard = [Says(status=204)], []
    ahead.me.set_password(new=made.token)
    ahead.session.open(made)
    assert [json.loads(seen.body) for seen in server.heard] == [{"new": TOKEN}, {"token": TOKEN, "code": "once-only"}]


def test_the_names_are_those_people_expect(modules: dict[str, ModuleType]) -> None:
    assert {f"{one.group}.{one.method}" for one in operations(DOCUMENT)} == {
        "predictions.list", "files.upload", "imports.start", "jobs.get", "jobs.cancel", "users.update",
        "users.delete", "keys.create", "me.set_password", "session.open",
    }  # fmt: skip


def test_two_routes_of_one_name_are_refused() -> None:
    twice = {**DOCUMENT, "paths": {"/v1/jobs/{id}": DOCUMENT["paths"]["/v1/jobs/{id}"],
                                   "/v1/jobs/{name}": DOCUMENT["paths"]["/v1/jobs/{id}"]}}  # fmt: skip
    with pytest.raises(ValueError, match=r"both jobs.get"):
        list(operations(twice))
