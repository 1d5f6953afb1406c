"""What a caller gives: parameters, and bodies as arguments where their members are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tools.client.annotations import Node, given, optional
from tools.client.answers import resolved
from tools.client.names import identifier

BY_CLIENT = {"sightline-workspace", "idempotency-key", "if-none-match", "authorization", "last-event-id"}
"""Headers that the client sends by itself."""
BODIES = ("application/cloudevents-batch+json", "application/json", "application/octet-stream", "*/*")
"""Media types in the order of preference."""
Place = Literal["path", "query", "json", "content"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One thing a caller may give."""

    name: str
    wire: str
    """Its name in the request."""
    place: Place
    annotation: str
    required: bool
    words: str


CONTENT = Argument(name="content", wire="", place="content", annotation="Content", required=True, words="")


def parameters_of(one: Node) -> Iterator[Argument]:
    """Those in the path and the query. Raises ValueError for one that no client sends."""
    for parameter in one.get("parameters", ()):
        if parameter["in"] == "header" and parameter["name"].lower() in BY_CLIENT:
            continue
        if parameter["in"] not in {"path", "query"}:
            raise ValueError(f"{one['operationId']}: no client sends '{parameter['name']}' in {parameter['in']}.")
        if parameter["name"] == "fields":
            continue
        needed = parameter.get("required", False)
        yield _argument(parameter["name"], parameter["in"], parameter["schema"], needed, parameter.get("description"))


def _argument(name: str, place: Place, schema: Node, required: bool, words: str | None) -> Argument:
    annotation = given(schema) if required else optional(given(schema))
    return Argument(
        name=identifier(name), wire=name, place=place, annotation=annotation, required=required,
        words=" ".join((words or "").split()),
    )  # fmt: skip


def body_of(document: Node, body: Node | None) -> tuple[str | None, list[Argument]]:
    """The media type of a body that stays whole, and the arguments it is made of."""
    if not body:
        return None, []
    media = next((media for media in BODIES if media in body["content"]), None)
    if media is None:
        raise ValueError(f"No client sends any of: {', '.join(body['content'])}. See tools/client/arguments.py.")
    schema = body["content"][media].get("schema", {})
    if media in {"application/octet-stream", "*/*"}:
        return media, [CONTENT]
    shape = resolved(document, schema)
    if shape.get("type") == "object" and "properties" in shape and not shape.get("additionalProperties"):
        needed = set(shape.get("required", ()))
        members = shape["properties"].items()
        return None, [_argument(n, "json", one, n in needed, one.get("description")) for n, one in members]
    name = "events" if "cloudevents" in media else "body"
    return media, [_argument(name, "json", schema, body.get("required", False), None)]
