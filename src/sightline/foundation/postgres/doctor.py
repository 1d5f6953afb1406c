"""A look at everything an installation stands on: what is right, what is not, and what to do about it."""

from __future__ import annotations

import asyncio
import ctypes
import importlib.util
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from sightline.foundation.clock import SystemClock
from sightline.foundation.postgres.account import server_account
from sightline.foundation.postgres.cluster import is_free
from sightline.foundation.postgres.external import OLDEST
from sightline.foundation.postgres.folder import Folder, free_bytes
from sightline.foundation.postgres.programs import programs
from sightline.foundation.postgres.roles import connect
from sightline.foundation.postgres.server import Server, open_server, running
from sightline.foundation.settings import Settings
from sightline.language.errors import Misconfigured, SightlineError

LITTLE_BYTES = 2 * 1024**3
"""Free space below which a larger import may fill the disk."""

SKEW_SECONDS = 5.0
"""Difference between the machine's clock and the database's from which `known_at` could no longer be trusted."""

_OPEN_TABLES = """
select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('sightline', 'sightline_keys') and c.relkind in ('r', 'p') and not c.relispartition
  and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant' and not a.attisdropped)
  and not (c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))
order by 1
"""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    """What was found."""
    fix: str | None = None
    """What to do about it; None when nothing has to be done."""


async def checks(settings: Settings) -> list[Check]:
    """Look at everything; starts the embedded server when it does not run. Never raises for what it looks at."""
    found = [_tried("home", lambda: _home(settings)), _disk(settings.home), _runtime()]
    if settings.database.url is None:
        found += [_tried("programs", lambda: _programs(settings)), _port(settings)]
    try:
        server = await asyncio.to_thread(open_server, settings)
    except SightlineError as error:
        return [*found, _failed("server", error)]
    try:
        return [*found, *await _inside(server)]
    except SightlineError as error:
        return [*found, _failed("server", error)]
    finally:
        await asyncio.to_thread(server.close)


async def _inside(server: Server) -> list[Check]:
    """What only the running server can tell."""
    async with _connected(server.owner_url) as owner:
        found = [await _version(owner), await _durable(owner), await _tables(owner), await _skew(owner)]
    async with _connected(server.app_url) as app:
        return [*found, await _role(app)]


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(url, hint="Check SIGHTLINE_DATABASE__URL.")
    try:
        yield connection
    finally:
        await connection.close()


def _tried(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except SightlineError as error:
        return _failed(name, error)
    except OSError as error:
        return Check(name, False, f"{error.filename or name}: {error.strerror}.", "Mend it, or move SIGHTLINE_HOME.")


def _failed(name: str, error: SightlineError) -> Check:
    return Check(name, False, error.message, error.hint)


def _home(settings: Settings) -> str:
    there = settings.home
    while not there.exists():
        there = there.parent
    if not os.access(there, os.W_OK | os.X_OK):
        raise Misconfigured(f"{there} cannot be written.", hint="Set SIGHTLINE_HOME to a folder of yours.")
    if settings.database.url is None:
        Folder(settings.home, server_account(settings.home / "pg" / "data")).check_way()
    return f"{settings.home} can be written{'' if settings.home.exists() else ', and will be made'}."


def _disk(home: Path) -> Check:
    free = free_bytes(home)
    fix = None if free >= LITTLE_BYTES else "Free some space, or set SIGHTLINE_HOME to another disk."
    return Check("disk", fix is None, f"{free / 1024**3:.1f} GB are free under {home}.", fix)


def _runtime() -> Check:
    """LightGBM's wheel takes the machine's OpenMP runtime for granted."""
    spec = importlib.util.find_spec("lightgbm")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    libraries = sorted(folder.glob("lib/lib_lightgbm.*"))
    try:
        for library in libraries:
            ctypes.CDLL(str(library))
    except OSError as error:
        return Check("models", False, f"LightGBM cannot be loaded: {error}.", "Run `apt-get install libgomp1` as root.")
    if not libraries:
        return Check("models", False, "LightGBM is not installed.", "Run `make demo` or `pip install lightgbm`.")
    return Check("models", True, "LightGBM can be loaded.")


def _programs(settings: Settings) -> str:
    pg = settings.home / "pg"
    found = programs(pg, server_account(pg / "data")) if pg.exists() else None
    if found is None:
        return "The database's programs are put to use at the first start."
    return f"PostgreSQL {found.major()} runs from {found.folder} as '{found.account.name}'."


def _port(settings: Settings) -> Check:
    fixed, here = settings.database.port, running(settings.home)
    if here is not None:
        return Check("port", True, f"The embedded server (process {here.pid}) listens on 127.0.0.1:{here.port}.")
    if fixed is None or is_free(fixed):
        return Check("port", True, f"Port {fixed} is free." if fixed else "A free port is chosen at the start.")
    fix = "Set SIGHTLINE_DATABASE__PORT to a free one, or leave it out to have one chosen."
    return Check("port", False, f"Port {fixed} on 127.0.0.1 is taken by another program.", fix)


async def _version(owner: asyncpg.Connection) -> Check:
    number, name = int(await owner.fetchval("show server_version_num")), await owner.fetchval("show server_version")
    return Check(
        "server", number >= OLDEST, f"PostgreSQL {name} answers.", _unless(number >= OLDEST, "Use 15 or later.")
    )


async def _durable(owner: asyncpg.Connection) -> Check:
    names = ("fsync", "synchronous_commit", "full_page_writes")
    values = {name: await owner.fetchval(f"show {name}") for name in names}
    off = [name for name, value in values.items() if value == "off"]
    told = ", ".join(f"{name} {value}" for name, value in values.items())
    fix = f"Turn {', '.join(off)} on in the server's configuration: an acknowledged event could be lost."
    return Check("durability", not off, f"{told}.", _unless(not off, fix))


async def _tables(owner: asyncpg.Connection) -> Check:
    if await owner.fetchval("select to_regclass('sightline.ledger') is null"):
        return Check("tenants", True, "The tables are made at the first use.")
    bare = [row["name"] for row in await owner.fetch(_OPEN_TABLES)]
    if bare:
        return Check(
            "tenants", False, f"Without a policy: {', '.join(bare)}.", "Report this: no release leaves one so."
        )
    return Check("tenants", True, "Every table that names a tenant keeps tenants apart.")


async def _skew(owner: asyncpg.Connection) -> Check:
    before = SystemClock().now()
    theirs = await owner.fetchval("select clock_timestamp()")
    ours = before + (SystemClock().now() - before) / 2
    apart = abs((theirs - ours).total_seconds())
    fix = "Let both machines keep time by NTP."
    return Check("clocks", apart < SKEW_SECONDS, f"{apart:.1f} s apart.", _unless(apart < SKEW_SECONDS, fix))


async def _role(app: asyncpg.Connection) -> Check:
    row = await app.fetchrow(
        "select rolname, rolsuper or rolbypassrls as leaves, exists (select from pg_class c join pg_namespace n"
        " on n.oid = c.relnamespace where n.nspname in ('sightline', 'sightline_keys') and c.relowner = r.oid) as owns"
        " from pg_roles r where rolname = current_user"
    )
    fine = not row["leaves"] and not row["owns"]
    told = "cannot step around row level security." if fine else "could step around row level security."
    fix = "Give SIGHTLINE_DATABASE__APP_URL a role that is no superuser, has NOBYPASSRLS and owns nothing."
    return Check("role", fine, f"The application's role '{row['rolname']}' {told}", _unless(fine, fix))


def _unless(fine: bool, fix: str) -> str | None:
    return None if fine else fix
