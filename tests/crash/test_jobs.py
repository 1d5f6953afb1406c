"""A job survives its worker: killed in the middle of an import, the next one brings it to its end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.main.served import Served, environment, serving

ROWS = 30_000
MAPPING = {
    "source": "things",
    "kind": "thing",
    "key": "id",
    "events": {"thing.seen": {"time": "seen"}},
    "columns": {"size": {"sort": "number", "known": "thing.seen"}, "site": {"link": "site"}},
}


def worker(home: Path) -> subprocess.Popen[bytes]:
    """A process that works, and nothing else."""
    command = [sys.executable, "-m", "sightline.main", "serve", "--role", "worker"]
    return subprocess.Popen(command, env=environment(home, SIGHTLINE_LOG__LEVEL="error"))


def wanted(api: Served) -> str:
    """An import that waits; returns its job."""
    lines = "".join(f"t{n},2015-01-05,{n},s{n % 9}\n" for n in range(ROWS))
    sent = api.client.post("/v1/files", params={"name": "things.csv"}, content=f"id,seen,size,site\n{lines}")
    assert sent.status_code == 201, sent.text
    made = api.client.post("/v1/imports", json={"file": sent.json()["id"], "mapping": MAPPING})
    assert made.status_code == 202, made.text
    return str(made.json()["id"])


def in_the_middle(job: dict[str, Any]) -> bool:
    return job["state"] == "running" and 0 < (job["done"] or 0) < ROWS


@pytest.mark.slow
def test_an_import_whose_worker_is_killed_is_brought_to_its_end_by_the_next(home: Path) -> None:
    with serving(home, "--role", "api") as api:
        job = f"/v1/jobs/{wanted(api)}"
        first = worker(home)
        api.until(job, in_the_middle)
        os.kill(first.pid, 9)
        first.wait()
        assert api.client.get(job).json()["state"] == "running"
        second = worker(home)
        try:
            ended = api.until(job, lambda found: found["state"] not in {"waiting", "running"})
            api.until("/v1/status", lambda now: now["lags"] and not any(now["lags"].values()))
        finally:
            second.terminate()
            second.wait(timeout=60)
        check(api, ended)


@pytest.mark.slow
def test_a_server_that_is_told_to_end_gives_back_the_import_it_was_at(home: Path) -> None:
    with serving(home) as whole:
        job = f"/v1/jobs/{wanted(whole)}"
        whole.until(job, in_the_middle)
    with serving(home, "--role", "api") as api:
        assert api.client.get(job).json()["state"] == "waiting"
    with serving(home) as again:
        ended = again.until(job, lambda found: found["state"] not in {"waiting", "running"})
        again.until("/v1/status", lambda now: now["lags"] and not any(now["lags"].values()))
        check(again, ended)


def check(api: Served, ended: dict[str, Any]) -> None:
    """It is as if nobody had been killed."""
    assert (ended["state"], ended["problem"]) == ("done", None)
    assert {name: ended["result"][name] for name in ("rows", "events", "repeated")} == {
        "rows": ROWS, "events": 2 * ROWS, "repeated": 0,
    }  # fmt: skip
    (batch,) = api.client.get("/v1/imports").json()["imports"]
    assert (batch["id"], batch["rows"]) == (ended["result"]["batch"], ROWS)
    days_begun = api.client.get("/v1/status").json()["events"] - 2 * ROWS
    assert 0 <= days_begun <= 2
    missing = [n for n in (0, ROWS // 2, ROWS - 1) if not found(api.client, n)]
    assert missing == []


def found(client: httpx.Client, number: int) -> bool:
    return client.get(f"/v1/entities/thing/t{number}").json()["attributes"] == {"size": number}
