"""Every public thing says what it is.

Prevents: the reader who must read the body to learn the unit. A docstring gives why, shapes, units and the errors
raised; a name alone gives none of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.rule import SOURCE, File, Rule, in_source

Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
EXEMPT = {"overload", "setter"}


def exempt(node: Named) -> bool:
    """Whether another definition of the same name carries the docstring."""
    return any((getattr(d, "id", None) or getattr(d, "attr", "")) in EXEMPT for d in node.decorator_list)


def public(body: list[ast.stmt]) -> Iterator[Named]:
    """Public classes, functions and methods; not what stands inside a function."""
    for node in body:
        if isinstance(node, Named) and not node.name.startswith("_") and not exempt(node):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def check(file: File) -> Iterator[tuple[int, str]]:
    """What has none."""
    if file.text.strip() and not ast.get_docstring(file.tree):
        yield 1, "Open the file with one sentence that says what it is for."
    for node in public(file.tree.body):
        if not ast.get_docstring(node):
            yield node.lineno, f"Say what {node.name} is for: why, units and shapes, errors raised."


RULE = Rule(
    name="every public thing has a docstring",
    why="A name gives neither unit nor reason.",
    applies=in_source,
    check=check,
    good=(
        (SOURCE + "kernel/a.py", ""),
        (SOURCE + "kernel/a.py", "'''A.'''\ndef f():\n    '''Days.'''\ndef _g(): return 1\n"),
        (SOURCE + "kernel/a.py", "'''A.'''\nclass A:\n    '''One.'''\n    def __init__(self): self.a = 1\n"),
    ),
    bad=(
        (SOURCE + "kernel/a.py", "x = 1\n"),
        (SOURCE + "kernel/a.py", "'''A.'''\ndef f(): return 1\n"),
        (SOURCE + "kernel/a.py", "'''A.'''\nclass A:\n    '''One.'''\n    def f(self): return 1\n"),
    ),
)
