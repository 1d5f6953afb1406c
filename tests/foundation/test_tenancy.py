"""Tenants are kept apart by the database itself: in every table there is, for every verb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import ProgrammingError

from sightline.foundation import identity, ledger, tenants
from sightline.foundation.clock import SystemClock
from sightline.foundation.identity import Right, Role
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk
from sightline.language.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from sightline.testing import make
from tests.conftest import Fresh

_TABLES = """
select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname like 'sightline%' and c.relkind in ('r', 'p') and not c.relispartition
  and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant')
order by 1
"""
_COLUMNS = """
select a.attname as name, format_type(a.atttypid, null) as type from pg_attribute a
where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attnotnull and a.attidentity = ''
  and not a.atthasdef and a.attname <> 'tenant'
"""
_VALUES = {
    "text": "'owner'", "text[]": "array['owner']", "bigint": "7", "integer": "7", "boolean": "false",
    "double precision": "0.5", "jsonb": "'{{}}'", "bytea": "decode(md5({tenant}::text), 'hex')",
    "timestamp with time zone": "now()",
}  # fmt: skip
_REFER = """
select distinct conrelid::regclass::text as name from pg_constraint
where contype = 'f' and confrelid <> 'sightline.tenants'::regclass and confrelid <> conrelid
"""
APPEND_ONLY = {"sightline.ledger", "sightline.event_keys", "sightline.audit"}

NOW = SystemClock().now()


@dataclass(frozen=True, slots=True)
class House:
    """Two tenants with a row in every table, and connections in both roles."""

    owner: asyncpg.Connection
    app: asyncpg.Connection
    tables: Sequence[str]
    mine: int
    theirs: int

    async def insert(self, connection: asyncpg.Connection, table: str, tenant: int) -> None:
        """Put a row of a tenant into a table."""
        columns = {row["name"]: row["type"] for row in await self.owner.fetch(_COLUMNS, table)}
        if table == "sightline.predictions":
            columns["probability"] = "double precision"  # Of the two it may hold, one has to be there.
        values = [_VALUES[kind].format(tenant=tenant) for kind in columns.values()]
        if "grantee" in columns:
            values[list(columns).index("grantee")] = str(tenant)
        names, told = ", ".join(["tenant", *columns]), ", ".join([str(tenant), *values])
        await connection.execute(f"insert into {table} ({names}) values ({told})")


@pytest.fixture
async def house(fresh: Fresh) -> Any:
    """A database in which two tenants have a row in every table; the application's connection is in the first."""
    one, other = await tenants.make(fresh.db, "one"), await tenants.make(fresh.db, "other")
    owner, app = await asyncpg.connect(fresh.owner_url), await asyncpg.connect(fresh.app_url)
    names = [row["name"] for row in await owner.fetch(_TABLES)]
    # Those first that others refer to.
    refer = {row["name"] for row in await owner.fetch(_REFER)}
    names.sort(key=lambda name: (name in refer, name))
    made = House(owner, app, [name for name in names if name != "sightline.tenants"], one.number, other.number)
    for table in made.tables:
        for tenant in (made.mine, made.theirs):
            await made.insert(owner, table, tenant)
    await app.execute("select set_config('sightline.tenant', $1, false)", str(one.number))
    yield made
    await owner.close()
    await app.close()


async def test_every_table_there_is_was_looked_at(house: House) -> None:
    known = {"ledger", "event_keys", "entities", "occurrences", "links", "predictions", "decisions", "vault_values"}
    assert {f"sightline.{name}" for name in known} | {"sightline_keys.person_keys"} <= set(house.tables)


async def test_no_row_of_another_tenant_is_seen(house: House) -> None:
    for table in [*house.tables, "sightline.tenants"]:
        found = await house.app.fetch(f"select distinct tenant from {table}")
        assert [row["tenant"] for row in found] == [house.mine], table


async def test_without_a_tenant_nothing_is_seen(house: House) -> None:
    await house.app.execute("select set_config('sightline.tenant', '', false)")
    for table in [*house.tables, "sightline.tenants"]:
        assert await house.app.fetchval(f"select count(*) from {table}") == 0, table


async def test_no_row_of_another_tenant_is_written(house: House) -> None:
    for table in house.tables:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await house.insert(house.app, table, house.theirs)
        if table in APPEND_ONLY:
            continue
        assert (
            await house.app.execute(f"update {table} set tenant = tenant where tenant = {house.theirs}") == "UPDATE 0"
        )
        assert await house.app.execute(f"delete from {table} where tenant = {house.theirs}") == "DELETE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await house.app.execute(f"update {table} set tenant = {house.theirs} where tenant = {house.mine}")


async def test_what_was_recorded_is_never_changed(house: House) -> None:
    for table in APPEND_ONLY:
        for sql in (f"update {table} set tenant = tenant", f"delete from {table}", f"truncate {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await house.app.execute(sql)


async def test_partitions_are_no_back_door(house: House) -> None:
    rows = await house.owner.fetch("select inhrelid::regclass::text as name from pg_inherits where inhrelid in"
                                   " (select oid from pg_class where relkind = 'r')")  # fmt: skip
    assert len(rows) > 17
    for row in rows:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await house.app.fetch(f"select * from {row['name']}")


@pytest.mark.parametrize(
    "sql",
    [
        "set role sightline_owner",
        "set row_security = off; select * from sightline.ledger",
        "alter table sightline.ledger disable row level security",
        "create policy all_of_it on sightline.ledger using (true)",
        "drop policy tenant_only on sightline.ledger",
        "alter role sightline_app bypassrls",
        "create table sightline.mine (a int)",
        "select sightline.tenant_drop({theirs})",
        "copy sightline.ledger to program 'cat'",
        "create function sightline.guard(int) returns int language sql as 'select 1'",
    ],
)
async def test_the_application_cannot_step_around_it(house: House, sql: str) -> None:
    refusals = (asyncpg.InsufficientPrivilegeError, asyncpg.InvalidParameterValueError)
    with pytest.raises(refusals):
        await house.app.execute(sql.format(theirs=house.theirs))


_OWNERS_FUNCTIONS = """
select p.oid::regprocedure::text as name, coalesce(array_to_string(p.proconfig, ' '), '') as settings from pg_proc p
where p.prosecdef and p.pronamespace = 'sightline'::regnamespace
"""


async def test_what_runs_as_the_owner_reads_no_table_of_the_applications_own(house: House) -> None:
    for row in await house.owner.fetch(_OWNERS_FUNCTIONS):
        assert row["settings"].endswith("=sightline, pg_temp"), row["name"]
    await house.app.execute("create temp table tenants (tenant int, name text, clock_at timestamptz)")
    await house.app.execute("insert into pg_temp.tenants values (7, 'mine', null)")
    assert "mine" not in [row["name"] for row in await house.app.fetch("select name from sightline.tenant_names()")]


async def test_the_application_makes_no_temporary_tables(desk: Desk, workspace: Tenant) -> None:
    async with desk.db.transaction(workspace.number) as tx:
        with pytest.raises(ProgrammingError, match="temporary"):
            await tx.run("create temp table tenants (tenant int)")


async def test_one_transaction_does_not_leak_into_the_next(desk: Desk, workspace: Tenant) -> None:
    async with desk.db.transaction(workspace.number) as tx:
        assert await tx.value("select sightline.tenant()") == workspace.number
    for _ in range(2 * desk.settings.database.pool):
        async with desk.db.transaction(None) as tx:
            assert await tx.value("select sightline.tenant()") is None


async def test_a_dropped_workspace_takes_everything_with_it(house: House, fresh: Fresh) -> None:
    other = await tenants.get(fresh.db, "other")
    await tenants.drop(fresh.owner, other)
    for table in [*house.tables, "sightline.tenants"]:
        left = await house.owner.fetch(f"select distinct tenant from {table}")
        assert [row["tenant"] for row in left] == [house.mine], table
    with pytest.raises(NotFound, match="other"):
        await tenants.get(fresh.db, "other")


async def test_the_tree_alone_opens_nothing_and_a_grant_no_more_than_it_says(fresh: Fresh) -> None:
    top = await tenants.make(fresh.db, "top")
    middle = await tenants.make(fresh.db, "middle", under=top)
    leaf = await tenants.make(fresh.db, "leaf", under=middle)
    aside = await tenants.make(fresh.db, "aside", under=top)
    asks = await identity.authenticate(fresh.db, await identity.issue(fresh.db, top, "boss", Role.OWNER), at=NOW)
    with pytest.raises(Forbidden, match="leaf"):
        await identity.authorize(fresh.db, asks, Right.READ, leaf)
    await tenants.grant(fresh.db, leaf, top, "viewer")
    await identity.authorize(fresh.db, asks, Right.READ, leaf)
    with pytest.raises(Forbidden):
        await identity.authorize(fresh.db, asks, Right.RECORD, leaf)
    with pytest.raises(Forbidden):
        await identity.authorize(fresh.db, asks, Right.READ, middle)
    # A grant to somebody who does not stand above opens nothing.
    await tenants.grant(fresh.db, leaf, aside, "owner")
    stranger = await identity.authenticate(fresh.db, await identity.issue(fresh.db, aside, "x", Role.OWNER), at=NOW)
    with pytest.raises(Forbidden):
        await identity.authorize(fresh.db, stranger, Right.READ, leaf)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.VIEWER, {Right.READ}),
        (Role.OPERATOR, {Right.READ, Right.RECORD, Right.OPERATE}),
        (Role.OWNER, set(Right)),
    ],
)
async def test_a_role_may_what_it_says(desk: Desk, workspace: Tenant, role: Role, may: set[Right]) -> None:
    token = await identity.issue(desk.db, workspace, role.value, role)
    principal = await identity.authenticate(desk.db, token, at=NOW)
    assert (principal.tenant, principal.name, principal.role) == (workspace.number, role.value, role)
    for right in Right:
        if right in may:
            await identity.authorize(desk.db, principal, right, workspace)
        else:
            with pytest.raises(Forbidden):
                await identity.authorize(desk.db, principal, right, workspace)


async def test_a_grant_never_lifts_a_role(fresh: Fresh) -> None:
    top = await tenants.make(fresh.db, "top")
    leaf = await tenants.make(fresh.db, "leaf", under=top)
    await tenants.grant(fresh.db, leaf, top, "owner")
    viewer = await identity.authenticate(fresh.db, await identity.issue(fresh.db, top, "v", Role.VIEWER), at=NOW)
    await identity.authorize(fresh.db, viewer, Right.READ, leaf)
    with pytest.raises(Forbidden):
        await identity.authorize(fresh.db, viewer, Right.RECORD, leaf)


async def test_tokens_are_known_by_their_hash_only(desk: Desk, workspace: Tenant) -> None:
    old = await identity.issue(desk.db, workspace, "robot", Role.OPERATOR)
    new = await identity.issue(desk.db, workspace, "robot", Role.VIEWER)
    async with desk.owner.transaction(None) as tx:
        rows = await tx.rows(
            "select t::text as all from sightline.access_tokens t where tenant = :t", t=workspace.number
        )
    assert len(rows) == 1
    assert new not in rows[0]["all"]
    assert (await identity.authenticate(desk.db, new, at=NOW)).role is Role.VIEWER
    for wrong in (old, None, "", "slt_" + "x" * 43, new + " "):
        with pytest.raises(Unauthenticated):
            await identity.authenticate(desk.db, wrong, at=NOW)


async def test_the_owners_token_is_kept_where_only_the_owner_reads(
    desk: Desk, workspace: Tenant, tmp_path: Any
) -> None:
    token = await identity.owner_token(desk.db, workspace, tmp_path, at=NOW)
    assert await identity.owner_token(desk.db, workspace, tmp_path, at=NOW) == token
    assert (tmp_path / "owner.token").stat().st_mode & 0o777 == 0o600
    (tmp_path / "owner.token").write_text("slt_lost\n")
    (tmp_path / "owner.token").chmod(0o644)
    again = await identity.owner_token(desk.db, workspace, tmp_path, at=NOW)
    assert (await identity.authenticate(desk.db, again, at=NOW)).role is Role.OWNER
    assert (tmp_path / "owner.token").stat().st_mode & 0o777 == 0o600


async def test_a_standing_clock_moves_forward_only(desk: Desk, workspace: Tenant, standing: Tenant) -> None:
    clock = SystemClock()
    assert standing.now(clock) == make.day(1000)
    assert (await tenants.advance(desk.db, standing, make.day(1001))).now(clock) == make.day(1001)
    moved = await tenants.get(desk.db, standing.name)
    with pytest.raises(Invalid, match="back"):
        await tenants.advance(desk.db, moved, make.day(1000))
    with pytest.raises(Conflict, match="runs with the world"):
        await tenants.advance(desk.db, workspace, make.day(1))


async def test_making_a_workspace_twice_makes_one(desk: Desk) -> None:
    first = await tenants.make(desk.db, "twice", clock_at=make.day(1))
    assert await tenants.make(desk.db, "twice", clock_at=make.day(2)) == first
    assert (await tenants.names(desk.db)).count("twice") == 1


async def test_a_name_that_is_none_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid, match="Über uns"):
        await tenants.make(desk.db, "Über uns")


async def test_the_ledger_of_one_is_not_the_ledger_of_another(desk: Desk, workspace: Tenant, standing: Tenant) -> None:
    async with desk.db.transaction(workspace.number) as tx:
        ledger.record(tx, [make.event()], at=make.day(0))
    async with desk.db.transaction(standing.number) as tx:
        assert await ledger.last_position(tx) == 0
