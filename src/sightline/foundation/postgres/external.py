"""A PostgreSQL of the user's own: what it must offer, and the application's role in it."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from sightline.foundation.postgres.roles import APP, connect
from sightline.foundation.settings import DatabaseSettings
from sightline.language.errors import Misconfigured

OLDEST = 150000
"""PostgreSQL 15: the oldest that is tested."""

URL_HINT = "Check SIGHTLINE_DATABASE__URL (postgresql://owner:password@host:5432/database)."
APP_HINT = "Check SIGHTLINE_DATABASE__APP_URL."


async def urls(settings: DatabaseSettings) -> tuple[str, str]:
    """URLs of the owner and of the application, both tried.

    Raises Unavailable when the server does not answer, Misconfigured when it is too old, not in UTF-8, or the
    application's role could leave row level security.
    """
    owner = settings.url.get_secret_value() if settings.url else ""
    connection = await connect(owner, hint=URL_HINT)
    try:
        await _check_server(connection)
        app = settings.app_url.get_secret_value() if settings.app_url else await _app_url(connection, owner)
    finally:
        await connection.close()
    await _check_app(app)
    return owner, app


async def _check_server(connection: asyncpg.Connection) -> None:
    version = int(await connection.fetchval("show server_version_num"))
    if version < OLDEST:
        raise Misconfigured(f"PostgreSQL {version // 10000} is too old.", hint="Use PostgreSQL 15 or later.")
    encoding = await connection.fetchval("show server_encoding")
    if encoding != "UTF8":
        raise Misconfigured(
            f"The database is encoded in {encoding}.", hint="Make it with `create database ... encoding 'UTF8'`."
        )


async def _app_url(connection: asyncpg.Connection, owner: str) -> str:
    """Make the role, or give it its password again; every process derives the same one from the owner's."""
    parts = urlsplit(owner)
    password = derived(parts.password) if parts.password else None
    app = urlunsplit(parts._replace(netloc=_netloc(parts.netloc, password)))
    if not await _answers(app):
        exists = await connection.fetchval("select 1 from pg_roles where rolname = $1", APP)
        secret = f" password '{password}'" if password else ""
        try:
            await connection.execute(f"{'alter' if exists else 'create'} role {APP} login{secret}")
        except asyncpg.InsufficientPrivilegeError:
            raise Misconfigured(
                f"The user in SIGHTLINE_DATABASE__URL may not {'alter' if exists else 'create'} the role {APP}.",
                hint=f"Have an administrator run `create role {APP} login password '...'`, "
                "then set SIGHTLINE_DATABASE__APP_URL to the same database as that role.",
            ) from None
    return app


async def _answers(url: str) -> bool:
    try:
        await (await connect(url, hint=APP_HINT)).close()
    except Misconfigured:
        return False
    return True


async def _check_app(url: str) -> None:
    connection = await connect(url, hint=APP_HINT)
    try:
        found = await connection.fetchrow(
            "select rolname, rolsuper or rolbypassrls as leaves,"
            " case when to_regrole($1) is null then false else pg_has_role(oid, $1, 'usage') end as member,"
            " exists (select from pg_namespace n where n.nspname = 'sightline' and n.nspowner = r.oid) as owns"
            " from pg_roles r where rolname = current_user",
            APP,
        )
    finally:
        await connection.close()
    if found["leaves"] or found["owns"]:
        raise Misconfigured(
            f"The role '{found['rolname']}' could step around row level security.",
            hint="SIGHTLINE_DATABASE__APP_URL must name a role that is no superuser, has NOBYPASSRLS and owns nothing.",
        )
    if not found["member"]:
        raise Misconfigured(
            f"The role '{found['rolname']}' has no part in {APP}.",
            hint=f"Run `create role {APP}; grant {APP} to {found['rolname']}` as an administrator.",
        )


def derived(password: str) -> str:
    """The application's password: made from the owner's, and of no use for getting it back."""
    return hmac.new(password.encode(), APP.encode(), hashlib.sha256).hexdigest()


def _netloc(netloc: str, password: str | None) -> str:
    host = netloc.rpartition("@")[2]
    return f"{APP}:{quote(password, safe='')}@{host}" if password else f"{APP}@{host}"
