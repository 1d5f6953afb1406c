"""Users, keys and the trail from the command line, in processes of their own on a real database."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.main.commands import Commands
from tests.main.served import serving

PASSWORD = "seven green bicycles"


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(house: Path, tmp_path: Path, commands: Commands) -> Run:
    """A command; `said` is what it reads."""
    return partial(commands.run, house, folder=tmp_path)


def told(run: Run, *words: str) -> Any:
    """What a command answers as JSON."""
    done = run(*words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_users_are_let_in_changed_and_removed(run: Run) -> None:
    made = told(run, "users", "add", "anna", "--role", "owner")
    assert made["user"]["role"] == "owner"
    assert "/sign-in#code=slc_" in made["link"]
    refused = run("users", "remove", "anna")
    assert refused.returncode == 2
    assert "sightline users role" in refused.stderr
    assert run("users", "add", "otto", "--role", "owner", "--password", said=PASSWORD + "\n").returncode == 0
    assert run("users", "role", "anna", "viewer").returncode == 0
    assert run("users", "disable", "anna").returncode == 0
    weak = run("users", "password", "anna", said="short\n")
    assert weak.returncode == 2
    assert "12" in weak.stderr
    assert run("users", "password", "anna", said=PASSWORD + "\n").returncode == 0
    found = {one["name"]: one for one in told(run, "users", "list")["users"]}
    assert {name: (one["role"], one["disabled"], one["has_password"]) for name, one in found.items()} == {
        "anna": ("viewer", True, True), "otto": ("owner", False, True),
    }  # fmt: skip
    assert run("users", "remove", "anna").returncode == 0
    assert [one["name"] for one in told(run, "users", "list")["users"]] == ["otto"]


def test_a_key_is_shown_once_and_revoked(run: Run) -> None:
    made = told(run, "keys", "add", "warehouse", "--scope", "record", "--days", "30")
    assert made["token"].startswith("slt_")
    (key,) = told(run, "keys", "list")["keys"]
    assert (key["name"], key["role"], key["scopes"]) == ("warehouse", "operator", ["record"])
    assert made["token"] not in run("keys", "list").stdout
    assert run("keys", "revoke", "warehouse").returncode == 0
    assert run("keys", "revoke", "warehouse").returncode == 2
    assert told(run, "keys", "list")["keys"] == []


def test_every_command_is_told_and_nothing_personal_with_it(run: Run) -> None:
    run("status")
    run("entity", "contact/jane@example.com")
    run("erase", "contact/jane@example.com", "--yes")
    run("proof", "supply.nothing")
    run("keys", "add", "robot")
    entries = told(run, "audit", "--limit", "1000")["entries"]
    found = {(one["what"], one["target"], one["status"]) for one in entries}
    assert found >= {
        ("sightline status", "", 200), ("sightline entity", "contact/*", 404), ("sightline erase", "", 200),
        ("sightline proof", "supply.nothing", 404), ("sightline keys add", "robot", 200),
    }  # fmt: skip
    assert {one["who"] for one in entries} == {"owner"}
    assert "@" not in json.dumps(entries)
    only = told(run, "audit", "--what", "sightline erase", "--who", "owner")["entries"]
    assert {one["what"] for one in only} == {"sightline erase"}


def test_a_link_opens_what_is_served(house: Path, run: Run) -> None:
    # Without a server, where it would be.
    assert told(run, "open")["link"].startswith("http://127.0.0.1:8321/sign-in#code=slc_")
    with serving(house) as served:
        address, _, code = told(run, "open")["link"].partition("/sign-in#code=")
        assert address == str(served.client.base_url)
        del served.client.headers["Authorization"]
        signed = served.client.post("/v1/session", json={"code": code})
        assert (signed.status_code, signed.json()["sort"]) == (201, "owner")
        assert served.client.get("/v1/me").json()["rights"] == ["read", "record", "operate", "administer"]
        assert served.client.post("/v1/session", json={"code": code}).status_code == 401
    assert not (house / "http.address").exists()
    what = {one["what"]: one for one in told(run, "audit", "--limit", "1000")["entries"]}
    # What was gathered is written when serving ends.
    assert what["sightline serve"]["status"] == 200
    assert {"post_session", "get_me"} <= what.keys()
