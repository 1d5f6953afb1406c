"""Operations as Python: one class per group, and one that holds them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import indent

from tools.client.arguments import Argument
from tools.client.method import call, method
from tools.client.names import class_name
from tools.client.operations import Operation

IMPORTS = """from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sightline_client._generated import models
from sightline_client.call import Call, given, segment
from sightline_client.pages import pages, pages_async
from sightline_client.sending import AsyncSender, Sender
from sightline_client.upload import Content

"""


def module(operations: Sequence[Operation], *, asynchronous: bool) -> str:
    """The whole module."""
    ordered = sorted(operations, key=lambda one: (one.group, one.method))
    groups = {group: list(found) for group, found in groupby(ordered, key=lambda one: one.group)}
    own = groups.pop("", [])
    classes = [_class(class_name(group), f"`{group}`.", found, asynchronous) for group, found in groups.items()]
    return IMPORTS + "\n\n".join([*classes, _api(groups, own, asynchronous)])


def _class(name: str, words: str, operations: Iterable[Operation], asynchronous: bool) -> str:
    sender = "AsyncSender" if asynchronous else "Sender"
    head = f'class {name}:\n    """Calls of {words}"""\n\n    def __init__(self, sender: {sender}) -> None:\n'
    return head + "        self._sender = sender\n\n" + indent(_methods(operations, asynchronous), "    ")


def _api(groups: Iterable[str], own: Sequence[Operation], asynchronous: bool) -> str:
    name, sender = ("AsyncApi", "AsyncSender") if asynchronous else ("Api", "Sender")
    lines = [f"class {name}:", '    """All that the interface offers, by group."""', ""]
    lines += [f"    def __init__(self, sender: {sender}) -> None:", "        self._sender = sender"]
    lines += [f"        self.{group} = {class_name(group)}(sender)" for group in groups]
    return "\n".join(lines) + "\n\n" + indent(_methods(own, asynchronous), "    ")


def _methods(operations: Iterable[Operation], asynchronous: bool) -> str:
    return "\n".join(text for one in operations for text in _forms(one, asynchronous))


def _forms(one: Operation, asynchronous: bool) -> Iterator[str]:
    """The call; of a page also `each`, which follows `next`, and `rows`, of which only some members are asked."""
    yield _plain(one, asynchronous)
    if one.items is None:
        return
    suffix = "" if one.method == "list" else f"_{one.method}"
    iterator = "AsyncIterator" if asynchronous else "Iterator"
    pager = "pages_async" if asynchronous else "pages"
    member, item = one.items
    shown = [argument for argument in one.arguments if argument.name != "after"]
    passed = ", ".join([*(f"{a.name}={a.name}" for a in shown), "after=after"])
    follow = f"return {pager}(lambda after: self.{one.method}({passed}), lambda page: page.{member})"
    words = f"{one.words} Follows `next` from page to page; `limit` is the size of a page."
    yield method(f"each{suffix}", shown, f"{iterator}[{item}]", words, follow, "def")
    if one.sparse:
        asked = call(one, "dict", {"fields": '",".join(fields)'})
        row = f'return {pager}(lambda after: self._sender.send({asked}), lambda page: page["{member}"])'
        words = f"{one.words} Of each only the members named in `fields`, as plain mappings."
        fields = Argument(name="fields", wire="", place="query", annotation="Sequence[str]", required=True, words="")
        yield method(f"rows{suffix}", [fields, *shown], f"{iterator}[dict[str, Any]]", words, row, "def")


def _plain(one: Operation, asynchronous: bool) -> str:
    raw = one.answer if one.answer.startswith("models.") else {"None": "None", "str": "str"}.get(one.answer, "object")
    sends = f"{'await ' if asynchronous else ''}self._sender.send({call(one, raw, {})})"
    does = sends if one.answer == "None" else f"return {sends}"
    return method(
        one.method, one.arguments, one.answer, one.words, does, "async def" if asynchronous else "def",
        key=one.verb != "GET",
    )  # fmt: skip
