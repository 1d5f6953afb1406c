"""A Slack: a real server on a real socket that speaks its protocol: methods, incoming webhooks, response URLs, signed
presses. What it is sent is held to the limits that Slack's own library knows.
"""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
import uvicorn
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

TOKEN = "xoxb-1234567890-abcdefghijklmnop"
SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"
CHANNEL = "C0123456789"
TEAM = "T0123456789"
ANNA, BOB = "U0ANNA00000", "U0BOB000000"
HOOK = "/services/T0000/B0000/hidden-in-the-address"


@dataclass(slots=True)
class Message:
    """One in the channel, as people see it."""

    ts: str
    text: str
    blocks: list[dict[str, Any]]
    changed: int = 0

    def button(self, name: str) -> tuple[str, dict[str, Any]]:
        """The block and the element called so. Raises StopIteration: there is none."""
        actions = next(one for one in self.blocks if one["type"] == "actions")
        return actions["block_id"], next(one for one in actions["elements"] if one["action_id"] == name)

    def words(self) -> str:
        """All that stands in it."""
        return json.dumps(self.blocks, ensure_ascii=False)


@dataclass(slots=True)
class Slack:
    """What happened in it, and what it answers where it is told to answer otherwise."""

    base: str
    messages: list[Message] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    """What somebody alone was told."""
    windows: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    answer: Callable[[], Response | None] = field(default=lambda: None)
    _sent: dict[str, Message] = field(default_factory=dict)
    _triggers: set[str] = field(default_factory=set)
    _used: dict[str, int] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Of its channel, as a destination has it."""
        return f"slack:{CHANNEL}?api={self.base}/api/"

    @property
    def hook(self) -> str:
        """Of an incoming webhook."""
        return self.base + HOOK

    async def call(self, request: Request) -> Response:
        """A method."""
        name, body = request.path_params["method"], await request.json()
        self.calls.append((name, body, dict(request.headers)))
        if (said := self.answer()) is not None:
            return said
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _no("invalid_auth")
        if not request.headers["content-type"].startswith("application/json"):
            return _no("invalid_arguments")
        return {"chat.postMessage": self._post, "chat.update": self._update, "views.open": self._open}[name](body)

    def _post(self, body: dict[str, Any]) -> Response:
        if body["channel"] != CHANNEL:
            return _no("channel_not_found")
        if not fits(body):
            return _no("invalid_blocks")
        known = self._sent.get(body["client_msg_id"])
        if known is None:
            known = self._sent[body["client_msg_id"]] = self._say(body)
        return JSONResponse({"ok": True, "channel": CHANNEL, "ts": known.ts, "message": {"text": known.text}})

    def _update(self, body: dict[str, Any]) -> Response:
        known = next((one for one in self.messages if one.ts == body["ts"]), None)
        if known is None or body["channel"] != CHANNEL:
            return _no("message_not_found")
        if not fits(body):
            return _no("invalid_blocks")
        known.text, known.blocks, known.changed = body["text"], body["blocks"], known.changed + 1
        return JSONResponse({"ok": True, "channel": CHANNEL, "ts": known.ts, "text": known.text})

    def _open(self, body: dict[str, Any]) -> Response:
        if body["trigger_id"] not in self._triggers:
            return _no("invalid_trigger_id")
        self._triggers.remove(body["trigger_id"])
        View(**body["view"]).validate_json()
        self.windows.append(body["view"])
        return JSONResponse({"ok": True, "view": {"id": f"V{len(self.windows)}"}})

    async def take(self, request: Request) -> Response:
        """What is posted to the incoming webhook."""
        body = await request.json()
        self.calls.append(("hook", body, dict(request.headers)))
        if (said := self.answer()) is not None:
            return said
        if request.url.path != HOOK:
            return PlainTextResponse("no_service", 404)
        if not fits(body):
            return PlainTextResponse("invalid_blocks", 400)
        self._say(body)
        return PlainTextResponse("ok")

    async def hear(self, request: Request) -> Response:
        """What is posted to a response URL: five times at most."""
        id_, body = request.path_params["id"], await request.json()
        self._used[id_] = self._used.get(id_, 0) + 1
        if self._used[id_] > 5:
            return PlainTextResponse("used_url", 404)
        if body.get("replace_original"):
            if not fits(body):
                return PlainTextResponse("invalid_blocks", 400)
            (known,) = [one for one in self.messages if one.ts == id_.partition("-")[0]]
            known.text, known.blocks, known.changed = body["text"], body["blocks"], known.changed + 1
        else:
            assert body["response_type"] == "ephemeral"
            self.aside.append(body["text"])
        return PlainTextResponse("ok")

    def _say(self, body: dict[str, Any]) -> Message:
        made = Message(ts=f"1700000000.{len(self.messages):06}", text=body["text"], blocks=body["blocks"])
        self.messages.append(made)
        return made

    def pressed(self, message: Message, name: str, who: str, *, option: int | None = None) -> dict[str, Any]:
        """The payload of a press on something of a message."""
        block, element = message.button(name)
        trigger = f"trigger-{len(self._triggers)}-{time.monotonic_ns()}"
        self._triggers.add(trigger)
        action = {"type": element["type"], "action_id": name, "block_id": block, "action_ts": "1"}
        if option is not None:
            action["selected_option"] = element["options"][option]
        if "value" in element:
            action["value"] = element["value"]
        return {
            "type": "block_actions", "user": {"id": who, "username": "x", "name": "x", "team_id": TEAM},
            "team": {"id": TEAM, "domain": "us"}, "api_app_id": "A1", "token": "verification",
            "container": {"type": "message", "message_ts": message.ts, "channel_id": CHANNEL},
            "trigger_id": trigger, "response_url": f"{self.base}/response/{message.ts}-{time.monotonic_ns()}",
            "actions": [action],
        }  # fmt: skip

    def submitted(self, who: str, why: str) -> dict[str, Any]:
        """The payload of the last window, sent off with a reason."""
        view = self.windows[-1]
        state = {"values": {"why": {"why": {"type": "plain_text_input", "value": why}}}}
        return {
            "type": "view_submission", "user": {"id": who, "team_id": TEAM}, "team": {"id": TEAM, "domain": "us"},
            "view": {"id": "V1", "type": "modal", "callback_id": view["callback_id"], "state": state,
                     "private_metadata": view["private_metadata"]},
        }  # fmt: skip


def fits(body: dict[str, Any]) -> bool:
    """Whether it is within Slack's limits, by its own library, and says in plain text what its blocks say."""
    blocks = body["blocks"]
    try:
        for one in Block.parse_all(blocks):
            one.validate_json()
    except SlackObjectFormationError:
        return False
    return 0 < len(blocks) <= 50 and 0 < len(body["text"]) <= 4_000


async def send(
    client: httpx.AsyncClient, path: str, payload: Any, *, secret: str = SIGNING, at: float | None = None
) -> httpx.Response:
    """Post a payload as Slack does, signed by its own library."""
    body = urlencode({"payload": json.dumps(payload)}) if isinstance(payload, dict) else payload
    sent = str(int(time.time() if at is None else at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=sent, body=body)
    headers = {
        "content-type": "application/x-www-form-urlencoded", "x-slack-request-timestamp": sent,
        "x-slack-signature": str(signature), "authorization": "",
    }  # fmt: skip
    return await client.post(path, content=body, headers=headers)


def _no(error: str) -> Response:
    return JSONResponse({"ok": False, "error": error})


@asynccontextmanager
async def slacking() -> AsyncIterator[Slack]:
    """A Slack on a free port of loopback while the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = Slack(base=f"http://127.0.0.1:{listening.getsockname()[1]}")
        routes = [
            Route("/api/{method}", found.call, methods=["POST"]),
            Route("/services/{path:path}", found.take, methods=["POST"]),
            Route("/response/{id}", found.hear, methods=["POST"]),
        ]
        app = Starlette(routes=routes)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", access_log=False))
        serving = asyncio.ensure_future(server.serve(sockets=[listening]))
        try:
            yield found
        finally:
            server.should_exit = server.force_exit = True
            await serving
