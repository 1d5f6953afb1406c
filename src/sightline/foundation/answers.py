"""Answers under a caller's key: the same call twice is done once, and answered twice alike (`Idempotency-Key`).

A claim is committed before the call is carried out and lives while its holder renews it. Whoever dies leaves a claim
that the next one with the same request takes over: what the dead one may have done by then is done again, so calls
themselves must bear repeating. Answers are sealed: they may hold what is shown only once, or the names of persons.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sightline.foundation.db.session import Database
from sightline.foundation.vault import Vault
from sightline.language.errors import IdempotencyKeyReused, UnderWay

KEPT = "interval '24 hours'"
TAKEN_OVER = "interval '60 seconds'"
"""Since a claim was last renewed: then its holder is dead."""

RENEW_SECONDS = 20.0
"""How often a holder renews its claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A call under a key."""

    tenant: int
    caller: str
    key: str
    digest: bytes
    """Of all that makes the request this one and no other."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry out a call."""

    asked: Asked
    token: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What was answered."""

    status: int
    content: bytes


_CLAIM = f"""
insert into sightline.answers as had (tenant, caller, key, digest, claim, claimed_at)
values (:t, :caller, :key, :digest, :claim, now())
on conflict (tenant, caller, key) do update set digest = excluded.digest, claim = excluded.claim, claimed_at = now(),
  answered_at = null, status = null, sealed = null
where had.answered_at < now() - {KEPT}
   or had.answered_at is null and had.claimed_at < now() - {TAKEN_OVER} and had.digest = excluded.digest
returning claim
"""

_OLD = f"delete from sightline.answers where tenant = :t and claimed_at < now() - {KEPT}"


async def claim(db: Database, vault: Vault, asked: Asked) -> Claim | Kept:
    """The right to carry out a call, or what it was answered before.

    Raises IdempotencyKeyReused where the key belongs to another request, UnderWay while the first call is not answered.
    """
    token = secrets.token_hex(16)
    named = {"t": asked.tenant, "caller": asked.caller, "key": asked.key}
    async with db.transaction(asked.tenant) as tx:
        if await tx.value(_CLAIM, claim=token, digest=asked.digest, **named):
            await tx.run(_OLD, t=asked.tenant)
            return Claim(asked, token)
        row = await tx.row(
            "select digest, status, sealed from sightline.answers where tenant = :t and caller = :caller"
            " and key = :key",
            **named,
        )
    if row is not None and bytes(row["digest"]) != asked.digest:
        raise IdempotencyKeyReused(
            "This Idempotency-Key was used for another request.", hint="Make a new key for each call, such as a UUID."
        )
    if row is None or row["sealed"] is None:
        raise UnderWay(
            "The first call under this Idempotency-Key is not answered yet.", hint="Send it again in a moment."
        )
    return Kept(row["status"], vault.unseal(row["sealed"]))


async def renew(db: Database, held: Claim) -> None:
    """Say that the holder lives."""
    async with db.transaction(held.asked.tenant) as tx:
        await tx.run(f"update sightline.answers set claimed_at = now() where {_HELD}", **_of(held))


async def keep(db: Database, vault: Vault, held: Claim, kept: Kept) -> None:
    """Keep what a call was answered, unless somebody has taken the claim over."""
    async with db.transaction(held.asked.tenant) as tx:
        await tx.run(
            f"update sightline.answers set answered_at = now(), status = :status, sealed = :sealed where {_HELD}",
            status=kept.status, sealed=vault.seal(kept.content), **_of(held),
        )  # fmt: skip


async def release(db: Database, held: Claim) -> None:
    """Give the right back: the next call under the key is carried out."""
    async with db.transaction(held.asked.tenant) as tx:
        await tx.run(f"delete from sightline.answers where {_HELD}", **_of(held))


_HELD = "tenant = :t and caller = :caller and key = :key and claim = :claim"


def _of(held: Claim) -> dict[str, object]:
    asked = held.asked
    return {"t": asked.tenant, "caller": asked.caller, "key": asked.key, "claim": held.token}
