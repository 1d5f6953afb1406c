"""Keep an installation: rebuild, erase, the owner's token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sightline.foundation import identity, tenants
from sightline.foundation.db.session import Transaction
from sightline.foundation.identity import codes
from sightline.foundation.identity.names import OWNER
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.know import rebuild as rebuilding
from sightline.kernel.know.archive import write_again
from sightline.kernel.observe import mapping_file, quarantine
from sightline.kernel.observe.personal import person_of
from sightline.language.errors import Invalid, NotFound
from sightline.language.ref import Ref

HOME = "main"
"""The workspace the owner is at home in."""


async def rebuild(desk: Desk, *, progress: Callable[[int, int], None]) -> int:
    """Make every projection and the lake anew from the ledger; returns how many events were projected."""
    done = await rebuilding.rebuild(desk.owner, progress=progress)
    for tenant in await tenants.every(desk.db):
        async with desk.db.transaction(tenant.number) as tx:
            await write_again(tx, desk.lake)
        await desk.go_round(tenant)
    return done


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What erasing a person took away."""

    values: int
    """Personal values that can never be read again."""
    rows: int
    """Rows in quarantine that spoke of the person."""


async def erase(desk: Desk, tenant: Tenant, text: str) -> Erased:
    """Destroy the key of a person (`contact/jane@example.com`), or of a personal value that names nobody else."""
    person, value = await _named(desk, tenant, text)
    async with desk.db.transaction(tenant.number) as tx:
        # The vault first: it waits for imports under way, whose rows are then in quarantine.
        values = await desk.vault.erase(tx, person, at=desk.clock.now())
        keys = await _key_columns(tx)
        rows = await quarantine.forget(tx, desk.vault, value, keys=keys, at=desk.now(tenant))
        return Erased(values=values, rows=rows)


async def _key_columns(tx: Transaction) -> dict[str, tuple[str, ...]]:
    """By source, the columns that make the key of a row."""
    rows = await tx.rows("select source, text from sightline.mappings where tenant = :t", t=tx.tenant)
    return {row["source"]: tuple(mapping_file.parse(row["text"]).key) for row in rows}


async def lift(desk: Desk, tenant: Tenant, text: str) -> None:
    """Let an erased person, who agreed anew, be recorded from now on. Raises NotFound when nobody was erased."""
    person, _ = await _named(desk, tenant, text)
    async with desk.db.transaction(tenant.number) as tx:
        lifted = await desk.vault.lift(tx, person, at=desk.clock.now())
    if lifted is None:
        raise NotFound(f"{text} was not erased in workspace '{tenant.name}'.", hint="Write it as you erased it.")
    desk.vault.log_lift(lifted)


async def _named(desk: Desk, tenant: Tenant, text: str) -> tuple[str, str]:
    """How the vault calls a person, and the value by which others do. Raises Invalid for nothing at all."""
    if not text.strip():
        raise Invalid("Nobody is named.", hint="Name a person (contact/jane@example.com) or the personal value itself.")
    kind = (await desk.catalog(tenant)).kinds.get(text.partition("/")[0])
    if kind is None or not kind.person:
        return text, text
    ref = Ref.parse(text)
    return person_of(ref), ref.key


async def replay_erasures(desk: Desk) -> int:
    """Destroy again what a restored backup brought back; returns how many values that took."""
    gone = 0
    erased = desk.vault.erased()
    for tenant in await tenants.every(desk.db) if erased else ():
        async with desk.db.transaction(tenant.number) as tx:
            gone += await desk.vault.replay_erasures(tx, at=desk.clock.now())
    return gone


async def owner_token(desk: Desk) -> str:
    """The owner's token, made at first start."""
    home = await desk.workspace(HOME)
    return await identity.owner_token(desk.db, home, desk.settings.home, at=desk.clock.now())


async def owner_link(desk: Desk, address: str) -> str:
    """A link under `address` (http://host:port) that signs the owner in, once, within a quarter of an hour."""
    await owner_token(desk)
    home = await desk.workspace(HOME)
    bearer = codes.Bearer(tenant=home.number, sort=identity.Sort.OWNER, name=OWNER)
    return f"{address}/sign-in#code={await codes.make(desk.db, bearer, at=desk.clock.now())}"
