"""What a caller may give: JSON Schema of parameters and bodies as Python annotations."""

from __future__ import annotations

from typing import Any

Node = dict[str, Any]
PLAIN = {"integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def given(schema: Node) -> str:
    """The annotation of one value. Shapes may be given as models or as plain mappings."""
    if "$ref" in schema:
        return f"models.{schema['$ref'].rpartition('/')[2]} | Mapping[str, Any]"
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return _joined(given(one) for one in schema[word])
    if "const" in schema or "enum" in schema:
        return f"Literal[{', '.join(repr(one) for one in schema.get('enum', [schema.get('const')]))}]"
    kind = schema.get("type")
    if isinstance(kind, list):
        return _joined(given({**schema, "type": one}) for one in kind)
    return _typed(schema, kind)


def _typed(schema: Node, kind: str | None) -> str:
    if kind == "string":
        return "str | datetime" if schema.get("format") in {"date-time", "date"} else "str"
    if kind == "array":
        return f"Sequence[{given(schema.get('items', {}))}]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"Mapping[str, {given(values) if isinstance(values, dict) else 'Any'}]"
    return PLAIN.get(kind or "", "Any")


def optional(annotation: str) -> str:
    """The same, or nothing."""
    return annotation if annotation == "Any" or "None" in annotation.split(" | ") else f"{annotation} | None"


def _joined(parts: Any) -> str:
    seen = dict.fromkeys(piece for part in parts for piece in part.split(" | "))
    rest = [piece for piece in seen if piece != "None"]
    return " | ".join([*rest, *(["None"] if "None" in seen else [])])
