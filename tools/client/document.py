"""The document as the generator wants it: shapes that a client can live with when its server is newer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Node = dict[str, Any]

SECRETS = {"token", "secret"}
"""Members of answers that are shown once; they stay out of every repr."""
LINK_CODE = "code"
"""Secret too, except in a problem document, where it names the error."""
LIMITS = {
    *("minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
}
"""What the server checks. In the models they would refuse what a newer server allows."""


def prepared(document: Node) -> Node:
    """A changed copy: words in place of references to enumerations, secrets marked, free objects as maps."""
    schemas = document["components"]["schemas"]
    enums = {f"#/components/schemas/{name}": one for name, one in schemas.items() if "enum" in one}
    inlined: Node = _mapped(document, lambda node: _inlined(node, enums))
    kept = {name: one for name, one in inlined["components"]["schemas"].items() if "enum" not in one}
    for one in kept.values():
        _hide_secrets(one)
    return _with(inlined, {name: _mapped(_closed(one), _untitled) for name, one in sorted(kept.items())})


def tolerant(document: Node, roots: set[str]) -> Node:
    """The shapes that `roots` need, as they are read: a word of an answer may be one that this client does not know
    yet, members may come that are not named, and limits are the server's to judge.
    """
    shapes = document["components"]["schemas"]
    kept, open_ = set[str](), roots
    while open_:
        kept |= open_
        open_ = {name for one in open_ for name in _referred(shapes[one])} - kept
    return _with(document, {name: _mapped(shapes[name], _opened) for name in sorted(kept)})


def _referred(node: Any) -> Iterator[str]:
    """Names of the shapes that a shape needs."""
    if isinstance(node, dict) and "$ref" in node:
        yield node["$ref"].rpartition("/")[2]
    for one in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _referred(one)


def _with(document: Node, schemas: Node) -> Node:
    return {**document, "components": {**document["components"], "schemas": schemas}}


def _mapped(node: Any, change: Callable[[Node], Node]) -> Any:
    """The tree with every object changed, children first."""
    if isinstance(node, dict):
        return change({name: _mapped(one, change) for name, one in node.items()})
    return [_mapped(one, change) for one in node] if isinstance(node, list) else node


def _inlined(node: Node, enums: dict[str, Node]) -> Node:
    """References to enumerations become what they name, so that no class stands between a user and a word."""
    if node.get("$ref") in enums:
        named = enums[node["$ref"]]
        return {"type": "string", "enum": named["enum"], **{k: v for k, v in node.items() if k != "$ref"}}
    return node


def _opened(node: Node) -> Node:
    node = {name: one for name, one in node.items() if name not in LIMITS or isinstance(one, dict)}
    if node.get("additionalProperties") is False:
        del node["additionalProperties"]
    if isinstance(node.get("enum"), list) and node.get("type") == "string":
        about: Node = {name: node[name] for name in ("description", "default") if name in node}
        return {"anyOf": [{"type": "string", "enum": node["enum"]}, {"type": "string"}], **about}
    return node


def _closed(schema: Node) -> Node:
    """A named shape whose own members that are free objects are plain maps."""
    members = {name: _map(one) for name, one in schema.get("properties", {}).items()}
    return {**schema, **({"properties": members} if members else {})}


def _untitled(node: Node) -> Node:
    """Titles repeat the names."""
    return {name: one for name, one in node.items() if name != "title" or not isinstance(one, str)}


def _map(member: Node) -> Node:
    free = member.get("type") == "object" and member.get("additionalProperties") and "properties" in member
    dropped = ("properties", "propertyNames", "additionalProperties")
    return {**{k: v for k, v in member.items() if k not in dropped}, "additionalProperties": True} if free else member


def _hide_secrets(schema: Node) -> None:
    members = schema.get("properties", {})
    named = SECRETS | ({LINK_CODE} if "detail" not in members else set())
    for name in named & members.keys():
        for one in (members[name], *members[name].get("anyOf", ())):
            if one.get("type") == "string":
                one["format"] = "password"
