"""What is known: kinds, things, and one thing as of any day."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from sightline.interfaces.rest import models, paging
from sightline.interfaces.rest.needs import Reader, RestDep, room
from sightline.interfaces.rest.paging import USUAL, After, Limit
from sightline.kernel.desk import browsing
from sightline.kernel.desk import reading as desk
from sightline.language.ref import MAX_KEY, Ref
from sightline.language.time import end_of

FOUND = 100
"""Things one search finds at most; whoever wants more lists the kind."""

router = room("knowledge")

KindName = Annotated[str, Path(description="Kind.", examples=["line"])]
Text = Annotated[str, Query(min_length=1, max_length=MAX_KEY, description="Text in the key; of persons the whole key.")]


@router.get("/catalog")
async def get_catalog(rest: RestDep, caller: Reader) -> models.Catalog:
    """What is declared: kinds, events, and how a question is asked."""
    return models.Catalog.model_validate(await browsing.catalog(rest.desk, caller.tenant))


@router.get("/search")
async def get_search(
    rest: RestDep,
    caller: Reader,
    q: Text,
    kind: Annotated[str | None, Query(description="Of this kind only.")] = None,
    limit: Annotated[int, Query(ge=1, le=FOUND, description="Things to find.")] = 20,
) -> models.Finds:
    """Things by their key: what begins with the text first, then what has it inside."""
    found = await browsing.search(rest.desk, caller.tenant, q, kind=kind, limit=limit)
    return models.Finds(found=[models.Found(ref=str(one), kind=one.kind, key=one.key) for one in found])


@router.get("/entities/{kind}")
async def get_entities(
    rest: RestDep,
    caller: Reader,
    kind: KindName,
    q: Text | None = None,
    linked_to: Annotated[
        str | None, Query(description="Only what points at this thing now.", examples=["vendor/Aurobindo"])
    ] = None,
    role: Annotated[str | None, Query(description="With `linked_to`: only by this link.")] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> models.Things:
    """The things of a kind as they stand now, by key."""
    found = await browsing.things(
        rest.desk, caller.tenant, kind, q=q, linked_to=Ref.parse(linked_to) if linked_to else None, role=role,
        after=paging.decode(after, (str,))[0] if after else None, limit=limit + 1,
    )  # fmt: skip
    behind = paging.encode([found[limit - 1][0]]) if len(found) > limit else None
    shown = [
        models.Thing(ref=str(one.ref), exists_from=one.exists_from, attributes=one.attributes, links=one.links)
        for _, one in found[:limit]
    ]
    return models.Things(entities=shown, next=behind)


@router.get("/entities/{kind}/{key:path}")
async def get_entity(
    rest: RestDep,
    caller: Reader,
    kind: KindName,
    key: Annotated[str, Path(description="Key; it may contain slashes.", examples=["82108"])],
    as_of: Annotated[
        str | None, Query(description="Day or moment: as it was known then.", examples=["2014-06-30"])
    ] = None,
) -> models.Entity:
    """A thing as it is, or was, known."""
    ref = Ref.parse(f"{kind}/{key}")
    found = await desk.thing(rest.desk, caller.tenant, ref, as_of=end_of(as_of) if as_of else None)
    sheet = await browsing.sheet(rest.desk, caller.tenant, ref)
    return models.Entity(
        ref=str(found.ref),
        as_of=found.as_of,
        exists_from=found.exists_from,
        attributes=found.attributes,
        links=found.links,
        linked_from=found.linked_from,
        labels=sheet.labels,
        units=sheet.units,
        first_known=sheet.first_known,
        last_known=sheet.last_known,
        timeline=[models.Occurrence.model_validate(one) for one in found.timeline],
    )
