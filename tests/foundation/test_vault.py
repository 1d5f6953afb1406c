"""The vault: tokens that say nothing, values under a key of their person, and an erasure that nothing brings back."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sightline.foundation import tenants
from sightline.foundation.tenants import Tenant
from sightline.foundation.vault import Personal, Vault
from sightline.language.errors import Misconfigured
from sightline.testing import make
from tests.conftest import Fresh

TABLES = ("sightline.erasures", "sightline.vault_values", "sightline_keys.person_keys")
JANE, JOHN = Personal("contact/jane", "jane@example.com"), Personal("contact/john", "john@example.com")


async def test_a_value_has_one_token_that_says_nothing_of_it(fresh: Fresh, tmp_path: Path) -> None:
    tenant = await tenants.make(fresh.db, "one")
    async with fresh.db.transaction(tenant.number) as tx:
        vault = Vault(tmp_path)
        first = await vault.tokens(tx, [JANE, JOHN, JANE])
        assert first == await Vault(tmp_path).tokens(tx, [JOHN, JANE])
        assert len(set(first.values())) == 2
        assert "jane" not in first[JANE]
        assert await vault.reveal(tx, list(first.values())) == {first[one]: one.value for one in first}
        assert await vault.token_of(tx, Personal("contact/joe", "joe@example.com")) is None
        raw = await tx.rows("select token, person, digest, sealed from sightline.vault_values")
        assert all(b"example" not in bytes(row["sealed"]) and "jane" not in row["person"] for row in raw)


async def test_the_same_value_has_another_token_in_another_workspace(fresh: Fresh, tmp_path: Path) -> None:
    one, other = await tenants.make(fresh.db, "one"), await tenants.make(fresh.db, "other")
    vault = Vault(tmp_path)
    async with fresh.db.transaction(one.number) as tx:
        mine = (await vault.tokens(tx, [JANE]))[JANE]
    async with fresh.db.transaction(other.number) as tx:
        assert (await vault.tokens(tx, [JANE]))[JANE] != mine
        assert await vault.reveal(tx, [mine]) == {}


async def test_an_erased_person_is_gone_also_after_a_restore(fresh: Fresh, tmp_path: Path) -> None:
    tenant = await tenants.make(fresh.db, "one")
    vault = Vault(tmp_path)
    async with fresh.db.transaction(tenant.number) as tx:
        token = (await vault.tokens(tx, [JANE, JOHN]))[JANE]
    before = await backup(fresh, tenant.number)
    async with fresh.db.transaction(tenant.number) as tx:
        assert await vault.erase(tx, JANE.person, at=make.day(1)) == 1
        assert await vault.reveal(tx, [token]) == {}
        assert await vault.erase(tx, JANE.person, at=make.day(2)) == 0
    await restore(fresh, tenant.number, before)
    async with fresh.db.transaction(tenant.number) as tx:
        assert await vault.reveal(tx, [token]) == {token: JANE.value}
        assert await vault.replay_erasures(tx, at=make.day(3)) == 1
        assert await vault.reveal(tx, [token]) == {}
        assert len(await vault.reveal(tx, [row["token"] for row in before["sightline.vault_values"]])) == 1


async def test_an_erased_person_who_is_read_again_stays_a_token_without_a_value(fresh: Fresh, tmp_path: Path) -> None:
    tenant = await tenants.make(fresh.db, "one")
    vault = Vault(tmp_path)
    async with fresh.db.transaction(tenant.number) as tx:
        token = (await vault.tokens(tx, [JANE]))[JANE]
        await vault.erase(tx, JANE.person, at=make.day(1))
        other = Personal(JANE.person, "+44 20 7946 0000")
        again = await vault.tokens(tx, [JANE, other])
        assert again[JANE] == token
        assert await vault.reveal(tx, list(again.values())) == {}
        assert await vault.token_of(tx, JANE) is None
        assert await vault.replay_erasures(tx, at=make.day(2)) == 0
        assert await vault.lift(tx, JOHN.person, at=make.day(3)) is None
        assert await vault.lift(tx, JANE.person, at=make.day(3))
        assert await vault.lift(tx, JANE.person, at=make.day(3)) is None
        anew = (await vault.tokens(tx, [JANE]))[JANE]
        assert anew != token
        assert await vault.replay_erasures(tx, at=make.day(3)) == 0
        assert await vault.reveal(tx, [token, anew]) == {anew: JANE.value}
        assert await vault.token_of(tx, JANE) == anew


@pytest.mark.parametrize("logged", [True, False], ids=["logged", "a crash before the log"])
async def test_a_lift_revives_nothing_of_what_an_older_backup_holds(fresh: Fresh, tmp_path: Path, logged: bool) -> None:
    tenant = await tenants.make(fresh.db, "one")
    vault = Vault(tmp_path)
    async with fresh.db.transaction(tenant.number) as tx:
        token = (await vault.tokens(tx, [JANE]))[JANE]
    before = await backup(fresh, tenant.number)
    async with fresh.db.transaction(tenant.number) as tx:
        await vault.erase(tx, JANE.person, at=make.day(1))
    erased = await backup(fresh, tenant.number)
    async with fresh.db.transaction(tenant.number) as tx:
        lifted = await vault.lift(tx, JANE.person, at=make.day(2))
        assert lifted
        if logged:
            vault.log_lift(lifted)
        anew = (await vault.tokens(tx, [JANE]))[JANE]
    after = await backup(fresh, tenant.number)
    for saved, gone, held in ((after, 0, {anew: JANE.value}), (before, 1, {}), (erased, 0, {})):
        await restore(fresh, tenant.number, saved)
        async with fresh.db.transaction(tenant.number) as tx:
            assert await vault.replay_erasures(tx, at=make.day(3)) == gone
            assert await vault.replay_erasures(tx, at=make.day(3)) == 0
            assert await vault.reveal(tx, [token, anew]) == held
            again = (await vault.tokens(tx, [JANE]))[JANE]
            recorded = logged or again in held
            assert (again != token, await vault.reveal(tx, [again]) != {}) == (recorded, recorded)


async def test_a_person_may_be_erased_and_lifted_again_and_again(fresh: Fresh, tmp_path: Path) -> None:
    tenant = await tenants.make(fresh.db, "one")
    vault = Vault(tmp_path)
    tokens: list[str] = []
    for day in range(3):
        async with fresh.db.transaction(tenant.number) as tx:
            tokens.append((await vault.tokens(tx, [JANE, JOHN]))[JANE])
            assert set(await vault.reveal(tx, tokens)) == {tokens[-1]}
            assert await vault.erase(tx, JANE.person, at=make.day(day)) == 1
            lifted = await vault.lift(tx, JANE.person, at=make.day(day))
            assert lifted
            vault.log_lift(lifted)
    assert len(set(tokens)) == 3
    assert [len(names) for names in vault.erased().values()] == [3]
    await restore(fresh, tenant.number, {table: [] for table in TABLES})
    async with fresh.db.transaction(tenant.number) as tx:
        await vault.replay_erasures(tx, at=make.day(4))
        anew = (await vault.tokens(tx, [JANE]))[JANE]
        assert await vault.reveal(tx, [anew]) == {anew: JANE.value}


async def test_an_erasure_waits_for_keys_in_the_making(fresh: Fresh, tmp_path: Path) -> None:
    tenant = await tenants.make(fresh.db, "one")
    vault = Vault(tmp_path)

    async def erase() -> int:
        async with fresh.db.transaction(tenant.number) as tx:
            return await vault.erase(tx, JANE.person, at=make.day(1))

    async with fresh.db.transaction(tenant.number) as tx:
        tokens = await vault.tokens(tx, [JANE])
        erasing = asyncio.create_task(erase())
        await asyncio.wait([erasing], timeout=0.3)
        assert not erasing.done()
        tokens |= await vault.tokens(tx, [JOHN])
    assert await asyncio.wait_for(erasing, 20) == 1
    async with fresh.db.transaction(tenant.number) as tx:
        assert await vault.reveal(tx, list(tokens.values())) == {tokens[JOHN]: JOHN.value}


async def test_keys_wait_for_an_erasure_under_way(fresh: Fresh, tmp_path: Path) -> None:
    one, other = await tenants.make(fresh.db, "one"), await tenants.make(fresh.db, "other")
    vault = Vault(tmp_path)

    async def revealed(tenant: Tenant) -> dict[str, str]:
        async with fresh.db.transaction(tenant.number) as tx:
            return await vault.reveal(tx, list((await vault.tokens(tx, [JANE])).values()))

    async with fresh.db.transaction(one.number) as tx:
        await vault.erase(tx, JANE.person, at=make.day(1))
        reading = asyncio.create_task(revealed(one))
        await asyncio.wait([reading], timeout=0.3)
        assert not reading.done()
        assert len(await asyncio.wait_for(revealed(other), 20)) == 1
    assert await asyncio.wait_for(reading, 20) == {}


async def test_another_master_key_is_told_and_opens_nothing(fresh: Fresh, tmp_path: Path) -> None:
    tenant = await tenants.make(fresh.db, "one")
    async with fresh.db.transaction(tenant.number) as tx:
        token = (await Vault(tmp_path).tokens(tx, [JANE]))[JANE]
        with pytest.raises(Misconfigured, match=r"master key does not fit"):
            await Vault(tmp_path, bytes(32)).reveal(tx, [token])
    with pytest.raises(Misconfigured):
        Vault(tmp_path, bytes(32)).unseal(Vault(tmp_path).seal(b"a row"))


def test_the_master_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    sealed = Vault(folder).seal(b"a row")
    assert Vault(folder).unseal(sealed) == b"a row"
    assert stat.S_IMODE((folder / "master.key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["master.key"]


def test_those_who_come_at_once_share_one_master_key(tmp_path: Path) -> None:
    def sealed(number: int) -> bytes:
        return Vault(tmp_path / f"{number // 8}").seal(b"word")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(sealed, range(160)))
    assert [Vault(tmp_path / f"{number // 8}").unseal(one) for number, one in enumerate(found)] == [b"word"] * 160


Backup = Mapping[str, list[dict[str, object]]]


async def backup(fresh: Fresh, tenant: int) -> Backup:
    async with fresh.db.transaction(tenant) as tx:
        return {table: [dict(row) for row in await tx.rows(f"select * from {table}")] for table in TABLES}


async def restore(fresh: Fresh, tenant: int, saved: Backup) -> None:
    async with fresh.owner.transaction(tenant) as tx:
        for table, rows in saved.items():
            await tx.run(f"delete from {table} where tenant = :t", t=tenant)
            for row in rows:
                names = ", ".join(row)
                values = ", ".join(f":{name}" for name in row)
                await tx.run(f"insert into {table} ({names}) values ({values}) on conflict do nothing", **row)
