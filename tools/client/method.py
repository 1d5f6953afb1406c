"""One method as text: its head, its words, the call it makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import fill, indent

from tools.client.arguments import Argument
from tools.client.operations import Operation

WIDTH = 110


def method(
    name: str, arguments: Sequence[Argument], answer: str, words: str, does: str, define: str, *, key: bool = False
) -> str:
    """The whole method. `key`: whether an idempotency key may be given."""
    keywords = sorted((a for a in arguments if not _positional(a)), key=lambda a: not a.required)
    shown = [f"{a.name}: {a.annotation}" for a in arguments if _positional(a)]
    rest = [f"{a.name}: {a.annotation}{'' if a.required else ' = None'}" for a in keywords]
    rest += ["idempotency_key: str | None = None"] if key else []
    head = ", ".join(["self", *shown, *(["*", *rest] if rest else [])])
    return f"{define} {name}({head}) -> {answer}:\n{indent(_docstring(words, arguments), '    ')}\n    {does}\n"


def _positional(argument: Argument) -> bool:
    return argument.required and (
        argument.place in {"path", "content"} or argument.name in {"events", "body", "fields"}
    )


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
