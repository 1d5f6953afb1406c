"""`POST /v1/events`: the hot path. Plain Starlette and msgspec; the intake groups what arrives together."""

from __future__ import annotations

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sightline.foundation.identity import Right
from sightline.interfaces.rest.bodies import whole
from sightline.interfaces.rest.context import rest_of
from sightline.kernel.observe.cloudevents import NDJSON, as_events, decode
from sightline.language.errors import Invalid

SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
MEDIA = (SINGLE, BATCH, "application/json", *NDJSON)

_encode = msgspec.json.Encoder().encode


async def post_events(request: Request) -> Response:
    """Record one event or many; answers when they are on disk."""
    rest = rest_of(request)
    caller = await rest.admit(request, Right.RECORD)
    media = _media(request)
    body = await whole(request, rest.desk.settings.http.max_body)
    now = rest.now(caller)
    events = as_events(decode(body, media), now=now)
    accepted = await rest.intake.accept(caller.tenant.number, events, at=now)
    rest.telemetry.recorded.inc(accepted.recorded)
    if accepted.repeated:
        rest.telemetry.repeated.inc(accepted.repeated)
    return Response(_encode(accepted), media_type="application/json")


def _media(request: Request) -> str:
    if request.headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(415, "Compressed bodies are not read. Send it as it is.")
    media = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media in MEDIA:
        return media
    if "ce-id" in request.headers:
        raise Invalid("CloudEvents in binary mode (ce- headers) are not read.", hint=f"Send '{SINGLE}'.")
    raise HTTPException(415, f"'{media[:80]}' is not read here. Send one of: {', '.join(MEDIA)}.")
