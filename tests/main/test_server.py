"""The served installation: what goes in over HTTP comes out known, whatever dies on the way."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sightline.foundation.postgres import running
from tests.main.served import Served, run, serving, working


def event(name: str, **more: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": name,
        "source": "test",
        "type": "thing.seen",
        "subject": f"thing/{name}",
        **more,
    }


@pytest.fixture
def served(home: Path) -> Any:
    with serving(home) as found:
        yield found


def test_what_is_sent_becomes_known(served: Served) -> None:
    sent = served.post(event("1", data={"size": 7, "links": {"site": "site/9"}}), event("2"))
    assert sent.json()["recorded"] == 2
    assert served.post(event("2")).json() == {"recorded": 0, "repeated": 1, "position": None}
    found = served.until("/v1/entities/thing/1", lambda one: one["attributes"] == {"size": 7})
    assert found["links"] == {"site": "site/9"}
    served.until("/v1/status", lambda status: status["lags"] and not any(status["lags"].values()))


def test_a_killed_database_comes_back_and_both_halves_go_on(served: Served) -> None:
    assert served.post(event("before")).status_code == 200
    found = running(served.home)
    assert found is not None
    os.kill(found.pid, signal.SIGKILL)
    statuses = {served.client.get("/v1/health/ready").status_code for _ in range(100)}
    assert statuses <= {200, 503}
    served.until("/v1/health/ready", lambda ready: ready["status"] == "ready")
    served.until("/v1/questions", lambda answer: bool(answer["questions"]))
    assert served.post(event("before")).json()["repeated"] == 1
    assert served.post(event("after", data={"size": 1})).json()["recorded"] == 1
    served.until("/v1/entities/thing/after", lambda one: one["attributes"] == {"size": 1})


def test_a_live_stream_hears_what_is_sent_and_ends_with_the_server(served: Served) -> None:
    with served.client.stream("GET", "/v1/stream") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "event: hello"
        assert served.post(event("1")).status_code == 200
        assert any('"thing/1"' in line for line in lines)
        served.process.send_signal(signal.SIGTERM)
        # Cut off, it would end with an error here.
        assert [line for line in lines if line.startswith("event: ") and line != "event: news"] == []
    assert served.process.wait(timeout=60) == 0
    assert running(served.home) is None


def test_an_interface_and_a_worker_apart(home: Path) -> None:
    with serving(home, "--role", "api") as api:
        assert api.post(event("1", data={"size": 7})).status_code == 200
        assert api.client.get("/v1/entities/thing/1").status_code == 404
        with working(home):
            api.until("/v1/entities/thing/1", lambda one: one["attributes"] == {"size": 7})


def test_a_port_that_is_taken_is_told(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(home, "serve", SIGHTLINE_HTTP__PORT=str(taken.getsockname()[1]))
    assert done.returncode != 0
    assert "SIGHTLINE_HTTP__PORT" in done.stderr
    assert "Traceback" not in done.stderr
    assert "'both' is no role" in run(home, "serve", "--role", "both").stderr


def test_what_was_loaded_before_it_served_is_not_told_as_left_behind_at_the_end() -> None:
    code = "import duckdb\nfrom sightline.main.server import sparing_the_collector\nwith sparing_the_collector(): {}"
    for ends in ("pass", "raise KeyboardInterrupt"):
        told = subprocess.run([sys.executable, "-c", code.format(ends)], capture_output=True, text=True, check=False)
        assert "leaked" not in told.stderr
        assert (told.returncode == 0) == (ends == "pass")
