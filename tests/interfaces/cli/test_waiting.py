"""A job is waited for while its server is away, and named where it stays away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sightline.interfaces.cli import waiting
from sightline.interfaces.cli.connection import Connection
from sightline.interfaces.cli.refusals import as_ours
from sightline.interfaces.cli.session import Out
from sightline.language.errors import NotFound, Unavailable
from sightline_client import AsyncSightline, Retries, models
from tests.clients.script import CLOSE, Answer, Says, Server, refusal, serving

JOB = {
    "id": "9f86d081884c7d65", "what": "import", "about": "a.csv", "state": "running", "by": "anna", "done": 1,
    "of": None, "note": "", "result": None, "problem": None, "made_at": "2015-01-01T00:00:00Z",
    "started_at": "2015-01-01T00:00:00Z", "ended_at": None,
}  # fmt: skip
RUNNING, DONE = Says(body=JOB), Says(body={**JOB, "state": "done", "result": {"rows": 3}})
AWAY = [CLOSE, refusal(503, "unavailable"), Says(status=502, body=b"<html>")]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that is asked as often as the test's patience lasts."""
    monkeypatch.setattr(waiting, "FIRST", 0.01)
    monkeypatch.setattr(waiting, "LONGEST_FAR", 0.01)
    with serving() as found:
        yield found


async def waited(server: Server, *script: Answer) -> dict[str, Any]:
    """The result of a job that was put in hand, while the server answers so."""
    server.script = [RUNNING, *script]
    async with AsyncSightline(server.url, token="slt_" + "k" * 43, retries=Retries(tries=1)) as client:
        near = Connection(client=client, where=lambda: server.url)
        asked: Any = client.jobs.get(JOB["id"])
        with as_ours():
            return await waiting.done(near, asked, Out(), says=_said, stopped=_said)


def _said(job: models.Job) -> str:
    return f"{job.done} done"


async def test_a_server_that_is_away_is_waited_for(server: Server) -> None:
    assert await waited(server, RUNNING, *AWAY, *AWAY, RUNNING, *AWAY, DONE) == {"rows": 3}
    assert len(server.heard) == 13


async def test_what_stays_away_leaves_the_name_of_the_job(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 0.05)
    with pytest.raises(Unavailable, match=rf"Job {JOB['id']} was not stopped: it goes on") as raised:
        await waited(server, *AWAY)
    assert f"{server.url}/v1/jobs/{JOB['id']}" in str(raised.value.hint)


async def test_a_refusal_is_final(server: Server) -> None:
    with pytest.raises(NotFound):
        await waited(server, refusal(404, "not_found"))
    assert len(server.heard) == 2
