"""Quarantine: what could not be read is kept, with the reason, and can be mended and replayed, or discarded.

The raw text is sealed by the vault, since nobody knows what personal data an unreadable row holds. A row is kept once:
the same file read again finds it there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from sightline.foundation.db.session import Transaction
from sightline.foundation.vault import Vault
from sightline.kernel.observe.rows import JOIN
from sightline.language.errors import NotFound


class Unfit(NamedTuple):
    """A row that could not be read."""

    line: int
    raw: str
    reason: str
    """In words that quote nothing personal: reasons are listed in the clear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One row in quarantine."""

    number: int
    batch: str | None
    source: str
    line: int | None
    reason: str
    at: datetime
    replayed_at: datetime | None
    discarded_at: datetime | None


_COLUMNS = "id as number, batch, source, line, reason, at, replayed_at, discarded_at"
_ERASED = "Erased."
_NOTHING = msgspec.json.encode({"raw": _ERASED}).decode()
"""The raw text of a row that was erased, as of one that could not be split."""
_WAITS = "replayed_at is null and discarded_at is null"
_THESE = f"case when cast(:n as bigint[]) is null then {_WAITS} else id = any(:n) end"

LOOKED_AT = 1_000
"""Rows whose columns are looked at: they are sealed, and those of a file are alike."""


async def hold(
    tx: Transaction, vault: Vault, rows: Sequence[Unfit], *, source: str, batch: str | None, at: datetime
) -> int:
    """Keep rows; returns how many of them wait to be mended (one that was mended or discarded before does not)."""
    named = {vault.fingerprint(tx, row.raw.encode()): row for row in rows}
    if not named:
        return 0
    driver = await tx.driver()
    found = await driver.fetch(
        "insert into sightline.quarantine as q (tenant, batch, source, digest, line, reason, sealed, at)"
        " select $1, $2, $3, d, l, r, s, $8"
        " from unnest($4::bytea[], $5::bigint[], $6::text[], $7::bytea[]) as n(d, l, r, s)"
        " on conflict (tenant, source, digest) do update set batch = excluded.batch, line = excluded.line,"
        " reason = case when q.sealed = '' then q.reason else excluded.reason end returning replayed_at, discarded_at",
        tx.tenant, batch, source, list(named),
        [row.line for row in named.values()],
        [row.reason for row in named.values()],
        [vault.seal(row.raw.encode()) for row in named.values()],
        at,
    )  # fmt: skip
    return sum(replayed is None and discarded is None for replayed, discarded in found)


_OF = "(cast(:s as text) is null or source = :s) and (cast(:b as text) is null or batch = :b)"


async def held(
    tx: Transaction, *, source: str | None = None, batch: str | None = None, after: int = 0, limit: int | None = None
) -> list[Held]:
    """What waits to be mended, oldest first; `after`: behind that number."""
    rows = await tx.rows(
        f"select {_COLUMNS} from sightline.quarantine where tenant = :t and {_WAITS} and {_OF} and id > :after"
        " order by id limit :limit",
        t=tx.tenant, s=source, b=batch, after=after, limit=limit,
    )  # fmt: skip
    return [Held(**row) for row in rows]


async def count(tx: Transaction, *, source: str | None = None, batch: str | None = None) -> int:
    """How many rows wait to be mended."""
    waiting = f"select count(*) from sightline.quarantine where tenant = :t and {_WAITS} and {_OF}"
    return int(await tx.value(waiting, t=tx.tenant, s=source, b=batch))


async def sources(tx: Transaction, numbers: Sequence[int] | None) -> list[str]:
    """Where these rows come from, each source once; those that wait when no numbers are given."""
    rows = await tx.rows(
        f"select distinct source from sightline.quarantine where tenant = :t and {_THESE} order by source",
        t=tx.tenant, n=None if numbers is None else list(numbers),
    )  # fmt: skip
    return [row["source"] for row in rows]


async def columns(tx: Transaction, vault: Vault, numbers: Sequence[int] | None) -> list[str]:
    """The columns of these rows, as `sources`; of very many the first are looked at."""
    rows = await tx.rows(
        f"select sealed from sightline.quarantine where tenant = :t and {_THESE} and sealed <> '' order by id limit :l",
        t=tx.tenant, n=None if numbers is None else list(numbers), l=LOOKED_AT,
    )  # fmt: skip
    found = (msgspec.json.decode(vault.unseal(row["sealed"])) for row in rows)
    return list(dict.fromkeys(name for said in found for name in said.get("cells", {})))


async def check(tx: Transaction, numbers: Sequence[int]) -> None:
    """Raises NotFound when one of these numbers was never given."""
    known = await tx.rows(
        "select id from sightline.quarantine where tenant = :t and id = any(:n)", t=tx.tenant, n=list(numbers)
    )
    for number in sorted(set(numbers) - {row["id"] for row in known}):
        raise _not_found(number)


async def show(tx: Transaction, vault: Vault, number: int) -> tuple[Held, str]:
    """One row with its raw text, which merely says so when it was erased. Raises NotFound."""
    row: Any = await tx.row(
        f"select {_COLUMNS}, sealed from sightline.quarantine where tenant = :t and id = :n",
        t=tx.tenant, n=number,
    )  # fmt: skip
    if row is None:
        raise _not_found(number)
    found = Held(**{one.name: row[one.name] for one in fields(Held)})
    if not row["sealed"]:
        return replace(found, reason=_ERASED), _NOTHING
    return found, vault.unseal(row["sealed"]).decode()


async def released(tx: Transaction, numbers: Sequence[int], *, batch: str, at: datetime) -> None:
    """Mark rows as replayed: they have been read by now, by an import of their own."""
    await tx.run(
        "update sightline.quarantine set replayed_at = :at, replayed_in = :b where tenant = :t and id = any(:n)",
        t=tx.tenant, n=list(numbers), at=at, b=batch,
    )  # fmt: skip


async def waits_again(tx: Transaction, batch: str) -> None:
    """What an import replayed waits again, since that import is taken back."""
    await tx.run(
        "update sightline.quarantine set replayed_at = null, replayed_in = null"
        " where tenant = :t and replayed_in = :b",
        t=tx.tenant, b=batch,
    )  # fmt: skip


async def discard(tx: Transaction, numbers: Sequence[int], *, at: datetime) -> int:
    """Set rows aside that nobody will mend; returns how many of them waited. Raises NotFound."""
    await check(tx, numbers)
    return await tx.run(
        f"update sightline.quarantine set discarded_at = :at where tenant = :t and id = any(:n) and {_WAITS}",
        t=tx.tenant, n=list(numbers), at=at,
    )  # fmt: skip


async def forget(tx: Transaction, vault: Vault, word: str, *, keys: Mapping[str, Sequence[str]], at: datetime) -> int:
    """Erase every row that holds `word` in a cell, in text that could not be split, or as its key; returns how many.

    `keys`: the columns that make the key, by source; a person named by several stands in no single cell.
    What stays is an empty row with its digest, by which the same row read again is known, and not kept again.
    """
    rows = await tx.rows(
        "select id, source, sealed from sightline.quarantine where tenant = :t and sealed <> ''", t=tx.tenant
    )
    about = [row["id"] for row in rows if _speaks_of(vault.unseal(row["sealed"]), word, keys.get(row["source"], ()))]
    return await tx.run(
        "update sightline.quarantine set sealed = '', reason = :r, discarded_at = coalesce(discarded_at, :at)"
        " where tenant = :t and id = any(:n)",
        t=tx.tenant, n=about, r=_ERASED, at=at,
    )  # fmt: skip


def _speaks_of(raw: bytes, word: str, key: Sequence[str]) -> bool:
    said: dict[str, Any] = msgspec.json.decode(raw)
    cells = {name: " ".join(cell.split()) for name, cell in said.get("cells", {}).items()}
    joined = JOIN.join(cells.get(name, "") for name in key)
    # A list stands in its cell as JSON: whoever is in it is somewhere in there.
    lists = (cell for cell in cells.values() if cell.startswith("["))
    return word in said.get("raw", "") or word in (joined, *cells.values()) or any(word in one for one in lists)


def _not_found(number: int) -> NotFound:
    return NotFound(f"Nothing in quarantine has the number {number}.", hint="`sightline quarantine list` shows them.")


async def still_wrong(tx: Transaction, number: int, reason: str) -> None:
    """Replace the reason of a row that was tried again in vain."""
    await tx.run(
        "update sightline.quarantine set reason = :r where tenant = :t and id = :n and sealed <> ''",
        t=tx.tenant, n=number, r=reason,
    )  # fmt: skip
