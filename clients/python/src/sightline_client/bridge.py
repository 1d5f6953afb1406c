"""The application in the same process, for the client that blocks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
from anyio.from_thread import BlockingPortal

__all__ = ["InProcess"]


class InProcess(httpx2.BaseTransport):
    """Calls an ASGI application in the event loop of a portal (`anyio.from_thread.start_blocking_portal`).

    The application must have been opened in that same loop. Answers come whole: the live stream needs a socket.
    """

    def __init__(self, app: Any, portal: BlockingPortal) -> None:
        self._inner = httpx2.ASGITransport(app, raise_app_exceptions=False)
        self._portal = portal

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request from another thread than the loop's."""
        assert isinstance(request.stream, httpx2.SyncByteStream)
        inside = httpx2.Request(
            request.method, request.url, headers=request.headers, stream=_Pieces(iter(request.stream)),
            extensions=request.extensions,
        )  # fmt: skip
        response, content = self._portal.call(self._answer, inside)
        return httpx2.Response(response.status_code, headers=response.headers, stream=httpx2.ByteStream(content))

    async def _answer(self, request: httpx2.Request) -> tuple[httpx2.Response, bytes]:
        response = await self._inner.handle_async_request(request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        return response, b"".join([piece async for piece in response.stream])


class _Pieces(httpx2.AsyncByteStream):
    """A body that is read where it is sent."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
