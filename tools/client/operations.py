"""The operations of a document, each as what its method needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.client.annotations import Node
from tools.client.answers import answer_of, items_of
from tools.client.arguments import Argument, body_of, parameters_of
from tools.client.names import name_of

STREAM = "text/event-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One route and verb."""

    group: str
    method: str
    verb: str
    path: str
    words: str
    arguments: tuple[Argument, ...]
    answer: str
    """The answer's annotation."""
    media: str | None
    """Media type of a body that is not flattened into arguments."""
    items: tuple[str, str] | None
    """Of a page: the member that lists, and the annotation of one of its items."""
    sparse: bool
    """Whether it takes `fields`."""


def operations(document: Node) -> Iterator[Operation]:
    """All but streams, which are read by hand. Raises ValueError where two would have one name."""
    known: dict[tuple[str, str], str] = {}
    for path, item in sorted(document["paths"].items()):
        for verb, one in item.items():
            if any(STREAM in answer.get("content", ()) for answer in one["responses"].values()):
                continue
            found = _operation(document, path, verb.upper(), one)
            place = f"{found.verb} {path}"
            if known.setdefault((found.group, found.method), place) != place:
                both = f"{place} and {known[found.group, found.method]}"
                raise ValueError(f"{both} are both {found.group}.{found.method}: name one in tools/client/names.py.")
            yield found


def _operation(document: Node, path: str, verb: str, one: Node) -> Operation:
    answer, shape = answer_of(document, one["responses"])
    taken = {parameter["name"] for parameter in one.get("parameters", ()) if parameter["in"] == "query"}
    items = items_of(shape) if "after" in taken else None
    group, method = name_of(verb, path, page=items is not None)
    media, body = body_of(document, one.get("requestBody"))
    return Operation(
        group=group,
        method=method,
        verb=verb,
        path=path,
        words=" ".join((one.get("description") or one.get("summary") or method).split()),
        arguments=(*parameters_of(one), *body),
        answer=answer,
        media=media,
        items=items,
        sparse="fields" in taken,
    )
