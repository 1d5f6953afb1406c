"""Hooks: the endpoints that other systems post to, what their messages are signed with, and which of them came already.

An address is sealed under the installation's key and names its workspace: nobody can make one, and one that is none of
ours is told from the others without a look into any table.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import msgspec

from sightline.foundation import links
from sightline.foundation.db.session import Transaction
from sightline.foundation.vault import Vault
from sightline.kernel.observe import signatures
from sightline.kernel.observe.signatures import Options, Signed
from sightline.language.errors import Conflict, Invalid, NotFound

NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
"""Batches are called by it, whose names are short."""

PATH = "/v1/in/"
"""Before an address."""

PURPOSE = "hook"
"""Stands in each address: what was sealed for another purpose is none."""

MOST_SECRETS = 2
"""In use at once: the new one and the one before."""

DATED, UNDATED = timedelta(days=30), timedelta(days=400)
"""How long messages are remembered. Senders try again for days, each time under a new timestamp; where nothing signed
dates a message, only what is remembered tells that it came before."""

_SWEPT = 5_000
"""Messages forgotten in one go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A hook as it stands in lists: no secrets."""

    name: str
    source: str
    scheme: str
    options: Options
    address: str
    mapped: bool
    """Whether a mapping reads its bodies; otherwise they are CloudEvents."""
    each: str
    made_at: datetime
    disabled_at: datetime | None
    taken_at: datetime | None
    """When the last message was taken."""
    refused_at: datetime | None
    refused_why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A hook in use."""

    name: str
    source: str
    scheme: str
    options: Options
    secrets: tuple[str, ...] = field(repr=False)
    mapped: bool
    each: str
    mapping: str | None
    """What its source is read with now (TOML)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """What a hook is to be."""

    name: str
    source: str
    scheme: str
    options: Options
    mapped: bool
    each: str = ""
    secret: str | None = field(default=None, repr=False)
    """The one the sender has made; otherwise one is made here."""


async def add(tx: Transaction, vault: Vault, new: New) -> str:
    """Make a hook; returns its secret, which is told this once. Raises Invalid and Conflict."""
    if not NAME.fullmatch(new.name):
        raise Invalid(f"'{new.name[:80]}' is no name.", hint="Small letters, digits, - and _, beginning with a letter.")
    secret = _given_or_made(new.scheme, new.secret)
    made = await tx.run(
        "insert into sightline.hooks (tenant, name, address, source, scheme, options, secrets, mapped, each)"
        " values (:t, :n, :a, :s, :scheme, cast(:o as jsonb), :secrets, :mapped, :each) on conflict do nothing",
        t=tx.tenant, n=new.name, a=_address(vault, tx.tenant or 0), s=new.source, scheme=new.scheme,
        o=msgspec.json.encode(asdict(new.options)).decode(), secrets=_sealed(vault, [secret]),
        mapped=new.mapped, each=new.each,
    )  # fmt: skip
    if not made:
        raise Conflict(
            f"There is a hook '{new.name}' already, or another one for source '{new.source}'.",
            hint="`sightline hooks list` shows them.",
        )
    return secret


async def rotate(tx: Transaction, vault: Vault, name: str, secret: str | None = None) -> str:
    """Another secret, which is returned; the one before is good until the next rotation. Raises NotFound, Invalid."""
    row = await _row(tx, name)
    fresh = _given_or_made(row["scheme"], secret)
    before = [one for one in _unsealed(vault, row["secrets"]) if one != fresh]
    await tx.run(
        "update sightline.hooks set secrets = :s where tenant = :t and name = :n",
        t=tx.tenant, n=name, s=_sealed(vault, [fresh, *before][:MOST_SECRETS]),
    )  # fmt: skip
    return fresh


def _given_or_made(scheme: str, secret: str | None) -> str:
    if secret is None:
        return signatures.new_secret(scheme)
    signatures.check_secret(scheme, secret)
    return secret


async def switch(tx: Transaction, name: str, *, on: bool) -> None:
    """Take messages, or answer as if there were no such hook. Raises NotFound."""
    await _row(tx, name)
    await tx.run(
        "update sightline.hooks set disabled_at = case when :on then null else clock_timestamp() end"
        " where tenant = :t and name = :n",
        t=tx.tenant, n=name, on=on,
    )  # fmt: skip


async def remove(tx: Transaction, name: str) -> None:
    """Forget a hook, its address and which messages came; what they said stays. Raises NotFound."""
    await _row(tx, name)
    await tx.run("delete from sightline.hooks where tenant = :t and name = :n", t=tx.tenant, n=name)


async def listed(tx: Transaction) -> list[Known]:
    """All of a workspace, by name."""
    rows = await tx.rows(
        "select name, source, scheme, options, address, mapped, each, made_at, disabled_at, refused_at, refused_why,"
        " (select max(at) from sightline.hook_messages m where m.tenant = h.tenant and m.hook = h.name) as taken_at"
        " from sightline.hooks h where tenant = :t order by name",
        t=tx.tenant,
    )  # fmt: skip
    return [Known(**{**row, "options": Options(**row["options"])}) for row in rows]


async def get(tx: Transaction, vault: Vault, name: str) -> Hook:
    """A hook by its name. Raises NotFound that names the others."""
    found = await _hook(tx, vault, "name = :v", name)
    if found is None:
        raise await _none(tx, name)
    return found


async def speaks_for(tx: Transaction, source: str) -> bool:
    """Whether what a source says is posted to a hook."""
    return bool(
        await tx.value(
            "select exists (select from sightline.hooks where tenant = :t and source = :s)", t=tx.tenant, s=source
        )
    )


def tenant_of(vault: Vault, address: str) -> int:
    """The workspace that an address was made for. Raises NotFound: for none."""
    found = links.read(vault, address, PURPOSE, tuple[str, int, str])
    if found is None:
        raise unknown()
    return found[1]


async def at_address(tx: Transaction, vault: Vault, address: str) -> Hook:
    """The hook that takes messages there. Raises NotFound, in the same words for one that is switched off."""
    found = await _hook(tx, vault, "address = :v and disabled_at is null", address)
    if found is None:
        raise unknown()
    return found


def unknown() -> NotFound:
    """There is no hook, or none any more, or it is switched off: nobody is told which."""
    return NotFound("Nothing is taken here.", hint="Copy the whole address, as `sightline hooks list` shows it.")


async def refused(tx: Transaction, name: str, why: str) -> None:
    """Remember for who looks after a hook that a message was refused, and why."""
    await tx.run(
        "update sightline.hooks set refused_at = clock_timestamp(), refused_why = :w where tenant = :t and name = :n",
        t=tx.tenant, n=name, w=why,
    )  # fmt: skip


def keys_of(signed: Signed, body_id: str | None) -> list[bytes]:
    """By what a message is known again, the first being its name, where it has one.

    Where its name is not signed, anybody who saw the message could send it again under another: it is then known by
    all that was signed as well.
    """
    named = signed.id if signed.id is not None else body_id
    sure = signed.signed_id or signed.id is None
    keys = [] if named is None else [b"id:" + named.encode()]
    if signed.said and (named is None or not sure):
        keys.append(b"said:" + signed.said)
    return keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A message that is to be remembered."""

    hook: str
    keys: Sequence[bytes]
    body: bytes = field(repr=False)
    dated: bool


class Fate(Enum):
    """What a message turns out to be."""

    NEW = "new"
    REPEATED = "repeated"
    ALTERED = "altered"
    """Another body came under its name."""


async def claim(tx: Transaction, vault: Vault, claims: Sequence[Claim], *, now: datetime) -> list[Fate]:
    """Remember messages, no two of which share a key. Who remembers the same elsewhere is waited for."""
    rows = sorted(row for one in claims for row in _rows(tx, vault, one, now))
    driver = await tx.driver()
    made = await driver.fetch(
        "insert into sightline.hook_messages (tenant, hook, key, digest, until, at)"
        " select $1, h, k, d, u, $6 from unnest($2::text[], $3::bytea[], $4::bytea[], $5::timestamptz[])"
        " as n(h, k, d, u) on conflict do nothing returning hook, key",
        tx.tenant, *([row[at] for row in rows] for at in range(4)), now,
    )  # fmt: skip
    fresh = {(row["hook"], row["key"]) for row in made}
    if len(fresh) == len(rows):
        return [Fate.NEW] * len(claims)
    before = await driver.fetch(
        "select m.hook, m.key, m.digest from unnest($2::text[], $3::bytea[]) as n(h, k)"
        " join sightline.hook_messages m on m.tenant = $1 and m.hook = h and m.key = k",
        tx.tenant, [row[0] for row in rows], [row[1] for row in rows],
    )  # fmt: skip
    known = {(row["hook"], row["key"]): row["digest"] for row in before if (row["hook"], row["key"]) not in fresh}
    fates = [_fate(_rows(tx, vault, one, now), known) for one in claims]
    altered = [row for one, fate in zip(claims, fates, strict=True) if fate is Fate.ALTERED
               for row in _rows(tx, vault, one, now) if row[:2] in fresh]  # fmt: skip
    if altered:
        # What was refused may come under a name of its own.
        await driver.execute(
            "delete from sightline.hook_messages m using unnest($2::text[], $3::bytea[]) as n(h, k)"
            " where m.tenant = $1 and m.hook = h and m.key = k",
            tx.tenant, [row[0] for row in altered], [row[1] for row in altered],
        )  # fmt: skip
    return fates


_Row = tuple[str, bytes, bytes, datetime]
"""Hook, key, digest of the body, and until when it is remembered."""


def _rows(tx: Transaction, vault: Vault, one: Claim, now: datetime) -> list[_Row]:
    digest, until = vault.fingerprint(tx, one.body), now + (DATED if one.dated else UNDATED)
    named = (vault.fingerprint(tx, b"%b\0%b" % (one.hook.encode(), key)) for key in one.keys)
    return [(one.hook, key, digest, until) for key in named]


def _fate(rows: Sequence[_Row], known: Mapping[tuple[str, bytes], bytes]) -> Fate:
    before = [known[hook, key] == digest for hook, key, digest, _ in rows if (hook, key) in known]
    if not before:
        return Fate.NEW
    return Fate.REPEATED if all(before) else Fate.ALTERED


async def sweep(tx: Transaction, *, now: datetime) -> None:
    """Forget messages that are past their time."""
    await tx.run(
        "delete from sightline.hook_messages where ctid = any(array(select ctid from sightline.hook_messages"
        " where tenant = :t and until < :now limit :most))",
        t=tx.tenant, now=now, most=_SWEPT,
    )  # fmt: skip


async def _hook(tx: Transaction, vault: Vault, which: str, value: str) -> Hook | None:
    row: Any = await tx.row(
        "select h.name, h.source, h.scheme, h.options, h.secrets, h.mapped, h.each, m.text as mapping"
        " from sightline.hooks h left join sightline.mappings m"
        f" on m.tenant = h.tenant and m.source = h.source and h.mapped where h.tenant = :t and h.{which}",
        t=tx.tenant, v=value,
    )  # fmt: skip
    if row is None:
        return None
    said: Mapping[str, Any] = row
    return Hook(**{**said, "options": Options(**row["options"]), "secrets": _unsealed(vault, row["secrets"])})


async def _row(tx: Transaction, name: str) -> Any:
    row = await tx.row(
        "select name, scheme, secrets from sightline.hooks where tenant = :t and name = :n for no key update",
        t=tx.tenant, n=name,
    )  # fmt: skip
    if row is None:
        raise await _none(tx, name)
    return row


async def _none(tx: Transaction, name: str) -> NotFound:
    rows = await tx.rows("select name from sightline.hooks where tenant = :t", t=tx.tenant)
    return NotFound.named("hook", name, [row["name"] for row in rows], hint="`sightline hooks list` shows them.")


def _address(vault: Vault, tenant: int) -> str:
    return links.made(vault, PURPOSE, tenant, secrets.token_hex(8))


def _sealed(vault: Vault, keys: Sequence[str]) -> bytes:
    return vault.seal(msgspec.json.encode(keys))


def _unsealed(vault: Vault, sealed: bytes) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(vault.unseal(bytes(sealed))))
