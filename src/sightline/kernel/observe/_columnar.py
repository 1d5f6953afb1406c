"""Parquet, batch by batch."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sightline.kernel.observe.table import Dialect, Row, Rows, Table
from sightline.language.errors import Invalid

BATCH = 4_096
"""Rows decoded at a time."""


def open_parquet(path: Path, dialect: Dialect) -> Table:
    """Open a Parquet file. Raises Invalid when it is cut short or damaged."""
    try:
        with pq.ParquetFile(path) as file:
            columns = tuple(file.schema_arrow.names)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from None

    def read() -> Rows:
        try:
            yield from _rows(path, columns)
        except pa.ArrowException as error:
            raise _damaged(path, error) from None

    return Table(path=path, columns=columns, dialect=dialect, read=read)


def _damaged(path: Path, error: Exception) -> Invalid:
    return Invalid(f"'{path.name}' is a damaged Parquet file: {error}", hint="Export or copy it again.")


def _rows(path: Path, columns: tuple[str, ...]) -> Rows:
    number = 0
    # Buffered, not prefetched: otherwise a whole row group, often the whole file, is held at once.
    with pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False) as file:
        for batch in file.iter_batches(batch_size=BATCH):
            texts = [_texts(column) for column in batch.columns]
            for values in zip(*texts, strict=True):
                number += 1
                yield Row(number, dict(zip(columns, values, strict=True)))


def _texts(column: Any) -> list[str]:
    write = _writer(column.type)
    return ["" if value is None else write(value) for value in column.to_pylist()]


def _writer(kind: Any) -> Callable[[Any], str]:
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind) or pa.types.is_time(kind):
        return _moment
    if pa.types.is_boolean(kind):
        return lambda value: "true" if value else "false"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return lambda value: value.decode("utf-8", "backslashreplace")
    if pa.types.is_nested(kind):
        return lambda value: json.dumps(value, default=str, ensure_ascii=False)
    return str


def _moment(value: date | datetime) -> str:
    return value.isoformat()
