"""What an operation answers, and where a page keeps its items."""

from __future__ import annotations

from typing import Any

from tools.client.annotations import Node


def answer_of(document: Node, responses: Node) -> tuple[str, Node]:
    """The annotation, and the schema it stands for."""
    good = next(answer for status, answer in responses.items() if status.startswith("2"))
    content = good.get("content", {})
    if not content:
        return "None", {}
    if "application/json" not in content:
        return "str", {}
    schema = content["application/json"].get("schema", {})
    if "$ref" not in schema:
        return "Any", {}
    return f"models.{schema['$ref'].rpartition('/')[2]}", resolved(document, schema)


def items_of(shape: Node) -> tuple[str, str] | None:
    """Of a page: the member that lists, and the annotation of one of its items."""
    members = shape.get("properties", {})
    lists = [name for name, one in members.items() if one.get("type") == "array"]
    if "next" not in members or len(lists) != 1:
        return None
    item = members[lists[0]]["items"]
    return lists[0], f"models.{item['$ref'].rpartition('/')[2]}" if "$ref" in item else "dict[str, Any]"


def resolved(document: Node, schema: Node) -> Node:
    """What a reference names."""
    found: Any = document
    if "$ref" not in schema:
        return schema
    for part in schema["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)
