"""The lake: the ledger as columns, for reading much at once.

Parquet files below `lake/<tenant>/ledger/`; the manifest is a table, so a file is in the lake exactly when the
transaction that names it and moves the writer's cursor has committed: each event is there once, whatever dies when.
Every tenant is read through a connection of its own that can open nothing but that tenant's folder.
"""

from __future__ import annotations

import os
from collections.abc import Container, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sightline.foundation.db.session import Transaction
from sightline.language.derived import RETRACTED
from sightline.language.errors import Misconfigured
from sightline.language.event import Event

if TYPE_CHECKING:
    import polars as pl

SMALL_ROWS = 250_000
"""A file below this many rows is worth merging with its neighbours."""

MERGE_FROM = 8
"""Small files in a row that trigger a merge."""

GROUP_ROWS = 50_000
"""Rows a reader of a file takes at a time."""

KEPT_SECONDS = 3_600
"""How long a file that no longer counts is kept."""

_COLUMNS = "position, source, id, root, type, kind, key, time, known_at, retracted, data"


class Lake:
    """The columnar copy of every tenant's ledger under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def folder_of(self, tenant: int) -> Path:
        """Where a tenant's files lie; nothing of another tenant does."""
        return self.folder / str(tenant) / "ledger"

    async def write(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Add events (in position order) as one file; it counts once the transaction commits."""
        if events:
            span = events[0].position, events[-1].position
            await self._add(tx, as_frame(events).lazy(), *span, rows=len(events))

    async def _add(self, tx: Transaction, frame: pl.LazyFrame, first: int | None, last: int | None, rows: int) -> None:
        name = f"{first:015d}-{last:015d}-{os.urandom(4).hex()}.parquet"
        path = self.folder_of(_tenant(tx)) / name
        size = _write_file(frame, path)
        await tx.run(
            "insert into sightline.lake_files (tenant, path, first, last, rows, bytes)"
            " values (:t, :path, :first, :last, :rows, :bytes)",
            t=tx.tenant, path=name, first=first, last=last, rows=rows, bytes=size,
        )  # fmt: skip

    async def read(self, tx: Transaction, *, columns: str = _COLUMNS) -> pl.DataFrame:
        """A tenant's whole ledger as one frame, ordered by position (columns as in the module's `_COLUMNS`).

        Raises Misconfigured when a file is gone.
        """
        import duckdb
        import polars as pl

        paths = _present([self.folder_of(_tenant(tx)) / row["path"] for row in await self._manifest(tx)])
        if not paths:
            return as_frame(())
        with duckdb.connect(":memory:") as connection:
            connection.execute("set timezone = 'UTC'")
            folder = str(self.folder_of(_tenant(tx))).replace("'", "''")
            connection.execute(f"set allowed_directories = ['{folder}']")
            connection.execute("set enable_external_access = false")
            connection.execute("set lock_configuration = true")
            query = f"select {columns} from read_parquet($paths) order by position"
            return cast(
                "pl.DataFrame",
                pl.from_arrow(connection.sql(query, params={"paths": [str(path) for path in paths]}).to_arrow_table()),
            )

    async def held(self, tx: Transaction) -> tuple[int, int]:
        """How many events are in it, and the position of the last; no file is opened."""
        files = await self._manifest(tx)
        return sum(row["rows"] for row in files), max((row["last"] for row in files), default=0)

    async def compact(self, tx: Transaction) -> int:
        """Merge neighbouring small files; returns how many files went into the merge (0: nothing to do).

        Each holds the positions that follow those of the one before it, so they are put end to end, unread as a whole.
        Raises Misconfigured when one of them is gone.
        """
        import polars as pl

        small = [row for row in await self._manifest(tx) if row["rows"] < SMALL_ROWS]
        if len(small) < MERGE_FROM:
            return 0
        folder = self.folder_of(_tenant(tx))
        frame = pl.concat([pl.scan_parquet(path) for path in _present([folder / row["path"] for row in small])])
        await self._replaced(tx, [row["path"] for row in small])
        await self._add(tx, frame, small[0]["first"], small[-1]["last"], rows=sum(row["rows"] for row in small))
        return len(small)

    async def forget(self, tx: Transaction) -> None:
        """Let no file count any more: whoever writes the lake next begins anew."""
        await self._replaced(tx, [row["path"] for row in await self._manifest(tx)])

    async def _replaced(self, tx: Transaction, paths: Sequence[str]) -> None:
        await tx.run(
            "update sightline.lake_files set replaced_at = now() where tenant = :t and path = any(:paths)",
            t=tx.tenant, paths=paths,
        )  # fmt: skip

    async def sweep(self, tx: Transaction) -> int:
        """Delete files that were replaced KEPT_SECONDS ago (until then a reader may have them open), and those that
        no transaction ever named. Whatever replaced them is committed by then, so nothing that counts is lost.
        """
        rows = await tx.rows(
            "select path, replaced_at < now() - make_interval(secs => :kept) as old from sightline.lake_files"
            " where tenant = :t",
            t=tx.tenant, kept=KEPT_SECONDS,
        )  # fmt: skip
        named, folder = {row["path"] for row in rows}, self.folder_of(_tenant(tx))
        replaced = [folder / row["path"] for row in rows if row["old"]]
        gone = [*replaced, *_left_behind(folder, named)]
        for path in gone:
            path.unlink(missing_ok=True)
        await tx.run(
            "delete from sightline.lake_files where tenant = :t and path = any(:paths)",
            t=tx.tenant, paths=[path.name for path in replaced],
        )  # fmt: skip
        return len(gone)

    async def _manifest(self, tx: Transaction) -> Sequence[Any]:
        return await tx.rows(
            "select path, first, last, rows from sightline.lake_files where tenant = :t and replaced_at is null"
            " order by first",
            t=tx.tenant,
        )


def _present(paths: list[Path]) -> list[Path]:
    missing = [path.name for path in paths if not path.exists()]
    if missing:
        raise Misconfigured(
            f"The lake lacks {len(missing)} of its {len(paths)} files, such as {missing[0]}.",
            hint="Run `sightline rebuild`: it is written again from the ledger.",
        )
    return paths


def _left_behind(folder: Path, named: Container[str]) -> list[Path]:
    """Files without a row, KEPT_SECONDS older than the newest: the transaction that wrote them has long failed."""
    ages = {path: path.stat().st_mtime for path in folder.glob("*.parquet*")}
    newest = max(ages.values(), default=0.0)
    return [path for path, at in ages.items() if path.name not in named and at < newest - KEPT_SECONDS]


def _tenant(tx: Transaction) -> int:
    if tx.tenant is None:
        raise ValueError("the lake is read and written inside a tenant's transaction")
    return tx.tenant


def as_frame(events: Sequence[Event]) -> pl.DataFrame:
    """Events (with positions) in the lake's columns."""
    import msgspec
    import polars as pl

    moment = pl.Datetime("us", "UTC")
    return pl.DataFrame(
        {
            "position": pl.Series([e.position for e in events], dtype=pl.Int64),
            "source": pl.Series([e.source for e in events], dtype=pl.String),
            "id": pl.Series([e.id for e in events], dtype=pl.String),
            "root": pl.Series([e.revises or e.id for e in events], dtype=pl.String),
            "type": pl.Series([e.type for e in events], dtype=pl.String),
            "kind": pl.Series([e.subject.kind for e in events], dtype=pl.String),
            "key": pl.Series([e.subject.key for e in events], dtype=pl.String),
            "time": pl.Series([e.time for e in events], dtype=moment),
            "known_at": pl.Series([e.known_at for e in events], dtype=moment),
            "retracted": pl.Series([e.type == RETRACTED for e in events], dtype=pl.Boolean),
            "data": pl.Series([msgspec.json.encode(e.data).decode() for e in events], dtype=pl.String),
        }
    )


def _write_file(frame: pl.LazyFrame, path: Path) -> int:
    """Write beside, rename, each made durable: no reader meets half a file, no commit names one that a power cut
    takes away. Returns its size in bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".parquet.part")
    frame.sink_parquet(beside, compression="zstd", row_group_size=GROUP_ROWS)
    with beside.open("rb+") as handle:
        os.fsync(handle.fileno())
    beside.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return path.stat().st_size
