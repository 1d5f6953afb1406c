"""The database each test gets: its own, migrated, and guarded in the application's role."""

import pytest

from tests.conftest import Fresh


@pytest.mark.parametrize("turn", [1, 2])
async def test_every_test_has_its_own_database(fresh: Fresh, turn: int) -> None:
    async with fresh.owner.transaction(None) as tx:
        assert await tx.value("select to_regclass('left_behind') is null"), turn
        await tx.run("create table left_behind ()")


async def test_the_application_role_cannot_leave_row_level_security(fresh: Fresh) -> None:
    async with fresh.db.transaction(None) as tx:
        role = await tx.row("select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        owned = await tx.value("select count(*) from pg_tables where tableowner = current_user")
    assert role is not None
    assert (role["rolname"], role["rolsuper"], role["rolbypassrls"], owned) == ("sightline_app", False, False, 0)
