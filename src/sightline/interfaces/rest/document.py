"""The OpenAPI document: what FastAPI knows, the hot path it does not know, and problem documents for all errors."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from sightline.interfaces.rest import examples, models
from sightline.interfaces.rest.events import BATCH, SINGLE
from sightline.interfaces.rest.once import UPLOAD
from sightline.interfaces.rest.problems import MEDIA
from sightline.kernel.observe.cloudevents import MAX_BATCH, NAME, NDJSON

ABOUT = (
    "What happened goes in as CloudEvents; what is known, predicted and proved comes out. Errors are problem documents"
    " (RFC 9457) with a stable `code`. Send `Authorization: Bearer TOKEN`, or sign in for a cookie; name another"
    " workspace than the server's own in the header `Sightline-Workspace`."
)

PROBLEMS = {
    "400": "The input is wrong; the detail says what was allowed.",
    "401": "Not signed in, or with a token that is none of ours.",
    "403": "Known, but not allowed (or no such workspace).",
    "404": "There is no such thing; the detail names near misses.",
    "409": "It stands against what there is; or a call under the same `Idempotency-Key` is not answered yet.",
    "413": "More than the stated limit.",
    "415": "A media type that is not read.",
    "422": "Too little history to answer; or the `Idempotency-Key` belongs to another request.",
    "429": "More often than is allowed; `Retry-After` says when to come back.",
    "503": "Something that is needed does not answer; `Retry-After` says when to come back.",
}
_EVERYBODY = ("400", "401", "403", "429", "503")
_NAMED = (*_EVERYBODY, "404", "409", "422")
"""Where the path or a filter names something: it may be missing, broken, or have too little history."""
_UNSAFE = (*_NAMED, "413")


def described(app: FastAPI) -> FastAPI:
    """Let an application describe itself completely."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def _complete(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title="Sightline", version=version("sightline"), description=ABOUT, routes=app.routes, openapi_version="3.1.0"
    )
    schemas = made["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for model in (models.Problem, models.Recorded):
        schemas[model.__name__] = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas["CloudEvent"] = _EVENT
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            _finish(path, method, operation)
    made["paths"] = {"/v1/events": {"post": _post_events()}, **made["paths"]}
    return made


def _finish(path: str, method: str, operation: dict[str, Any]) -> None:
    """Name the problems an operation may answer with, what holds for all answers; show what it takes and gives."""
    operation["operationId"] = operation["operationId"].partition("_v1_")[0]
    responses = operation["responses"]
    responses.pop("422", None)
    responses.update({status: _problem(status) for status in _statuses(path, method)})
    good = next(answer for status, answer in responses.items() if status.startswith("2"))
    content = good.get("content", {}).get("application/json")
    key = path if method == "get" else f"{method.upper()} {path}"
    if key in examples.ANSWERS and content is not None:
        content["example"] = examples.ANSWERS[key]
    if key in examples.BODIES:
        operation["requestBody"]["content"]["application/json"]["examples"] = examples.BODIES[key]
    if UPLOAD in operation.get("requestBody", {}).get("content", {}):
        # Not kept to compare: a file that is sent again is another one.
        return
    if method != "get":
        operation.setdefault("parameters", []).append(_ONCE)
        good["headers"] = {"Idempotent-Replayed": _REPLAYED}
    elif content is not None:
        operation.setdefault("parameters", []).extend((_FIELDS, _IF_NONE_MATCH))
        good["headers"] = {"ETag": _ETAG}
        responses["304"] = {"description": "Nothing has changed since the ETag given.", "headers": {"ETag": _ETAG}}


def _statuses(path: str, method: str) -> tuple[str, ...]:
    if path.startswith("/v1/health"):
        return ("400", "503") if path.endswith("ready") else ("400",)
    if method != "get":
        return _UNSAFE
    return _NAMED if "{" in path or path == "/v1/predictions" else _EVERYBODY


_TEXT = {"type": "string"}
_ETAG = {"description": "Weak; the same while the answer says the same.", "schema": _TEXT}
_REPLAYED = {
    "description": "`true` where the call was carried out before and this is its first answer again.",
    "schema": _TEXT,
}
_FIELDS = {
    "name": "fields",
    "in": "query",
    "required": False,
    "description": "Members to keep of each item (of the answer, where it is no list), with commas; all when absent.",
    "schema": _TEXT,
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETag of an answer you have; 304 while it still holds.",
    "schema": _TEXT,
}
_ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Of your making, such as a UUID: sent again with it within a day, the call is not carried out again"
    " but answered as before.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


def _problem(status: str) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/Problem"}}
    if status in examples.PROBLEMS:
        content["example"] = examples.PROBLEMS[status]
    return {"description": PROBLEMS[status], "content": {MEDIA: content}}


def _post_events() -> dict[str, Any]:
    one = {"$ref": "#/components/schemas/CloudEvent"}
    many = {"type": "array", "items": one, "maxItems": MAX_BATCH}
    lines = {"schema": {"type": "string"}, "examples": {"lines": {"value": examples.LINES}}}
    return {
        "tags": ["events"],
        "operationId": "post_events",
        "summary": "Record events",
        "description": "One CloudEvent, a batch, or one a line (NDJSON). The answer comes when they are on disk. An"
        " event known by source and id adds nothing, so sending again is always safe. Where one event is wrong, nothing"
        " of the request is recorded and the problem's `index` names it.",
        "security": [{"HTTPBearer": []}, {"APIKeyCookie": []}],
        "parameters": [
            {
                "name": "Sightline-Workspace",
                "in": "header",
                "required": False,
                "description": "Workspace; the server's own when absent.",
                "schema": {"type": "string"},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                SINGLE: {"schema": one, "examples": {"one": {"value": examples.EVENT}}},
                BATCH: {"schema": many, "examples": {"batch": {"value": examples.BATCH}}},
                "application/json": {"schema": {"oneOf": [one, many]}, "example": examples.EVENT},
                NDJSON[0]: lines,
            },
        },
        "responses": {
            "200": {
                "description": "All of them are on disk.",
                "content": {
                    "application/json": {
                        "schema": {"$ref": "#/components/schemas/Recorded"},
                        "example": examples.RECORDED,
                    }
                },
            },
            **{status: _problem(status) for status in ("400", "401", "403", "413", "415", "429", "503")},
        },
    }


_WORD = {"type": "string", "minLength": 1, "maxLength": 256}
_SCALAR = {"type": ["string", "number", "boolean", "null"]}
_EVENT: dict[str, Any] = {
    "title": "CloudEvent",
    "description": "CloudEvents 1.0, structured mode. Other attributes are allowed and not kept.",
    "type": "object",
    "required": ["specversion", "id", "source", "type", "subject"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {**_WORD, "description": "Unique within the source."},
        "source": {**_WORD, "description": "Where it comes from; not 'sightline'."},
        "type": {**_WORD, "description": "What happened; not under 'sightline.'."},
        "subject": {
            "type": "string",
            "description": "To what: kind/key.",
            "pattern": "^[a-z][a-z0-9_]{0,62}/.{1,512}$",
        },
        "time": {"type": "string", "format": "date-time", "description": "When it happened; now when absent."},
        "knownat": {
            "type": "string",
            "format": "date-time",
            "description": "When the business could have known it; now when absent, never later.",
        },
        "revises": {**_WORD, "description": "The id (same source) of the event it corrects."},
        "cause": {"type": "string", "maxLength": 1024, "description": "source#id of the event that led to it."},
        "data": {
            "type": "object",
            "description": "Flat facts about the subject; references under 'links', role to kind/key.",
            "propertyNames": {"maxLength": NAME},
            "properties": {"links": {"type": "object", "additionalProperties": {"type": "string"}}},
            "additionalProperties": _SCALAR,
        },
    },
}
