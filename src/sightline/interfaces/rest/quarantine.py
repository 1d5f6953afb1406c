"""Rows that did not fit: read, mended, set aside."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Path, Query

from sightline.interfaces.rest import models
from sightline.interfaces.rest.imports import NO_NUL
from sightline.interfaces.rest.needs import Operator, Reader, RestDep, room
from sightline.interfaces.rest.paging import USUAL, After, Limit, decode, page
from sightline.kernel.desk import importing, jobs
from sightline.kernel.observe import mapping_file, quarantine

Only = Annotated[str | None, Query(max_length=256, pattern=NO_NUL, description="Only those of it.")]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Its number.", examples=[3])]

router = room("imports")


@router.get("/quarantine")
async def get_quarantine(
    rest: RestDep, caller: Reader, source: Only = None, batch: Only = None, after: After = None, limit: Limit = USUAL
) -> models.Quarantine:
    """Rows that wait to be mended, oldest first."""
    (behind,) = decode(after, (int,)) if after else (0,)
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        found = await quarantine.held(tx, source=source, batch=batch, after=behind, limit=limit + 1)
        total = await quarantine.count(tx, source=source, batch=batch)
    shown, more = page(found, limit, lambda one: (one.number,))
    return models.Quarantine(rows=[models.Held.model_validate(one) for one in shown], next=more, total=total)


@router.get("/quarantine/{number}")
async def get_quarantined(rest: RestDep, caller: Reader, number: Number) -> models.HeldRow:
    """One row as it was read."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        held, text = await quarantine.show(tx, rest.desk.vault, number)
    said: dict[str, Any] = msgspec.json.decode(text)
    row = models.Held.model_validate(held)
    return models.HeldRow(**row.model_dump(), cells=said.get("cells"), raw=said.get("raw"))


@router.post("/quarantine/replay", status_code=202)
async def replay_quarantine(rest: RestDep, caller: Operator, given: models.Replay) -> models.Job:
    """Try rows again, mended or under a changed mapping, as a job. Its result: recorded, still_wrong (the first
    1,000 of them) and wrong (how many there are)."""
    mapping = mapping_file.parse(given.text) if given.text is not None else None
    made = await jobs.submit_replay(
        rest.desk, caller.tenant, given.numbers, given.changes, mapping, overwrite=given.overwrite,
        by=caller.principal.name,
    )  # fmt: skip
    return models.Job.told(made)


@router.post("/quarantine/discard")
async def discard_quarantine(rest: RestDep, caller: Operator, given: models.Discard) -> models.Discarded:
    """Set rows aside that nobody will mend; they are kept, and wait no longer."""
    return models.Discarded(discarded=await importing.discard(rest.desk, caller.tenant, given.numbers))
