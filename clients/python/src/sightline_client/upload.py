"""A body that is sent in pieces and, where it can be read again, sent again."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import BinaryIO

import anyio.to_thread

__all__ = ["Body", "Content"]

Content = bytes | str | os.PathLike[str] | BinaryIO
"""What can be uploaded: bytes, the path of a file, or an open binary file."""

PIECE = 1 << 18
"""Bytes read at once."""


class Body:
    """One content, opened anew for each try. Raises OSError when the file cannot be read."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._file = None if isinstance(content, bytes | str | os.PathLike) else content
        self._start = self._file.tell() if self._file is not None and self._file.seekable() else 0

    @property
    def repeatable(self) -> bool:
        """Whether it can be read more than once."""
        return self._file is None or self._file.seekable()

    @property
    def length(self) -> int | None:
        """Bytes, where that is known before reading."""
        if isinstance(self._content, bytes):
            return len(self._content)
        if isinstance(self._content, str | os.PathLike):
            return Path(self._content).stat().st_size
        return self._rest(self._content) if self._content.seekable() else None

    def chunks(self) -> Generator[bytes]:
        """Its bytes from the start."""
        if isinstance(self._content, bytes):
            yield self._content
        elif isinstance(self._content, str | os.PathLike):
            with Path(self._content).open("rb") as file:
                yield from iter(lambda: file.read(PIECE), b"")
        else:
            yield from self._pieces(self._content)

    async def chunks_async(self) -> AsyncIterator[bytes]:
        """The same, awaited."""
        pieces = self.chunks()
        try:
            # Reading may wait for a disk: not in the event loop.
            while piece := await anyio.to_thread.run_sync(next, pieces, b""):
                yield piece
        finally:
            pieces.close()

    def _pieces(self, file: BinaryIO) -> Iterator[bytes]:
        if file.seekable():
            file.seek(self._start)
        yield from iter(lambda: file.read(PIECE), b"")

    def _rest(self, file: BinaryIO) -> int:
        end = file.seek(0, os.SEEK_END)
        file.seek(self._start)
        return end - self._start
