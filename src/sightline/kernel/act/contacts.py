"""Who is not to be contacted: parties, and the addresses that said so by a link, as hashes."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sightline.foundation import ledger
from sightline.foundation.db.session import Transaction
from sightline.foundation.vault import Vault
from sightline.language import derived
from sightline.language.errors import NotFound
from sightline.language.event import Event
from sightline.language.ref import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """One that is not to be contacted."""

    ref: Ref
    at: datetime
    by: str
    """Who said so; `itself`: the party, by a link in what it was sent."""


async def stop(
    tx: Transaction, vault: Vault, ref: Ref, *, by: str, now: datetime, address: str | None = None
) -> Stopped:
    """Contact a party no more, nor anybody else under the same address. Once; later calls change nothing."""
    made = await tx.run(
        "insert into sightline.contacts_stopped (tenant, kind, key, address, at, by)"
        " values (:t, :kind, :key, :address, :at, :by) on conflict do nothing",
        t=tx.tenant, kind=ref.kind, key=ref.key, address=_hash(tx, vault, address), at=now, by=by,
    )  # fmt: skip
    if made:
        _tell(tx, derived.STOPPED, ref, now)
    (found,) = await listed(tx, ref=ref)
    return found


async def allow(tx: Transaction, ref: Ref, *, now: datetime) -> None:
    """Contact it again. Raises NotFound."""
    gone = await tx.run(
        "delete from sightline.contacts_stopped where tenant = :t and kind = :kind and key = :key",
        t=tx.tenant, kind=ref.kind, key=ref.key,
    )  # fmt: skip
    if not gone:
        raise NotFound(f"{ref} may be contacted already.", hint="`sightline contacts list` shows who may not.")
    _tell(tx, derived.ALLOWED, ref, now)


async def listed(
    tx: Transaction, *, ref: Ref | None = None, after: tuple[datetime, str, str] | None = None,
    limit: int | None = None,
) -> list[Stopped]:  # fmt: skip
    """All that are not to be contacted (only `ref`), the latest first; `after`: those behind one (at, kind, key)."""
    at, kind, key = after or (None, None, None)
    rows = await tx.rows(
        "select kind, key, at, by from sightline.contacts_stopped where tenant = :t"
        " and (cast(:only as text) is null or kind = :only and key = :only_key)"
        " and (cast(:at as timestamptz) is null or (at, kind, key) < (:at, :kind, :key))"
        " order by at desc, kind desc, key desc limit :limit",
        t=tx.tenant, only=ref and ref.kind, only_key=ref and ref.key, at=at, kind=kind, key=key, limit=limit,
    )  # fmt: skip
    return [Stopped(ref=Ref(row["kind"], row["key"]), at=row["at"], by=row["by"]) for row in rows]


async def stopped(
    tx: Transaction, vault: Vault, written: Collection[tuple[Ref, str | None]]
) -> set[tuple[Ref, str | None]]:
    """Those of these parties, each with an address that it is written to, that are not to be contacted by it."""
    pairs = list(written)
    rows = await tx.rows(
        "select p.n from unnest(cast(:kinds as text[]), cast(:keys as text[]), cast(:addresses as bytea[]))"
        " with ordinality p(kind, key, address, n) where exists (select from sightline.contacts_stopped s"
        " where s.tenant = :t and (s.kind = p.kind and s.key = p.key or s.address = p.address))",
        t=tx.tenant, kinds=[ref.kind for ref, _ in pairs], keys=[ref.key for ref, _ in pairs],
        addresses=[_hash(tx, vault, address) for _, address in pairs],
    )  # fmt: skip
    return {pairs[row["n"] - 1] for row in rows}


def _hash(tx: Transaction, vault: Vault, address: str | None) -> bytes | None:
    return vault.fingerprint(tx, b"address\0" + address.strip().lower().encode()) if address else None


def _tell(tx: Transaction, type_: str, ref: Ref, now: datetime) -> None:
    event = Event(
        id=f"{type_.removeprefix('sightline.')}:{secrets.token_hex(8)}", source=derived.SOURCE, type=type_,
        subject=ref, time=now, known_at=now, data={},
    )  # fmt: skip
    ledger.record(tx, [event], at=now)
