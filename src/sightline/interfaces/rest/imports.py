"""Files in: sent, looked at, imported, taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query, Request
from starlette.requests import ClientDisconnect

from sightline.foundation.uploads import LONGEST_NAME, too_large
from sightline.interfaces.rest import models
from sightline.interfaces.rest.bodies import claimed, hear_out
from sightline.interfaces.rest.needs import Operator, Reader, RestDep, room
from sightline.interfaces.rest.paging import USUAL, After, Limit, decode, page
from sightline.kernel.desk import files, jobs
from sightline.kernel.desk.proposing import Preview, cut
from sightline.kernel.observe import imports, mapping_file
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.language.errors import Invalid, TooLarge, Unavailable
from sightline.vocabulary.words import WORDS

BINARY = "application/octet-stream"
NO_NUL = r"^[^\x00]*$"

FileId = Annotated[str, Path(description="File, as POST /v1/files answered.", pattern="^[0-9a-f]{1,64}$",
                             examples=["4f1b2c3d4e5f60718293a4b5c6d7e8f9"])]  # fmt: skip
BatchId = Annotated[str, Path(description="Batch.", max_length=64, pattern=NO_NUL, examples=["20261121-9f86d081"])]

router = room("imports")

_BODY = {"required": True, "content": {BINARY: {"schema": {"type": "string", "format": "binary"}}}}


@router.post("/files", status_code=201, openapi_extra={"requestBody": _BODY})
async def post_file(
    rest: RestDep,
    caller: Operator,
    request: Request,
    name: Annotated[
        str, Query(max_length=4 * LONGEST_NAME, description="What it is called; folders in it are left out.",
                   examples=["orders.csv"])
    ],
) -> models.File:  # fmt: skip
    """Send a file to be imported: CSV, TSV, Parquet or JSON Lines, packed or not. It waits at most 7 days."""
    most = rest.desk.settings.http.max_file
    said = claimed(request.scope)
    if said > most:
        await hear_out(request.receive)
        raise too_large(most)
    parts, by = _parts(request), caller.principal.name
    try:
        found = await files.receive(rest.desk, caller.tenant, name, parts, said=said, by=by)
    except (TooLarge, Unavailable):
        await hear_out(request.receive)
        raise
    return models.File(id=found.id, name=found.name, bytes=found.bytes)


@router.delete("/files/{id}", status_code=204)
async def delete_file(rest: RestDep, caller: Operator, id: FileId) -> None:  # noqa: A002 - the parameter's public name
    """Remove a file that waits."""
    await files.forget(rest.desk, caller.tenant, id)


@router.get("/files/{id}/proposal")
async def get_proposal(
    rest: RestDep,
    caller: Operator,
    id: FileId,  # noqa: A002 - the parameter's public name
    source: Annotated[
        str | None, Query(min_length=1, max_length=100, pattern=NO_NUL, description="Name of the source; the file's.")
    ] = None,
) -> models.Proposal:
    """Look at a file and propose how its rows become events."""
    async with rest.looking:
        found = await files.propose(rest.desk, caller.tenant, id, words=WORDS, source=source)
    columns = [
        models.Column.model_validate(
            {**{name: getattr(one, name) for name in _SEEN}, "examples": [cut(text) for text in one.examples]}
        )
        for one in found.seen
    ]
    return models.Proposal(**_shown(found), columns=columns)


@router.post("/files/{id}/preview")
async def post_preview(
    rest: RestDep, caller: Operator, id: FileId, given: models.Mapped  # noqa: A002 - the parameter's public name
) -> models.Preview:  # fmt: skip
    """What a mapping makes of the first rows. Records nothing."""
    mapping = mapping_in(given)
    upload = await files.find(rest.desk, caller.tenant, id)
    async with rest.looking:
        return models.Preview(**_shown(await files.preview(rest.desk, caller.tenant, upload, mapping)))


@router.post("/imports", status_code=202)
async def post_import(rest: RestDep, caller: Operator, given: models.ImportOf) -> models.Job:
    """Import a file that was sent, as a job. Its result: batch, rows, events, repeated, revised, staged and
    quarantined."""
    mapping = mapping_in(given)
    upload = await files.find(rest.desk, caller.tenant, given.file)
    async with rest.looking:
        made = await jobs.submit_import(
            rest.desk, caller.tenant, upload, mapping, by=caller.principal.name, limit=given.limit
        )
    return models.Job.told(made)


@router.get("/imports")
async def get_imports(rest: RestDep, caller: Reader, after: After = None, limit: Limit = USUAL) -> models.Imports:
    """What was imported, newest first."""
    behind = decode(after, (datetime, str)) if after else None
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        found = await imports.batches(tx, after=behind, limit=limit + 1)
    shown, more = page(found, limit, lambda one: (one["started_at"], one["id"]))
    return models.Imports(imports=[models.Batch.model_validate(one) for one in shown], next=more)


@router.post("/imports/{batch}/undo", status_code=202)
async def undo_import(rest: RestDep, caller: Operator, batch: BatchId) -> models.Job:
    """Take an import back, as a job. Its result: retracted, restored, unstaged."""
    return models.Job.told(await jobs.submit_undo(rest.desk, caller.tenant, batch, by=caller.principal.name))


def mapping_in(given: models.Mapped) -> FieldMap:
    """The mapping that was sent, as an object or as TOML. Raises Invalid naming what is wrong."""
    if given.text is not None:
        return mapping_file.parse(given.text)
    return mapping_file.read(given.mapping or {})


async def _parts(request: Request) -> AsyncIterator[bytes]:
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            yield part
    except ClientDisconnect:
        raise Unavailable("The sender went away before its file was complete.", hint="Send it again.") from None
    if not size:
        raise Invalid("The file is empty.", hint="Send its bytes as the body of the request.")


def _shown(found: Preview) -> dict[str, Any]:
    return {
        "mapping": mapping_file.document_of(found.mapping),
        "text": found.text,
        "doubts": list(found.doubts),
        "rows": [list(row) for row in found.rows],
        "events": [
            {"type": e.type, "subject": str(e.subject), "time": e.time, "known_at": e.known_at, "data": dict(e.data)}
            for e in found.events
        ],
        "misfits": [models.Misfit.model_validate(one) for one in found.misfits],
    }


_SEEN = ("column", "role", "filled", "distinct", "why")
