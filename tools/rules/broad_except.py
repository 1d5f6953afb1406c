"""No `except Exception` outside a named boundary.

Prevents: the defect that looks like a slow day. A broad handler in the middle turns a typo into a missing row that
nobody is told about. Only a boundary, where one unit of work must not take down its neighbours, may catch all,
and it writes down what it caught. A handler that raises again swallows nothing and is free.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.rule import SOURCE, File, Rule, in_source

PLACES = ("kernel/loop.py", "kernel/act/courier.py", "main/worker.py", "main/labour.py", "main/__main__.py")
BOUNDARIES = {SOURCE + place for place in PLACES}
BROAD = {"Exception", "BaseException"}


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Whether it catches everything."""
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(one is None or (isinstance(one, ast.Name) and one.id in BROAD) for one in caught)


def raises(handler: ast.ExceptHandler) -> bool:
    """Whether it always ends by raising: bare, or another error from this one."""
    return isinstance(handler.body[-1], ast.Raise)


def check(file: File) -> Iterator[tuple[int, str]]:
    """Broad handlers that swallow."""
    for node in file.nodes:
        if isinstance(node, ast.ExceptHandler) and is_broad(node) and not raises(node):
            yield node.lineno, "Catch the errors you can do something about; let the others reach the boundary."


RULE = Rule(
    name="no broad except outside a boundary",
    why="A broad handler in the middle turns a defect into missing data that nobody is told about.",
    applies=lambda path: in_source(path) and path not in BOUNDARIES,
    check=check,
    good=(
        (SOURCE + "kernel/a.py", "try:\n    f()\nexcept ValueError:\n    g()\n"),
        (SOURCE + "kernel/a.py", "try:\n    f()\nexcept BaseException:\n    undo()\n    raise\n"),
        (SOURCE + "kernel/loop.py", "try:\n    f()\nexcept Exception as error:\n    log(error)\n"),
    ),
    bad=(
        (SOURCE + "kernel/a.py", "try:\n    f()\nexcept Exception:\n    pass\n"),
        (SOURCE + "kernel/a.py", "try:\n    f()\nexcept:\n    g()\n"),
        (SOURCE + "kernel/a.py", "try:\n    f()\nexcept (ValueError, Exception):\n    g()\n"),
    ),
)
