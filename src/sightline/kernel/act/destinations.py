"""Where actions go: their addresses, what is sent there is signed with, and whether they are fit to be used."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from sightline.foundation import outbound
from sightline.foundation.db.session import Transaction
from sightline.foundation.vault import Vault
from sightline.kernel.act import outbox
from sightline.kernel.act.channels.webhook import Webhook, new_secret
from sightline.language.action import Destination
from sightline.language.errors import Conflict, Invalid, NotFound

NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")

FAILING_DAYS = 5
"""A destination that took nothing for so long is switched off."""

MOST_SECRETS = 2
"""In use at once: the new one and the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A destination as it stands in lists: no secrets."""

    name: str
    channel: str
    address: str
    made_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_why: str
    waiting: int
    dead: int


async def add(tx: Transaction, vault: Vault, name: str, address: str) -> str:
    """A new webhook destination; returns the secret it is signed with, which is told this once.

    Raises Invalid (name, address) and Conflict.
    """
    if not NAME.fullmatch(name):
        raise Invalid(f"'{name[:80]}' is no name.", hint="Small letters, digits, - and _, beginning with a letter.")
    outbound.check(address)
    secret = new_secret()
    made = await tx.run(
        "insert into sightline.destinations (tenant, name, channel, address, secrets)"
        " values (:t, :n, :c, :a, :s) on conflict do nothing",
        t=tx.tenant, n=name, c=Webhook.name, a=address, s=_sealed(vault, [secret]),
    )  # fmt: skip
    if not made or name == outbox.PAPER.name:
        raise Conflict(f"There is a destination '{name}' already.")
    return secret


async def rotate(tx: Transaction, vault: Vault, name: str) -> str:
    """A new secret; what is sent is signed with the one before as well, until the next. Returns it. Raises NotFound."""
    row = await _row(tx, name)
    secret = new_secret()
    kept = [secret, *_unsealed(vault, row["secrets"])][:MOST_SECRETS]
    await tx.run(
        "update sightline.destinations set secrets = :s where tenant = :t and name = :n",
        t=tx.tenant, n=name, s=_sealed(vault, kept),
    )  # fmt: skip
    return secret


async def remove(tx: Transaction, name: str) -> None:
    """Forget a destination. Raises NotFound, and Conflict while something is to be sent there."""
    await _row(tx, name)
    waiting = await tx.value(
        "select count(*) from sightline.deliveries where tenant = :t and destination = :n"
        " and state in ('waiting', 'sending')",
        t=tx.tenant, n=name,
    )  # fmt: skip
    if waiting:
        raise Conflict(f"{waiting} are on their way to '{name}'.", hint="Wait until they have ended.")
    await tx.run("delete from sightline.destinations where tenant = :t and name = :n", t=tx.tenant, n=name)


async def switch(tx: Transaction, name: str, *, on: bool) -> None:
    """Switch a destination on or off; what waits for it stays. Raises NotFound."""
    await _row(tx, name)
    await tx.run(
        "update sightline.destinations set failing_since = null, disabled_why = case when :on then '' else :why end,"
        " disabled_at = case when :on then null else clock_timestamp() end where tenant = :t and name = :n",
        t=tx.tenant, n=name, on=on, why="Somebody switched it off.",
    )  # fmt: skip
    await outbox.announce(tx)


async def listed(tx: Transaction) -> list[Known]:
    """All of a workspace, by name."""
    rows = await tx.rows(
        "select d.name, d.channel, d.address, d.made_at, d.failing_since, d.disabled_at, d.disabled_why,"
        " count(o.key) filter (where o.state in ('waiting', 'sending')) as waiting,"
        " count(o.key) filter (where o.state = 'dead') as dead"
        " from sightline.destinations d left join sightline.deliveries o"
        " on o.tenant = d.tenant and o.destination = d.name where d.tenant = :t"
        " group by d.tenant, d.name order by d.name",
        t=tx.tenant,
    )  # fmt: skip
    return [Known(**row) for row in rows]


async def these(tx: Transaction, vault: Vault, names: Collection[str]) -> dict[str, Destination]:
    """Destinations by name, with their secrets."""
    rows = await tx.rows(
        "select name, channel, address, secrets from sightline.destinations where tenant = :t and name = any(:n)",
        t=tx.tenant, n=sorted(names),
    )  # fmt: skip
    return {
        row["name"]: Destination(
            name=row["name"], channel=row["channel"], address=row["address"], secrets=_unsealed(vault, row["secrets"])
        )
        for row in rows
    }


async def took(tx: Transaction, names: Collection[str]) -> None:
    """They took something."""
    await tx.run(
        "update sightline.destinations set failing_since = null"
        " where tenant = :t and name = any(:n) and failing_since is not null",
        t=tx.tenant, n=sorted(names),
    )  # fmt: skip


async def did_not_take(tx: Transaction, names: Collection[str]) -> list[str]:
    """They took nothing; those that have not for FAILING_DAYS are switched off. Returns their names."""
    rows = await tx.rows(
        "update sightline.destinations set failing_since = coalesce(failing_since, clock_timestamp()),"
        " disabled_at = case when failing_since < clock_timestamp() - make_interval(days => :days)"
        " then clock_timestamp() end,"
        " disabled_why = case when failing_since < clock_timestamp() - make_interval(days => :days)"
        " then :why else '' end"
        " where tenant = :t and name = any(:n) and disabled_at is null returning name, disabled_at",
        t=tx.tenant, n=sorted(names), days=FAILING_DAYS, why=f"It took nothing for {FAILING_DAYS} days.",
    )  # fmt: skip
    return [row["name"] for row in rows if row["disabled_at"] is not None]


async def wants_nothing(tx: Transaction, names: Collection[str]) -> None:
    """They said that they want nothing more."""
    await tx.run(
        "update sightline.destinations set disabled_at = clock_timestamp(), disabled_why = :why"
        " where tenant = :t and name = any(:n) and disabled_at is null",
        t=tx.tenant, n=sorted(names), why="It answered 410 Gone: it wants nothing more.",
    )  # fmt: skip


async def must_stand(tx: Transaction, name: str) -> None:
    """Raises NotFound."""
    await _row(tx, name)


async def _row(tx: Transaction, name: str) -> Any:
    row = await tx.row(
        "select name, secrets from sightline.destinations where tenant = :t and name = :n for update",
        t=tx.tenant, n=name,
    )  # fmt: skip
    if row is None:
        known = await tx.rows("select name from sightline.destinations where tenant = :t", t=tx.tenant)
        raise NotFound.named("destination", name, [one["name"] for one in known])
    return row


def _sealed(vault: Vault, secrets: Sequence[str]) -> bytes:
    return vault.seal(msgspec.json.encode(secrets))


def _unsealed(vault: Vault, sealed: bytes | None) -> tuple[str, ...]:
    return () if sealed is None else tuple(msgspec.json.decode(vault.unseal(bytes(sealed))))
