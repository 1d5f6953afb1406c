"""`POST /v1/in/{address}`: where other systems post. Public, for a message proves by itself who sent it."""

from __future__ import annotations

import re

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sightline.interfaces.rest.bodies import whole
from sightline.interfaces.rest.context import rest_of
from sightline.kernel.observe.hooks import PATH

IN = re.compile(re.escape(PATH) + "(?P<address>[^/]+)")

_encode = msgspec.json.Encoder().encode


async def receive_hook(request: Request) -> Response:
    """Take a message; answers when it is on disk."""
    rest = rest_of(request)
    if request.headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(415, "Compressed bodies are not read. Send it as it is.")
    media = request.headers.get("content-type", "").strip().lower()

    async def read() -> bytes:
        return await whole(request, rest.desk.settings.http.max_hook_body)

    taken = await rest.hooks.receive(request.path_params["address"], media, request.headers, read)
    rest.telemetry.recorded.inc(taken.events)
    return Response(_encode(taken), media_type="application/json")


POSTED = Route(f"{PATH}{{address}}", receive_hook, methods=["POST"])
