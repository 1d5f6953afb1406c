"""What interfaces find their way by: what is declared, what there is of a kind, what goes by a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.know import browse
from sightline.kernel.know.browse import Thing
from sightline.kernel.observe.personal import person_refs, token_ref, unveiled
from sightline.kernel.predict import language
from sightline.language.catalog import Catalog
from sightline.language.errors import NotFound
from sightline.language.kind import Kind
from sightline.language.ref import Ref


async def catalog(desk: Desk, tenant: Tenant) -> dict[str, Any]:
    """All that is declared in a workspace, and the forms and words in which a question is asked."""
    found = await desk.catalog(tenant)
    return {
        "kinds": [_kind(one) for _, one in sorted(found.kinds.items())],
        "events": [
            {"name": one.name, "label": one.words, "of": one.of} for _, one in sorted(found.events.items())
        ],
        "forms": list(language.FORMS),
        "words": list(language.words()),
    }  # fmt: skip


def _kind(kind: Kind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "label": kind.words,
        "person": kind.person,
        "attributes": [
            {"name": one.name, "label": one.words, "sort": one.sort.value, "unit": one.unit, "personal": one.personal}
            for one in kind.attributes
        ],
        "links": [{"name": one.name, "label": one.words, "to": one.to} for one in kind.links],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """How to show what is known of a thing."""

    labels: dict[str, str]
    """Attribute or role of a link to how people call it."""
    units: dict[str, str]
    first_known: datetime
    last_known: datetime
    """Between them lies all that was ever known of it."""


async def sheet(desk: Desk, tenant: Tenant, ref: Ref) -> Sheet:
    """How to show a thing, and from when to when there is something to show. Raises NotFound."""
    kinds = (await desk.catalog(tenant)).kinds
    async with desk.db.transaction(tenant.number) as tx:
        span = await browse.span(tx, await token_ref(tx, desk.vault, ref, kinds))
    if span is None:
        raise NotFound(f"Nothing is known of {ref}.", hint="GET /v1/search finds what there is.")
    kind = kinds.get(ref.kind, Kind(name=ref.kind))
    return Sheet(
        labels={link.name: link.words for link in kind.links} | {one.name: one.words for one in kind.attributes},
        units={one.name: one.unit for one in kind.attributes if one.unit},
        first_known=span[0],
        last_known=span[1],
    )


async def things(
    desk: Desk, tenant: Tenant, kind: str, *, q: str | None = None, linked_to: Ref | None = None,
    role: str | None = None, after: str | None = None, limit: int = 50,
) -> list[tuple[str, Thing]]:  # fmt: skip
    """Things of a kind, each with the key by which the next page begins behind it.

    `q` is a text in the key, in any case; of persons the whole key. Raises NotFound for a kind nobody has heard of.
    """
    declared = await desk.catalog(tenant)
    async with desk.db.transaction(tenant.number) as tx:
        known = await token_ref(tx, desk.vault, linked_to, declared.kinds) if linked_to else None
        wanted = await _meant(desk, tx, declared.kinds, kind, q)
        found = await browse.things(tx, kind, linked_to=known, role=role, after=after, limit=limit, **wanted)
        if not found and kind not in declared.kinds:
            await _must_be_known(tx, kind, declared)
        said = await unveiled(tx, desk.vault, [(one.ref.key, one.attributes, one.links) for one in found])
    return [
        (one.ref.key, replace(one, ref=Ref(kind, key), attributes=attributes, links=links))
        for one, (key, attributes, links) in zip(found, said, strict=True)
    ]


async def _meant(desk: Desk, tx: Transaction, kinds: Mapping[str, Kind], kind: str, q: str | None) -> dict[str, Any]:
    if q is None:
        return {}
    if kind in kinds and kinds[kind].person:
        return {"keys": [ref.key for ref in await person_refs(tx, desk.vault, q, [kind])]}
    return {"containing": q}


async def _must_be_known(tx: Transaction, kind: str, declared: Catalog) -> None:
    if not await browse.has(tx, kind):
        raise NotFound.named("kind", kind, {*declared.kinds, *await browse.kinds(tx)})


async def search(desk: Desk, tenant: Tenant, q: str, *, kind: str | None = None, limit: int = 20) -> list[Ref]:
    """Things by key: persons whose whole key it is, then what begins with it, then what has it inside."""
    kinds = (await desk.catalog(tenant)).kinds
    persons = [name for name, one in kinds.items() if one.person]
    async with desk.db.transaction(tenant.number) as tx:
        meant = await person_refs(tx, desk.vault, q, [one for one in persons if kind in (None, one)])
        known = [Ref(ref.kind, q) for ref in await browse.present(tx, meant)]
        return (known + await browse.keyed(tx, q, kind=kind, persons=persons, limit=limit))[:limit]
