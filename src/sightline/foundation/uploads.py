"""Files that were sent in and wait to be read: bytes in `home/uploads/TENANT/`, what they are called in the database.

A file lies under a name we draw, never under the one it was sent with, and only its owner on the machine may read it.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sightline.foundation.db.session import Transaction
from sightline.language.errors import Invalid, NotFound, TooLarge, Unavailable

FOLDER = "uploads"

KEPT_DAYS = 7
"""How long a file waits to be imported."""

ABANDONED_SECONDS = 86_400.0
"""A file without a row, untouched for so long, is left over from a process that died while receiving it."""

SPARE = 1 << 30
"""Bytes that must stay free on the disk: the database stands still on a full one."""

LONGEST_NAME = 255
_GATHER = 1 << 20
"""Bytes written at once."""
_LOOK_EVERY = 64 << 20
"""Bytes after which the room on the disk is looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that waits."""

    id: str
    name: str
    """What its sender calls it; never a path."""
    bytes: int
    made_at: datetime
    path: Path


class Uploads:
    """The uploaded files of one installation."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    def of(self, tenant: int) -> Path:
        """Where the files of a tenant lie."""
        return self.folder / str(tenant)

    async def receive(self, tenant: int, parts: AsyncIterator[bytes], *, most: int, said: int = 0) -> tuple[str, int]:
        """Write a stream to the disk; returns the file's id and size once it would survive a power cut.

        `said`: the bytes it claims to have. Raises TooLarge beyond `most` bytes, Unavailable when the disk is full.
        """
        folder = self.of(tenant)
        await asyncio.to_thread(_private, folder)
        _room(folder, said)
        path = folder / new_id()
        try:
            with await asyncio.to_thread(_new, path) as handle:
                size = await _write(handle, parts, folder, most)
                await asyncio.to_thread(_to_disk, handle, folder)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path.name, size

    async def keep(self, tx: Transaction, id_: str, name: str, size: int, *, by: str) -> Upload:
        """Remember a received file under what its sender calls it."""
        row = await tx.row(
            "insert into sightline.uploads (tenant, id, name, bytes, made_by) values (:t, :id, :name, :bytes, :by)"
            " returning id, name, bytes, made_at",
            t=tx.tenant, id=id_, name=name, bytes=size, by=by,
        )  # fmt: skip
        return self._upload(tx, row)

    async def link(self, upload: Upload, file: Path) -> None:
        """Let a file of this machine stand for a kept upload without copying it: a second name for the same bytes, or
        a reference where the file system gives none. Only for whoever may read the whole disk; never for a path that
        was sent in.
        """
        await asyncio.to_thread(_private, upload.path.parent)
        await asyncio.to_thread(_link, upload.path, file)

    async def get(self, tx: Transaction, id_: str) -> Upload:
        """A file that waits. Raises NotFound."""
        row = await tx.row(
            "select id, name, bytes, made_at from sightline.uploads where tenant = :t and id = :id",
            t=tx.tenant, id=id_,
        )  # fmt: skip
        found = None if row is None else self._upload(tx, row)
        if found is None or not await asyncio.to_thread(found.path.is_file):
            raise NotFound(
                f"There is no uploaded file '{id_}'.",
                hint=f"A file is kept until it was imported, {KEPT_DAYS} days at most. Send it again: POST /v1/files.",
            )
        return found

    async def hold(self, tx: Transaction, id_: str) -> Upload:
        """A file that waits, locked to the end of the transaction. Raises NotFound."""
        await tx.run(
            "select from sightline.uploads where tenant = :t and id = :id for update", t=tx.tenant, id=id_
        )  # fmt: skip
        return await self.get(tx, id_)

    async def remove(self, tx: Transaction, id_: str) -> None:
        """Forget a file; its bytes are gone at the commit."""
        await tx.run("delete from sightline.uploads where tenant = :t and id = :id", t=tx.tenant, id=id_)
        path = self.of(int(tx.tenant or 0)) / id_

        async def unlink(_: Transaction) -> None:
            path.unlink(missing_ok=True)

        tx.at_last(unlink)

    async def sweep(self, tx: Transaction, *, now: datetime) -> int:
        """Remove what waited too long and no job will read, and what no row names; returns how many files."""
        rows = await tx.rows(
            "delete from sightline.uploads u where tenant = :t and made_at < now() - make_interval(days => :days)"
            " and not exists (select from sightline.jobs j where j.tenant = :t and j.file = u.id"
            " and j.state in ('waiting', 'running')) returning id",
            t=tx.tenant, days=KEPT_DAYS,
        )  # fmt: skip
        kept = await tx.rows("select id from sightline.uploads where tenant = :t", t=tx.tenant)
        folder, names = self.of(int(tx.tenant or 0)), {row["id"] for row in kept}
        gone = {row["id"] for row in rows}
        return await asyncio.to_thread(_clear, folder, gone, names, now.timestamp() - ABANDONED_SECONDS)

    def _upload(self, tx: Transaction, row: Any) -> Upload:
        return Upload(**row, path=self.of(int(tx.tenant or 0)) / row["id"])


def new_id() -> str:
    """The name under which a file is to lie."""
    return secrets.token_hex(16)


def plain_name(text: str) -> str:
    """What a sender calls a file, without the folders it may name. Raises Invalid for none, and for what is no name."""
    name = text.replace("\\", "/").rpartition("/")[2].strip()
    if name in {"", ".", ".."} or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(
            f"{text[:80]!r} is no name of a file.",
            hint=f"Send ?name=orders.csv: at most {LONGEST_NAME} characters, all of them printable.",
        )
    return name


def too_large(most: int) -> TooLarge:
    """The error of a file with more than `most` bytes."""
    return TooLarge(
        f"The file has more than the {most:,} bytes allowed.",
        hint="Compress it (gzip, zstd), send it in parts, or raise SIGHTLINE_HTTP__MAX_FILE.",
    )


async def _write(handle: IO[bytes], parts: AsyncIterator[bytes], folder: Path, most: int) -> int:
    size, looked = 0, 0
    gathered = bytearray()
    async for part in parts:
        size += len(part)
        if size > most:
            raise too_large(most)
        gathered += part
        if len(gathered) >= _GATHER:
            await asyncio.to_thread(handle.write, bytes(gathered))
            gathered.clear()
        if size - looked >= _LOOK_EVERY:
            _room(folder, 0)
            looked = size
    await asyncio.to_thread(handle.write, bytes(gathered))
    return size


def _room(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if free - wanted < SPARE:
        raise Unavailable(
            f"The disk has {free:,} bytes free; {SPARE:,} of them are kept for the database.",
            hint="Free some room where the home folder lies, then send the file again.",
        )


def _private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _new(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _link(path: Path, file: Path) -> None:
    there = file.resolve()
    try:
        path.hardlink_to(there)
    except OSError:
        # Another file system, one without links, or somebody else's file, which may not be linked.
        path.symlink_to(there)


def _to_disk(handle: IO[bytes], folder: Path) -> None:
    handle.flush()
    os.fsync(handle.fileno())
    # The name of a new file is only on disk once its folder is.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _clear(folder: Path, gone: set[str], kept: set[str], before: float) -> int:
    if not folder.is_dir():
        return 0
    old = [
        path for path in folder.iterdir()
        if path.name in gone or (path.name not in kept and path.lstat().st_mtime < before)
    ]  # fmt: skip
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
