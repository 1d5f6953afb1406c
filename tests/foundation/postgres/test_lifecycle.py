"""The embedded server starts, is shared, survives whoever dies, and stops with its last user."""

from __future__ import annotations

import os
import pwd
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psutil
import pytest

from sightline.foundation.postgres import Server, running
from sightline.foundation.postgres.cluster import Cluster
from sightline.foundation.postgres.folder import prepared
from sightline.foundation.postgres.programs import programs
from tests.foundation.postgres.conftest import Actor, as_root, ask, kill, until

Open = Callable[..., Server]
Start = Callable[..., Actor]

PROMISED = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "data_checksums": "on",
    "listen_addresses": "127.0.0.1",
    "server_encoding": "UTF8",
    "timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "jit": "off",
}


def pid_of(home: Path) -> int | None:
    """The process of a server that is ready."""
    found = running(home)
    return found.pid if found is not None and found.state == "ready" else None


def test_a_server_is_durable_private_and_up_to_date(opened: Open) -> None:
    server = opened()
    told = {name: ask(server.app_url, f"show {name}") for name in PROMISED}
    assert told == PROMISED
    assert ask(server.app_url, "show server_version_num").startswith("18")
    assert ask(server.owner_url, "create extension vector", "select '[1,2]'::vector <-> '[1,2]'") == 0
    assert ask(server.app_url, "select upper('é')") == "É"
    addresses = {c.laddr.ip for c in psutil.Process(server.pid).net_connections("tcp") if c.status == "LISTEN"}
    assert addresses == {"127.0.0.1"}


def test_it_never_runs_as_root_and_keeps_its_passwords_to_us(opened: Open, home: Path) -> None:
    server = opened()
    assert psutil.Process(server.pid).uids().real != 0
    secrets = home / "pg" / "secrets.json"
    assert (secrets.stat().st_mode & 0o777, secrets.stat().st_uid) == (0o600, os.geteuid())
    with pytest.raises(asyncpg.InvalidPasswordError):
        ask(f"postgresql://sightline_owner:wrong@127.0.0.1:{server.port}/sightline", "select 1")


def test_the_socket_answers_too(opened: Open) -> None:
    server = opened()
    assert server.socket is not None
    url = server.app_url.replace("127.0.0.1", "").replace(f":{server.port}", "")
    assert ask(f"{url}?host={server.socket}&port={server.port}", "select inet_server_addr() is null")


def test_the_second_joins_and_the_last_one_out_stops_it(opened: Open, home: Path) -> None:
    first, second = opened(), opened()
    assert first.pid == second.pid == pid_of(home)
    first.close()
    assert pid_of(home) == second.pid
    second.close()
    assert pid_of(home) is None
    assert not (home / "pg" / "data" / "postmaster.pid").exists()


def test_closing_twice_takes_nothing_from_the_others(opened: Open, home: Path) -> None:
    first, second = opened(), opened()
    first.close()
    first.close()
    assert pid_of(home) == second.pid


def test_rows_and_port_outlive_a_stop(opened: Open) -> None:
    server = opened()
    ask(server.owner_url, "create table kept as select 7 as it", "select 1")
    server.close()
    again = opened()
    assert (ask(again.owner_url, "select it from kept"), again.port) == (7, server.port)
    assert again.app_url == server.app_url


def test_a_killed_server_is_started_again_while_in_use(opened: Open, home: Path) -> None:
    server = opened()
    ask(server.owner_url, "create table kept as select 7 as it", "select 1")
    assert server.pid is not None
    kill(server.pid)
    until(lambda: pid_of(home) not in (None, server.pid))
    assert ask(server.owner_url, "select it from kept") == 7


def test_a_server_stopped_on_purpose_stays_down(opened: Open, home: Path) -> None:
    opened()
    folder = prepared(home)
    Cluster(folder, programs(folder.path, folder.account)).stop()
    time.sleep(1.5)
    assert pid_of(home) is None


def test_a_server_that_outlived_its_owner_is_adopted(opened: Open, actor: Start, home: Path) -> None:
    owner = actor()
    pid = owner.said["pid"]
    owner.die()
    assert pid_of(home) == pid
    server = opened()
    assert server.pid == pid
    server.close()
    assert pid_of(home) is None


def test_server_and_owner_killed_together_start_anew(opened: Open, actor: Start) -> None:
    owner = actor()
    ask(owner.said["url"], "select 1")
    owner.die()
    kill(owner.said["pid"])
    server = opened()
    assert server.pid != owner.said["pid"]
    assert ask(server.app_url, "select 1") == 1


def test_a_stale_pid_file_naming_another_program_is_seen_through(opened: Open, home: Path) -> None:
    opened().close()
    data = home / "pg" / "data"
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1700000000\n5432\n\n127.0.0.1\n\nready\n")
    assert running(home) is None
    assert ask(opened().app_url, "select 1") == 1


def test_many_that_start_together_get_one_server(actor: Start, home: Path) -> None:
    actors = [actor() for _ in range(3)]
    pids = {one.said["pid"] for one in actors}
    assert pids == {pid_of(home)}
    for one in actors[:-1]:
        one.die()
    assert pid_of(home) in pids
    actors[-1].leave()
    assert pid_of(home) is None


def test_it_serves_an_ordinary_user(actor: Start, home: Path) -> None:
    uid = pwd.getpwnam("daemon").pw_uid if as_root() else os.getuid()
    one = actor(str(uid))
    assert "error" not in one.said
    assert psutil.Process(one.said["pid"]).uids().real == uid
    assert ask(one.said["url"], "select 1") == 1
    one.leave()
    assert pid_of(home) is None
    assert home.stat().st_uid == uid


def test_logs_are_kept_in_bounds(opened: Open, home: Path) -> None:
    opened().close()
    log = home / "pg" / "log"
    for day in range(10, 30):
        (log / f"postgres-202001{day}-000000.log").write_text("old")
    opened()
    assert len(list(log.glob("postgres-*.log"))) <= 6


def test_neither_values_nor_statements_reach_the_log(opened: Open, home: Path) -> None:
    server = opened()
    with pytest.raises(asyncpg.UniqueViolationError):
        ask(
            server.owner_url,
            "create table t (it text primary key)",
            "insert into t values ('ada@example.org')",
            "insert into t values ('ada@example.org') returning 1",
        )
    server.close()
    said = "".join(path.read_text() for path in (home / "pg" / "log").glob("*.log"))
    assert "duplicate key" in said
    assert "ada@example.org" not in said
