"""The server a process works with: joined when it runs, started when not, stopped by the last one out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from sightline.foundation.postgres.account import server_account
from sightline.foundation.postgres.cluster import OWNER, Cluster, Secrets
from sightline.foundation.postgres.leases import Lease, exclusive
from sightline.foundation.postgres.programs import programs
from sightline.foundation.settings import DatabaseSettings, Settings
from sightline.language.errors import Misconfigured, Unavailable

APP = "sightline_app"
DATABASE = "sightline"
OLDEST = 150000
"""PostgreSQL 15: the first with what row level security over our functions needs."""


@dataclass(frozen=True, slots=True)
class Server:
    """How to reach the database in its two roles."""

    owner_url: str = field(repr=False)
    app_url: str = field(repr=False)
    embedded: bool
    close: Callable[[], None]
    """Give up our share; the embedded server stops with the last one."""


def open_server(settings: Settings) -> Server:
    """The server the settings name. Blocking: call it in a thread. Raises Misconfigured or Unavailable."""
    if settings.database.url is not None:
        return asyncio.run(_external(settings.database))
    return _embedded(settings.home, settings.database.port)


def cluster_of(home: Path, port: int | None) -> Cluster:
    """The embedded server's folder below `home`."""
    account = server_account()
    home.mkdir(parents=True, exist_ok=True, mode=0o711)
    (home / "pg").mkdir(exist_ok=True, mode=0o711)
    return Cluster(home.resolve(), account, programs(home, account), port)


def _embedded(home: Path, fixed: int | None) -> Server:
    try:
        cluster = cluster_of(home, fixed)
    except PermissionError as error:
        raise Misconfigured(
            f"{error.filename} cannot be written.", hint="Set SIGHTLINE_HOME to a folder of yours."
        ) from None
    lock, shares = cluster.folder / "start.lock", cluster.folder / "shares.lock"
    with exclusive(lock):
        port = cluster.running() or cluster.start()
        lease = Lease(shares)
        passwords = cluster.secrets()
        asyncio.run(_make_roles(_url(OWNER, passwords.owner, port, "postgres"), passwords))

    def close() -> None:
        with exclusive(lock):
            if lease.release():
                cluster.stop()

    owner, app = _url(OWNER, passwords.owner, port, DATABASE), _url(APP, passwords.app, port, DATABASE)
    return Server(owner, app, embedded=True, close=close)


async def _make_roles(url: str, passwords: Secrets) -> None:
    connection = await _connect(url)
    try:
        if not await connection.fetchval("select 1 from pg_roles where rolname = $1", APP):
            # Role commands take no parameters; the password is URL-safe base64 of our own making.
            await connection.execute(f"create role {APP} login nosuperuser nobypassrls password '{passwords.app}'")
        if not await connection.fetchval("select 1 from pg_database where datname = $1", DATABASE):
            await connection.execute(f"create database {DATABASE}")
    finally:
        await connection.close()


async def _external(settings: DatabaseSettings) -> Server:
    url = settings.url.get_secret_value() if settings.url else ""
    connection = await _connect(url)
    try:
        version = int(await connection.fetchval("show server_version_num"))
        if version < OLDEST:
            raise Misconfigured(f"PostgreSQL {version // 10000} is too old.", hint="Use PostgreSQL 15 or later.")
        app = settings.app_url.get_secret_value() if settings.app_url else await _make_app_role(connection, url)
    finally:
        await connection.close()
    return Server(url, app, embedded=False, close=lambda: None)


async def _make_app_role(connection: asyncpg.Connection, url: str) -> str:
    """Make the role the application works as, with the owner's own password: whoever has one has the other."""
    parts = urlsplit(url)
    password = (parts.password or "").replace("'", "''")
    try:
        exists = await connection.fetchval("select 1 from pg_roles where rolname = $1", APP)
        verb = "alter" if exists else "create"
        await connection.execute(f"{verb} role {APP} login nosuperuser nobypassrls password '{password}'")
    except asyncpg.InsufficientPrivilegeError:
        raise Misconfigured(
            f"The database's owner may not create the role {APP}.",
            hint="Create it (LOGIN NOSUPERUSER NOBYPASSRLS) and set SIGHTLINE_DATABASE__APP_URL.",
        ) from None
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{APP}:{quote(parts.password or '', safe='')}@{host}"))


async def _connect(url: str) -> asyncpg.Connection:
    try:
        return await asyncpg.connect(url, timeout=20)
    except (OSError, TimeoutError, asyncpg.CannotConnectNowError) as error:
        raise Unavailable(
            f"The database does not answer ({type(error).__name__}).", hint="Run `sightline doctor`."
        ) from None
    except asyncpg.InvalidAuthorizationSpecificationError:
        raise Misconfigured(
            "The database refuses this user or password.", hint="Check SIGHTLINE_DATABASE__URL."
        ) from None


def _url(role: str, password: str, port: int, database: str) -> str:
    return f"postgresql://{role}:{quote(password, safe='')}@127.0.0.1:{port}/{database}"
