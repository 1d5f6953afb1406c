"""A destination of webhooks: a real server on a real socket, which verifies what it gets as Standard Webhooks' own
library does, and answers as it is told.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from standardwebhooks import Webhook as Standard
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass(slots=True)
class Got:
    """One message that arrived."""

    name: str
    data: dict[str, Any]
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Receiver:
    """What arrived, in order, and what it answers with."""

    url: str
    secret: str = ""
    got: list[Got] = field(default_factory=list)
    answer: Callable[[Got], Response] = field(default=lambda got: Response(status_code=204))
    slow: float = 0.0

    async def take(self, request: Request) -> Response:
        """Verify, keep and answer."""
        body = await request.body()
        headers = dict(request.headers)
        said = Standard(self.secret).verify(body, headers)
        got = Got(name=headers["webhook-id"], data=said["data"], headers=headers, body=body)
        self.got.append(got)
        if self.slow:
            await asyncio.sleep(self.slow)
        return self.answer(got)

    def arrived(self) -> list[tuple[str, str]]:
        """The names and texts of what arrived."""
        return [(one.name, one.data["text"]) for one in self.got]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver on a free port of loopback while the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = Receiver(url=f"http://127.0.0.1:{listening.getsockname()[1]}/in")
        app = Starlette(routes=[Route("/in", found.take, methods=["POST"])])
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", access_log=False))
        serving = asyncio.ensure_future(server.serve(sockets=[listening]))
        try:
            yield found
        finally:
            server.should_exit = server.force_exit = True
            await serving
