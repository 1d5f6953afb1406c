"""What leaves for a connection in one moment leaves in one write: an answer's head and body are one packet, not two."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

Piece = bytes | bytearray | memoryview


class Gathering:
    """A transport that holds what is written until the event loop's next step."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held: list[Piece] = []

    def __getattr__(self, name: str) -> Any:
        """All that is not about writing is the transport's own."""
        return getattr(self._transport, name)

    def write(self, data: Piece) -> None:
        """Let it leave with what else is written in this step."""
        if not self._held:
            self._loop.call_soon(self._leave)
        self._held.append(data)

    def close(self) -> None:
        """Close, behind what was written."""
        self._leave()
        self._transport.close()

    def _leave(self) -> None:
        held, self._held = self._held, []
        if held:
            self._transport.write(held[0] if len(held) == 1 else b"".join(held))


class Protocol(HttpToolsProtocol):
    """HTTP on a connection that gathers."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection came in."""
        super().connection_made(cast("asyncio.Transport", Gathering(transport, self.loop)))
