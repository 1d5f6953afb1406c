"""Bring a database to the shape this version needs."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from sightline.foundation.db.session import driver_url
from sightline.language.errors import Misconfigured

MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = 7_301_001
"""Advisory lock: two processes starting together migrate one after the other."""


_NO_TEMPORARY = """
do $$ begin
  if has_database_privilege('sightline_app', current_database(), 'temporary') then
    execute format('revoke temporary on database %I from public, sightline_app', current_database());
  end if;
end $$
"""
"""A temporary table named like one of ours must not stand before it. The right is everybody's and the whole database's,
so that it is taken from all roles there (said under `database.url` in the settings). Where the database belongs to
somebody else this only warns: what runs as the owner then still looks at our schema first.
"""


async def migrate(owner_url: str) -> None:
    """Run what is missing, as the owner. Raises Misconfigured when the database is from a newer version."""
    engine = create_async_engine(driver_url(owner_url))
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(:k)"), {"k": _LOCK})
            await connection.execute(text("create schema if not exists sightline"))
            await connection.execute(text("grant usage on schema sightline to sightline_app"))
            await connection.execute(text(_NO_TEMPORARY))
            if await _stands(connection) != newest():
                await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def newest() -> str:
    """The revision this version needs: its migrations are numbered, and their files begin with the number."""
    return max(file.name[1:5] for file in (MIGRATIONS / "versions").glob("r[0-9]*.py"))


async def _stands(connection: AsyncConnection) -> str | None:
    """The revision of the database; None before the first."""
    if await connection.scalar(text("select to_regclass('sightline.alembic_version')")) is None:
        return None
    found: str | None = await connection.scalar(text("select version_num from sightline.alembic_version"))
    return found


def _upgrade(connection: Connection) -> None:
    # Loaded where there is something to do: it costs every start a third of a second.
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    here = MigrationContext.configure(connection, opts={"version_table_schema": "sightline"}).get_current_revision()
    if here is not None and here not in known:
        raise Misconfigured(
            f"The database was written by a newer Sightline (schema {here}; this one knows {max(known)}).",
            hint="Install the newer version, or point SIGHTLINE_DATABASE__URL at another database.",
        )
    command.upgrade(config, "head")
