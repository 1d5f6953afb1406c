"""Finding things: a kind page by page, and by what is in their keys. Personal keys are found whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.language.ref import Ref

HIGHEST = "\U0010ffff"
"""Behind every character: what begins with a text stands between the text and the text with this behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A thing as it stands now."""

    ref: Ref
    exists_from: datetime
    attributes: dict[str, Any]
    links: dict[str, str]


_OF_KIND = """
select e.kind, e.key, e.exists_from, e.attributes, e.links from sightline.entities e
where e.tenant = :t and e.kind = :kind{conditions} order by e.key limit :limit
"""

# The index gives the keys in their order; a link that was superseded since is sorted out by what stands now.
_LINKED = """
select e.kind, e.key, e.exists_from, e.attributes, e.links from (
  select distinct k.key from sightline.links k where k.tenant = :t and k.to_kind = :to_kind and k.to_key = :to_key
    and k.kind = :kind and k.known_until is null{after} order by k.key) k
join sightline.entities e on e.tenant = :t and e.kind = :kind and e.key = k.key
where exists (select from jsonb_each_text(e.links) as l(role, ref) where l.ref = :ref{role}){conditions}
order by k.key limit :limit
"""


async def things(
    tx: Transaction, kind: str, *, containing: str | None = None, keys: Sequence[str] | None = None,
    linked_to: Ref | None = None, role: str | None = None, after: str | None = None, limit: int = 50,
) -> list[Thing]:  # fmt: skip
    """Things of a kind by key, those behind `after`: with a text in their key, of these keys, linked to a thing."""
    conditions, values = "", {"kind": kind, "limit": limit}
    if containing is not None:
        conditions += " and strpos(e.folded, lower(:q)) > 0"
        values["q"] = containing
    if keys is not None:
        conditions += " and e.key = any(:keys)"
        values["keys"] = list(keys)
    if after is not None:
        values["after"] = after
        conditions += " and e.key > :after"
    sql = _OF_KIND
    if linked_to:
        sql = _LINKED
        values |= {"to_kind": linked_to.kind, "to_key": linked_to.key, "ref": str(linked_to)}
        values |= {"role": role} if role else {}
    named = " and l.role = :role" if role else ""
    behind = " and k.key > :after" if after is not None else ""
    rows = await tx.rows(sql.format(conditions=conditions, role=named, after=behind), t=tx.tenant, **values)
    return [
        Thing(ref=Ref(row["kind"], row["key"]), exists_from=row["exists_from"], attributes=row["attributes"],
              links=row["links"])
        for row in rows
    ]  # fmt: skip


_BEGINS = """
select kind, key from sightline.entities where tenant = :t and folded >= :q and folded < :behind
  and kind <> all(:persons){kind} order by folded, kind, key limit :limit
"""

_WITHIN = """
select kind, key from sightline.entities where tenant = :t and strpos(folded, :q) > 1 and kind <> all(:persons){kind}
order by folded, kind, key limit :limit
"""


async def keyed(
    tx: Transaction, text: str, *, kind: str | None = None, persons: Sequence[str] = (), limit: int = 20
) -> list[Ref]:
    """Things whose key begins with a text, then those that have it inside; never of kinds whose keys are personal."""
    folded = str(await tx.value("select lower(cast(:q as text))", q=text))
    values: dict[str, Any] = {"t": tx.tenant, "q": folded, "persons": list(persons)}
    values |= {"kind": kind} if kind else {}
    only = " and kind = :kind" if kind else ""
    rows = list(await tx.rows(_BEGINS.format(kind=only), behind=folded + HIGHEST, limit=limit, **values))
    if len(rows) < limit:
        rows += await tx.rows(_WITHIN.format(kind=only), limit=limit - len(rows), **values)
    return [Ref(row["kind"], row["key"]) for row in rows]


async def containing(tx: Transaction, text: str, kinds: Sequence[str], *, most: int) -> list[Ref] | None:
    """All things of these kinds that have a text in their key, in any case; None where there are more than `most`."""
    rows = await tx.rows(
        "select kind, key from sightline.entities where tenant = :t and strpos(folded, lower(cast(:q as text))) > 0"
        " and kind = any(:kinds) limit :most",
        t=tx.tenant, q=text, kinds=list(kinds), most=most + 1,
    )  # fmt: skip
    return [Ref(row["kind"], row["key"]) for row in rows] if len(rows) <= most else None


async def present(tx: Transaction, refs: Sequence[Ref]) -> list[Ref]:
    """Those of the things that are known."""
    rows = await tx.rows(
        "select e.kind, e.key from sightline.entities e join unnest(cast(:kinds as text[]), cast(:keys as text[]))"
        " as w(kind, key) using (kind, key) where e.tenant = :t order by 1, 2",
        t=tx.tenant, kinds=[ref.kind for ref in refs], keys=[ref.key for ref in refs],
    )  # fmt: skip
    return [Ref(row["kind"], row["key"]) for row in rows]


async def span(tx: Transaction, ref: Ref) -> tuple[datetime, datetime] | None:
    """When the first and the last was known of a thing, corrected since or not; None when nothing ever was."""
    row = await tx.row(
        "select min(first) as first, max(last) as last from ("
        " select min(known_at) as first, max(known_at) as last from sightline.occurrences"
        "  where tenant = :t and kind = :kind and key = :key and not starts_with(type, 'sightline.')"
        " union all select min(known_at), max(known_at) from sightline.links"
        "  where tenant = :t and to_kind = :kind and to_key = :key) s",
        t=tx.tenant, kind=ref.kind, key=ref.key,
    )  # fmt: skip
    return (row["first"], row["last"]) if row and row["first"] else None


async def has(tx: Transaction, kind: str) -> bool:
    """Whether there is anything of a kind."""
    found = await tx.value(
        "select exists (select from sightline.entities where tenant = :t and kind = :k)", t=tx.tenant, k=kind
    )
    return bool(found)


async def kinds(tx: Transaction) -> list[str]:
    """Of which kinds there is something: one look at the index for each."""
    rows = await tx.rows(
        "with recursive k(kind) as ("
        " (select kind from sightline.entities where tenant = :t order by kind limit 1) union all"
        " select (select e.kind from sightline.entities e where e.tenant = :t and e.kind > k.kind"
        "  order by e.kind limit 1) from k where k.kind is not null)"
        " select kind from k where kind is not null",
        t=tx.tenant,
    )
    return [row["kind"] for row in rows]
