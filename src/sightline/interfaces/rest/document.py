"""The OpenAPI document: what FastAPI knows, the hot path it does not know, and problem documents for all errors."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from sightline.interfaces.rest import examples, models, principal_examples
from sightline.interfaces.rest.events import BATCH, SINGLE
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
    "413": "More than the stated limit.",
    "415": "A media type that is not read.",
    "409": "It stands against what there is; the detail says what to do first.",
    "422": "Too little history to answer.",
    "429": "More often than is allowed; `Retry-After` says when to come back.",
    "503": "Something that is needed does not answer; `Retry-After` says when to come back.",
}
_EVERY = ("400", "401", "403", "429", "503")
_NAMED = (*_EVERY, "404")
_ANSWERS = {**examples.ANSWERS, **principal_examples.ANSWERS}


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
    """Name the problems an operation may answer with, and show what it takes and answers."""
    operation["operationId"] = operation["operationId"].partition("_v1_")[0]
    responses = operation["responses"]
    responses.pop("422", None)
    responses.update({status: _problem(status) for status in _statuses(path, method)})
    key = path if method == "get" else f"{method.upper()} {path}"
    for answer in (responses.get("200"), responses.get("201")):
        if answer and key in _ANSWERS:
            answer["content"]["application/json"]["example"] = _ANSWERS[key]
    if key in principal_examples.REQUESTS:
        operation["requestBody"]["content"]["application/json"]["examples"] = principal_examples.REQUESTS[key]


def _statuses(path: str, method: str) -> tuple[str, ...]:
    if path.startswith("/v1/health"):
        return ("503",) if path.endswith("ready") else ()
    if method != "get":
        return (*_NAMED, "409") if "{" in path else (*_EVERY, "409")
    return (*_NAMED, "422") if "{" in path else _EVERY


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
            **{status: _problem(status) for status in ("400", "401", "403", "413", "415", "503")},
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
