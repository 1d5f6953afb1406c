"""Where actions go: their addresses, what is sent there is signed with, and whether they are fit to be used."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from sightline.foundation.db.session import Transaction
from sightline.foundation.vault import Vault
from sightline.kernel.act import chat, outbox
from sightline.kernel.act.channels import Email, Slack
from sightline.kernel.act.channels.addresses import Given, channel_of, secrets_of
from sightline.kernel.act.channels.policy import kept, policy_of
from sightline.kernel.act.notices import Asks, asks_of
from sightline.language.action import Destination, Policy
from sightline.language.errors import Conflict, Invalid

NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")

FAILING_DAYS = 5
"""A destination that took nothing for so long is switched off."""

_LOCK = 7_301_003
"""With the number of a tenant: held by a courier while it takes up what is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A destination as it stands in lists: no secrets."""

    name: str
    channel: str
    address: str
    reveal: bool
    guards: Policy
    events: tuple[str, ...]
    """What it wants to be told of, as patterns of types; none: nothing but what is sent there."""
    about: tuple[str, ...]
    """Of subjects of these kinds; none: of all."""
    asks: Asks | None
    """What people are asked there; None: nothing."""
    callback: str | None
    """Where what is pressed there comes back to: the end of an address."""
    made_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_why: str
    waiting: int
    held: int
    """Wait for a person."""
    dead: int


async def add(
    tx: Transaction, vault: Vault, name: str, address: str, given: Given | None = None, *, reveal: bool = False
) -> str | None:
    """A new destination: webhooks, mail or a chat, as its address says.

    Returns the secret that webhooks are signed with, which is told this once. `reveal`: whether webhooks and chats tell
    what stands behind the tokens of persons; mail does. Raises Invalid and Conflict.
    """
    if not NAME.fullmatch(name):
        raise Invalid(f"'{name[:80]}' is no name.", hint="Small letters, digits, - and _, beginning with a letter.")
    channel = channel_of(address)
    now, secret = secrets_of(address, given or Given())
    callback = chat.new_address(vault, tx.tenant or 0) if channel == Slack.name else None
    made = await tx.run(
        "insert into sightline.destinations (tenant, name, channel, address, secrets, reveal, callback)"
        " values (:t, :n, :c, :a, :s, :reveal, :callback) on conflict do nothing",
        t=tx.tenant, n=name, c=channel, a=address, reveal=channel == Email.name or reveal, s=_sealed(vault, now),
        callback=callback,
    )  # fmt: skip
    if not made or name == outbox.PAPER.name:
        raise Conflict(f"There is a destination '{name}' already.")
    return secret


async def rotate(tx: Transaction, vault: Vault, name: str, given: Given | None = None) -> str | None:
    """A new secret of webhooks, which is returned; what is sent is signed with the one before as well, until the next.
    Of others: what they are reached by now. Raises NotFound and Invalid.
    """
    row = await _row(tx, name)
    now, secret = secrets_of(row["address"], given or Given(), _unsealed(vault, row["secrets"]))
    await tx.run(
        "update sightline.destinations set secrets = :s where tenant = :t and name = :n",
        t=tx.tenant, n=name, s=_sealed(vault, now),
    )  # fmt: skip
    return secret


async def guard(tx: Transaction, name: str, policy: Policy) -> None:
    """Say what is held to before anything is sent there. Raises NotFound."""
    await _row(tx, name)
    await tx.run(
        "update sightline.destinations set guards = cast(:g as jsonb) where tenant = :t and name = :n",
        t=tx.tenant, n=name, g=msgspec.json.encode(kept(policy)).decode(),
    )  # fmt: skip
    # What waits for a person is judged anew.
    await tx.run(
        "update sightline.deliveries set state = 'waiting', not_before = clock_timestamp()"
        " where tenant = :t and destination = :n and state = 'held'",
        t=tx.tenant, n=name,
    )  # fmt: skip
    await outbox.announce(tx)


async def alone_where_counted(tx: Transaction, names: Collection[str]) -> None:
    """Where a destination counts what it sends, no two couriers take up anything of a tenant at once, to the commit:
    each then sees what the other has under way.
    """
    driver = await tx.driver()
    await driver.execute(
        "select pg_advisory_xact_lock($3::int, $1::int) where exists (select from sightline.destinations"
        " where tenant = $1 and name = any($2) and guards ? 'per_day')",
        tx.tenant, list(names), _LOCK,
    )  # fmt: skip


async def remove(tx: Transaction, name: str) -> int:
    """Forget a destination; what waits for it is a dead letter then, to be sent elsewhere. Returns how many.

    Raises NotFound, and Conflict while something is being sent there.
    """
    await _row(tx, name)
    sending = await tx.value(
        "select count(*) from sightline.deliveries where tenant = :t and destination = :n and state = 'sending'",
        t=tx.tenant, n=name,
    )  # fmt: skip
    if sending:
        raise Conflict(f"{sending} are just being sent to '{name}'.", hint="Try again in a moment.")
    left = await tx.run(
        "update sightline.deliveries set state = 'dead', ended_at = clock_timestamp(),"
        " problem = 'Its destination was removed.', hint = 'Send it to another one.'"
        " where tenant = :t and destination = :n and state in ('waiting', 'held')",
        t=tx.tenant, n=name,
    )  # fmt: skip
    await tx.run("delete from sightline.destinations where tenant = :t and name = :n", t=tx.tenant, n=name)
    return left


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
        "select d.name, d.channel, d.address, d.reveal, d.guards, d.events, d.about, d.asks, d.callback, d.made_at,"
        " d.failing_since, d.disabled_at, d.disabled_why,"
        " count(o.key) filter (where o.state in ('waiting', 'sending')) as waiting,"
        " count(o.key) filter (where o.state = 'held') as held, count(o.key) filter (where o.state = 'dead') as dead"
        " from sightline.destinations d left join sightline.deliveries o"
        " on o.tenant = d.tenant and o.destination = d.name where d.tenant = :t"
        " group by d.tenant, d.name order by d.name",
        t=tx.tenant,
    )  # fmt: skip
    return [
        Known(
            **{
                **row, "guards": policy_of(row["guards"]), "asks": asks_of(row["asks"]),
                "events": tuple(row["events"]), "about": tuple(row["about"]),
            }
        )
        for row in rows
    ]  # fmt: skip


async def these(tx: Transaction, vault: Vault, names: Collection[str]) -> dict[str, Destination]:
    """Destinations by name, with their secrets."""
    rows = await tx.rows(f"{_WHOLE} and name = any(:n)", t=tx.tenant, n=sorted(names))
    return {row["name"]: _destination(vault, row) for row in rows}


async def in_use(tx: Transaction, names: Collection[str]) -> set[str]:
    """Those of the names that are destinations and not switched off."""
    rows = await tx.rows(
        "select name from sightline.destinations where tenant = :t and name = any(:n) and disabled_at is null",
        t=tx.tenant, n=sorted(names),
    )  # fmt: skip
    return {row["name"] for row in rows}


async def at_callback(tx: Transaction, vault: Vault, callback: str) -> Destination:
    """The chat whose messages come back there, also while nothing is sent to it. Raises NotFound."""
    row = await tx.row(f"{_WHOLE} and callback = :c", t=tx.tenant, c=callback)
    if row is None:
        raise chat.unknown()
    return _destination(vault, row)


_WHOLE = "select name, channel, address, secrets, reveal, guards, asks from sightline.destinations where tenant = :t"


def _destination(vault: Vault, row: Any) -> Destination:
    asks = asks_of(row["asks"])
    return Destination(
        name=row["name"], channel=row["channel"], address=row["address"], reveal=row["reveal"],
        secrets=_unsealed(vault, row["secrets"]), policy=policy_of(row["guards"]), answers_as=asks.by if asks else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fared:
    """How destinations fared, by name."""

    took: Collection[str] = ()
    """They answered."""
    away: Collection[str] = ()
    """They did not."""
    gone: Collection[str] = ()
    """They said that they want nothing more."""


async def keep(tx: Transaction, fared: Fared) -> list[str]:
    """Keep it; those that took nothing for FAILING_DAYS or want nothing are switched off. Returns their names."""
    # In one order: two who keep the same destinations never wait for each other. Of most there is nothing to keep.
    concerned = await tx.rows(
        "select name from sightline.destinations where tenant = :t"
        " and (name = any(:ill) or name = any(:took) and failing_since is not null) order by name for no key update",
        t=tx.tenant, ill=sorted({*fared.away, *fared.gone}), took=sorted(fared.took),
    )  # fmt: skip
    if not concerned:
        return []
    rows = await tx.rows(
        "update sightline.destinations set"
        " failing_since = case when name = any(:took) then null else coalesce(failing_since, clock_timestamp()) end,"
        " disabled_at = clock_timestamp(), disabled_why = case when name = any(:gone) then :gone_why else :why end"
        " where tenant = :t and disabled_at is null"
        " and (name = any(:gone) or name = any(:away) and not name = any(:took)"
        " and failing_since < clock_timestamp() - make_interval(days => :days)) returning name",
        t=tx.tenant, took=sorted(fared.took), away=sorted(fared.away), gone=sorted(fared.gone), days=FAILING_DAYS,
        why=f"It took nothing for {FAILING_DAYS} days.", gone_why="It answered 410 Gone: it wants nothing more.",
    )  # fmt: skip
    await tx.run(
        "update sightline.destinations set"
        " failing_since = case when name = any(:took) then null else clock_timestamp() end"
        " where tenant = :t and (name = any(:took) and failing_since is not null"
        " or name = any(:away) and not name = any(:took) and failing_since is null)",
        t=tx.tenant, took=sorted(fared.took), away=sorted(fared.away),
    )  # fmt: skip
    return [row["name"] for row in rows]


async def _row(tx: Transaction, name: str) -> Any:
    row = await tx.row(
        "select name, channel, address, secrets from sightline.destinations where tenant = :t and name = :n for update",
        t=tx.tenant, n=name,
    )  # fmt: skip
    if row is None:
        raise await outbox.unknown(tx, name)
    return row


def _sealed(vault: Vault, secrets: Sequence[str]) -> bytes:
    return vault.seal(msgspec.json.encode(secrets))


def _unsealed(vault: Vault, sealed: bytes | None) -> tuple[str, ...]:
    return () if sealed is None else tuple(msgspec.json.decode(vault.unseal(bytes(sealed))))
