"""A workflow of Teams: a real server on a real socket, which takes cards as a workflow does that begins when a webhook
request is received: 202 and nothing else, and no word about what is wrong with a card.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PATH = "/workflows/0f0f/triggers/manual/paths/invoke"
SIGNATURE = "hidden-signature-of-the-address"

LOOKS = {"weight", "size", "isSubtle"}
ELEMENTS = {
    "RichTextBlock": {"type", "inlines", "separator"},
    "TextRun": {"type", "text", *LOOKS},
    "FactSet": {"type", "facts"},
    "Action.OpenUrl": {"type", "title", "url", "style"},
}
"""Of Adaptive Cards 1.4 (https://adaptivecards.io/explorer) what we send, each with what may stand in it."""


@dataclass(slots=True)
class Workflow:
    """What arrived, in order."""

    base: str
    cards: list[dict[str, Any]] = field(default_factory=list)
    answer: Callable[[], Response | None] = field(default=lambda: None)

    @property
    def url(self) -> str:
        """Its address, which is a secret."""
        return f"{self.base}{PATH}?api-version=1&sp=%2Ftriggers&sv=1.0&sig={SIGNATURE}"

    async def take(self, request: Request) -> Response:
        """Take a card."""
        if (said := self.answer()) is not None:
            return said
        if request.query_params.get("sig") != SIGNATURE:
            error = {"code": "SecurityTokenInvalid", "message": f"No {request.url}"}
            return JSONResponse({"error": error}, 401)
        body = await request.body()
        assert 2 * len(body.decode()) <= 28 * 1024
        said_ = json.loads(body)
        (attached,) = said_["attachments"]
        assert (said_["type"], attached["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
        check(attached["content"])
        self.cards.append(attached["content"])
        return Response(status_code=202)


def check(card: dict[str, Any]) -> None:
    """Whether it is a card of a version that Teams shows, of elements that this version knows."""
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert card.keys() <= {"$schema", "type", "version", "fallbackText", "msteams", "body", "actions"}
    runs = [run for one in card["body"] if one["type"] == "RichTextBlock" for run in one["inlines"]]
    for one in (*card["body"], *runs, *card["actions"]):
        assert one.keys() <= ELEMENTS[one["type"]], one
    assert all(run["text"] for run in runs)
    assert all(one["url"].startswith("https://") for one in card["actions"])
    assert len(card["actions"]) <= 6


def words(card: dict[str, Any]) -> str:
    """All that stands in a card."""
    return json.dumps(card, ensure_ascii=False)


@asynccontextmanager
async def flowing() -> AsyncIterator[Workflow]:
    """A workflow on a free port of loopback while the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = Workflow(base=f"http://127.0.0.1:{listening.getsockname()[1]}")
        app = Starlette(routes=[Route(PATH, found.take, methods=["POST"])])
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", access_log=False))
        serving = asyncio.ensure_future(server.serve(sockets=[listening]))
        try:
            yield found
        finally:
            server.should_exit = server.force_exit = True
            await serving
