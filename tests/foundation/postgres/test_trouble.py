"""What can be wrong with a machine, and the message that says what to do about it."""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from sightline.foundation.postgres import Server, folder, open_server, programs, running
from sightline.foundation.postgres.account import Account, server_account
from sightline.foundation.postgres.folder import prepared
from sightline.foundation.settings import DatabaseSettings, Settings
from sightline.language.errors import Misconfigured
from tests.foundation.postgres.conftest import Actor, as_root, ask

Open = Callable[..., Server]


def refusal(home: Path, port: int | None = None) -> str:
    """What is said when the server of this home cannot be opened."""
    with pytest.raises(Misconfigured) as caught:
        open_server(Settings(home=home, database=DatabaseSettings(port=port)))
    assert caught.value.hint
    return str(caught.value)


@pytest.fixture
def listener() -> socket.socket:
    """Another program that listens on loopback."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken


def test_a_fixed_port_that_is_taken(home: Path, listener: socket.socket) -> None:
    with listener:
        port = listener.getsockname()[1]
        assert re.search(rf"{port}.*taken.*SIGHTLINE_DATABASE__PORT", refusal(home, port))
    server = open_server(Settings(home=home, database=DatabaseSettings(port=port)))
    assert server.port == port
    server.close()


def test_a_chosen_port_that_is_taken_meanwhile_gives_way(opened: Open, home: Path, listener: socket.socket) -> None:
    opened().close()
    with listener:
        (home / "pg" / "port").write_text(str(listener.getsockname()[1]))
        server = opened()
        assert server.port != listener.getsockname()[1]
    assert ask(server.app_url, "select 1") == 1


def test_a_server_that_outlived_its_owner_moves_to_the_port_fixed_since(
    opened: Open, actor: Callable[..., Actor], listener: socket.socket
) -> None:
    port = listener.getsockname()[1]
    listener.close()
    one = actor()
    assert one.said["port"] != port
    one.die()
    assert opened(port).port == port


@pytest.mark.parametrize(("version", "remedy"), [("19", "Install the newer Sightline"), ("16", "Dump it")])
def test_a_folder_of_another_postgresql(home: Path, opened: Open, version: str, remedy: str) -> None:
    opened().close()
    written = home / "pg" / "data" / "PG_VERSION"
    written.write_text(f"{version}\n")
    message = refusal(home)
    written.write_text("18\n")
    assert f"PostgreSQL {version}" in message
    assert remedy in message


def test_a_data_folder_that_is_none(home: Path, opened: Open) -> None:
    opened().close()
    (home / "pg" / "data" / "PG_VERSION").unlink()
    assert "not a PostgreSQL data folder" in refusal(home)


def test_lost_passwords(home: Path, opened: Open) -> None:
    opened().close()
    (home / "pg" / "secrets.json").unlink()
    assert re.search("secrets.json.*backup", refusal(home))
    left = running(home)
    assert left is None or left.state == "ready"


def test_a_home_below_a_folder_that_cannot_be_entered(home: Path) -> None:
    closed = home.parent / "closed"
    closed.mkdir(mode=0o700 if as_root() else 0o000)
    before = closed.stat()
    message = refusal(closed / "home")
    after = closed.stat()
    assert str(closed) in message
    assert "SIGHTLINE_HOME" in message
    assert (before.st_mode, before.st_uid, before.st_gid) == (after.st_mode, after.st_uid, after.st_gid)


def test_a_home_that_is_a_file(home: Path) -> None:
    home.write_text("a file")
    assert "SIGHTLINE_HOME" in refusal(home)
    assert "SIGHTLINE_HOME" in refusal(home / "below")


def test_a_path_postgresql_would_misread(home: Path) -> None:
    assert "plainer path" in refusal(home.with_name("it's"))
    assert not home.with_name("it's").exists()


def test_a_path_with_spaces_and_letters_serves(home: Path) -> None:
    server = open_server(Settings(home=home.with_name("Données à moi (1)")))
    assert ask(server.app_url, "select 1") == 1
    server.close()


def test_a_deep_path_goes_without_a_socket(home: Path) -> None:
    server = open_server(Settings(home=home.with_name("deep" * 25)))
    assert (ask(server.app_url, "select 1"), server.socket) == (1, None)
    server.close()


def test_a_disk_all_but_full(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "NEEDED_BYTES", 1 << 60)
    assert re.search("MB are free.*Free some space", refusal(home))


def test_the_last_words_of_a_full_disk() -> None:
    said = programs.fail("It did not start", ["FATAL:  could not write: No space left on device"])
    assert "the disk is full" in str(said)


def test_the_folder_of_somebody_else(home: Path, opened: Open) -> None:
    opened().close()
    if as_root():
        os.chown(home / "pg", 1, 1)
        message = refusal(home)
        os.chown(home / "pg", 0, (home / "pg").stat().st_gid)
    else:
        message = str(folder.not_ours(home, 0))
    assert re.search("belongs to '.*Run Sightline as", message)


def test_a_user_without_a_name() -> None:
    with pytest.raises(Misconfigured, match=r"useradd --uid 54321"):
        Account(54_321, 54_321).check_named()


def test_a_start_that_died_halfway_is_swept_away(home: Path) -> None:
    left = home / "pg" / "making-1" / "data"
    left.mkdir(parents=True)
    (left / "PG_VERSION").write_text("18")
    for made in (home, home / "pg"):
        made.chmod(0o711)
    server = open_server(Settings(home=home))
    assert ask(server.app_url, "select 1") == 1
    assert not left.exists()
    server.close()


def test_nothing_changes_outside_the_home(home: Path, opened: Open) -> None:
    def seen() -> dict[Path, tuple[int, int, int]]:
        beside = [home.parent / "beside", *home.parents]
        return {p: (p.stat().st_mode, p.stat().st_uid, p.stat().st_gid) for p in beside}

    (home.parent / "beside").mkdir(mode=0o700)
    before = seen()
    opened().close()
    assert seen() == before
    assert home.stat().st_mode & 0o007 == 0


def test_a_strict_umask_does_not_shut_the_server_out(home: Path) -> None:
    before = os.umask(0o077)
    try:
        server = open_server(Settings(home=home))
    finally:
        os.umask(before)
    assert ask(server.app_url, "select 1") == 1
    server.close()


def test_programs_out_of_reach_are_copied_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = server_account(home)
    package = home.parent / "private" / programs.PACKAGE
    shutil.copytree(programs._package(), package, ignore=shutil.ignore_patterns("include", "pginstall"))
    libraries = f"{programs.PACKAGE}.libs"
    shutil.copytree(programs._package().with_name(libraries), package.with_name(libraries))
    package.parent.chmod(0o700)
    monkeypatch.setattr(programs, "_package", lambda: package)
    home.mkdir()
    found = programs.programs(home, account)
    again = programs.programs(home, account)
    assert found == again
    assert found.folder.is_relative_to(home) == as_root()
    assert found.run("initdb", "--version").stdout.startswith("initdb (PostgreSQL) 18")
    assert found.major() == 18


def test_many_may_make_the_same_new_home_at_once(home: Path) -> None:
    many = 12
    for number in range(20):
        together = Barrier(many)

        def make(place: Path, together: Barrier = together) -> Path:
            together.wait()
            return prepared(place).path

        with ThreadPoolExecutor(many) as pool:
            made = set(pool.map(make, [home.parent / f"home-{number}"] * many))
        assert len(made) == 1
