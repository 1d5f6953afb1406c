"""The doctor: all is well where it is, and each thing that is not is named with what to do."""

from __future__ import annotations

import socket
from pathlib import Path

import asyncpg

from sightline.foundation.postgres import doctor
from sightline.foundation.settings import Settings
from sightline.main.installation import installation
from tests.conftest import Fresh


def by_name(found: list[doctor.Check]) -> dict[str, doctor.Check]:
    """Checks by name; each name once."""
    assert len({check.name for check in found}) == len(found)
    return {check.name: check for check in found}


def elsewhere(fresh: Fresh, home: Path) -> Settings:
    """Settings that name a database by URL."""
    return Settings(home=home, database={"url": fresh.owner_url, "app_url": fresh.app_url})


async def test_a_sound_installation_has_nothing_to_mend(home: Path) -> None:
    """With a server of its own, as most have."""
    async with installation(Settings(home=home)) as desk:
        found = by_name(await doctor.checks(desk.settings))
    assert {name for name, check in found.items() if not check.ok} == set()
    assert {"home", "disk", "models", "programs", "port", "server", "durability", "tenants", "clocks", "role"} == set(
        found
    )
    assert not [check for check in found.values() if check.fix]


async def test_a_database_of_ones_own_is_looked_at_too(fresh: Fresh, home: Path) -> None:
    found = by_name(await doctor.checks(elsewhere(fresh, home)))
    assert {name for name, check in found.items() if not check.ok} == set()
    assert "port" not in found


async def test_a_table_without_a_policy_is_named(fresh: Fresh, home: Path) -> None:
    async with fresh.owner.transaction(None) as tx:
        await tx.run("create table sightline.bare (tenant int)")
        await tx.run("alter table sightline.entities disable row level security")
    found = by_name(await doctor.checks(elsewhere(fresh, home)))["tenants"]
    assert not found.ok
    assert found.detail == "Without a policy: sightline.bare, sightline.entities."


async def test_durability_that_was_turned_off_is_named(fresh: Fresh, home: Path) -> None:
    database = fresh.owner_url.rpartition("/")[2]
    connection = await asyncpg.connect(fresh.owner_url)
    await connection.execute(f"alter database {database} set synchronous_commit = off")
    await connection.close()
    found = by_name(await doctor.checks(elsewhere(fresh, home)))["durability"]
    assert not found.ok
    assert "synchronous_commit off" in found.detail
    assert "synchronous_commit" in (found.fix or "")


async def test_a_role_that_could_leave_is_named(fresh: Fresh, home: Path) -> None:
    settings = Settings(home=home, database={"url": fresh.owner_url, "app_url": fresh.owner_url})
    found = by_name(await doctor.checks(settings))["server"]
    assert not found.ok
    assert "row level security" in found.detail


async def test_a_port_that_is_taken_is_named(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        found = by_name(await doctor.checks(Settings(home=home, database={"port": port})))
    assert not found["port"].ok
    assert str(port) in found["port"].detail
    assert not found["server"].ok


async def test_a_database_that_does_not_answer_is_named(home: Path) -> None:
    found = by_name(await doctor.checks(Settings(home=home, database={"url": "postgresql://a:b@127.0.0.1:9/none"})))
    assert not found["server"].ok
    assert found["server"].fix
    assert found["home"].ok
