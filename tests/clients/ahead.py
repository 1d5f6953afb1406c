"""A document with every sort of route that the interface has or will have, and a client written from it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from tools.client.package import written

TEXT = {"type": "string"}
REF = "#/components/schemas/"


def shape(needed: dict[str, Any], **free: Any) -> dict[str, Any]:
    """An object."""
    return {"type": "object", "properties": {**needed, **free}, "required": list(needed)}


def answer(name: str, status: str = "200") -> dict[str, Any]:
    """One good answer."""
    return {status: {"description": "Good.", "content": {"application/json": {"schema": {"$ref": REF + name}}}}}


def route(responses: dict[str, Any], *parameters: tuple[str, str, Any], body: Any = None) -> dict[str, Any]:
    """An operation; parameters as (name, place, schema)."""
    told = [{"name": n, "in": place, "required": place == "path", "schema": one} for n, place, one in parameters]
    sent = {} if body is None else {"requestBody": {"required": True, "content": body}}
    return {"operationId": "x", "summary": "It.", "parameters": told, "responses": responses, **sent}


def json_body(name: str) -> dict[str, Any]:
    """A body of a named shape."""
    return {"application/json": {"schema": {"$ref": REF + name}}}


NOTHING = {"204": {"description": "Done."}}
LISTED = [("limit", "query", {"type": "integer"}), ("after", "query", TEXT), ("fields", "query", TEXT)]
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Ahead", "version": "1"},
    "paths": {
        "/v1/predictions": {"get": route(answer("Predictions"), ("question", "query", TEXT),
                                         ("rank", "query", {"$ref": REF + "Rank"}), *LISTED)},
        "/v1/files": {"post": route(answer("File", "201"), ("name", "query", TEXT),
                                    body={"application/octet-stream": {"schema": {}}})},
        "/v1/imports": {"post": route(answer("Job", "202"), body=json_body("Start"))},
        "/v1/jobs/{id}": {"get": route(answer("Job"), ("id", "path", TEXT))},
        "/v1/jobs/{id}/cancel": {"post": route(answer("Job", "202"), ("id", "path", TEXT))},
        "/v1/users/{name}": {"patch": route(answer("User"), ("name", "path", TEXT), body=json_body("Change")),
                             "delete": route(NOTHING, ("name", "path", TEXT))},
        "/v1/keys": {"post": route(answer("Key", "201"), body=json_body("User"))},
        "/v1/session": {"post": route(NOTHING, body={"application/json": {"schema": {"anyOf": [
            {"$ref": REF + "Key"}, {"$ref": REF + "Password"}]}}})},
        "/v1/me/password": {"put": route(NOTHING, body=json_body("Password"))},
        "/v1/stream": {"get": route({"200": {"description": "News.", "content": {"text/event-stream": {}}}})},
    },
    "components": {"schemas": {
        "Rank": {"type": "string", "enum": ["money", "day"]},
        "Prediction": shape({"subject": TEXT, "verb": {"type": "string", "enum": ["act", "ask"]}}),
        "Predictions": shape({"predictions": {"type": "array", "items": {"$ref": REF + "Prediction"}},
                              "next": {"anyOf": [TEXT, {"type": "null"}]}}),
        "File": shape({"id": TEXT, "bytes": {"type": "integer"}}),
        "Job": shape({"id": TEXT, "state": {"type": "string", "enum": ["waiting", "running", "done", "failed"]}},
                     done={"anyOf": [{"type": "integer"}, {"type": "null"}]},
                     problem={"anyOf": [{"$ref": REF + "Problem"}, {"type": "null"}]}),
        "Problem": shape({"detail": TEXT, "code": TEXT}, hint=TEXT),
        "Start": shape({"file": TEXT}, mapping={"anyOf": [{"type": "object"}, {"type": "null"}]}, text=TEXT),
        "User": shape({"name": TEXT, "role": {"type": "string", "enum": ["viewer", "owner"]}}),
        "Change": shape({}, role=TEXT, disabled={"anyOf": [{"type": "boolean"}, {"type": "null"}]}),
        "Key": shape({"token": TEXT, "code": {"anyOf": [TEXT, {"type": "null"}]}}),
        "Password": shape({"new": TEXT}, current={"anyOf": [TEXT, {"type": "null"}]}),
    }},
}  # fmt: skip


def generated(folder: Path) -> dict[str, ModuleType]:
    """The modules written from it, imported from a folder."""
    package = folder / "ahead_generated"
    package.mkdir()
    for name, text in written(DOCUMENT).items():
        (package / name).write_text(text.replace("sightline_client._generated", "ahead_generated"))
    return {name: _imported(name, package) for name in ("models", "api", "async_api")}


def _imported(name: str, package: Path) -> ModuleType:
    whole = "ahead_generated"
    if whole not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            whole, package / "__init__.py", submodule_search_locations=[str(package)]
        )
        assert spec is not None
        assert spec.loader is not None
        sys.modules[whole] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[whole])
    return importlib.import_module(f"{whole}.{name}")
