"""A PostgreSQL of the user's own, played by an embedded server of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sightline.foundation.postgres import Server, open_server
from sightline.foundation.settings import DatabaseSettings, Settings
from sightline.language.errors import Misconfigured, Unavailable
from tests.conftest import named
from tests.foundation.postgres.conftest import ask

Url = Callable[..., str]


@pytest.fixture(scope="module")
def host() -> Iterator[Server]:
    """A server that is not ours to configure."""
    folder = Path(tempfile.mkdtemp(prefix="sightline-external-"))
    folder.chmod(0o711)
    server = open_server(Settings(home=folder / "home"))
    yield server
    server.close()
    shutil.rmtree(folder)


@pytest.fixture
def url(host: Server) -> Iterator[Url]:
    """URL of a database in that server as a role made for the test; the roles are gone afterwards."""
    made: list[str] = []

    def make(role: str, rights: str, database: str = "theirs", options: str = "") -> str:
        made.append(role)
        ask(host.owner_url, f"create role {role} login password 'pass''word' {rights}", "select 1")
        if not ask(host.owner_url, f"select true from pg_database where datname = '{database}'"):
            ask(host.owner_url, f"create database {database} {options}", "select 1")
        ask(host.owner_url, f"grant create on database {database} to {role}", "select 1")
        return f"postgresql://{role}:pass%27word@127.0.0.1:{host.port}/{database}"

    ask(host.owner_url, "drop role if exists sightline_app", "select 1")
    yield make
    ask(host.owner_url, "drop database if exists theirs with (force)", "select 1")
    for role in ("sightline_app", *made):
        ask(host.owner_url, f"drop role if exists {role}", "select 1")


def opened(url: str, app_url: str | None = None) -> Server:
    """Open the database of that URL."""
    return open_server(Settings(database=DatabaseSettings.model_validate({"url": url, "app_url": app_url})))


def test_the_role_is_made_once_with_a_password_every_process_can_derive(url: Url) -> None:
    owner = url("boss", "createrole")
    first, second = opened(owner), opened(owner)
    assert first.app_url == second.app_url
    assert not first.embedded
    assert ask(first.app_url, "select current_user::text") == "sightline_app"
    assert "word" not in first.app_url


def test_a_role_whose_password_changed_is_mended(url: Url, host: Server) -> None:
    owner = url("boss", "createrole superuser")
    opened(owner)
    ask(host.owner_url, "alter role sightline_app password 'other'", "select 1")
    assert ask(opened(owner).app_url, "select 1") == 1


def test_an_owner_that_may_not_make_roles_is_told_what_to_do(url: Url) -> None:
    with pytest.raises(Misconfigured, match=r"may not create.*SIGHTLINE_DATABASE__APP_URL"):
        opened(url("clerk", ""))


def test_a_given_role_is_used_if_it_is_harmless(url: Url, host: Server) -> None:
    owner = url("clerk", "")
    ask(host.owner_url, "create role sightline_app login password 'mine'", "select 1")
    app = f"postgresql://sightline_app:mine@127.0.0.1:{host.port}/theirs"
    assert opened(owner, app).app_url == app
    with pytest.raises(Misconfigured, match="row level security"):
        opened(owner, url("strong", "superuser"))
    with pytest.raises(Misconfigured, match="no part in sightline_app"):
        opened(owner, url("stranger", ""))


def test_what_is_wrong_with_a_url_is_said(url: Url, host: Server) -> None:
    owner = url("clerk", "")
    with pytest.raises(Misconfigured, match=r"user or password.*SIGHTLINE_DATABASE__URL"):
        opened(owner.replace("pass%27word", "wrong"))
    with pytest.raises(Misconfigured, match="no such database"):
        opened(named(owner, "nowhere"))
    with pytest.raises(Unavailable, match="does not answer"):
        opened("postgresql://a:b@127.0.0.1:1/x")
    with pytest.raises(Misconfigured, match="not a PostgreSQL URL"):
        opened("mysql://a:b@127.0.0.1/x")


def test_a_database_in_another_encoding_is_refused(url: Url) -> None:
    owner = url("boss", "createrole", options="encoding 'SQL_ASCII' template template0 locale_provider libc locale 'C'")
    with pytest.raises(Misconfigured, match="encoded in SQL_ASCII"):
        opened(owner)
