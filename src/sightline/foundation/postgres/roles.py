"""The two roles: the owner changes the schema, the application works under row level security and cannot leave it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar
from urllib.parse import quote

import asyncpg

from sightline.foundation.postgres.cluster import OWNER, Secrets
from sightline.language.errors import Misconfigured, Unavailable

APP = "sightline_app"
DATABASE = "sightline"

T = TypeVar("T")


def embedded_url(role: str, password: str, port: int, database: str = DATABASE) -> str:
    """URL of the embedded server, which listens on loopback only."""
    return f"postgresql://{role}:{quote(password, safe='')}@127.0.0.1:{port}/{database}"


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine from a thread that has no event loop, leaving the thread as it was."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


async def make(port: int, passwords: Secrets) -> None:
    """Make the database and the application's role in the embedded server where they are missing."""
    # On loopback without TLS, so that no certificate is looked for in a home we may not be able to read.
    url = embedded_url(OWNER, passwords.owner, port, "postgres") + "?sslmode=disable"
    connection = await connect(url, hint="Run `sightline doctor`.")
    try:
        if not await connection.fetchval("select 1 from pg_roles where rolname = $1", APP):
            # Role commands take no parameters; the password is URL-safe base64 of our own making.
            await connection.execute(f"create role {APP} login nosuperuser nobypassrls password '{passwords.app}'")
        if not await connection.fetchval("select 1 from pg_database where datname = $1", DATABASE):
            await connection.execute(f"create database {DATABASE}")
    finally:
        await connection.close()


async def connect(url: str, *, hint: str) -> asyncpg.Connection:
    """One connection. Raises Unavailable when nobody answers, Misconfigured when we are refused or the URL is wrong."""
    try:
        return await asyncpg.connect(url, timeout=20)
    except (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError) as error:
        raise Unavailable(f"The database does not answer ({type(error).__name__}).", hint=hint) from None
    except asyncpg.InvalidAuthorizationSpecificationError:
        raise Misconfigured("The database refuses this user or password.", hint=hint) from None
    except asyncpg.InvalidCatalogNameError as error:
        raise Misconfigured(f"The server has no such database ({error}).", hint=hint) from None
    except (ValueError, asyncpg.InterfaceError):
        raise Misconfigured("That is not a PostgreSQL URL.", hint=hint) from None
