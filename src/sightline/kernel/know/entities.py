"""Reading what is known: a thing as of any day, its links, its timeline."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.language.derived import RETRACTED
from sightline.language.errors import NotFound
from sightline.language.event import DERIVED, LINKS
from sightline.language.ref import Ref

AROUND = 200
"""Keys on either side of one that is not known, in their order: most slips leave the beginning as it is."""

NEAR = 0.8
"""How like a key must be to be offered in its place (0 to 1): one character of five may be another."""

KEYS = (
    "`sightline predictions NAME` lists who is asked about, `sightline entity` what a thing is linked to, and GET"
    " /v1/search?q= finds things by a part of their key."
)

_OF = "tenant = :t and kind = :kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One line of a timeline."""

    position: int
    type: str
    time: datetime
    known_at: datetime
    source: str
    id: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing as it was known at one moment."""

    ref: Ref
    as_of: datetime
    exists_from: datetime
    attributes: dict[str, Any]
    links: dict[str, str]
    """Role to reference text."""
    linked_from: dict[str, int]
    """Kind to how many things of it point here."""
    timeline: tuple[Occurrence, ...]
    """What had become known by then, oldest first (by when it happened)."""


async def entity(tx: Transaction, ref: Ref, *, as_of: datetime) -> Entity:
    """A thing as of a moment. Raises NotFound when nothing was known of it then."""
    visible = await _visible(tx, ref, as_of)
    facts = [o for o in visible if not o.type.startswith(DERIVED)]
    linked_from, first_link = await _linked_from(tx, ref, as_of)
    born = [o.known_at for o in facts] + ([first_link] if first_link else [])
    if not born:
        raise await _unknown(tx, ref, as_of)
    ordered = sorted(facts, key=lambda o: (o.known_at, o.position))
    attributes: dict[str, Any] = {}
    links: dict[str, str] = {}
    for one in ordered:
        attributes |= {name: value for name, value in one.data.items() if name != LINKS}
        links |= one.data.get(LINKS) or {}
    return Entity(
        ref=ref,
        as_of=as_of,
        exists_from=min(born),
        attributes={name: value for name, value in attributes.items() if value is not None},
        links=links,
        linked_from=linked_from,
        timeline=tuple(sorted(visible, key=lambda o: (o.time, o.position))),
    )


async def current(tx: Transaction, kind: str, keys: Sequence[str]) -> dict[str, tuple[dict[str, Any], dict[str, str]]]:
    """Attributes and links of several things as they stand now, by key."""
    rows = await tx.rows(
        "select key, attributes, links from sightline.entities where tenant = :t and kind = :k and key = any(:keys)",
        t=tx.tenant, k=kind, keys=list(keys),
    )  # fmt: skip
    return {row["key"]: (row["attributes"], row["links"]) for row in rows}


async def _visible(tx: Transaction, ref: Ref, as_of: datetime) -> list[Occurrence]:
    rows = await tx.rows(
        "select position, type, time, known_at, source, id, data from sightline.occurrences"
        " where tenant = :t and kind = :kind and key = :key and known_at <= :as_of"
        " and (known_until is null or known_until > :as_of) and type <> :retracted order by position",
        t=tx.tenant, kind=ref.kind, key=ref.key, as_of=as_of, retracted=RETRACTED,
    )  # fmt: skip
    return [Occurrence(**row) for row in rows]


async def _linked_from(tx: Transaction, ref: Ref, as_of: datetime) -> tuple[dict[str, int], datetime | None]:
    rows = await tx.rows(
        "select kind, count(distinct key) as things, min(known_at) as first from sightline.links"
        " where tenant = :t and to_kind = :kind and to_key = :key and known_at <= :as_of"
        " and (known_until is null or known_until > :as_of) group by kind order by kind",
        t=tx.tenant, kind=ref.kind, key=ref.key, as_of=as_of,
    )  # fmt: skip
    return {row["kind"]: row["things"] for row in rows}, min((row["first"] for row in rows), default=None)


async def _unknown(tx: Transaction, ref: Ref, as_of: datetime) -> NotFound:
    born = await tx.value(
        "select exists_from from sightline.entities where tenant = :t and kind = :kind and key = :key",
        t=tx.tenant, kind=ref.kind, key=ref.key,
    )  # fmt: skip
    if born:
        return NotFound(
            f"Nothing was known of {ref} on {as_of:%Y-%m-%d}.", hint=f"It is known from {born:%Y-%m-%d} on."
        )
    around = await tx.rows(
        f"(select key from sightline.entities where {_OF} and key >= :key order by key limit :some) union all"
        f" (select key from sightline.entities where {_OF} and key < :key order by key desc limit :some)",
        t=tx.tenant, kind=ref.kind, key=ref.key, some=AROUND,
    )  # fmt: skip
    if around:
        near = difflib.get_close_matches(ref.key, [row["key"] for row in around], n=1, cutoff=NEAR)
        guess = f" Did you mean '{near[0]}'?" if near else ""
        return NotFound(f"No {ref.kind} '{ref.key}'.{guess}", hint=KEYS)
    kinds = await tx.rows("select distinct kind from sightline.entities where tenant = :t", t=tx.tenant)
    return NotFound.named("kind", ref.kind, [row["kind"] for row in kinds])
