"""No stub: nothing that pretends to be there.

Prevents: a door that opens on a wall. A user, or another part, finds the name, calls it and learns that it was
never written. A place for later work is left free, not filled with a promise.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tools.rule import SOURCE, File, Rule, in_source

PROMISE = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b")
BLANK = {"Protocol", "ABC", "TypedDict"}
FREE = {"abstractmethod", "overload"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def last_name(node: ast.AST) -> str:
    """`Protocol` of `typing.Protocol[T]`."""
    if isinstance(node, ast.Subscript | ast.Call):
        return last_name(node.value if isinstance(node, ast.Subscript) else node.func)
    return str(getattr(node, "attr", None) or getattr(node, "id", ""))


def is_empty(body: list[ast.stmt]) -> bool:
    """Whether only `...` or `pass` stands there, beside a docstring."""
    idle = [
        s for s in body if isinstance(s, ast.Pass) or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
    ]
    said = [s for s in idle if isinstance(s, ast.Pass) or s.value.value is Ellipsis]  # type: ignore[attr-defined]
    return len(idle) == len(body) and bool(said)


def shapes(tree: ast.AST, *, abstract: bool = False) -> Iterator[tuple[Function, bool]]:
    """Every function, and whether it stands in a class that only describes."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield node, abstract
        inside = bool(BLANK & {last_name(b) for b in node.bases}) if isinstance(node, ast.ClassDef) else abstract
        yield from shapes(node, abstract=inside)


def check(file: File) -> Iterator[tuple[int, str]]:
    """Unwritten functions, errors that say so, and promises in comments."""
    for node, abstract in shapes(file.tree):
        free = abstract or bool(FREE & {last_name(d) for d in node.decorator_list})
        if is_empty(node.body) and not free:
            yield node.lineno, f"Write {node.name}() or leave it out."
    for other in file.nodes:
        if isinstance(other, ast.Raise) and other.exc is not None and last_name(other.exc) == "NotImplementedError":
            yield other.lineno, "Write it, or declare a Protocol."
    for number, line in enumerate(file.text.splitlines(), start=1):
        if PROMISE.search(line):
            yield number, "Do it now, or leave it out."


RULE = Rule(
    name="no stub",
    why="A name that exists and does nothing misleads whoever finds it.",
    applies=in_source,
    check=check,
    good=(
        (
            SOURCE + "kernel/a.py",
            "class Channel(Protocol):\n    def send(self) -> None:\n        '''Once.'''\n        ...\n",
        ),
        (SOURCE + "kernel/a.py", "class A(ABC):\n    @abstractmethod\n    def f(self): ...\n"),
        (SOURCE + "kernel/a.py", "class Terminal(Error):\n    '''Trying again changes nothing.'''\n"),
        (SOURCE + "kernel/a.py", "async def close(self):\n    '''Nothing is held.'''\n"),
    ),
    bad=(
        (SOURCE + "kernel/a.py", "def f():\n    ...\n"),
        (SOURCE + "kernel/a.py", "def f():\n    '''Soon.'''\n    pass\n"),
        (SOURCE + "kernel/a.py", "def f():\n    raise NotImplementedError\n"),
        (SOURCE + "kernel/a.py", "def f():\n    raise NotImplementedError('soon')\n"),
        (SOURCE + "kernel/a.py", "x = 1  # TODO: two\n"),
    ),
)
