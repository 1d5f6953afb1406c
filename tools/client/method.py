"""One method as text: its head, its words, the call it makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import fill, indent

from tools.client.arguments import Argument
from tools.client.operations import Operation

WIDTH = 110
WHOLE = {"events", "body", "fields"}
"""Names of arguments that are a request's whole content."""


def method(
    name: str, arguments: Sequence[Argument], answer: str, words: str, does: str, define: str, *, key: bool = False
) -> str:
    """The whole method. `key`: whether an idempotency key may be given."""
    first = _positional(arguments)
    keywords = sorted((a for a in arguments if a.name not in first), key=lambda a: not a.required)
    shown = [f"{a.name}: {a.annotation}" for a in arguments if a.name in first]
    rest = [f"{a.name}: {a.annotation}{'' if a.required else ' = None'}" for a in keywords]
    rest += ["idempotency_key: str | None = None"] if key else []
    head = ", ".join(["self", *shown, *(["*", *rest] if rest else [])])
    return f"{define} {name}({head}) -> {answer}:\n{indent(_docstring(words, arguments), '    ')}\n    {does}\n"


def _positional(arguments: Sequence[Argument]) -> set[str]:
    """What may be given without its name: parts of the path, a whole body, and what alone is needed beside them."""
    needed = [a for a in arguments if a.required and a.place != "path"]
    whole = {a.name for a in needed if a.place == "content" or a.name in WHOLE}
    alone = {a.name for a in needed} if len(needed) == 1 else set[str]()
    return {a.name for a in arguments if a.place == "path"} | whole | alone


def _docstring(words: str, arguments: Iterable[Argument]) -> str:
    told = [fill(f"{a.name}: {a.words}", WIDTH, subsequent_indent="    ") for a in arguments if a.words]
    text = "\n".join([fill(words, WIDTH), *(["", *told] if told else [])]).replace("\\", "\\\\").replace('"""', "'''")
    return f'"""{text}{chr(10) if told else ""}"""'


def call(one: Operation, answer: str, query: dict[str, str]) -> str:
    """The noun that a sender sends."""
    parts = [repr(one.verb), _path(one), answer]
    asked = {**{a.wire: a.name for a in one.arguments if a.place == "query"}, **query}
    if asked:
        parts.append(f"query={{{', '.join(f'{wire!r}: {name}' for wire, name in asked.items())}}}")
    parts += _content(one)
    return f"Call({', '.join([*parts, *(['key=idempotency_key'] if one.verb != 'GET' else [])])})"


def _content(one: Operation) -> list[str]:
    sent = [a for a in one.arguments if a.place in {"json", "content"}]
    if one.media is None and sent:
        needed = "".join(f"{a.wire!r}: {a.name}, " for a in sent if a.required)
        free = ", ".join(f"{a.wire!r}: {a.name}" for a in sent if not a.required)
        return [f"json={{{needed}{f'**given({{{free}}})' if free else ''}}}"]
    if not sent:
        return []
    return [f"{sent[0].place}={sent[0].name}", f"media={one.media!r}"]


def _path(one: Operation) -> str:
    path = one.path
    for argument in one.arguments:
        if argument.place == "path":
            path = path.replace(f"{{{argument.wire}}}", f"{{segment({argument.name})}}")
    return f'f"{path}"' if path != one.path else f'"{path}"'
