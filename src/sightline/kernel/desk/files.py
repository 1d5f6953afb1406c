"""Files that were sent in: received, looked at, forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from sightline.foundation import jobs
from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.foundation.uploads import Upload, new_id, plain_name
from sightline.kernel.desk import importing, proposing
from sightline.kernel.desk.desk import Desk
from sightline.kernel.desk.proposing import Preview
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.observe.words import Words
from sightline.language.errors import Conflict


async def receive(
    desk: Desk, tenant: Tenant, name: str, parts: AsyncIterator[bytes], *, said: int = 0, by: str
) -> Upload:
    """Keep a file that is sent; `said`: the bytes it claims to have.

    Raises Invalid for what is no name, TooLarge, and Unavailable when the disk is full.
    """
    called = plain_name(name)
    id_, size = await desk.uploads.receive(tenant.number, parts, most=desk.settings.http.max_file, said=said)
    async with desk.db.transaction(tenant.number) as tx:
        return await desk.uploads.keep(tx, id_, called, size, by=by)


async def adopt(desk: Desk, tenant: Tenant, path: Path, name: str, *, by: str) -> Upload:
    """Let a file of this machine wait as if it had been sent, without copying it: for its owner, in this process.

    Raises Invalid for what is no name, and OSError when it cannot be linked.
    """
    size = (await asyncio.to_thread(path.stat)).st_size
    # The row first: a file without one may be swept away.
    async with desk.db.transaction(tenant.number) as tx:
        kept = await desk.uploads.keep(tx, new_id(), plain_name(name), size, by=by)
    try:
        await desk.uploads.link(kept, path)
    except OSError:
        async with desk.db.transaction(tenant.number) as tx:
            await desk.uploads.remove(tx, kept.id)
        raise
    return kept


async def find(desk: Desk, tenant: Tenant, id_: str) -> Upload:
    """A file that waits. Raises NotFound."""
    async with desk.db.transaction(tenant.number) as tx:
        return await desk.uploads.get(tx, id_)


async def forget(desk: Desk, tenant: Tenant, id_: str) -> None:
    """Remove a file. Raises NotFound, and Conflict while it is being imported."""
    async with desk.db.transaction(tenant.number) as tx:
        await unused(desk, tx, id_)
        await desk.uploads.remove(tx, id_)


async def unused(desk: Desk, tx: Transaction, id_: str) -> None:
    """See that no job reads a file, nor will before the transaction ends. Raises NotFound, and Conflict."""
    await desk.uploads.hold(tx, id_)
    for job in await jobs.unfinished(tx, file=id_):
        raise Conflict(f"Job '{job.id}' imports this file.", hint="Wait for the job, or cancel it first.")


async def propose(desk: Desk, tenant: Tenant, id_: str, *, words: Words, source: str | None = None) -> Preview:
    """A mapping to begin with, beside what it makes of the first rows. `source`: how to call it, else as the file.

    Raises NotFound, and Invalid when it cannot be read as a table.
    """
    upload = await find(desk, tenant, id_)

    def look() -> Preview:
        from sightline.kernel.observe.sniff import stem_of

        with proposing.called(upload.path, upload.name):
            found = proposing.proposal(upload.path, words=words, name=source or stem_of(upload.name))
            return proposing.preview(upload.path, found.mapping, proposed=found)

    return await asyncio.to_thread(look)


async def preview(desk: Desk, tenant: Tenant, upload: Upload, mapping: FieldMap) -> Preview:
    """What a mapping makes of the first rows. Raises Invalid when it does not fit the file or what is declared."""

    def look() -> Preview:
        with proposing.called(upload.path, upload.name):
            return proposing.preview(upload.path, mapping)

    found = await asyncio.to_thread(look)
    await importing.check(desk, tenant, mapping)
    return found
