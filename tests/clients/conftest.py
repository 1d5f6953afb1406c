"""The application on a real socket, and a server that does as it is told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
import uvicorn

from sightline.interfaces.rest import build
from sightline_client import Retries, Sightline
from tests.clients.script import Server, serving
from tests.interfaces.rest.conftest import Api, api

__all__ = ["api"]

T = TypeVar("T")
TOKEN = "slt_" + "k" * 43
AT_ONCE = Retries(first=0.001)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that answers what the test says."""
    with serving() as found:
        yield found


@pytest.fixture
def client(server: Server) -> Iterator[Sightline]:
    """A client of it that does not wait long."""
    with Sightline(server.url, token=TOKEN, workspace="acme", retries=AT_ONCE) as found:
        yield found


@dataclass(frozen=True, slots=True)
class Served:
    """The application behind a socket."""

    url: str
    api: Api

    async def blocking(self, work: Callable[[Sightline], T], **more: Any) -> T:
        """Do something with the client that blocks, beside the event loop that answers it."""

        def inside() -> T:
            with Sightline(self.url, token=self.api.token, **more) as client:
                return work(client)

        return await asyncio.to_thread(inside)


@pytest.fixture
async def served(api: Api) -> AsyncIterator[Served]:
    """The application over a workspace nobody has used, on a free port."""
    door = socket.create_server(("127.0.0.1", 0))
    uvicorn_server = uvicorn.Server(
        uvicorn.Config(build(api.rest), http="httptools", log_config=None, access_log=False, lifespan="off")
    )
    running = asyncio.ensure_future(uvicorn_server.serve(sockets=[door]))
    yield Served(f"http://127.0.0.1:{door.getsockname()[1]}", api)
    uvicorn_server.should_exit = True
    await running
    door.close()
